"""Figures of a review as they are folded here: values, the entries behind each of them, who may read which."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from accordant.accounts.subjects import Subject
from accordant.domains.reviews.models.reviews import Cutoff, Review
from accordant.domains.reviews.rules import Position
from accordant.entries.indicators import INDICATORS, Counted, Figure, Indicator, fold
from accordant.entries.manifest import Head
from accordant.ledger.models import Entry, Member, State
from accordant.ledger.read import closure
from accordant.ledger.read.entries import StoredEntry
from accordant.ledger.read.fold import counted
from accordant.pages import reading

READ_AT_ONCE: Final = 2000
STORED: Final = ("id", "log_id", "header", "leaf", "state", "code", "stored_at")


@dataclass(frozen=True)
class OpenedFigure:
    """One figure of a review, with the positions that the reader may open."""

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
    return _folded(review, INDICATORS, _entries(cutoff, wanted))


def open_figure(
    review: Review, cutoff: Cutoff, definition: Indicator, *, subject: Subject, at: datetime
) -> OpenedFigure:
    """One indicator folded, and which of its entries the reader may open: as on the page of each entry."""
    entries = _entries(cutoff, definition.kinds)
    figure = _folded(review, {definition.name: definition}, entries)[definition.name]
    places = {place for line in figure.lines.values() for place in line.refs}.union(figure.irregular.refs)
    return OpenedFigure(review, cutoff, definition, figure, _readable(places, subject, at))


def entries_at(places: Iterable[Position]) -> "QuerySet[Entry]":
    """The entries at these positions, as rows of a list."""
    return Entry.objects.select_related("log").filter(_among(sorted(_ids_at(places).values())))


def _ids_at(places: Iterable[Position]) -> dict[Position, int]:
    """The local ids of the entries held at these positions."""
    by_log: dict[str, set[int]] = {}
    for origin, index in places:
        by_log.setdefault(origin, set()).add(index)
    ids: dict[Position, int] = {}
    for origin, indexes in by_log.items():
        run = Entry.objects.filter(log__origin=origin, index__range=(min(indexes), max(indexes)))
        ids |= {(origin, index): pk for pk, index in run.values_list("id", "index") if index in indexes}
    return ids


def _readable(places: Iterable[Position], subject: Subject, at: datetime) -> frozenset[Position]:
    ids = sorted((pk, place) for place, pk in _ids_at(places).items())
    found: set[Position] = set()
    for start in range(0, len(ids), READ_AT_ONCE):
        part = dict(ids[start : start + READ_AT_ONCE])
        rows = Entry.objects.filter(_among(list(part))).values_list(*STORED)
        entries = [
            StoredEntry(pk, log_id, bytes(header), bytes(leaf), State(state), code, stored_at)
            for pk, log_id, header, leaf, state, code, stored_at in rows
        ]
        found.update(part[pk] for pk in reading.readable(entries, subject, at))
    return frozenset(found)


def _entries(cutoff: Cutoff, kinds: Iterable[str]) -> Iterator[Counted]:
    """The entries that count at a cutoff, of what is held here; none where its content has a fault."""
    heads = heads_in(cutoff)
    left_out = closure.outside(heads)
    for entry in counted(closure.held_heads(heads), kinds):
        if (entry.header.log, entry.header.seq) not in left_out:
            yield entry


def _folded(review: Review, definitions: Mapping[str, Indicator], entries: Iterable[Counted]) -> Mapping[str, Figure]:
    return fold(definitions, entries, agencies=parties_of(review.circle), start=review.start, stop=review.stop)


def _among(ids: Sequence[int]) -> RawSQL:
    """A condition on any number of ids: written out, as a statement takes only so many parameters."""
    listed = ", ".join(str(int(entry_id)) for entry_id in ids) or "NULL"
    return RawSQL(f'"ledger_entry"."id" IN ({listed})', (), output_field=BooleanField())  # noqa: S611  # whole numbers
