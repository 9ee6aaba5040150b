"""Who gets which page: each address and method for people without a sign-in, without an office, of another agency."""

from collections.abc import Iterator, Sequence

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from accordant.domains.programmes.models import Activity, Delegation, Programme
from accordant.domains.programmes.urls import urlpatterns
from accordant.entries.envelope import EntryRef
from tests.access.people import person
from tests.domains.programmes.conftest import (
    CANARY,
    CITY,
    GUARD,
    OUTSIDER,
    Circle,
    Grown,
    copied,
)

pytestmark = [pytest.mark.slow, pytest.mark.access]
LISTS = ("activities", "delegations", "programmes", "calendar")
FORMS = ("activity-record", "delegation-record", "programme-open", "import")
ONE = ("activity", "delegation", "programme")


@pytest.fixture(scope="module")
def circle(
    grown: Grown, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Circle]:
    """One world for all tests here: none of them may change what is projected."""
    with django_db_blocker.unblock():
        made = copied(grown, tmp_path_factory.mktemp("seen"))
        yield made
        for node in made.world.nodes.values():
            node.assert_rebuilds()
            node.database.close()


@pytest.fixture(scope="module")
def refs(circle: Circle) -> list[EntryRef]:
    """An activity, a delegation, a programme of the guard command that every party holds."""
    visit = circle.open(GUARD, title=CANARY)
    made = [circle.record(GUARD, what=CANARY, programme=visit), circle.receive(GUARD, programme=visit), visit]
    circle.settle()
    return made


@pytest.fixture(autouse=True)
def _database(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def addresses(refs: Sequence[EntryRef]) -> dict[str, str]:
    plain = {name: reverse(f"programmes:{name}") for name in (*LISTS, *FORMS)}
    of_one = {name: reverse(f"programmes:{name}", args=[r.origin, r.index]) for name, r in zip(ONE, refs, strict=True)}
    return {**plain, **of_one}


def statuses(circle: Circle, agency: str, browser: Client, refs: Sequence[EntryRef], method: str) -> dict[str, int]:
    with circle.node(agency).at():
        found = {name: getattr(browser, method)(place) for name, place in addresses(refs).items()}
    return {name: response.status_code for name, response in found.items()}


def test_each_address_stands_in_this_table(refs: list[EntryRef]) -> None:
    assert set(addresses(refs)) == {pattern.name for pattern in urlpatterns}


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_nobody_is_shown_anything_without_a_sign_in(circle: Circle, refs: list[EntryRef], method: str) -> None:
    found = statuses(circle, CITY, Client(), refs, method)
    assert set(found.values()) <= {302, 405}
    if method == "get":
        assert set(found.values()) == {302}


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_officer_without_an_office_is_shown_nothing(circle: Circle, refs: list[EntryRef], method: str) -> None:
    found = statuses(circle, CITY, person(circle.node(CITY)), refs, method)
    assert set(found.values()) <= {404, 405}


def test_another_party_reads_what_it_holds_and_changes_nothing_by_reading(circle: Circle, refs: list[EntryRef]) -> None:
    browser = person(circle.node(CITY), "commander", scope=circle.id)
    assert set(statuses(circle, CITY, browser, refs, "get").values()) == {200}
    with circle.node(CITY).at():
        for name in ("activities", "delegations", "programmes", "calendar", *ONE):
            assert CANARY in browser.get(addresses(refs)[name]).content.decode() or name == "calendar"


def test_lists_and_pages_take_no_post(circle: Circle, refs: list[EntryRef]) -> None:
    browser = person(circle.node(GUARD), "liaison-officer", scope=circle.id)
    found = statuses(circle, GUARD, browser, refs, "post")
    assert {name for name, status in found.items() if status == 405} == {*LISTS, *ONE}


def test_an_outsider_s_node_holds_nothing_to_show(circle: Circle, refs: list[EntryRef]) -> None:
    browser = person(circle.node(OUTSIDER), "liaison-officer", scope=circle.id)
    found = statuses(circle, OUTSIDER, browser, refs, "get")
    assert {found[name] for name in ONE} == {404}
    with circle.node(OUTSIDER).at():
        for name in LISTS:
            assert CANARY not in browser.get(addresses(refs)[name]).content.decode()


def test_administrators_read_no_programmes(circle: Circle, refs: list[EntryRef]) -> None:
    for role in ("security-administrator", "node-administrator"):
        browser = person(circle.node(GUARD), role, scope=circle.id)
        found = statuses(circle, GUARD, browser, refs, "get")
        assert {found[name] for name in ONE} == {404}
        with circle.node(GUARD).at():
            for name in LISTS:
                assert CANARY not in browser.get(addresses(refs)[name]).content.decode()


def test_an_office_without_the_role_is_refused_with_the_rule_and_nothing_is_written(
    circle: Circle, refs: list[EntryRef]
) -> None:
    browser = person(circle.node(GUARD), "commander", scope=circle.id)
    common = {"circle": circle.id, "day": "2026-01-06"}
    posted = {
        "activity-record": {**common, "category": "stay", "what": "x"},
        "delegation-record": {**common, "heads": "2", "name": "x"},
        "programme-open": {**common, "sort": "visit", "title": "x"},
    }
    with circle.node(GUARD).at():
        before = [model.objects.count() for model in (Activity, Delegation, Programme)]
        for name, values in posted.items():
            response = browser.post(addresses(refs)[name], values)
            assert response.status_code == 409, name
            assert "programmes-office" in response.content.decode()
        assert [model.objects.count() for model in (Activity, Delegation, Programme)] == before


def test_an_entry_of_another_kind_is_no_page_here(circle: Circle, refs: list[EntryRef]) -> None:
    browser = person(circle.node(GUARD), "liaison-officer", scope=circle.id)
    acted, guests, visit = refs
    wrong = {"activity": guests, "delegation": visit, "programme": acted}
    with circle.node(GUARD).at():
        for name, ref in wrong.items():
            assert browser.get(reverse(f"programmes:{name}", args=[ref.origin, ref.index])).status_code == 404
        assert browser.get(reverse("programmes:activity", args=[acted.origin, 10_000])).status_code == 404
