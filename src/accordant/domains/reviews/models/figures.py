"""Figures of a review as they are folded here: values, the entries behind each of them, who may read which."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from accordant.accounts.subjects import Subject
from accordant.domains.reviews.models.reviews import Cutoff, Review
from accordant.domains.reviews.rules import Position
from accordant.entries.indicators import INDICATORS, Counted, Figure, Indicator, fold
from accordant.entries.manifest import Head
from accordant.ledger.models import Entry, Member
from accordant.ledger.read import clauses, labels
from accordant.ledger.read.fold import counted


@dataclass(frozen=True)
class Readable:
    """Positions of one figure: those whose headers the reader may open, and how many more are counted."""

    places: frozenset[Position]
    hidden: int


def heads_in(cutoff: Cutoff) -> list[Head]:
    """The checkpoints of a cutoff as the ledger takes them."""
    return [Head(log=head.log, size=head.size, root=head.root) for head in cutoff.sizes]


def parties_of(circle: str) -> list[str]:
    """The parties of a circle, sorted."""
    return sorted(Member.objects.filter(circle=circle, role="party").values_list("agency", flat=True))


def figures_of(review: Review, cutoff: Cutoff, names: Iterable[str] = ()) -> Mapping[str, Figure]:
    """Indicators folded over the logs held here up to the cutoff, with a line for each party; all, or those named.

    They stand in the order of the installed domains.
    """
    definitions = {name: INDICATORS[name] for name in names or INDICATORS}
    wanted = {kind for definition in definitions.values() for kind in definition.kinds}
    return fold(
        definitions,
        counted(heads_in(cutoff), wanted),
        agencies=parties_of(review.circle),
        start=review.start,
        stop=review.stop,
    )


def readable(
    review: Review, cutoff: Cutoff, definition: Indicator, places: Sequence[Position], *, subject: Subject, at: datetime
) -> Readable:
    """Which of these positions the reader may open, judged by their headers (access paper A3); the rest is a number."""
    wanted = frozenset(places)
    scopes = labels.scopes_of(review.circle)
    facts = clauses.Facts(member=labels.is_member(subject.agency, review.circle, int(at.timestamp() * 1000)))
    opened: dict[tuple[object, ...], bool] = {}

    def may_open(entry: Counted) -> bool:
        header = entry.header
        key = (header.agency, header.to, header.kind, header.mk)
        if key not in opened:
            thing = clauses.Thing(header.circle, scopes, header.agency, tuple(header.to), header.kind, header.mk)
            opened[key] = clauses.may_read(subject, thing, facts) or clauses.may_see(subject, thing, facts)
        return opened[key]

    entries = counted(heads_in(cutoff), definition.kinds)
    found = frozenset(
        place for entry in entries if (place := (entry.header.log, entry.header.seq)) in wanted and may_open(entry)
    )
    return Readable(found, len(wanted) - len(found))


def entries_at(places: Iterable[Position]) -> "QuerySet[Entry]":
    """The entries at these positions, as rows of a list."""
    by_log: dict[str, set[int]] = {}
    for origin, index in places:
        by_log.setdefault(origin, set()).add(index)
    ids: list[int] = []
    for origin, indexes in by_log.items():
        run = Entry.objects.filter(log__origin=origin, index__range=(min(indexes), max(indexes)))
        ids += [entry_id for entry_id, index in run.values_list("id", "index") if index in indexes]
    return Entry.objects.select_related("log").filter(_among(ids))


def _among(ids: Sequence[int]) -> RawSQL:
    """A condition on any number of ids: written out, as a statement takes only so many parameters."""
    listed = ", ".join(str(int(entry_id)) for entry_id in ids) or "NULL"
    return RawSQL(f'"ledger_entry"."id" IN ({listed})', (), output_field=BooleanField())  # noqa: S611  # whole numbers
