"""The worked example's tables: as many rows as promised, the words of the rules, the same for the same seed."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accordant.domains.information import rules as information
from accordant.domains.programmes import rules as programmes
from accordant.node.demo import facts

pytestmark = pytest.mark.slow
READERS: dict[str, Callable[..., Any]] = {
    "items": information.read_items,
    "acknowledgements": information.read_acknowledgements,
    "activities": programmes.read_activities,
    "delegations": programmes.read_delegations,
    "events": programmes.read_events,
}
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def rows_by_kind(tables: list[facts.Table]) -> Counter[str]:
    return Counter(dict.fromkeys(READERS, 0)) + Counter(
        kind for table in tables for kind in [table.kind] * len(table.rows)
    )


def test_tables_are_read_by_the_importers_and_have_the_numbers_promised() -> None:
    tables = facts.tables(1, facts.Counts.of(small=False))
    counted = rows_by_kind(tables)
    assert (counted["activities"], counted["delegations"], counted["events"]) == (1898, 42, 13)
    assert counted["items"] == 1100
    assert counted["acknowledgements"] >= counted["items"]
    for table in tables:
        assert len(READERS[table.kind](table.csv(), zone=ZONE).rows) == len(table.rows)


def test_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    small = facts.Counts.of(small=True)
    assert facts.tables(3, small) == facts.tables(3, small)
    assert facts.tables(3, small) != facts.tables(4, small)


def test_work_lies_within_the_period_in_both_directions() -> None:
    tables = facts.tables(1, facts.Counts.of(small=True))
    days = [date.fromisoformat(row[1]) for table in tables if table.kind == "activities" for row in table.rows]
    assert min(days) >= facts.FIRST
    assert max(days) <= facts.LAST
    senders = {table.agency.folder for table in tables if table.kind == "items"}
    assert senders == {"guard", "police", "military"}
