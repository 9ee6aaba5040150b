"""Facts of programmes to rows. Each handler runs the rule its action asks, over the header alone.

An irregular fact is listed and marked. What a handler reads of another entry is named by its own `re`. Whether a code
is taken is told by what entries claim in their log: an earlier one has its code also where it is irregular, or waits at
one node and not at another.
"""

from collections.abc import Sequence
from typing import Any

from accordant.domains.programmes import entries as facts
from accordant.domains.programmes import rules
from accordant.domains.programmes.models import Activity, Delegation, Programme
from accordant.entries.envelope import EntryRef, Header
from accordant.entries.errors import Refusal
from accordant.entries.kinds import Handling
from accordant.ledger.claims import claims
from accordant.ledger.projector import Entry, handles
from accordant.ledger.tables import Row, Tables
from accordant.pages.fold import fold

VERSION = 3


@claims(facts.ProgrammeOpened)
def programme_claimed(header: Header, record: facts.ProgrammeOpened) -> str:
    return rules.code_claim(rules.PROGRAMME, record.code)


@claims(facts.ActivityRecorded)
def activity_claimed(header: Header, record: facts.ActivityRecorded) -> str:
    return rules.code_claim(rules.ACTIVITY, record.code)


@claims(facts.DelegationRecorded)
def delegation_claimed(header: Header, record: facts.DelegationRecorded) -> str:
    return rules.code_claim(rules.DELEGATION, record.code)


@handles(facts.ProgrammeOpened)
def on_programme_opened(entry: Entry[facts.ProgrammeOpened], tables: Tables) -> Sequence[Refusal]:
    record = entry.record
    refusals = rules.refusals_to_open_programme(record, author=entry.header.agency, taken=entry.repeats)
    body = _shown(entry)
    tables.insert(
        Programme,
        **_columns(entry, refusals, tables),
        folded=_folded(record.code, body and body.title, body and body.place),
        sort=record.sort,
        day_end=record.day_end,
        title="" if body is None else body.title,
        place="" if body is None else body.place,
    )
    return refusals


@handles(facts.ActivityRecorded)
def on_activity_recorded(entry: Entry[facts.ActivityRecorded], tables: Tables) -> Sequence[Refusal]:
    record = entry.record
    programme = _programme(entry, tables)
    refusals = rules.refusals_to_record_activity(
        record,
        author=entry.header.agency,
        taken=entry.repeats,
        programme=None if programme is None else _held(programme),
    )
    body = _shown(entry)
    tables.insert(
        Activity,
        **_columns(entry, refusals, tables),
        folded=_folded(record.code, body and body.what, body and body.place, body and body.leader_office),
        category=record.category,
        programme_id=None if programme is None else programme["entry_id"],
        what="" if body is None else body.what,
        place="" if body is None else body.place,
        leader_office="" if body is None else body.leader_office,
    )
    return refusals


@handles(facts.DelegationRecorded)
def on_delegation_recorded(entry: Entry[facts.DelegationRecorded], tables: Tables) -> Sequence[Refusal]:
    record = entry.record
    programme = _programme(entry, tables)
    refusals = rules.refusals_to_record_delegation(
        record,
        author=entry.header.agency,
        taken=entry.repeats,
        named=any(reference.as_ == "programme" for reference in entry.header.re),
        programme=None if programme is None else _held(programme),
    )
    body = _shown(entry)
    tables.insert(
        Delegation,
        **_columns(entry, refusals, tables),
        folded=_folded(record.code, body and body.name, body and body.country, body and body.place),
        heads=record.heads,
        programme_id=None if programme is None else programme["entry_id"],
        name="" if body is None else body.name,
        country="" if body is None else body.country,
        place="" if body is None else body.place,
    )
    return refusals


def _programme(entry: Entry[Any], tables: Tables) -> Row | None:
    """The programme of this circle that the entry names, if it is one that is held here and breaks no rule."""
    for reference in entry.header.re:
        if reference.as_ == "programme" and reference.o.split("/")[1] == entry.header.circle:
            entry_id = tables.entry_id(EntryRef.of(reference))
            row = None if entry_id is None else tables.get(Programme, entry_id)
            return row if row is not None and not row["irregular"] else None
    return None


def _held(row: Row) -> rules.HeldProgramme:
    return rules.HeldProgramme(row["agency"], row["sort"], row["day"], row["day_end"])


def _shown(entry: Entry[Any]) -> Any:
    """The body whose text lists may show: that of an unmarked entry."""
    return entry.body if entry.header.mk == 0 else None


def _folded(*texts: str | None) -> str:
    """What a search of the lists looks through."""
    return fold("\n".join(text for text in texts if text))


def _columns(entry: Entry[Any], refusals: Sequence[Refusal], tables: Tables) -> dict[str, Any]:
    """The columns that the three tables share."""
    header, record = entry.header, entry.record
    narrow = entry.body is not None and entry.body.handling.reach != "unit"
    compartments = () if entry.body is None else entry.body.handling.compartments
    handling = Handling(reach="named" if narrow else "unit", compartments=compartments)
    return {
        **tables.guard(entry.entry_id, header, handling=handling),
        "circle": header.circle,
        "agency": header.agency,
        "code": record.code,
        "day": record.day,
        "parties": f" {' '.join((header.agency, *record.partners))} ",
        "marking": header.mk,
        "file": record.file,
        "irregular": refusals[0].code if refusals else "",
    }
