"""What the pages of reviews show, read through the readers' door and handed on as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from accordant.accounts.subjects import Subject
from accordant.domains.reviews import rules
from accordant.domains.reviews.entries import StatedFigure
from accordant.domains.reviews.models.cuts import Cut, cuts_of
from accordant.domains.reviews.models.figures import OpenedFigure, figures_of, heads_in, open_figure, parties_of
from accordant.domains.reviews.models.reviews import Cutoff, CutoffConsent, FigureStatement, Review
from accordant.entries.envelope import EntryRef
from accordant.entries.indicators import INDICATORS, Figure, Indicator
from accordant.ledger.models import Circle, Log
from accordant.ledger.read import entries as positions
from accordant.ledger.read.entries import StoredEntry
from accordant.ledger.read.fold import cosigned, differing, lacking
from accordant.regulations.models import Party, Regulation

NAMED_LACKS = 20


@dataclass(frozen=True)
class LackShown:
    """Entries of a log that a party has not confirmed: how many, and the first of them that are held here."""

    agency: str
    log: str
    count: int
    entries: Sequence[StoredEntry]


@dataclass(frozen=True)
class PartyShown:
    """A party of the review: its state, when it came to it (ms), the entry that says so, its digest, what it lacks."""

    agency: str
    name_vi: str
    name_en: str
    state: str
    at: int | None = None
    ref: EntryRef | None = None
    digest: str = ""
    lacks: Sequence[LackShown] = ()


@dataclass(frozen=True)
class FigureShown:
    """A figure folded here; `different` are the parties that state it otherwise."""

    definition: Indicator
    figure: Figure
    different: Sequence[str] = ()


@dataclass(frozen=True)
class DifferenceShown:
    """A figure in which the statement of one party differs from the one it is compared with."""

    definition: Indicator | None
    against: str
    agency: str
    found: rules.Difference


@dataclass(frozen=True)
class ReviewShown:
    """A review with everything its page and its report say; `missing` is what we lack ourselves, by log.

    `cuts`: logs that the cutoff cuts short because of an entry that has not come; without a cutoff, that it would.
    """

    review: Review
    regulation: str
    regulation_day: str
    cutoff: Cutoff | None
    entries: int
    parties: Sequence[PartyShown]
    figures: Sequence[FigureShown]
    differences: Sequence[DifferenceShown]
    state: str
    missing: Mapping[str, int]
    forked: Sequence[str]
    cuts: Sequence[Cut]

    @property
    def incomplete(self) -> Sequence[PartyShown]:
        """The parties that have not agreed to the cutoff."""
        return [party for party in self.parties if party.state == rules.INCOMPLETE]

    @property
    def sound(self) -> bool:
        """Whether the cutoff's content is here and sound, and everything below it is held."""
        return self.cutoff is not None and not self.cutoff.fault and not self.missing

    def party(self, agency: str) -> PartyShown | None:
        """The party of that name."""
        return next((party for party in self.parties if party.agency == agency), None)


def show_review(subject: Subject, at: datetime, *, origin: str, index: int) -> ReviewShown | None:
    """The review at that position, when this person may read it."""
    review = Review.objects.visible_to(subject, at).filter(origin=origin, index=index).first()
    if review is None:
        return None
    cutoff = Cutoff.objects.visible_to(subject, at).filter(entry_id=review.cutoff_id).first()
    regulation, day = _regulation(review.circle, subject, at)
    cuts = cuts_of(review.circle, cutoff)
    if cutoff is None:
        parties = [PartyShown(*names, rules.NO_CUTOFF) for names in _names(review.circle)]
        return ReviewShown(review, regulation, day, None, 0, parties, (), (), rules.OPEN, {}, (), cuts)
    stated = FigureStatement.objects.visible_to(subject, at).filter(cutoff_id=cutoff.entry_id)
    statements = list(stated.first_by_agency().values())
    parties = _parties(review, cutoff, statements, subject, at)
    differences = _differences(statements, subject.agency)
    heads = heads_in(cutoff)
    return ReviewShown(
        review=review,
        regulation=regulation,
        regulation_day=day,
        cutoff=cutoff,
        entries=sum(head.size for head in heads),
        parties=parties,
        figures=_figures(review, cutoff, differences),
        differences=differences,
        state=rules.review_state(
            cutoff=True,
            parties=[party.agency for party in parties],
            digests={statement.agency: statement.digest for statement in statements},
            unsound=[statement.agency for statement in statements if statement.fault == rules.UNLIKE],
        ),
        missing=lacking(heads),
        forked=differing(heads),
        cuts=cuts,
    )


def show_figure(subject: Subject, at: datetime, *, origin: str, index: int, name: str) -> OpenedFigure | None:
    """One figure of a review, when this person may read the review and it has such a figure."""
    review = Review.objects.visible_to(subject, at).filter(origin=origin, index=index).first()
    if review is None or name not in INDICATORS:
        return None
    cutoff = Cutoff.objects.visible_to(subject, at).filter(entry_id=review.cutoff_id).first()
    return None if cutoff is None else open_figure(review, cutoff, INDICATORS[name], subject=subject, at=at)


def lacks_of(cutoff: Cutoff, agency: str) -> list[rules.Lack]:
    """What a party has not confirmed to hold, as far as it is known here: its receipts for our log come to us, those
    for other logs to their owners; for ourselves all of it is known.
    """
    heads = cutoff.sizes
    logs = [head.log for head in heads]
    ours = set(Log.objects.filter(origin__in=logs, ours=True).values_list("origin", flat=True))
    we = {log.partition("/")[0] for log in ours}
    known = heads if agency in we else [head for head in heads if head.log in ours]
    reached = cosigned(heads_in(cutoff), agency)
    return rules.lacks(known, reached)


def open_circles(agency: str) -> list[tuple[str, str]]:
    """The circles this agency shares with others, for a choice: id and regulation."""
    return _choices(Party.objects.shared_with(agency))


def writable_circles(agency: str) -> list[tuple[str, str]]:
    """Those of them that this agency has not closed."""
    return _choices(Party.objects.open_to(agency))


def _choices(circles: Sequence[str]) -> list[tuple[str, str]]:
    shared = [circle for circle in circles if len(parties_of(circle)) > 1]
    found = Circle.objects.filter(id__in=shared).order_by("regulation", "id")
    return [(circle.id, f"{circle.regulation} ({circle.label})") for circle in found]


def _regulation(circle: str, subject: Subject, at: datetime) -> tuple[str, str]:
    """Number and day of the regulation of a circle: of its text in force, else the name the circle was opened with."""
    text = Regulation.visible_to(subject, at).filter(circle=circle).order_by("at", "entry_id").first()
    if text is not None:
        return str(text.number), str(text.day)
    held = Circle.objects.filter(id=circle).first()
    return ("" if held is None else held.regulation), ""


def _names(circle: str) -> list[tuple[str, str, str]]:
    """The parties with the names their cards bear in this circle, which are the same at every party."""
    rows = Party.objects.filter(circle=circle, role="party").order_by("agency")
    return [(row.agency, row.name_vi, row.name_en) for row in rows]


def _parties(
    review: Review, cutoff: Cutoff, statements: Sequence[FigureStatement], subject: Subject, at: datetime
) -> list[PartyShown]:
    consents = CutoffConsent.objects.visible_to(subject, at).filter(cutoff_id=cutoff.entry_id).first_by_agency()
    stated = {row.agency: row for row in statements}
    rows: list[Any] = [*consents.values(), *stated.values()]
    refs = positions.refs_of([row.entry_id for row in rows])
    shown = []
    for agency, name_vi, name_en in _names(review.circle):
        row: Any = stated.get(agency) or consents.get(agency)
        sound = agency not in stated or stated[agency].fault != rules.UNLIKE
        state = rules.party_state(cutoff=True, agreed=agency in consents, stated=agency in stated, sound=sound)
        shown.append(
            PartyShown(
                agency,
                name_vi,
                name_en,
                state,
                at=None if row is None else row.at,
                ref=None if row is None else refs.get(row.entry_id),
                digest=stated[agency].digest if agency in stated else "",
                lacks=_lacks(cutoff, agency) if state == rules.INCOMPLETE else (),
            )
        )
    return shown


def _lacks(cutoff: Cutoff, agency: str) -> list[LackShown]:
    shown = []
    for lack in lacks_of(cutoff, agency):
        named = range(lack.start, min(lack.stop, lack.start + NAMED_LACKS))
        held = [positions.find(lack.log, index) for index in named]
        shown.append(LackShown(lack.agency, lack.log, lack.count, [entry for entry in held if entry is not None]))
    return shown


def _figures(review: Review, cutoff: Cutoff, differences: Sequence[DifferenceShown]) -> list[FigureShown]:
    folded = figures_of(review, cutoff)
    return [
        FigureShown(
            INDICATORS[name],
            figure,
            sorted({d.agency for d in differences if d.found.indicator == name}),
        )
        for name, figure in folded.items()
    ]


def _differences(statements: Sequence[FigureStatement], us: str) -> list[DifferenceShown]:
    """Every other statement compared with ours, or with the first one while we have stated none."""
    if not statements:
        return []
    ordered = sorted(statements, key=lambda row: (row.agency != us, row.at, row.entry_id))
    ours = ordered[0]
    mine = msgspec.convert(ours.figures, list[StatedFigure])
    return [
        DifferenceShown(INDICATORS.get(found.indicator), ours.agency, other.agency, found)
        for other in ordered[1:]
        if other.digest != ours.digest or rules.UNLIKE in (other.fault, ours.fault)
        for found in rules.differences(mine, msgspec.convert(other.figures, list[StatedFigure]))
    ]
