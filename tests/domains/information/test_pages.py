"""The pages of items, as browsers at different agencies see them; no script runs."""

import csv
import io
import re
from collections.abc import Sequence

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accordant.accounts.models import AuditRecord
from accordant.domains.information import actions
from accordant.domains.information.views import desk
from accordant.entries.envelope import EntryRef, automatic
from tests.domains.information.browser import get, page, post, words
from tests.domains.information.conftest import (
    CANARY,
    DAY,
    GUARD,
    LIAISON,
    MILITARY,
    OUTSIDER,
    PROVINCE,
    TEXT,
    WITHOUT_OFFICE,
    Exchange,
)

pytestmark = pytest.mark.slow  # each test runs four nodes


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_sees_anything_without_a_sign_in(exchange: Exchange, item: EntryRef, method: str) -> None:
    with exchange.node(PROVINCE).at():
        for url in ("/information/", "/information/new", *(page(item, act) for act in ("", "/acknowledge", "/return"))):
            response = getattr(Client(), method)(url)
            assert response.status_code in (302, 405), url
            assert CANARY not in response.content.decode()


@pytest.mark.parametrize(("agency", "sign_in"), [(PROVINCE, WITHOUT_OFFICE), (OUTSIDER, LIAISON)])
def test_who_has_no_right_is_told_nothing(exchange: Exchange, item: EntryRef, agency: str, sign_in: str) -> None:
    with exchange.node(agency).at():
        client = exchange.client(agency, sign_in)
        for act in ("", "/acknowledge", "/return", "/answer"):
            read, written = client.get(page(item, act)), client.post(page(item, act))
            assert read.status_code == 404, act
            assert CANARY not in words(read)
            assert written.status_code in (404, 405), act


def test_addressee_reads_the_item_whole(exchange: Exchange, item: EntryRef) -> None:
    status, text = get(exchange, PROVINCE, page(item))
    assert status == 200
    for shown in (CANARY, TEXT, "Request", "Guests coming", "Urgent", "waits for us", "28/QCPH"):
        assert shown in text
    with exchange.node(PROVINCE).at():
        assert AuditRecord.objects.filter(act="read-body").count() == 1


def test_party_not_addressed_sees_the_headline_alone(exchange: Exchange, item: EntryRef) -> None:
    status, text = get(exchange, MILITARY, page(item))
    assert status == 200
    assert "Item 01/2026 from" in text
    assert "not addressed to this agency" in text
    for hidden in (CANARY, TEXT, "Guests coming", "Request"):
        assert hidden not in text
    for act in ("/acknowledge", "/return", "/answer"):
        assert get(exchange, MILITARY, page(item, act))[0] == 404
        assert post(exchange, MILITARY, page(item, act), values={"reason": "unreadable"})[0] == 404
    with exchange.node(MILITARY).at():
        assert not AuditRecord.objects.filter(act="read-body").exists()


def rows_in(client: Client, **query: str) -> tuple[int, str]:
    """How many rows the list has for the query, and its words."""
    response = client.get("/information/", query)
    return response.content.decode().count("<tr data-row"), words(response)


def test_list_shows_each_agency_its_items(exchange: Exchange, item: EntryRef) -> None:
    for agency, tab, rows in (
        (GUARD, "out", 1),
        (GUARD, "in", 0),
        (PROVINCE, "in", 1),
        (PROVINCE, "waiting", 1),
        (PROVINCE, "out", 0),
        (MILITARY, "in", 0),
        (MILITARY, "register", 1),
        (PROVINCE, "nonsense", 1),
    ):
        with exchange.node(agency).at():
            found, text = rows_in(exchange.client(agency), tab=tab)
        assert found == rows, (agency, tab)
        assert (CANARY in text) == (bool(rows) and agency != MILITARY), (agency, tab)


def test_filters_narrow_the_list(exchange: Exchange, item: EntryRef) -> None:
    queries: Sequence[tuple[dict[str, str], int]] = (
        ({"text": "doan khach"}, 1),
        ({"text": "01/2026"}, 1),
        ({"text": "nothing like it"}, 0),
        ({"state": "waiting"}, 1),
        ({"state": "acknowledged"}, 0),
        ({"state": "irregular"}, 0),
        ({"purpose": "request", "class": "guests-coming", "precedence": "urgent"}, 1),
        ({"purpose": "notice"}, 0),
        ({"agency": GUARD}, 1),
        ({"agency": MILITARY}, 0),
        ({"from": DAY, "to": DAY}, 1),
        ({"from": "2026-01-06"}, 0),
        ({"to": "2026-01-04"}, 0),
    )
    with exchange.node(PROVINCE).at():
        client = exchange.client(PROVINCE)
        for query, rows in queries:
            assert rows_in(client, **query)[0] == rows, query


def test_stub_is_not_found_by_what_it_does_not_show(exchange: Exchange, item: EntryRef) -> None:
    with exchange.node(MILITARY).at():
        client = exchange.client(MILITARY)
        for query in ({"text": "doan khach"}, {"purpose": "request"}, {"class": "guests-coming"}):
            assert rows_in(client, tab="register", **query)[0] == 0, query
        assert rows_in(client, tab="register", text="01/2026")[0] == 1


def test_export_holds_plain_values(exchange: Exchange, item: EntryRef) -> None:
    exchange.send(GUARD, PROVINCE, subject="=HYPERLINK(1)")
    exchange.settle()
    with exchange.node(PROVINCE).at():
        response = exchange.client(PROVINCE).get("/information/", {"export": "csv"})
        data = b"".join(response).decode()
    rows = list(csv.DictReader(io.StringIO(data.removeprefix("\ufeff"))))
    assert [row["Subject"] for row in rows] == ["'=HYPERLINK(1)", CANARY]
    assert (rows[1]["From"], rows[1]["Purpose"], rows[1]["State"]) == (GUARD, "request", "received")
    assert rows[1]["Sent"].endswith("+07:00")


def test_first_reading_makes_the_sender_see_opened(exchange: Exchange, item: EntryRef) -> None:
    get(exchange, PROVINCE, page(item))
    with exchange.node(PROVINCE).at():
        actions.append_openings(by=automatic(PROVINCE), now=exchange.world.clock.now)
    exchange.settle()
    _status, text = get(exchange, GUARD, page(item))
    assert "Item opened" in text
    _status, text = get(exchange, GUARD, "/information/?tab=out")
    assert f"{PROVINCE}: opened" in text


def test_acknowledging_leads_back_and_the_sender_reads_the_note(exchange: Exchange, item: EntryRef) -> None:
    status, _text = post(exchange, PROVINCE, page(item, "/acknowledge"), values={"note": "Đã bố trí <lực lượng>"})
    assert status == 302
    exchange.settle()
    _status, text = get(exchange, GUARD, page(item))
    assert "Item acknowledged" in text
    assert "Đã bố trí <lực lượng>" in text
    _status, text = get(exchange, MILITARY, page(item))
    assert "Item acknowledged" in text
    assert "Đã bố trí" not in text


def test_second_acknowledgement_is_refused_and_keeps_what_was_typed(exchange: Exchange, item: EntryRef) -> None:
    exchange.acknowledge(PROVINCE, item)
    status, text = post(exchange, PROVINCE, page(item, "/acknowledge"), values={"note": "Ghi chú còn nguyên"})
    assert status == 409
    assert "This agency has acknowledged the item already." in text
    assert "Ghi chú còn nguyên" in text


def test_return_needs_a_reason_and_shows_it_to_all(exchange: Exchange, item: EntryRef) -> None:
    status, text = post(exchange, PROVINCE, page(item, "/return"), values={"note": "Ghi chú còn nguyên"})
    assert status == 200
    assert "Ghi chú còn nguyên" in text
    assert post(exchange, PROVINCE, page(item, "/return"), values={"reason": "wrong-addressee"})[0] == 302
    exchange.settle()
    for agency in (GUARD, MILITARY):
        assert "sent to the wrong agency" in get(exchange, agency, page(item))[1]


def test_desk_shows_what_waits_by_deadline_and_what_others_owe(exchange: Exchange) -> None:
    soon = exchange.world.clock.milliseconds() + 3_600_000
    exchange.send(GUARD, PROVINCE, subject="Không hạn")
    exchange.send(GUARD, PROVINCE, subject="Hạn sau", due=soon + 7_200_000)
    exchange.send(GUARD, PROVINCE, subject="Hạn trước", due=soon)
    exchange.settle()
    _status, text = get(exchange, PROVINCE, "/")
    assert text.index("Hạn trước") < text.index("Hạn sau") < text.index("Không hạn")
    assert text.count("Acknowledge") >= 3
    _status, text = get(exchange, GUARD, "/")
    assert text.index("Hạn trước") < text.index("Hạn sau") < text.index("Không hạn")
    assert f"{PROVINCE}: received" in text
    exchange.world.clock.forward(hours=2)
    assert "overdue" in _raw(exchange, PROVINCE, "/")


def _raw(exchange: Exchange, agency: str, url: str) -> str:
    with exchange.node(agency).at():
        return exchange.client(agency).get(url).content.decode()


def test_item_that_does_not_get_through_says_why(exchange: Exchange) -> None:
    exchange.node(PROVINCE).down = True
    item = exchange.send(GUARD, PROVINCE)
    exchange.settle()
    _status, text = get(exchange, GUARD, page(item))
    assert "province.example does not answer" in text
    _status, text = get(exchange, GUARD, "/information/?tab=out")
    assert re.search(rf"{PROVINCE}: signed, [a-z: ]*{PROVINCE} does not answer", text)
    exchange.node(PROVINCE).down = False
    exchange.world.clock.forward(minutes=3)
    exchange.settle()
    _status, text = get(exchange, GUARD, page(item))
    assert "received" in text
    assert "proof" in text
    assert "does not answer" not in text


def test_pages_speak_vietnamese(exchange: Exchange, item: EntryRef) -> None:
    _status, text = get(exchange, PROVINCE, page(item), language="vi")
    for shown in ("Xác nhận đã nhận", "Trả lại kèm lý do", "Yêu cầu", "Khách đến", "Khẩn", "chờ xử lý"):
        assert shown in text
    _status, text = get(exchange, PROVINCE, "/information/", language="vi")
    for shown in ("Trao đổi thông tin", "Trích yếu", "Trạng thái", "Tin mới"):
        assert shown in text


def test_list_asks_the_same_number_of_questions_for_any_number_of_rows(exchange: Exchange) -> None:
    counts = []
    for _ in range(2):
        for _ in range(4):
            exchange.send(GUARD, PROVINCE, MILITARY)
        exchange.settle()
        with exchange.node(GUARD).at():
            client = exchange.client(GUARD)
            client.get("/information/?tab=out")
            with CaptureQueriesContext(
                connection,
            ) as captured:
                client.get("/information/?tab=out")
            counts.append(len(captured))
    assert counts[0] == counts[1]


def test_desk_that_cannot_hold_all_leads_to_the_list(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "MOST", 1)
    for _ in range(2):
        exchange.send(GUARD, PROVINCE)
    exchange.settle()
    for agency, tab in ((PROVINCE, "tab=waiting"), (GUARD, "tab=out&amp;state=waiting")):
        with exchange.node(agency).at():
            content = exchange.client(agency).get("/").content.decode()
        assert "More items: open the list" in content
        assert tab in content


def test_page_of_an_entry_leads_to_its_item(exchange: Exchange, item: EntryRef) -> None:
    step = exchange.acknowledge(PROVINCE, item)
    exchange.settle()
    for ref in (item, step):
        with exchange.node(GUARD).at():
            content = exchange.client(GUARD).get(f"/entries/{ref.origin}/{ref.index}").content.decode()
        assert f'href="{page(item)}"' in content
        assert "Open the item" in content
