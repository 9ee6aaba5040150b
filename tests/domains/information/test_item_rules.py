"""Sending an item, as a pure rule: each refusal by itself, and what no header may show."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordant.domains.information import rules
from accordant.domains.information.entries import Grading, ItemSent, ItemSentBody
from accordant.entries.envelope import Officer, automatic

GUARD, PROVINCE, MILITARY = "guard.example", "province.example", "military.example"
AT = 1_767_600_000_000
RECORD = {"number": "01/2026", "day": "2026-01-05", "purpose": "information", "category": "document"}
AROUND = rules.Surroundings(parties=(GUARD, PROVINCE, MILITARY), ceiling=1)


def codes(
    record: dict[str, Any] | None = None,
    body: ItemSentBody | None = None,
    around: rules.Surroundings = AROUND,
    by: Officer | None = None,
    **sending: Any,
) -> list[str]:
    """The codes that stand against an ordinary item with these changes."""
    values: dict[str, Any] = {"author": GUARD, "to": (PROVINCE,), "at": AT, **sending}
    fact = ItemSent(**{**RECORD, **(record or {})})
    given_body = body or ItemSentBody(subject="Đoàn khách đến")
    refusals = rules.refusals_to_send_item(rules.Sending(fact, body=given_body, **values), around, by=by)
    assert all(str(refusal.reason) and str(refusal.repair) for refusal in refusals)
    return [refusal.code for refusal in refusals]


def test_ordinary_item_is_sent() -> None:
    assert codes() == []
    assert codes(by=Officer("o1", "liaison", GUARD, frozenset(("liaison-officer",)))) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"record": {"number": ""}}, "item-number"),
        ({"record": {"number": " 01/2026"}}, "item-number"),
        ({"record": {"day": "05/01/2026"}}, "item-day"),
        ({"record": {"day": "1899-12-31"}}, "item-day"),
        ({"record": {"day": "2026-02-30"}}, "item-day"),
        ({"record": {"purpose": "gossip"}}, "item-word"),
        ({"record": {"purpose": ""}}, "item-word"),
        ({"record": {"category": "other"}}, "item-word"),
        ({"record": {"precedence": "fast"}}, "item-word"),
        ({"body": ItemSentBody(subject="x", grading=Grading("G", "1"))}, "item-word"),
        ({"body": ItemSentBody(subject="x", grading=Grading("B", "7"))}, "item-word"),
        ({"body": ItemSentBody(subject="x", grading=Grading("B", ""))}, "item-grading"),
        ({"body": ItemSentBody(subject="x", grading=Grading("", "2"))}, "item-grading"),
        ({"body": ItemSentBody(subject=" ")}, "item-subject"),
        ({"body": ItemSentBody(subject="ệ" * 301)}, "item-subject"),
        ({"to": ()}, "item-addressee"),
        ({"to": (GUARD, PROVINCE)}, "item-addressee"),
        ({"to": ("nowhere.example",)}, "item-outside"),
        ({"due": AT}, "item-due"),
        ({"around": rules.Surroundings(taken=True)}, "item-number-taken"),
        ({"record": {"purpose": "reply"}}, "item-answers-nothing"),
        ({"around": rules.Surroundings(answers=True)}, "item-answers-nothing"),
        ({"by": Officer("o1", "chief", GUARD, frozenset(("commander",)))}, "information-office"),
        ({"by": automatic(GUARD)}, "information-office"),
    ],
)
def test_item_is_refused(changes: dict[str, Any], code: str) -> None:
    assert codes(**changes) == [code]


def test_marked_item_keeps_purpose_and_class_in_its_body() -> None:
    new = rules.NewItem((PROVINCE,), "2026-01-05", "Đoàn khách", purpose="warning", category="situation", marking=1)
    record, body = rules.records_of(new, "07/2026")
    assert (record.purpose, record.category, body.purpose, body.category) == ("", "", "warning", "situation")
    sending = rules.Sending(record, GUARD, (PROVINCE,), AT, body, marking=1)
    assert rules.refusals_to_send_item(sending, AROUND) == []
    above = rules.Sending(record, GUARD, (PROVINCE,), AT, body, marking=2)
    assert [refusal.code for refusal in rules.refusals_to_send_item(above, AROUND)] == ["item-above-ceiling"]
    empty = rules.Sending(record, GUARD, (PROVINCE,), AT, ItemSentBody(subject="x"), marking=1)
    assert [refusal.code for refusal in rules.refusals_to_send_item(empty, AROUND)] == ["item-word", "item-word"]


def test_foreign_item_is_judged_by_its_header_alone() -> None:
    foreign = rules.Sending(ItemSent(**RECORD), GUARD, ("gone.example",), AT)
    assert rules.refusals_to_send_item(foreign, rules.Surroundings()) == []


@pytest.mark.parametrize(
    ("author", "to", "marking", "expected"),
    [
        (PROVINCE, (GUARD,), 1, []),
        (GUARD, (PROVINCE,), 1, []),
        (MILITARY, (GUARD,), 1, ["item-answers-foreign"]),
        (PROVINCE, (GUARD, MILITARY), 1, ["item-beyond-thread"]),
        (PROVINCE, (GUARD,), 0, ["item-marked-lower"]),
    ],
)
def test_reply_stays_in_its_thread(author: str, to: tuple[str, ...], marking: int, expected: list[str]) -> None:
    shown = {} if marking else {"purpose": "reply", "category": "document"}
    record = ItemSent(number="02/2026", day="2026-01-06", **shown)
    body = ItemSentBody(subject="Trả lời", purpose="reply" if marking else "", category="document" if marking else "")
    sending = rules.Sending(record, author, to, AT, body, marking)
    around = rules.Surroundings(answers=True, answered=rules.Answered(GUARD, (PROVINCE,), 1))
    assert [refusal.code for refusal in rules.refusals_to_send_item(sending, around)] == expected


def test_header_of_a_marked_item_shows_no_purpose() -> None:
    body = ItemSentBody(subject="Đoàn khách", purpose="warning", category="situation")
    assert codes(marking=1, body=body) == ["item-header-shows"]


def test_all_that_stands_against_an_item_is_told_at_once() -> None:
    assert codes(record={"number": "", "day": "", "purpose": "x"}, to=()) == [
        "item-number",
        "item-day",
        "item-word",
        "item-addressee",
    ]


@settings(max_examples=25)
@given(serial=st.integers(1, 999_999_999), year=st.integers(1900, 2199))
def test_number_the_node_gives_is_read_back_as_its_serial(serial: int, year: int) -> None:
    day = f"{year}-06-30"
    number = rules.numbered(serial, day)
    assert rules.serial_claimed(rules.number_claim(number, day), str(year)) == serial
    assert rules.serial_claimed(rules.number_claim(number, f"{year + 1}-06-30"), str(year + 1)) == 0


@settings(max_examples=25)
@given(serials=st.lists(st.integers(1, 999_999_999), min_size=1))
def test_claims_of_a_year_sort_by_their_serials(serials: list[int]) -> None:
    day = "2026-01-05"
    claimed = [rules.number_claim(number, day) for number in ("9/TB", *(rules.numbered(s, day) for s in serials))]
    last = max(claimed, key=str.encode)
    assert last.startswith(rules.numbers_of("2026"))
    assert rules.serial_claimed(last, "2026") == max(serials)


@settings(max_examples=25)
@given(number=st.text(max_size=30), day=st.text(max_size=12), year=st.text(max_size=4))
def test_number_of_any_other_form_has_no_serial(number: str, day: str, year: str) -> None:
    assert rules.serial_claimed(rules.number_claim(number, day), year) >= 0
    serial = rules.serial_claimed(rules.number_claim(number, "2026-01-05"), "2026")
    assert serial == 0 or number.split("/")[1] == "2026"


@settings(max_examples=25)
@given(subject=st.text(), text=st.text(), number=st.text(max_size=64), day=st.text(max_size=12))
def test_any_text_is_judged_without_an_error(subject: str, text: str, number: str, day: str) -> None:
    record, body = rules.records_of(rules.NewItem((PROVINCE,), day, subject, text), number)
    found = rules.refusals_to_send_item(rules.Sending(record, GUARD, (PROVINCE,), AT, body), AROUND)
    assert all(refusal.code.startswith("item-") and str(refusal.reason) for refusal in found)
