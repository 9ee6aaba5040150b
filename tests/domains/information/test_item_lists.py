"""What lists hold and how the database finds it: few rows by their ids, many in the order of the list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accordant.domains.information import models
from accordant.domains.information.models import IN, OUT, REGISTER, WAITING, items
from accordant.ledger import read
from tests.domains.information.conftest import GUARD, MILITARY, PROVINCE, Exchange

pytestmark = pytest.mark.slow  # each test runs four nodes


def plan(exchange: Exchange, tab: str) -> str:
    """How the guard command's node finds the newest rows of a tab."""
    with exchange.node(GUARD).at():
        rows = models.listed(exchange.subject(GUARD), exchange.world.clock.now, us=GUARD, tab=tab)
        sql, values = rows.order_by("-at", "-entry_id")[:51].query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
            return "; ".join(row[3] for row in cursor.fetchall())


@pytest.mark.parametrize(("tab", "index"), [(IN, "item_at"), (OUT, "item_agency"), (REGISTER, "item_at")])
def test_newest_rows_come_from_an_index_without_a_sort(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch, tab: str, index: str
) -> None:
    exchange.send(GUARD, PROVINCE)
    exchange.send(PROVINCE, GUARD)
    exchange.settle()
    monkeypatch.setattr(items, "FEW", 0)
    found = plan(exchange, tab)
    assert f"INDEX {index}" in found
    assert "TEMP B-TREE" not in found


def test_few_and_many_rows_give_the_same_list(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    first = exchange.send(PROVINCE, GUARD, MILITARY)
    exchange.send(PROVINCE, GUARD)
    exchange.send(GUARD, PROVINCE)
    exchange.settle()
    exchange.acknowledge(GUARD, first)
    found: dict[int, list[list[tuple[str, str]]]] = {}
    with exchange.node(GUARD).at():
        for few in (items.FEW, 0):
            monkeypatch.setattr(items, "FEW", few)
            tabs = [
                models.listed(exchange.subject(GUARD), exchange.world.clock.now, us=GUARD, tab=tab)
                for tab in (IN, OUT, WAITING, REGISTER)
            ]
            elsewhere = models.Item.objects.waiting_elsewhere(GUARD)
            found[few] = [sorted(rows.values_list("agency", "number")) for rows in (*tabs, elsewhere)]
    first_form, second_form = found.values()
    assert first_form == second_form
    assert [len(rows) for rows in first_form] == [2, 1, 1, 3, 1]


def test_search_finds_the_same_among_few_and_many(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    exchange.send(GUARD, PROVINCE, subject="Đoàn xe số 2", number="7/BC")
    exchange.send(GUARD, PROVINCE, subject="Đoàn xe số 3", number="8/BC")
    exchange.settle()
    found: dict[int, list[list[str]]] = {}
    with exchange.node(GUARD).at():
        rows = models.listed(exchange.subject(GUARD), exchange.world.clock.now, us=GUARD, tab=OUT)
        for few in (items.FEW, 0):
            monkeypatch.setattr(items, "FEW", few)
            found[few] = [
                sorted(rows.saying(text).values_list("number", flat=True))
                for text in ("doan", "XE 8/bc", "xe 9", "\u0301")
            ]
    first_form, second_form = found.values()
    assert first_form == second_form == [["7/BC", "8/BC"], ["8/BC"], [], ["7/BC", "8/BC"]]


def test_search_of_stubs_looks_through_numbers_alone(exchange: Exchange) -> None:
    exchange.send(GUARD, PROVINCE, subject="Đoàn xe", number="7/BC")
    exchange.settle()
    with exchange.node(MILITARY).at():
        rows = models.listed(exchange.subject(MILITARY), exchange.world.clock.now, us=MILITARY, tab=REGISTER)
        found = {
            text: [(row.number, getattr(row, "stub", None)) for row in rows.saying(text)]
            for text in ("doan", "7/bc", "doan 7/bc")
        }
    assert found == {"doan": [], "7/bc": [("7/BC", True)], "doan 7/bc": []}


def test_a_page_asks_how_items_travelled_once_for_all_addressees(exchange: Exchange) -> None:
    one = exchange.send(GUARD, PROVINCE)
    exchange.settle()
    two = exchange.send(GUARD, PROVINCE, MILITARY)
    with exchange.node(GUARD).at():
        us, now = exchange.subject(GUARD), exchange.world.clock.now
        rows = list(models.listed(us, now, us=GUARD, tab=OUT))
        with CaptureQueriesContext(connection) as asked:
            shown = models.rows_of(rows, us=GUARD)
        questions = sum('"ledger_cosignature"' in query["sql"] for query in asked)
        cosigned = read.cosigned([one.origin, two.origin], [PROVINCE, MILITARY, "nobody.example"])
    assert {row.ref.index: row.standing.rung for row in shown if row.standing} == {
        one.index: "received",
        two.index: "signed",
    }
    assert questions == 1
    assert set(cosigned) == {(one.origin, PROVINCE), (one.origin, MILITARY)}
    assert {one.index < size <= two.index for size in cosigned.values()} == {True}


def test_deadlines_of_our_items_come_from_an_index(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "FEW", 0)
    exchange.send(GUARD, PROVINCE)
    with exchange.node(GUARD).at():
        with CaptureQueriesContext(connection) as asked:
            models.owed_to_us(exchange.subject(GUARD), exchange.world.clock.now, us=GUARD, most=10)
        statement = next(query["sql"] for query in asked if '"due" IS NOT NULL' in query["sql"])
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
            found = "; ".join(row[3] for row in cursor.fetchall())
    assert "INDEX item_agency_due" in found
    assert "TEMP B-TREE" not in found


def test_what_has_a_deadline_comes_first(exchange: Exchange) -> None:
    at = exchange.world.clock.milliseconds()
    for text, due in (("sau", at + 9_000_000), ("không hạn", None), ("trước", at + 8_000_000), ("mới", None)):
        exchange.send(PROVINCE, GUARD, subject=text, due=due)
        exchange.world.clock.forward(seconds=1)
    exchange.settle()
    with exchange.node(GUARD).at():
        subject, now = exchange.subject(GUARD), exchange.world.clock.now
        waiting = models.waiting_here(subject, now, us=GUARD, most=10)
        assert [row.item.subject for row in waiting] == ["trước", "sau", "mới", "không hạn"]
        assert [row.item.subject for row in models.waiting_here(subject, now, us=GUARD, most=3)][2:] == ["mới"]
    with exchange.node(PROVINCE).at():
        owed = models.owed_to_us(exchange.subject(PROVINCE), exchange.world.clock.now, us=PROVINCE, most=10)
        assert [row.standing.rung for row in owed if row.standing] == ["received"] * 4
