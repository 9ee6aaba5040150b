"""Writing items and replies in a browser: what is shown before the signature, what a refusal keeps."""

import html
from collections.abc import Sequence

import pytest

from accordant.accounts import officers
from accordant.accounts.models import Officer
from accordant.domains.information.models import Addressee, Item
from accordant.entries.envelope import EntryRef
from tests.domains.information.browser import get, page, post, words
from tests.domains.information.conftest import (
    CANARY,
    COMMANDER,
    DAY,
    GUARD,
    LIAISON,
    MILITARY,
    OUTSIDER,
    PROVINCE,
    TEXT,
    Exchange,
)

pytestmark = pytest.mark.slow  # each test runs four nodes


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
                assert "\u202e" not in content.partition('<div class="text">')[0]
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


def test_subject_is_one_line_and_text_keeps_its_lines(exchange: Exchange) -> None:
    values = {**NEW, "sign": "1", "subject": "Đoàn\r\n khách\t đến", "text": "một\r\nhai\rba"}
    assert post(exchange, GUARD, "/information/new", values=values)[0] == 302
    with exchange.node(GUARD).at():
        row = Item.objects.get()
        assert row.subject == "Đoàn khách đến"
        content = exchange.client(GUARD).get(page(EntryRef(f"{GUARD}/{exchange.circle}/1", 1, ""))).content.decode()
    assert "<p>một<br>hai<br>ba</p>" in content


def test_deadline_without_a_time_is_the_end_of_its_day(exchange: Exchange) -> None:
    for time, shown in (("", "24:00, 1 Feb 2026"), ("16:30", "16:30, 1 Feb 2026")):
        values = {**NEW, "due_day": "2026-02-01", "due_time": time}
        assert shown in post(exchange, GUARD, "/information/new", values=values)[1]
