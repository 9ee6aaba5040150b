"""Figures of a review as they are folded here: values, the entries behind each of them, who may read which."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from accordant.accounts.subjects import Subject
from accordant.domains.reviews.models.reviews import Cutoff, Review
from accordant.domains.reviews.rules import Position
from accordant.entries.envelope import Header
from accordant.entries.indicators import INDICATORS, Counted, Figure, Indicator, fold
from accordant.entries.manifest import Head
from accordant.ledger.models import Entry, Member
from accordant.ledger.read import clauses, labels
from accordant.ledger.read.fold import counted


@dataclass(frozen=True)
class OpenedFigure:
    """One figure of a review, with the positions whose headers the reader may open."""

    review: Review
    cutoff: Cutoff
    definition: Indicator
    figure: Figure
    readable: frozenset[Position]

    @property
    def counted(self) -> list[Position]:
        """The positions counted, line by line."""
        return [place for line in self.figure.lines.values() for place in line.refs]

    @property
    def hidden(self) -> int:
        """How many of the positions counted, or left out as irregular, the reader may not open."""
        return len(set(self.counted).union(self.figure.irregular.refs) - self.readable)


def heads_in(cutoff: Cutoff) -> list[Head]:
    """The checkpoints of a cutoff as the ledger takes them."""
    return [Head(log=head.log, size=head.size, root=head.root) for head in cutoff.sizes]


def parties_of(circle: str) -> list[str]:
    """The parties of a circle, sorted."""
    return sorted(Member.objects.filter(circle=circle, role="party").values_list("agency", flat=True))


def figures_of(review: Review, cutoff: Cutoff) -> Mapping[str, Figure]:
    """All indicators folded over the logs held here up to the cutoff, with a line for each party.

    They stand in the order of the installed domains.
    """
    wanted = {kind for definition in INDICATORS.values() for kind in definition.kinds}
    return _folded(review, INDICATORS, counted(heads_in(cutoff), wanted))


def open_figure(
    review: Review, cutoff: Cutoff, definition: Indicator, *, subject: Subject, at: datetime
) -> OpenedFigure:
    """One indicator folded, and in the same pass which entries the reader may open (access paper A3)."""
    scopes = labels.scopes_of(review.circle)
    facts = clauses.Facts(member=labels.is_member(subject.agency, review.circle, int(at.timestamp() * 1000)))
    answers: dict[tuple[object, ...], bool] = {}
    opened: set[Position] = set()

    def may_open(header: Header) -> bool:
        key = (header.agency, header.to, header.kind, header.mk)
        if key not in answers:
            thing = clauses.Thing(header.circle, scopes, header.agency, tuple(header.to), header.kind, header.mk)
            answers[key] = clauses.may_read(subject, thing, facts) or clauses.may_see(subject, thing, facts)
        return answers[key]

    def watched(entries: Iterable[Counted]) -> Iterator[Counted]:
        for entry in entries:
            if may_open(entry.header):
                opened.add((entry.header.log, entry.header.seq))
            yield entry

    entries = watched(counted(heads_in(cutoff), definition.kinds))
    figure = _folded(review, {definition.name: definition}, entries)[definition.name]
    return OpenedFigure(review, cutoff, definition, figure, frozenset(opened))


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


def _folded(review: Review, definitions: Mapping[str, Indicator], entries: Iterable[Counted]) -> Mapping[str, Figure]:
    return fold(definitions, entries, agencies=parties_of(review.circle), start=review.start, stop=review.stop)


def _among(ids: Sequence[int]) -> RawSQL:
    """A condition on any number of ids: written out, as a statement takes only so many parameters."""
    listed = ", ".join(str(int(entry_id)) for entry_id in ids) or "NULL"
    return RawSQL(f'"ledger_entry"."id" IN ({listed})', (), output_field=BooleanField())  # noqa: S611  # whole numbers
