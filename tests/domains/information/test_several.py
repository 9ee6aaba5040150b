"""Several items taken in by one act: named first, each refusal beside its row, by those who may."""

import pytest
from django.test import Client

from accordant.accounts import officers
from accordant.accounts.models import Officer as Person
from accordant.entries.envelope import EntryRef
from accordant.ledger.models import Log
from accordant.regulations.actions import close_circle
from tests.domains.information.browser import get, page, words
from tests.domains.information.conftest import (
    COMMANDER,
    GUARD,
    LIAISON,
    MILITARY,
    OUTSIDER,
    PROVINCE,
    WITHOUT_OFFICE,
    Exchange,
)

pytestmark = pytest.mark.slow  # each test runs four nodes
ADDRESS = "/information/acknowledge"


@pytest.fixture
def items(exchange: Exchange) -> list[EntryRef]:
    """Three items that wait at the province."""
    found = [exchange.send(GUARD, PROVINCE, number=f"{number}/TB", subject=f"Tin {number}") for number in (1, 2, 3)]
    exchange.settle()
    return found


def choose(
    exchange: Exchange, items: list[EntryRef], *, agency: str = PROVINCE, sign_in: str = LIAISON, **values: str
) -> tuple[int, str]:
    with exchange.node(agency).at():
        browser: Client = exchange.client(agency, sign_in)
        response = browser.post(ADDRESS, {"row": [str(item) for item in items], **values})
        return response.status_code, words(response)


def second_circle(exchange: Exchange) -> None:
    """From here on items go through another circle, in which the liaison officer of the province acts too."""
    exchange.circle = exchange.world.open_circle(GUARD, PROVINCE)
    province = exchange.node(PROVINCE)
    by, now = province.officer("security", "security-administrator"), province.now
    with province.at():
        person = Person.objects.get(sign_in=LIAISON)
        officers.grant_role(
            by=by,
            now=now,
            officer=person,
            office=LIAISON,
            role="liaison-officer",
            scope=exchange.circle,
            source="02/QĐ",
        )


def waiting(exchange: Exchange, sign_in: str = LIAISON) -> str:
    with exchange.node(PROVINCE).at():
        return str(exchange.client(PROVINCE, sign_in).get("/information/?tab=waiting").content.decode())


def test_list_offers_boxes_for_what_waits_to_whoever_may(exchange: Exchange, items: list[EntryRef]) -> None:
    exchange.acknowledge(PROVINCE, items[2])
    for sign_in in (LIAISON, COMMANDER):
        shown = waiting(exchange, sign_in)
        assert shown.count('type="checkbox" name="row"') == 2
        assert f'value="{items[0]}" aria-label="1/TB"' in shown
    with exchange.node(PROVINCE).at():
        out = exchange.client(PROVINCE).get("/information/?tab=out").content.decode()
    assert 'name="row"' not in out


def test_chosen_items_are_named_before_they_are_signed(exchange: Exchange, items: list[EntryRef]) -> None:
    status, shown = choose(exchange, items[:2])
    assert status == 200
    assert "1/TB · Tin 1" in shown
    assert "Acknowledge 2 items" in shown
    assert "3/TB" not in shown
    assert 'value="1' not in shown
    assert waiting(exchange).count('name="row"') == 3


def test_confirmed_items_are_taken_in_and_the_sender_learns_it(exchange: Exchange, items: list[EntryRef]) -> None:
    status, shown = choose(exchange, items[:2], confirmed="on")
    assert (status, "2 items acknowledged" in shown) == (200, True)
    exchange.settle()
    for item, done in zip(items, (True, True, False), strict=True):
        _status, at_sender = get(exchange, GUARD, page(item))
        assert ("Item acknowledged" in at_sender) is done
    status, shown = choose(exchange, items[:2], confirmed="on")
    assert "has acknowledged the item already" in shown
    assert "0 items" not in shown


def test_row_that_cannot_be_taken_in_says_why_and_stops_no_other(exchange: Exchange, items: list[EntryRef]) -> None:
    exchange.give_back(PROVINCE, items[0])
    status, shown = choose(exchange, items[:2])
    assert "Acknowledge 1 item" in shown
    assert "This agency has returned the item already." in shown
    assert "Ask the sender to send it anew." in shown
    status, shown = choose(exchange, items[:2], confirmed="on")
    assert (status, "1 item acknowledged" in shown) == (200, True)
    assert waiting(exchange).count('name="row"') == 1


def test_nothing_chosen_leads_back_to_the_list(exchange: Exchange, items: list[EntryRef]) -> None:
    with exchange.node(PROVINCE).at():
        for rows in ([], ["guard.example/x 1 2 3"], [f"guard.example/x/1 {number}" for number in range(101)]):
            response = exchange.client(PROVINCE).post(ADDRESS, {"row": rows})
            assert (response.status_code, response.headers["Location"]) == (302, "/information/?tab=waiting")


def test_items_of_a_circle_that_we_closed_are_not_offered(exchange: Exchange, items: list[EntryRef]) -> None:
    closed, province = exchange.circle, exchange.node(PROVINCE)
    second_circle(exchange)
    still = exchange.send(GUARD, PROVINCE, number="9/TB", subject="Tin 9")
    exchange.settle()
    with province.at():
        close_circle(by=exchange.by(PROVINCE), now=province.now, circle=closed)
        desk = exchange.client(PROVINCE).get("/").content.decode()
    assert ("9/TB" in desk, "1/TB" in desk) == (True, False)
    shown = waiting(exchange)
    assert shown.count('type="checkbox" name="row"') == 1
    assert shown.count("we closed the circle") == 3
    status, shown = choose(exchange, [items[0], still])
    assert (status, "Acknowledge 1 item" in shown) == (200, True)
    assert f"has closed the circle {closed}" in shown
    assert "we closed the circle" in get(exchange, PROVINCE, page(items[0]))[1]


def test_circle_that_takes_nothing_leaves_its_rows_and_the_others_are_signed(
    exchange: Exchange, items: list[EntryRef]
) -> None:
    frozen, province = exchange.circle, exchange.node(PROVINCE)
    second_circle(exchange)
    other = exchange.send(GUARD, PROVINCE, number="9/TB", subject="Tin 9")
    exchange.settle()
    with province.at():
        Log.objects.filter(circle=frozen, ours=True).update(frozen="forked")
    status, shown = choose(exchange, [items[0], other], confirmed="on")
    taken, _heading, left = shown.partition("Not acknowledged")
    assert status == 409
    assert "Nothing was written" not in shown
    assert ("9/TB" in taken, "1/TB" in taken, "1/TB" in left, "is frozen" in left) == (True, False, True, True)
    assert "Acknowledge 1 item" not in shown
    status, shown = choose(exchange, [items[0]], confirmed="on")
    assert (status, "Nothing was written" in shown) == (409, True)


@pytest.mark.parametrize(("agency", "sign_in"), [(MILITARY, LIAISON), (OUTSIDER, LIAISON), (PROVINCE, WITHOUT_OFFICE)])
def test_others_learn_nothing_and_sign_nothing(
    exchange: Exchange, items: list[EntryRef], agency: str, sign_in: str
) -> None:
    status, shown = choose(exchange, items, agency=agency, sign_in=sign_in, confirmed="on")
    assert status == 404
    assert "Tin 1" not in shown
    exchange.settle()
    assert "Item acknowledged" not in get(exchange, GUARD, page(items[0]))[1]
