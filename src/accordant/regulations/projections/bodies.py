"""Notices about bodies to rows."""

from collections.abc import Sequence
from typing import Any

from accordant.entries.envelope import EntryRef
from accordant.entries.errors import Refusal
from accordant.ledger.projector import Entry, handles
from accordant.ledger.tables import Tables
from accordant.regulations import entries as facts
from accordant.regulations.models import BodyNotice
from accordant.regulations.projections.positions import named, place_of, position_of
from accordant.regulations.rules import bodies, places


@handles(facts.BodyMissed)
def on_body_missed(entry: Entry[facts.BodyMissed], tables: Tables) -> Sequence[Refusal]:
    header, why = entry.header, entry.record.why
    missed = named(entry, "body")
    refusals = [
        *places.refusals_outside_shared_circle(place_of(entry, tables), author=header.agency),
        *bodies.refusals_to_miss_body(missed, why=why, circle=header.circle, author=header.agency),
    ]
    if not refusals:
        _keep_notice(entry, missed, tables, garbled=False, why=why)
    return refusals


@handles(facts.BodyGarbled)
def on_body_garbled(entry: Entry[facts.BodyGarbled], tables: Tables) -> Sequence[Refusal]:
    header = entry.header
    missed = named(entry, "body")
    refusals = [
        *places.refusals_outside_shared_circle(place_of(entry, tables), author=header.agency),
        *bodies.refusals_to_garble_body(missed, circle=header.circle, author=header.agency),
    ]
    if not refusals:
        _keep_notice(entry, missed, tables, garbled=True, why=0)
    return refusals


def _keep_notice(entry: Entry[Any], missed: Sequence[EntryRef], tables: Tables, *, garbled: bool, why: int) -> None:
    guard = tables.guard(entry.entry_id, entry.header)
    listed = [str(ref) for ref in missed]
    circle = entry.header.circle
    tables.insert(BodyNotice, **guard, **position_of(entry), circle=circle, garbled=garbled, why=why, entries=listed)
