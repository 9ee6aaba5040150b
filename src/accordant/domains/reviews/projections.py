"""Facts of reviews to rows. Each handler runs the rule its action asks; an irregular fact changes nothing.

What a handler reads of another entry is named by its `re`. Whether a fact is irregular is decided by its header: a body
may be kept from one party, be erased or unreadable, and all parties must judge alike. What a body lacks is a column
beside it (`fault`). An earlier entry of the same log may still wait at one node and not at another, so that nothing is
irregular for what stands before it: of a party's cutoffs, consents and statements the first in its log counts.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from accordant.domains.reviews import entries as facts
from accordant.domains.reviews import rules
from accordant.domains.reviews.models import Cutoff, CutoffConsent, FigureStatement, Review
from accordant.entries import names
from accordant.entries.envelope import EntryRef
from accordant.entries.errors import Refusal
from accordant.ledger.models import Member
from accordant.ledger.projector import Entry, handles
from accordant.ledger.tables import Tables

VERSION = 4
Row = Mapping[str, Any]


@handles(facts.ReviewOpened)
def on_review_opened(entry: Entry[facts.ReviewOpened], tables: Tables) -> Sequence[Refusal]:
    record, header = entry.record, entry.header
    period = rules.Period(record.start, record.stop)
    refusals = rules.refusals_to_open_review(code=record.code, period=period, sort=record.sort)
    if refusals:
        return refusals
    tables.insert(
        Review,
        **tables.guard(entry.entry_id, header),
        **_position(entry.ref),
        circle=header.circle,
        agency=header.agency,
        code=record.code,
        start=record.start,
        stop=record.stop,
        sort=record.sort,
        title_vi="" if entry.body is None else entry.body.title_vi,
        title_en="" if entry.body is None else entry.body.title_en,
    )
    return ()


@handles(facts.CutoffProposed)
def on_cutoff_proposed(entry: Entry[facts.CutoffProposed], tables: Tables) -> Sequence[Refusal]:
    review = _named(entry, "review", Review, tables)
    header, digest = entry.header, entry.record.digest
    refusals = rules.refusals_to_propose_cutoff(
        opener="" if review is None else review["agency"],
        author=header.agency,
        digest=digest,
        to_all=_goes_to_all(entry),
    )
    if refusals or review is None:
        return refusals
    heads = None if entry.body is None else entry.body.heads
    parties = [row["agency"] for row in tables.find(Member, circle=header.circle, role="party")]
    fault = rules.cutoff_fault(heads, digest=digest, circle=header.circle, parties=parties)
    tables.insert(
        Cutoff,
        **tables.guard(entry.entry_id, header),
        **_position(entry.ref),
        review_id=review["entry_id"],
        agency=header.agency,
        digest=digest,
        heads=[] if fault else msgspec.to_builtins(heads),
        fault=fault,
    )
    held = tables.get(Cutoff, review["cutoff_id"]) if review["cutoff_id"] else None
    if held is None or header.seq < held["index"]:
        tables.update(Review, review["entry_id"], cutoff_id=entry.entry_id, cutoff_at=header.at)
    return ()


@handles(facts.CutoffAgreed)
def on_cutoff_agreed(entry: Entry[facts.CutoffAgreed], tables: Tables) -> Sequence[Refusal]:
    cutoff = _named(entry, "cutoff", Cutoff, tables)
    agency = entry.header.agency
    cutoff_id = 0 if cutoff is None else cutoff["entry_id"]
    refusals = rules.refusals_to_agree_cutoff(
        digest="" if cutoff is None else cutoff["digest"],
        stated=entry.record.digest,
    )
    if not refusals:
        guard = tables.guard(entry.entry_id, entry.header)
        tables.insert(CutoffConsent, **guard, cutoff_id=cutoff_id, agency=agency, index=entry.ref.index)
    return refusals


@handles(facts.FiguresStated)
def on_figures_stated(entry: Entry[facts.FiguresStated], tables: Tables) -> Sequence[Refusal]:
    cutoff = _named(entry, "cutoff", Cutoff, tables)
    refusals = rules.refusals_to_state_figures(
        agreed=cutoff is not None,
        digest=entry.record.digest,
        to_all=_goes_to_all(entry),
    )
    if refusals or cutoff is None:
        return refusals
    figures = None if entry.body is None else entry.body.figures
    review = tables.get(Review, cutoff["review_id"])
    tables.insert(
        FigureStatement,
        **tables.guard(entry.entry_id, entry.header),
        cutoff_id=cutoff["entry_id"],
        agency=entry.header.agency,
        index=entry.ref.index,
        digest=entry.record.digest,
        figures=[] if figures is None else msgspec.to_builtins(figures),
        fault=rules.statement_fault(
            figures,
            digest=entry.record.digest,
            period=None if review is None else rules.Period(review["start"], review["stop"]),
            cutoff=cutoff["digest"],
        ),
    )
    return ()


def _goes_to_all(entry: Entry[Any]) -> bool:
    """Whether the header promises content to all parties of the circle."""
    return not entry.header.to and entry.header.b is not None


def _position(ref: EntryRef) -> dict[str, object]:
    return {"origin": ref.origin, "index": ref.index, "leaf": ref.leaf}


def _named(entry: Entry[Any], role: str, model: type[Any], tables: Tables) -> Row | None:
    """The row of the entry that `re` names in this role, in its own circle: not every party holds another one."""
    for reference in entry.header.re:
        if reference.as_ == role and names.parse_origin(reference.o).circle == entry.header.circle:
            entry_id = tables.entry_id(EntryRef.of(reference))
            return None if entry_id is None else tables.get(model, entry_id)
    return None
