"""The list of reviews."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accordant.domains.reviews.models import Review, Standing, open_circles, standings
from accordant.domains.reviews.views.words import SORTS, STATES, last_day, period_of, title_of
from accordant.entries.errors import Refusal
from accordant.ledger import read
from accordant.pages import formats, listing
from accordant.pages.acting import ActingRequest, in_office
from accordant.pages.panels import Act


@require_safe
@in_office
def list_reviews(request: ActingRequest) -> HttpResponse:
    """The reviews this office may read, newest first."""
    context = {"may_open": not refusals_to_open(request)}
    rows = Review.visible_to(request.subject, request.now)
    return listing.answer(request, rows, _listing(request), template="reviews/review_list.html", context=context)


def refusals_to_open(request: ActingRequest) -> list[Refusal]:
    """What stands against opening a review in the acting office."""
    return read.may(request.officer, _("open a review"), "reviews.review-opened")


def _listing(request: ActingRequest) -> listing.Listing:
    return listing.Listing(
        name="reviews",
        columns=[
            listing.Column("title", _("Review"), _title),
            listing.Column("period", _("Period"), _period, sort="start"),
            listing.Column("sort", _("Sort"), lambda row: _(SORTS[row.review.sort])),
            listing.Column("agency", _("Opened by"), lambda row: formats.agency_name(row.review.agency), sort="agency"),
            listing.Column("at", _("Opened"), _opened, sort="at"),
            listing.Column("state", _("State"), _state),
        ],
        filters=[
            listing.Filter("circle", _("Regulation"), _in_circle, choices=lambda: open_circles(request.officer.agency)),
            listing.Filter("sort", _("Sort"), _of_sort, choices=[(code, _(title)) for code, title in SORTS.items()]),
            listing.Filter("code", _("Code"), _with_code, sort="text"),
            listing.Filter("from", _("Period ends after"), _ending_after, sort="from"),
            listing.Filter("to", _("Period begins before"), _beginning_before, sort="to"),
        ],
        order=("-at", "-entry_id"),
        empty_title=_("No review yet"),
        empty_text=_("A review counts what the parties did under a regulation. Any party may open one."),
        empty_act=None if refusals_to_open(request) else Act(_("Open a review"), reverse("reviews:open")),
        rows=standings,
    )


def _title(row: Standing) -> listing.Cell:
    review = row.review
    href = reverse("reviews:review", args=[review.origin, review.index])
    return listing.Cell(f"{review.code} · {title_of(review)}", href=href)


def _period(row: Standing) -> listing.Cell:
    return listing.Cell(period_of(row.review), datum=f"{row.review.start}/{last_day(row.review)}")


def _opened(row: Standing) -> listing.Cell:
    return listing.Cell(formats.instant_text(row.review.at), datum=formats.instant_iso(row.review.at))


def _state(row: Standing) -> listing.Cell:
    lamp, text = STATES[row.state]
    return listing.Cell(_(text), lamp=lamp)


def _in_circle(rows: Any, value: str) -> Any:
    return rows.filter(circle=value)


def _of_sort(rows: Any, value: str) -> Any:
    return rows.filter(sort=value)


def _with_code(rows: Any, value: str) -> Any:
    return rows.filter(code__icontains=value)


def _ending_after(rows: Any, value: str) -> Any:
    return rows.filter(stop__gt=value)


def _beginning_before(rows: Any, value: str) -> Any:
    return rows.filter(start__lte=value)
