"""The mark that spares asking again: the same after readings, another after whatever may have changed something."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from accordant.ledger import sql
from accordant.ledger.sqlite.base import DatabaseWrapper

pytestmark = pytest.mark.django_db  # connections of its own, to a file of its own


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[DatabaseWrapper, DatabaseWrapper]]:
    """Two connections to one database file."""
    settings: dict[str, Any] = {**connections.settings["default"], "NAME": str(tmp_path / "some.sqlite3")}
    here, there = DatabaseWrapper(settings, "here"), DatabaseWrapper(settings, "there")
    here.connect()
    there.connect()
    run(here, "CREATE TABLE thing (value INTEGER)")
    yield here, there
    here.close()
    there.close()


def run(database: DatabaseWrapper, statement: str) -> None:
    with sql.cursor(database) as cursor:
        cursor.execute(statement)


def test_reading_changes_nothing(two: tuple[DatabaseWrapper, DatabaseWrapper]) -> None:
    here, there = two
    before = sql.change_mark(here)
    run(here, "SELECT * FROM thing")
    run(there, "SELECT * FROM thing")
    assert sql.change_mark(here) == before


@pytest.mark.parametrize("by", [0, 1])
def test_a_change_by_us_or_by_others_shows(two: tuple[DatabaseWrapper, DatabaseWrapper], by: int) -> None:
    marks = [sql.change_mark(two[0])]
    for statement in ("INSERT INTO thing VALUES (1)", "UPDATE thing SET value = 2", "DELETE FROM thing"):
        run(two[by], statement)
        marks.append(sql.change_mark(two[0]))
    assert len(set(marks)) == 4


def test_what_was_rolled_back_counts_too(two: tuple[DatabaseWrapper, DatabaseWrapper]) -> None:
    here, _there = two
    before = sql.change_mark(here)
    for statement in ("BEGIN", "INSERT INTO thing VALUES (1)", "ROLLBACK"):
        run(here, statement)
    assert sql.change_mark(here) != before


def test_a_connection_opened_anew_has_another_mark(two: tuple[DatabaseWrapper, DatabaseWrapper]) -> None:
    here, _there = two
    before = sql.change_mark(here)
    here.close()
    here.connect()
    assert sql.change_mark(here) != before
