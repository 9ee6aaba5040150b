"""Where reviews stand, for the desk, the page of a regulation and the pages of entries: rows that need no fold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from accordant.accounts.subjects import Subject
from accordant.domains.reviews import rules
from accordant.domains.reviews.models.figures import parties_of
from accordant.domains.reviews.models.reviews import Cutoff, CutoffConsent, FigureStatement, Review
from accordant.entries.envelope import EntryRef
from accordant.ledger.read import entries as positions


@dataclass(frozen=True)
class Standing:
    """A review with its state and that of each party."""

    review: Review
    state: str
    parties: Mapping[str, str]


def standings(reviews: Sequence[Review]) -> list[Standing]:
    """Where each of these reviews stands: a few questions for all of them."""
    cutoffs = [review.cutoff_id for review in reviews if review.cutoff_id]
    agreed = set(CutoffConsent.objects.filter(cutoff_id__in=cutoffs).values_list("cutoff_id", "agency"))
    digests: dict[int, dict[str, str]] = {}
    unsound: dict[int, set[str]] = {}
    for statement in FigureStatement.objects.filter(cutoff_id__in=cutoffs).defer("figures").order_by("index"):
        stated = digests.setdefault(statement.cutoff_id, {})
        if statement.agency in stated:
            continue  # of two by one party the first in its log counts
        stated[statement.agency] = statement.digest
        if statement.fault == rules.UNLIKE:
            unsound.setdefault(statement.cutoff_id, set()).add(statement.agency)
    parties = {circle: parties_of(circle) for circle in {review.circle for review in reviews}}
    found = []
    for review in reviews:
        here = parties[review.circle]
        stated, bad = digests.get(review.cutoff_id, {}), unsound.get(review.cutoff_id, set())
        cutoff = bool(review.cutoff_id)
        states = {
            agency: rules.party_state(
                cutoff=cutoff,
                agreed=(review.cutoff_id, agency) in agreed,
                stated=agency in stated,
                sound=agency not in bad,
            )
            for agency in here
        }
        state = rules.review_state(cutoff=cutoff, parties=here, digests=stated, unsound=bad)
        found.append(Standing(review, state, states))
    return found


def unsettled(subject: Subject, at: datetime, *, most: int) -> list[Standing]:
    """The newest reviews this person may read on whose figures the parties do not agree yet."""
    newest = Review.objects.visible_to(subject, at).order_by("-at", "-entry_id")[:most]
    return [standing for standing in standings(list(newest)) if standing.state != rules.EQUAL]


def reviews_in(subject: Subject, at: datetime, circle: str, *, most: int) -> list[Standing]:
    """The newest reviews of a circle that this person may read."""
    newest = Review.objects.visible_to(subject, at).filter(circle=circle).order_by("-at", "-entry_id")[:most]
    return standings(list(newest))


def review_of(subject: Subject, at: datetime, ref: EntryRef) -> Review | None:
    """The review that an entry opened, or whose cutoff, consent or statement it is, when this person may read it."""
    entry = positions.find(ref.origin, ref.index)
    if entry is None:
        return None
    cutoff_id = entry.entry_id
    for table in (CutoffConsent, FigureStatement):
        row = table.objects.filter(entry_id=entry.entry_id).first()
        cutoff_id = cutoff_id if row is None else row.cutoff_id
    cutoff = Cutoff.objects.filter(entry_id=cutoff_id).first()
    review_id = entry.entry_id if cutoff is None else cutoff.review_id
    found: Review | None = Review.objects.visible_to(subject, at).filter(entry_id=review_id).first()
    return found


def naming(ref: EntryRef) -> list[EntryRef]:
    """The entries that name a review or its cutoff: the cutoff, or consents and statements, oldest first."""
    entry = positions.find(ref.origin, ref.index)
    if entry is None:
        return []
    cutoffs = Cutoff.objects.filter(review_id=entry.entry_id).values_list("entry_id", flat=True)
    consents = CutoffConsent.objects.filter(cutoff_id=entry.entry_id).values_list("entry_id", flat=True)
    statements = FigureStatement.objects.filter(cutoff_id=entry.entry_id).values_list("entry_id", flat=True)
    found = sorted((*cutoffs, *consents, *statements))
    refs = positions.refs_of(found)
    return [refs[entry_id] for entry_id in found]
