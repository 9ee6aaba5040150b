"""Pages that ask again by themselves: answered only when their words changed, and never in place of the reader."""

import html
import re

import pytest
from django.http import HttpResponse
from django.test import Client

from accordant.domains.information.local.models import ReadMark
from accordant.entries.envelope import EntryRef
from tests.domains.information.browser import page
from tests.domains.information.conftest import CANARY, GUARD, PROVINCE, Exchange

pytestmark = pytest.mark.slow  # each test runs four nodes
PART = re.compile(
    r'<div id="(?P<id>[^"]+)" data-poll="(?P<every>\d+)" data-poll-url="(?P<url>[^"]*)" data-after="(?P<after>\w+)"'
)
LIST = "/information/?tab=in"


class Reader:
    """A browser that has one page open, and asks again as its scripts do."""

    def __init__(self, exchange: Exchange, agency: str, url: str, part: str) -> None:
        self.node, self.part = exchange.node(agency), part
        with self.node.at():
            self.browser: Client = exchange.client(agency)
            self.page = self.browser.get(url).content.decode()
        self.url = url
        self._keep(self.page)

    def ask(self) -> HttpResponse:
        """The answer to the part's next question."""
        with self.node.at():
            url = f"{self.asked}{'&' if '?' in self.asked else '?'}after={self.after}"
            answer = self.browser.get(url, headers={"Accordant-Poll": "1", "HX-Request": "true"})
        assert isinstance(answer, HttpResponse)
        if answer.status_code == 200:
            self._keep(answer.content.decode())
        return answer

    def _keep(self, markup: str) -> None:
        found = {match["id"]: match for match in PART.finditer(markup)}
        match = found[self.part]
        self.asked, self.after = html.unescape(match["url"]) or self.url, match["after"]


def test_receipt_shows_on_the_open_page_of_the_sender(exchange: Exchange) -> None:
    item = exchange.send(GUARD, PROVINCE)
    reader = Reader(exchange, GUARD, page(item), "standing")
    assert reader.ask().status_code == 204
    exchange.settle()
    answer = reader.ask()
    shown = answer.content.decode()
    assert 'rung--met">' in shown
    assert "receipt.tlog-proof" in shown
    assert '<span id="item-state" hx-swap-oob="true">' in shown
    assert "<html" not in shown
    assert CANARY not in shown
    assert reader.ask().status_code == 204


def test_page_that_asks_again_is_no_reading(exchange: Exchange, item: EntryRef) -> None:
    reader = Reader(exchange, PROVINCE, page(item), "standing")
    with exchange.node(PROVINCE).at():
        ReadMark.objects.all().delete()
    reader.ask()
    with exchange.node(PROVINCE).at():
        assert not ReadMark.objects.exists()


def test_open_list_keeps_its_rows_and_tells_how_many_came(exchange: Exchange, item: EntryRef) -> None:
    reader = Reader(exchange, PROVINCE, LIST, "rows-items")
    assert reader.ask().status_code == 204
    newer = exchange.send(GUARD, PROVINCE, number="99/TB")
    exchange.settle()
    shown = reader.ask().content.decode()
    assert "1 new: show it" in shown
    assert "99/TB" not in shown
    exchange.acknowledge(PROVINCE, item)
    shown = reader.ask().content.decode()
    assert "acknowledged" in shown
    assert "1 new: show it" in shown
    again = Reader(exchange, PROVINCE, LIST, "rows-items")
    assert page(newer) in again.page
    assert "new: show it" not in again.page


def test_open_desk_tells_what_came_without_moving_its_rows(exchange: Exchange, item: EntryRef) -> None:
    reader = Reader(exchange, PROVINCE, "/", "desk")
    assert page(item) in reader.page
    assert reader.ask().status_code == 204
    newer = exchange.send(GUARD, PROVINCE, number="99/TB")
    exchange.settle()
    shown = reader.ask().content.decode()
    assert "1 new: show it" in shown
    assert page(item) in shown
    assert page(newer) not in shown
    status = Reader(exchange, PROVINCE, "/", "status").ask()
    assert status.status_code == 204


def test_state_of_links_brings_the_count_of_the_desk(exchange: Exchange) -> None:
    """The links stand as they stood: what stands beside them on the page changed alone."""
    reader = Reader(exchange, PROVINCE, "/", "status")
    assert reader.ask().status_code == 204
    exchange.send(GUARD, PROVINCE)
    exchange.settle()
    shown = reader.ask()
    assert '<span class="count">1</span>' in shown.content.decode()
    assert shown.headers["HX-Push-Url"] == "false"
    assert reader.ask().status_code == 204


def test_page_left_open_learns_nothing_after_the_session_ended(exchange: Exchange, item: EntryRef) -> None:
    reader = Reader(exchange, PROVINCE, page(item), "standing")
    with exchange.node(PROVINCE).at():
        reader.browser.logout()
    answer = reader.ask()
    assert (answer.status_code, answer.content) == (401, b"")
