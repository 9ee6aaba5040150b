"""Lists stay fast: their order comes from an index, no row has queries of its own, few hits are taken by id."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client

from accordant.domains.programmes import actions, rules
from accordant.domains.programmes.models import Activity, Delegation, Programme, tables
from tests.access.people import person
from tests.domains.programmes.conftest import CITY, GUARD, LIAISON, ZONE, Circle, activity

pytestmark = pytest.mark.slow  # whole nodes act
Narrowing = Callable[["QuerySet[Any]"], "QuerySet[Any]"]


def readable(circle: Circle, model: Any) -> Any:
    return model.visible_to(circle.subject(GUARD, LIAISON), circle.world.clock.now)


@pytest.mark.parametrize("model", [Activity, Delegation, Programme])
@pytest.mark.parametrize("order", [("-day", "-entry_id"), ("day", "entry_id"), ("code", "entry_id")])
def test_order_comes_from_an_index(fresh: Circle, model: Any, order: tuple[str, ...]) -> None:
    with fresh.node(GUARD).at():
        rows = readable(fresh, model)
        lists = [rows, rows.filter(circle=fresh.id)]
        if order[0] != "code":
            lists += [rows.between("2024-01-01", "2024-12-31"), rows.filter(agency=GUARD)]
        for narrowed in lists:
            assert "TEMP B-TREE" not in narrowed.order_by(*order)[:51].explain()


def test_words_and_partners_are_found_among_few_and_among_many(fresh: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    node = fresh.node(GUARD)
    new = [activity(f"HD-{n}", what=f"Chốt {n}", partners=(CITY,) if n % 2 else ()) for n in range(6)]
    with node.at():
        actions.record_activities(by=fresh.by(GUARD), now=node.now, circle=fresh.id, new=new)
        for few in (tables.FEW, 1):
            monkeypatch.setattr(tables, "FEW", few)
            assert readable(fresh, Activity).saying("CHOT").count() == 6
            assert [row.code for row in readable(fresh, Activity).saying("chot 4")] == ["HD-4"]
            assert readable(fresh, Activity).saying("khong co").count() == 0
            assert readable(fresh, Activity).taking_part(CITY).count() == 3
            assert readable(fresh, Activity).taking_part(GUARD).count() == 6
            assert readable(fresh, Activity).filter(agency=CITY).saying("chot").count() == 0


def test_a_page_of_many_rows_takes_as_many_queries_as_a_page_of_one(fresh: Circle) -> None:
    node = fresh.node(GUARD)
    browser = person(node, "liaison-officer", scope=fresh.id)
    fresh.record(GUARD, code="HD-1", partners=(CITY,))
    few = queries(fresh, browser)
    text = "".join(f"{year}-{n},{year}-05-0{n},stay,Chốt\n" for year in range(2019, 2025) for n in range(1, 9))
    with node.at():
        file = rules.read_activities(f"code,day,class,what\n{text}".encode(), zone=ZONE)
        actions.import_activities(by=fresh.by(GUARD), now=node.now, circle=fresh.id, file=file)
    assert queries(fresh, browser) == few


def queries(circle: Circle, browser: Client) -> int:
    """How many statements one page of the list takes, when nothing about the reader is new."""
    seen: list[str] = []

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, params, many, context)

    with circle.node(GUARD).at():
        browser.get("/programmes/")
        with connection.execute_wrapper(count):
            assert browser.get("/programmes/").status_code == 200
    return len(seen)
