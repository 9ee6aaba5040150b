"""Several items taken in by one act: named first, each refusal beside its row, by those who may."""

import pytest
from django.test import Client

from accordant.entries.envelope import EntryRef
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


@pytest.mark.parametrize(("agency", "sign_in"), [(MILITARY, LIAISON), (OUTSIDER, LIAISON), (PROVINCE, WITHOUT_OFFICE)])
def test_others_learn_nothing_and_sign_nothing(
    exchange: Exchange, items: list[EntryRef], agency: str, sign_in: str
) -> None:
    status, shown = choose(exchange, items, agency=agency, sign_in=sign_in, confirmed="on")
    assert status == 404
    assert "Tin 1" not in shown
    exchange.settle()
    assert "Item acknowledged" not in get(exchange, GUARD, page(items[0]))[1]
