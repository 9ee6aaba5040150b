"""The only writers of facts of reviews. Each asks its rule inside the append, builds the fact, gives its position."""

from collections.abc import Callable
from datetime import datetime

from accordant.domains.reviews import entries as facts
from accordant.domains.reviews import rules
from accordant.domains.reviews.models import (
    Cutoff,
    CutoffConsent,
    FigureStatement,
    Review,
    figures_of,
    heads_in,
    parties_of,
)
from accordant.entries.envelope import EntryRef, Officer
from accordant.entries.errors import NotVisible, refuse_if
from accordant.entries.heads import heads_digest
from accordant.entries.indicators import INDICATORS
from accordant.entries.kinds import Fact
from accordant.ledger.append import append
from accordant.ledger.models import Log
from accordant.ledger.read import closure
from accordant.ledger.read.fold import differing, lacking
from accordant.regulations.models import Party

Acts = tuple[tuple[type[CutoffConsent | FigureStatement], Callable[..., EntryRef]], ...]
"""What a party does once for each cutoff, in order: the rows that tell it was done, and the act."""


def open_review(
    *,
    by: Officer,
    now: datetime,
    circle: str,
    code: str,
    start: str,
    stop: str,
    sort: str,
    title_vi: str,
    title_en: str,
) -> EntryRef:
    """Open a review of the days [start, stop), ISO, for all parties of the circle."""

    def fact() -> Fact:
        taken = Review.objects.filter(circle=circle, agency=by.agency, code=code).exists()
        period = rules.Period(start, stop)
        refuse_if(rules.refusals_to_open_review(code=code, period=period, sort=sort, taken=taken, by=by))
        body = facts.ReviewOpenedBody(title_vi=title_vi.strip(), title_en=title_en.strip())
        return Fact(facts.ReviewOpened(code=code, start=start, stop=stop, sort=sort), body)

    return append(circle=circle, by=by, now=now, facts=[fact])[0]


def propose_cutoff(*, by: Officer, now: datetime, review: EntryRef) -> EntryRef:
    """Propose as the review's cutoff the newest checkpoint of each log of the circle, of those that make it whole:
    where an entry rests on another one that is not held here yet, its log is cut before it.
    """
    circle = review.origin.split("/")[1]

    def fact() -> Fact:
        row = _review(review)
        heads = tuple(facts.CutoffHead(log=h.log, size=h.size, root=h.root) for h in closure.whole_heads(circle))
        digest = heads_digest(heads)
        refuse_if(
            rules.refusals_to_propose_cutoff(
                opener=row.agency,
                author=by.agency,
                digest=digest,
                to_all=True,
                proposed=bool(row.cutoff_id),
                fault=rules.cutoff_fault(heads, digest=digest, circle=circle, parties=parties_of(circle)),
                by=by,
            )
        )
        body = facts.CutoffProposedBody(heads=heads)
        return Fact(facts.CutoffProposed(digest=digest), body, refs=(review.as_reference("review"),))

    return append(circle=circle, by=by, now=now, facts=[fact])[0]


def agree_cutoff(*, by: Officer, now: datetime, cutoff: EntryRef) -> EntryRef:
    """Say that this party holds and has cosigned all logs up to the cutoff; refused, naming what lacks, if not."""
    circle = cutoff.origin.split("/")[1]

    def fact() -> Fact:
        row = _cutoff(cutoff)
        heads = heads_in(row)
        refuse_if(
            rules.refusals_to_agree_cutoff(
                digest=row.digest,
                stated=row.digest,
                agreed=CutoffConsent.objects.filter(cutoff_id=row.entry_id, agency=by.agency).exists(),
                lacking=lacking(heads),
                differing=differing(heads),
                unmet=closure.unmet(heads, circle),
                fault=row.fault,
                by=by,
            )
        )
        return Fact(facts.CutoffAgreed(digest=row.digest), refs=(cutoff.as_reference("cutoff"),))

    return append(circle=circle, by=by, now=now, facts=[fact])[0]


def state_figures(*, by: Officer, now: datetime, cutoff: EntryRef) -> EntryRef:
    """Fold all indicators over this party's own copy of the facts and state them with their digest."""

    def fact() -> Fact:
        row = _cutoff(cutoff)
        review = Review.objects.get(entry_id=row.review_id)
        held = {"cutoff_id": row.entry_id, "agency": by.agency}
        agreed = CutoffConsent.objects.filter(**held).exists()
        folded = figures_of(review, row).values() if agreed else ()  # before consent a cutoff costs nothing
        figures = rules.stated_figures(folded, INDICATORS)
        digest = rules.figures_digest(rules.Period(review.start, review.stop), row.digest, figures)
        refuse_if(
            rules.refusals_to_state_figures(
                agreed=agreed,
                stated=FigureStatement.objects.filter(**held).exists(),
                digest=digest,
                to_all=True,
                by=by,
            )
        )
        body = facts.FiguresStatedBody(figures=figures)
        return Fact(facts.FiguresStated(digest=digest), body, refs=(cutoff.as_reference("cutoff"),))

    return append(circle=cutoff.origin.split("/")[1], by=by, now=now, facts=[fact])[0]


def keep_up(*, by: Officer, now: datetime) -> None:
    """What the node does by itself for each cutoff: agree once all is held, then state its figures.

    Each cutoff has its turn; the first failure is raised afterwards.
    """
    acts: Acts = (
        (CutoffConsent, agree_cutoff),
        (FigureStatement, state_figures),
    )
    failed: list[Exception] = []
    for cutoff in Cutoff.objects.order_by("entry_id"):
        try:
            _keep_up(by, now, cutoff, acts)
        except Exception as error:  # noqa: BLE001  # raised below: one cutoff must not starve the others
            failed.append(error)
    if failed:
        raise failed[0]


def _keep_up(by: Officer, now: datetime, cutoff: Cutoff, acts: Acts) -> None:
    circle = cutoff.origin.split("/")[1]
    if not Log.objects.filter(circle=circle, ours=True).exists() or circle not in Party.objects.open_to(by.agency):
        return
    held = {"cutoff_id": cutoff.entry_id, "agency": by.agency}
    for model, act in acts:
        if not model.objects.filter(**held).exists() and not _hindered(cutoff):
            act(by=by, now=now, cutoff=cutoff.ref)


def _hindered(cutoff: Cutoff) -> bool:
    """Whether this node can neither agree nor state: the cutoff is unsound, not held, or not whole."""
    heads = heads_in(cutoff)
    if cutoff.fault or lacking(heads) or differing(heads):
        return True
    return bool(closure.unmet(heads, cutoff.origin.split("/")[1]))


def _review(ref: EntryRef) -> Review:
    row: Review | None = Review.objects.filter(origin=ref.origin, index=ref.index).first()
    if row is None:
        raise NotVisible(rules.refusals_without_review())
    return row


def _cutoff(ref: EntryRef) -> Cutoff:
    row: Cutoff | None = Cutoff.objects.filter(origin=ref.origin, index=ref.index).first()
    if row is None:
        raise NotVisible(rules.refusals_without_review())
    return row
