"""Facts of information to rows. Each handler runs the rule its action asks, over the header alone.

An irregular item is listed and marked; an irregular step changes nothing. What a handler reads of another entry is
named by its own `re`. Whether a number is taken, an item opened or settled already is told by what entries claim in
their log: an earlier one has its claim also where it is irregular, or waits at one node and not at another. Of several
replies of one agency the one with the earliest time counts.
"""

from collections.abc import Sequence
from typing import Any

from accordant.domains.information import entries as facts
from accordant.domains.information import rules
from accordant.domains.information.models import Addressee, Item, ItemStep
from accordant.entries.envelope import EntryRef, Header, Reference
from accordant.entries.errors import Refusal
from accordant.entries.kinds import Handling
from accordant.ledger.claims import claims
from accordant.ledger.projector import Entry, handles
from accordant.ledger.tables import Row, Tables
from accordant.pages.fold import fold

VERSION = 5


@claims(facts.ItemSent)
def number_claimed(header: Header, record: facts.ItemSent) -> str:
    return rules.number_claim(record.number, record.day)


@claims(facts.ItemOpened)
def opening_claimed(header: Header, record: facts.ItemOpened) -> str:
    item = _reference(header, "item")
    return "" if item is None else rules.opening_claim(item.h)


@claims(facts.ItemAcknowledged)
@claims(facts.ItemReturned)
def settling_claimed(header: Header, record: facts.ItemAcknowledged | facts.ItemReturned) -> str:
    item = _reference(header, "item")
    return "" if item is None else rules.settling_claim(item.h)


@handles(facts.ItemSent)
def on_item_sent(entry: Entry[facts.ItemSent], tables: Tables) -> Sequence[Refusal]:
    header, record = entry.header, entry.record
    answered_id = _named(entry, "answers", tables)
    answered = tables.get(Item, answered_id) if answered_id is not None else None
    sending = rules.Sending(record, header.agency, header.to, header.at, marking=header.mk, due=header.due)
    around = rules.Surroundings(
        taken=entry.repeats,
        answers=any(reference.as_ == "answers" for reference in header.re),
        answered=None
        if answered is None
        else rules.Answered(answered["agency"], answered["addressees"], answered["marking"]),
    )
    refusals = rules.refusals_to_send_item(sending, around)
    _keep_item(entry, tables, answered_id, refusals[0].code if refusals else "")
    if not refusals:
        _keep_answer(entry, answered_id, tables)
    return refusals


@handles(facts.ItemOpened)
def on_item_opened(entry: Entry[facts.ItemOpened], tables: Tables) -> Sequence[Refusal]:
    row = _addressee(entry, tables)
    refusals = rules.refusals_to_open_item(None if row is None else rules.Held(opened=entry.repeats))
    if row is not None and not refusals:
        tables.update(Addressee, row["id"], opened_at=entry.header.at)
        _keep_step(entry, row["item_id"], rules.OPENED, tables)
    return refusals


@handles(facts.ItemAcknowledged)
def on_item_acknowledged(entry: Entry[facts.ItemAcknowledged], tables: Tables) -> Sequence[Refusal]:
    row = _addressee(entry, tables)
    held = None if row is None else rules.Held(settled=entry.repeats)
    refusals = rules.refusals_to_acknowledge_item(held, day=entry.record.day)
    if row is not None and not refusals:
        tables.update(Addressee, row["id"], acknowledged_at=entry.header.at, settled=True)
        _keep_step(entry, row["item_id"], rules.ACKNOWLEDGED, tables, file=entry.record.file)
    return refusals


@handles(facts.ItemReturned)
def on_item_returned(entry: Entry[facts.ItemReturned], tables: Tables) -> Sequence[Refusal]:
    record = entry.record
    row = _addressee(entry, tables)
    held = None if row is None else rules.Held(settled=entry.repeats)
    refusals = rules.refusals_to_return_item(held, day=record.day, reason=record.reason)
    if row is not None and not refusals:
        at = entry.header.at
        tables.update(Addressee, row["id"], returned_at=at, return_reason=record.reason, settled=True)
        _keep_step(entry, row["item_id"], rules.RETURNED, tables)
    return refusals


def _named(entry: Entry[Any], role: str, tables: Tables) -> int | None:
    """The local id of the first entry of this circle that is named in the role, if it is held here."""
    reference = _reference(entry.header, role)
    return None if reference is None else tables.entry_id(EntryRef.of(reference))


def _reference(header: Header, role: str) -> Reference | None:
    """The first reference to an entry of this circle in the role."""
    for reference in header.re:
        if reference.as_ == role and reference.o.split("/")[1] == header.circle:
            return reference
    return None


def _addressee(entry: Entry[Any], tables: Tables) -> Row | None:
    """What the author did so far with the item it names; None when that is no item addressed to it."""
    item_id = _named(entry, "item", tables)
    rows = [] if item_id is None else tables.find(Addressee, item_id=item_id, agency=entry.header.agency)
    return rows[0] if rows else None


def _keep_item(entry: Entry[facts.ItemSent], tables: Tables, answers_id: int | None, irregular: str) -> None:
    header, record, body = entry.header, entry.record, entry.body
    handling = None if body is None or body.handling.reach == "unit" else Handling(reach="named")
    compartments = () if body is None else body.handling.compartments
    shown = body is not None and header.mk == 0
    guard = tables.guard(entry.entry_id, header, handling=handling)
    if compartments:
        guard["label_id"] = tables.label(header, compartments=compartments)
    tables.insert(
        Item,
        **guard,
        circle=header.circle,
        agency=header.agency,
        number=record.number,
        day=record.day,
        purpose=record.purpose,
        category=record.category,
        precedence=record.precedence,
        marking=header.mk,
        due=header.due,
        addressees=list(header.to),
        subject=body.subject if shown else "",
        folded=fold(f"{record.number} {body.subject}" if shown else record.number),
        grading=body.grading.reliability + body.grading.credibility if shown else "",
        answers_id=answers_id,
        file=record.file,
        irregular=irregular,
    )
    for agency in header.to:
        tables.insert(Addressee, item_id=entry.entry_id, agency=agency)


def _keep_answer(entry: Entry[facts.ItemSent], answered_id: int | None, tables: Tables) -> None:
    """A reply settles the item at the agency that replies.

    Of several the earliest time counts: an earlier reply may still wait at one node and not at another.
    """
    if answered_id is None:
        return
    for row in tables.find(Addressee, item_id=answered_id, agency=entry.header.agency):
        if row["answered_at"] is None or entry.header.at < row["answered_at"]:
            tables.update(Addressee, row["id"], answered_at=entry.header.at, settled=True)


def _keep_step(entry: Entry[Any], item_id: int, step: str, tables: Tables, *, file: str = "") -> None:
    guard = tables.guard(entry.entry_id, entry.header)
    tables.insert(ItemStep, **guard, item_id=item_id, agency=entry.header.agency, step=step, file=file)
