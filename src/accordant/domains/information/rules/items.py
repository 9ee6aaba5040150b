"""Sending an item.

Rules kept here: the number is the sender's own, once a year in one log (Decree 30/2020, Article 15; domain paper 1),
and belongs to the item that stands first in it, be that regular or not (`number_claim`); addressees are named parties,
never the sender; purpose, class, precedence and grading are words of the tables (domain paper 3), purpose and class
outside the header above marking 0; a due time lies after the sending; a reply names the item it answers, goes to nobody
outside it and is marked no lower (access paper A4, WRITE). A foreign item is judged by its header alone: not every
party holds the body, and all must count alike. Left to others: the office (`writers`), what addressees do (`steps`),
how the item travels.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from accordant.domains.information.entries import Grading, ItemSent, ItemSentBody
from accordant.domains.information.rules.writers import refusals_to_write
from accordant.entries.envelope import Officer
from accordant.entries.errors import Refusal, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.entries.table_files import is_day

REPLY: Final = "reply"
PURPOSES: Final = ("information", "request", REPLY, "warning", "notice")
CATEGORIES: Final = (
    "leaders-programme",
    "guests-coming",
    "special-event",
    "situation",
    "plan",
    "pass-template",
    "person-list",
    "survey-finding",
    "check-result",
    "incident",
    "handling-result",
    "statistics",
    "contact-change",
    "document",
)
PRECEDENCES: Final = ("", "urgent", "very-urgent", "express")
RELIABILITY: Final = ("", "A", "B", "C", "D", "E", "F")
CREDIBILITY: Final = ("", "1", "2", "3", "4", "5", "6")
SUBJECT_CHARACTERS: Final = 300
_NUMBERED: Final = re.compile(r"(\d{2,9})/(\d{4})")
_NOT_SENT: Final = _("The item was not sent.")


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item as its office wrote it. An empty number asks for the next one; instants in milliseconds since 1970 UTC.

    `at` None = the instant of the act; an earlier one stands in tables of years gone by.
    """

    to: tuple[str, ...]
    day: str
    subject: str
    text: str = ""
    number: str = ""
    purpose: str = "information"
    category: str = "document"
    precedence: str = ""
    reliability: str = ""
    credibility: str = ""
    marking: int = 0
    due: int | None = None
    at: int | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Sending:
    """An item as its header shows it, and for our own act its body; instants in milliseconds since 1970 UTC."""

    record: ItemSent
    author: str
    to: Sequence[str]
    at: int
    body: ItemSentBody | None = None
    marking: int = 0
    due: int | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """The item that a reply answers: its sender, its addressees, its marking."""

    author: str
    to: Collection[str]
    marking: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around an item: whether its number is taken, whether it refers to an item and to which.

    `parties` and `ceiling` of the circle are asked of our own acts alone (None = not asked).
    """

    taken: bool = False
    answers: bool = False
    answered: Answered | None = None
    parties: Collection[str] | None = None
    ceiling: int | None = None


def records_of(new: NewItem, number: str) -> tuple[ItemSent, ItemSentBody]:
    """Header and body facts of a new item; above marking 0 purpose and class stand in the body (domain paper 3)."""
    body = ItemSentBody(new.subject.strip(), new.text.strip(), Grading(new.reliability, new.credibility))
    record = ItemSent(number=number, day=new.day, precedence=new.precedence, file=new.file)
    if new.marking > 0:
        return record, replace(body, purpose=new.purpose, category=new.category)
    return replace(record, purpose=new.purpose, category=new.category), body


def numbered(serial: int, day: str) -> str:
    """The number that the node gives an item: its serial in the year of the day, as in 07/2026."""
    return f"{serial:02d}/{day[:4]}"


def serial_of(number: str, day: str) -> int:
    """The serial in a number of the node's own form and of the day's year; 0 for every other number."""
    found = _NUMBERED.fullmatch(number)
    return int(found[1]) if found is not None and found[2] == day[:4] else 0


def number_claim(number: str, day: str) -> str:
    """What an item claims in its log: its number in the year of the day; claims of a year sort by the serial."""
    return f"{numbers_of(day[:4])}{serial_of(number, day):09d} {number}"


def numbers_of(year: str) -> str:
    """How the claims of all numbers of a year begin."""
    return f"number {year} "


def serial_claimed(claim: str, year: str) -> int:
    """The serial in a claim of that year; 0 where its number has none."""
    digits = claim.removeprefix(numbers_of(year))[:9]
    return int(digits) if digits.isdecimal() else 0


def refusals_to_send_item(sending: Sending, around: Surroundings, *, by: Officer | None = None) -> list[Refusal]:
    """Empty when the item may be sent; `by` None: a foreign item, judged by what every party of the circle sees."""
    found = list(refusals_to_write("information.item-sent", by))
    found.extend(_of_number(sending.record, taken=around.taken))
    found.extend(_of_words(sending))
    found.extend(_of_addressees(sending, around.parties))
    if sending.due is not None and sending.due <= sending.at:
        found.append(_due_before())
    if around.ceiling is not None and sending.marking > around.ceiling:
        found.append(_above_ceiling(sending.marking, around.ceiling))
    if around.answers or _purpose(sending) == REPLY:
        found.extend(_of_reply(sending, around))
    return found


def _purpose(sending: Sending) -> str:
    return sending.record.purpose or ("" if sending.body is None else sending.body.purpose)


def _of_number(record: ItemSent, *, taken: bool) -> list[Refusal]:
    found = []
    if not record.number.strip() or record.number != record.number.strip():
        found.append(_no_number())
    if not is_day(record.day):
        found.append(_bad_day(record.day))
    if taken:
        found.append(_taken(record.number, record.day[:4]))
    return found


def _of_words(sending: Sending) -> list[Refusal]:
    record, body = sending.record, sending.body
    found = []
    if record.precedence not in PRECEDENCES:
        found.append(_bad_word(record.precedence))
    if sending.marking == 0:
        found.extend(_bad_word(w) for w, t in ((record.purpose, PURPOSES), (record.category, CATEGORIES)) if w not in t)
    elif record.purpose or record.category:
        found.append(_shown())
    if body is None:
        return found
    if sending.marking > 0:
        found.extend(_bad_word(w) for w, t in ((body.purpose, PURPOSES), (body.category, CATEGORIES)) if w not in t)
    grading = body.grading
    if grading.reliability not in RELIABILITY or grading.credibility not in CREDIBILITY:
        found.append(_bad_word(grading.reliability + grading.credibility))
    elif bool(grading.reliability) != bool(grading.credibility):
        found.append(_half_grading())
    if not body.subject.strip() or len(body.subject) > SUBJECT_CHARACTERS:
        found.append(_bad_subject())
    return found


def _of_addressees(sending: Sending, parties: Collection[str] | None) -> list[Refusal]:
    if not sending.to or sending.author in sending.to:
        return [_no_addressee()]
    outside = sorted(set(sending.to) - set(parties)) if parties is not None else []
    return [_outside(outside)] if outside else []


def _of_reply(sending: Sending, around: Surroundings) -> list[Refusal]:
    answered = around.answered
    if answered is None:
        return [answers_nothing()]
    thread = {answered.author, *answered.to}
    found = []
    if sending.author not in thread:
        found.append(_not_in_thread())
    elif not set(sending.to) <= thread:
        found.append(_beyond_thread(sorted(set(sending.to) - thread)))
    if sending.marking < answered.marking:
        found.append(_marked_lower(answered.marking))
    return found


def _no_number() -> Refusal:
    return refusal(
        "item-number",
        _NOT_SENT,
        _("It has no number, or blanks around it."),
        _("Give the number of the paper, or leave the field empty: the node then gives the next one."),
    )


def _bad_day(day: str) -> Refusal:
    return refusal(
        "item-day",
        _NOT_SENT,
        _("{day} is no day of the calendar."),
        _("Write the day as 2025-12-06."),
        day=day or "–",
    )


def _taken(number: str, year: str) -> Refusal:
    return refusal(
        "item-number-taken",
        _NOT_SENT,
        _("The sender has another item {number} of {year} in this circle."),
        _("Give it the next free number; open the other item by its number in the list."),
        number=number,
        year=year,
    )


def _bad_word(word: str) -> Refusal:
    return refusal(
        "item-word",
        _NOT_SENT,
        _("{word} is no purpose, class, precedence or grade of the tables."),
        _("Choose one of the words that the form offers."),
        word=word[:40] or "–",
    )


def _half_grading() -> Refusal:
    return refusal(
        "item-grading",
        _NOT_SENT,
        _("Only one half of the grading is given."),
        _("Grade the source from A to F and the content from 1 to 6, or leave both out."),
    )


def _shown() -> Refusal:
    return refusal(
        "item-header-shows",
        _NOT_SENT,
        _("Its header shows the purpose or the class of a marked item."),
        _("Send it anew; above marking 0 both stand in the content alone."),
    )


def _bad_subject() -> Refusal:
    return refusal(
        "item-subject",
        _NOT_SENT,
        _("It has no subject, or one of more than {limit} characters."),
        _("Say in one line what the item is about."),
        limit=SUBJECT_CHARACTERS,
    )


def _no_addressee() -> Refusal:
    return refusal(
        "item-addressee",
        _NOT_SENT,
        _("It names no addressee, or the sender itself."),
        _("Choose at least one other party of the circle."),
    )


def _outside(agencies: Sequence[str]) -> Refusal:
    return refusal(
        "item-outside",
        _NOT_SENT,
        _("No party of this circle: {agencies}."),
        _("Choose parties of the circle, or another circle that holds them."),
        agencies=", ".join(agencies),
    )


def _due_before() -> Refusal:
    return refusal(
        "item-due",
        _NOT_SENT,
        _("It is due before it is sent."),
        _("Choose a later time, or leave the field empty."),
    )


def _above_ceiling(marking: int, ceiling: int) -> Refusal:
    return refusal(
        "item-above-ceiling",
        _NOT_SENT,
        _("Its marking is {marking}; this circle takes content up to {ceiling}."),
        _("Hand the content over on paper, with number and date alone in the system."),
        marking=marking,
        ceiling=ceiling,
    )


def answers_nothing() -> Refusal:
    """What stands against a reply to an item that is not held here."""
    return refusal(
        "item-answers-nothing",
        _NOT_SENT,
        _("It is a reply but names no item that is held here."),
        _("Open the item and choose Reply there."),
    )


def _not_in_thread() -> Refusal:
    return refusal(
        "item-answers-foreign",
        _NOT_SENT,
        _("The item it answers was neither sent by this agency nor addressed to it."),
        _("Send it as an item of its own."),
    )


def _beyond_thread(agencies: Sequence[str]) -> Refusal:
    return refusal(
        "item-beyond-thread",
        _NOT_SENT,
        _("These agencies did not have the item that it answers: {agencies}."),
        _("Leave them out, or ask the sender of that item to release it to them."),
        agencies=", ".join(agencies),
    )


def _marked_lower(marking: int) -> Refusal:
    return refusal(
        "item-marked-lower",
        _NOT_SENT,
        _("The item it answers is marked {marking}; a reply is marked no lower."),
        _("Raise the marking of the reply."),
        marking=marking,
    )
