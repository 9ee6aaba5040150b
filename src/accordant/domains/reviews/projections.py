"""Facts of reviews to rows. Each handler runs the rule its action asks; an irregular fact changes nothing.

What a handler reads of another entry is named by its `re`, or stands earlier in the same log.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from accordant.domains.reviews import entries as facts
from accordant.domains.reviews import rules
from accordant.domains.reviews.models import Cutoff, CutoffConsent, FigureStatement, Review
from accordant.entries.envelope import EntryRef
from accordant.entries.errors import Refusal
from accordant.ledger.projector import Entry, handles
from accordant.ledger.tables import Tables

VERSION = 2
Row = Mapping[str, Any]


@handles(facts.ReviewOpened)
def on_review_opened(entry: Entry[facts.ReviewOpened], tables: Tables) -> Sequence[Refusal]:
    record, header = entry.record, entry.header
    taken = bool(tables.find(Review, circle=header.circle, agency=header.agency, code=record.code))
    refusals = rules.refusals_to_open_review(
        code=record.code, period=rules.Period(record.start, record.stop), sort=record.sort, taken=taken
    )
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
    if entry.body is None:
        return ()
    refusals = rules.refusals_to_propose_cutoff(
        opener="" if review is None else review["agency"],
        author=entry.header.agency,
        heads=entry.body.heads,
        digest=entry.record.digest,
        proposed=review is not None and bool(review["cutoff_id"]),
    )
    if refusals or review is None:
        return refusals
    tables.insert(
        Cutoff,
        **tables.guard(entry.entry_id, entry.header),
        **_position(entry.ref),
        review_id=review["entry_id"],
        agency=entry.header.agency,
        digest=entry.record.digest,
        heads=msgspec.to_builtins(entry.body.heads),
    )
    tables.update(Review, review["entry_id"], cutoff_id=entry.entry_id, cutoff_at=entry.header.at)
    return ()


@handles(facts.CutoffAgreed)
def on_cutoff_agreed(entry: Entry[facts.CutoffAgreed], tables: Tables) -> Sequence[Refusal]:
    cutoff = _named(entry, "cutoff", Cutoff, tables)
    agency = entry.header.agency
    cutoff_id = 0 if cutoff is None else cutoff["entry_id"]
    refusals = rules.refusals_to_agree_cutoff(
        digest="" if cutoff is None else cutoff["digest"],
        stated=entry.record.digest,
        agreed=bool(tables.find(CutoffConsent, cutoff_id=cutoff_id, agency=agency)),
        lacking={},
    )
    if not refusals:
        tables.insert(CutoffConsent, **tables.guard(entry.entry_id, entry.header), cutoff_id=cutoff_id, agency=agency)
    return refusals


@handles(facts.FiguresStated)
def on_figures_stated(entry: Entry[facts.FiguresStated], tables: Tables) -> Sequence[Refusal]:
    cutoff = _named(entry, "cutoff", Cutoff, tables)
    agency = entry.header.agency
    cutoff_id = 0 if cutoff is None else cutoff["entry_id"]
    refusals = rules.refusals_to_state_figures(
        agreed=bool(tables.find(CutoffConsent, cutoff_id=cutoff_id, agency=agency)),
        stated=bool(tables.find(FigureStatement, cutoff_id=cutoff_id, agency=agency)),
        digests=(entry.record.digest, _given_digest(entry, cutoff, tables)),
    )
    if refusals:
        return refusals
    tables.insert(
        FigureStatement,
        **tables.guard(entry.entry_id, entry.header),
        cutoff_id=cutoff_id,
        agency=agency,
        digest=entry.record.digest,
        figures=[] if entry.body is None else msgspec.to_builtins(entry.body.figures),
    )
    return ()


def _given_digest(entry: Entry[facts.FiguresStated], cutoff: Row | None, tables: Tables) -> str:
    """The digest that the figures of the body give; where the body is not here, the one stated."""
    review = None if cutoff is None else tables.get(Review, cutoff["review_id"])
    if entry.body is None or cutoff is None or review is None:
        return entry.record.digest
    period = rules.Period(review["start"], review["stop"])
    return rules.figures_digest(period, cutoff["digest"], entry.body.figures)


def _position(ref: EntryRef) -> dict[str, object]:
    return {"origin": ref.origin, "index": ref.index, "leaf": ref.leaf}


def _named(entry: Entry[Any], role: str, model: type[Any], tables: Tables) -> Row | None:
    """The row of the entry that `re` names in this role."""
    for reference in entry.header.re:
        if reference.as_ == role:
            entry_id = tables.entry_id(EntryRef.of(reference))
            return None if entry_id is None else tables.get(model, entry_id)
    return None
