"""The pages of items, as browsers at different agencies see them; no script runs."""

import csv
import html
import io
import re
from collections.abc import Mapping, Sequence

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accordant.accounts import officers
from accordant.accounts.models import AuditRecord, Officer
from accordant.domains.information import actions
from accordant.domains.information.models import Addressee, Item
from accordant.entries.envelope import EntryRef, automatic
from tests.domains.information.conftest import (
    CANARY,
    COMMANDER,
    DAY,
    GUARD,
    LIAISON,
    MILITARY,
    OUTSIDER,
    PROVINCE,
    WITHOUT_OFFICE,
    Exchange,
)

pytestmark = pytest.mark.slow  # each test runs four nodes

TEXT = "Xe thứ hai chậm <b>10 phút</b> & dừng ở cổng số 3"


@pytest.fixture
def item(exchange: Exchange) -> EntryRef:
    """An item of the guard command that all parties hold, addressed to the province alone."""
    ref = exchange.send(GUARD, PROVINCE, text=TEXT, purpose="request", category="guests-coming", precedence="urgent")
    exchange.settle()
    return ref


def page(ref: EntryRef, act: str = "") -> str:
    return f"/information/{ref.origin}/{ref.index}{act}"


def words(response: object) -> str:
    """The words of a page, without marks of HTML."""
    assert isinstance(response, HttpResponse)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode())))


def get(exchange: Exchange, agency: str, url: str, sign_in: str = LIAISON, language: str = "en") -> tuple[int, str]:
    with exchange.node(agency).at():
        response = exchange.client(agency, sign_in, language).get(url)
        return response.status_code, words(response)


def post(
    exchange: Exchange, agency: str, url: str, sign_in: str = LIAISON, values: Mapping[str, object] | None = None
) -> tuple[int, str]:
    with exchange.node(agency).at():
        response = exchange.client(agency, sign_in).post(url, values or {})
        return response.status_code, words(response)


NEW: dict[str, object] = {
    "to": [PROVINCE],
    "purpose": "information",
    "category": "plan",
    "precedence": "",
    "subject": CANARY,
    "text": TEXT,
    "day": DAY,
    "number": "",
    "due_day": "",
    "due_time": "",
    "reliability": "B",
    "credibility": "2",
}


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


def test_commander_acknowledges_but_sends_nothing(exchange: Exchange, item: EntryRef) -> None:
    assert "No circle to send in" in get(exchange, PROVINCE, "/information/new", COMMANDER)[1]
    reply = {**NEW, "to": [GUARD], "purpose": "reply", "sign": "1"}
    status, text = post(exchange, PROVINCE, page(item, "/answer"), COMMANDER, values=reply)
    assert status == 409
    assert "information-office" in text
    assert post(exchange, PROVINCE, page(item, "/acknowledge"), COMMANDER)[0] == 302
    with exchange.node(PROVINCE).at():
        assert not Item.objects.filter(agency=PROVINCE).exists()
        assert Addressee.objects.get(agency=PROVINCE).settled


def test_new_item_shows_who_will_hold_it_then_is_sent(exchange: Exchange) -> None:
    status, text = post(exchange, GUARD, "/information/new", values=NEW)
    assert status == 200
    assert f"Will hold the whole item: {PROVINCE} ." in text
    assert f"Will see its number, day and parties alone: {MILITARY} ." in text
    assert "B: usually reliable source" in text
    with exchange.node(GUARD).at():
        assert not Item.objects.exists()
    assert post(exchange, GUARD, "/information/new", values={**NEW, "sign": "1"})[0] == 302
    exchange.settle()
    with exchange.node(PROVINCE).at():
        row = Item.objects.get()
        assert (row.number, row.subject, row.grading, row.category) == ("01/2026", CANARY, "B2", "plan")


def test_change_leads_back_to_the_form_with_all_that_was_typed(exchange: Exchange) -> None:
    with exchange.node(GUARD).at():
        content = exchange.client(GUARD).post("/information/new", {**NEW, "change": "1"}).content.decode()
    assert html.escape(CANARY) in content
    assert html.escape(TEXT) in content
    assert f'value="{PROVINCE}" id="id_to_1" checked' in content


def test_wrong_values_are_named_and_nothing_typed_is_lost(exchange: Exchange) -> None:
    cases: Sequence[tuple[dict[str, object], str]] = (
        ({"day": "06/12/2025"}, "Write the day as year-month-day"),
        ({"day": "1899-12-31"}, "the years 1900 to 2199"),
        ({"day": "2026-02-30"}, "Write the day as year-month-day"),
        ({"due_day": "1/2/2026"}, "Write the day as year-month-day"),
        ({"due_time": "25:00", "due_day": DAY}, "Write the time as 16:30."),
        ({"due_time": "16:30"}, "Give the day to which the time belongs."),
        ({"to": []}, "Addressees"),
        ({"to": [OUTSIDER]}, "Addressees"),
        ({"subject": "   "}, "Subject"),
        ({"purpose": "reply"}, "Purpose"),
        ({"category": "gossip"}, "Class"),
    )
    with exchange.node(GUARD).at():
        client = exchange.client(GUARD)
        for changes, sentence in cases:
            response = client.post("/information/new", {**NEW, "sign": "1", **changes})
            text = words(response)
            assert response.status_code == 200, changes
            assert "This could not be taken yet" in text, changes
            assert sentence in text, changes
            assert TEXT in text, changes
        assert not Item.objects.exists()


def test_refusal_of_a_rule_keeps_what_was_typed(exchange: Exchange) -> None:
    exchange.send(GUARD, PROVINCE, number="12/TB")
    cases = (
        ({"credibility": ""}, "item-grading"),
        ({"due_day": "2026-01-01"}, "item-due"),
        ({"number": "12/TB"}, "item-number-taken"),
    )
    with exchange.node(GUARD).at():
        client = exchange.client(GUARD)
        for changes, code in cases:
            response = client.post("/information/new", {**NEW, "sign": "1", **changes})
            assert response.status_code == 409, changes
            assert code in words(response), changes
            assert TEXT in words(response), changes


def test_any_text_is_shown_harmlessly(exchange: Exchange) -> None:
    texts = (
        "<script>alert(1)</script>",
        "{{ 6*111 }}{% load x %}",
        "\u202edetsrever\u2066",
        "e\u0302\u0323 \u1ec7",
        "\U0001f6a8 \ufffd \u0000\u0007 end",
    )
    with exchange.node(GUARD).at():
        client = exchange.client(GUARD)
        for text in texts:
            sent = client.post("/information/new", {**NEW, "sign": "1", "subject": text, "text": text})
            assert sent.status_code == 302, text
            for url in ("/information/?tab=out", sent.headers["Location"], "/"):
                content = client.get(url).content.decode()
                assert "<script>alert" not in content
                assert "\u0000" not in content
                assert " 666" not in content


def test_reply_goes_to_the_sender_and_settles_the_item(exchange: Exchange, item: EntryRef) -> None:
    with exchange.node(PROVINCE).at():
        content = exchange.client(PROVINCE).get(page(item, "/answer")).content.decode()
    assert f'value="{GUARD}" id="id_to_0" checked' in content
    assert MILITARY not in content.partition("<main")[2].partition("</main>")[0]
    values = {**NEW, "to": [GUARD], "purpose": "reply", "subject": "Nhất trí", "sign": "1"}
    assert post(exchange, PROVINCE, page(item, "/answer"), values=values)[0] == 302
    exchange.settle()
    _status, text = get(exchange, GUARD, page(item))
    assert "Nhất trí" in text
    assert "answered" in text
    assert get(exchange, PROVINCE, "/information/?tab=waiting")[1].count("Nothing waits") == 1


def test_office_without_a_role_in_the_circle_does_not_act(exchange: Exchange, item: EntryRef) -> None:
    """The right to read came with the office of liaison; the chosen acting office has its role elsewhere."""
    province = exchange.node(PROVINCE)
    by = province.officer("security", "security-administrator")
    with province.at():
        officers.define_office(by=by, now=province.now, code="elsewhere", title_vi="x", title_en="x")
        officers.grant_role(
            by=by,
            now=province.now,
            officer=Officer.objects.get(sign_in=LIAISON),
            office="elsewhere",
            role="liaison-officer",
            scope="another-circle",
            source="02/QĐ",
        )
        client = exchange.client(PROVINCE)
        session = client.session
        session["office"] = "elsewhere"
        session.save()
        assert CANARY in words(client.get(page(item)))
        response = client.post(page(item, "/acknowledge"))
        assert response.status_code == 409
        assert "information-scope" in words(response)
        assert "No circle to send in" in words(client.get("/information/new"))


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
    for shown in ("Xác nhận đã nhận", "Trả lại kèm lý do", "Yêu cầu", "Khách đến", "Khẩn", "chờ cơ quan ta"):
        assert shown in text
    _status, text = get(exchange, PROVINCE, "/information/", language="vi")
    for shown in ("Trao đổi thông tin", "Trích yếu", "Thời hạn", "Tin mới"):
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
