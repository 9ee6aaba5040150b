"""What reviews give to pages that know no domain: the desk, a regulation, the page of an entry."""

from collections.abc import Sequence
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from accordant.domains.reviews import models, rules
from accordant.domains.reviews.models import Standing
from accordant.domains.reviews.views import words
from accordant.entries.envelope import EntryRef
from accordant.pages.acting import ActingRequest
from accordant.pages.panels import Act, DeskRow, panel

MOST: Final = 50


@panel("desk.waiting")
def reviews_to_settle(request: ActingRequest, ref: EntryRef | None) -> Sequence[DeskRow]:
    """Reviews that wait for this agency: opened here and without a cutoff, or with figures that differ."""
    us = request.officer.agency
    return [
        _row(standing, standing.review.agency)
        for standing in models.unsettled(request.subject, request.now, most=MOST)
        if standing.state == rules.DIFFERENT or (standing.state == rules.OPEN and standing.review.agency == us)
    ]


@panel("desk.owed")
def statements_owed(request: ActingRequest, ref: EntryRef | None) -> Sequence[DeskRow]:
    """For each review with a cutoff, the other parties whose statement is awaited."""
    return [
        _row(standing, agency, words.PARTY_STATES[state])
        for standing in models.unsettled(request.subject, request.now, most=MOST)
        for agency, state in standing.parties.items()
        if agency != request.officer.agency and state in (rules.INCOMPLETE, rules.AGREED)
    ]


@panel("regulation.work")
def reviews_under_regulation(request: ActingRequest, ref: EntryRef | None) -> Sequence[DeskRow]:
    """The reviews of the work under a regulation."""
    if ref is None:
        return []
    found = models.reviews_in(request.subject, request.now, ref.origin.split("/")[1], most=MOST)
    return [_row(standing, standing.review.agency) for standing in found]


@panel("entry.home")
def review_page(request: ActingRequest, ref: EntryRef | None) -> Sequence[Act]:
    """The page of the review behind an entry about reviews."""
    review = None if ref is None else models.review_of(request.subject, request.now, ref)
    if review is None:
        return []
    return [Act(_("Open the page of the review"), reverse("reviews:review", args=[review.origin, review.index]))]


@panel("entry.related")
def review_entries(request: ActingRequest, ref: EntryRef | None) -> Sequence[EntryRef]:
    """The entries that name a review or its cutoff."""
    return [] if ref is None else models.naming(ref)


def _row(standing: Standing, agency: str, said: tuple[str, str] = ("", "")) -> DeskRow:
    review = standing.review
    lamp, text = said if said[0] else words.STATES[standing.state]
    return DeskRow(
        title=f"{review.code} · {words.title_of(review)}",
        href=reverse("reviews:review", args=[review.origin, review.index]),
        agency=agency,
        at=review.at,
        lamp=lamp,
        lamp_text=_(text),
        entry=review.entry_id,
    )
