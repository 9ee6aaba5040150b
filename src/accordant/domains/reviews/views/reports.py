"""The report of a review: as a page whose numbers lead to their entries, as PDF and as DOCX in the State layout."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, Literal, cast

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accordant.domains.reviews import rules
from accordant.domains.reviews.models import ReviewShown
from accordant.domains.reviews.views import outline, words
from accordant.domains.reviews.views.reviews import shown_or_hidden
from accordant.entries.errors import NotVisible
from accordant.pages import papers
from accordant.pages.acting import ActingRequest, in_office

LANGUAGES: Final = ("vi", "en")
PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@in_office
def show_report(request: ActingRequest, origin: str, index: int) -> HttpResponse:
    """The report in the reader's language; each number is a link to its entries."""
    shown = _with_cutoff(request, origin, index)
    lamp, state = words.STATES[shown.state]
    context = {
        "shown": shown,
        "title": words.title_of(shown.review),
        "lamp": lamp,
        "state": _(state),
        "basis": outline.basis(shown),
        "parts": outline.parts(shown),
    }
    return render(request, "reviews/report_show.html", context)


@require_safe
@in_office
def download_pdf(request: ActingRequest, origin: str, index: int) -> HttpResponse:
    """The report as PDF, in the language asked for (`?lang=`), else in Vietnamese."""
    return _download(request, origin, index, papers.pdf, PDF, "pdf")


@require_safe
@in_office
def download_docx(request: ActingRequest, origin: str, index: int) -> HttpResponse:
    """The report as DOCX, in the language asked for (`?lang=`), else in Vietnamese."""
    return _download(request, origin, index, papers.docx, DOCX, "docx")


def official_paper(shown: ReviewShown, language: Literal["vi", "en"]) -> papers.Paper:
    """The report as an official paper of all parties: the opener's name first, its signature block first."""
    review, cutoff = shown.review, shown.cutoff
    parties = sorted(shown.parties, key=lambda party: (party.agency != review.agency, party.agency))
    names = tuple(outline.name_of(party) for party in parties)
    blocks: list[papers.Block] = [papers.Paragraph(text, style="basis") for text in outline.basis(shown)]
    for part in outline.parts(shown):
        blocks.append(papers.Heading(part.title))
        blocks.extend(_block(content) for content in part.content)
    return papers.Paper(
        language=language,
        agencies=names,
        title=_("REPORT"),
        abstract=words.title_of(review),
        at=datetime.fromtimestamp((review.at if cutoff is None else cutoff.at) // 1000, UTC),
        blocks=tuple(blocks),
        sign="BC",
        recipients=(*(f"{name};" for name in names), _("File copy: records office.")),
        signatories=tuple(papers.Signatory(name, _("For")) for name in names) if language == "vi" else (),
        reference=_("Review {code} · entry {entry} · {state}").format(
            code=review.code, entry=f"{review.origin} {review.index}", state=_(words.STATES[shown.state][1])
        ),
    )


def _block(content: outline.Line | outline.Grid) -> papers.Block:
    if isinstance(content, outline.Line):
        return papers.Paragraph(content.text, style=cast(Literal["plain", "item", "small"], content.style))
    rows = tuple(tuple(cell.text for cell in row) for row in content.rows)
    return papers.Table(content.caption, content.columns, rows)


def _download(
    request: ActingRequest,
    origin: str,
    index: int,
    make: Callable[[papers.Paper], bytes],
    content_type: str,
    suffix: str,
) -> HttpResponse:
    shown = _with_cutoff(request, origin, index)
    asked = request.GET.get("lang", "")
    language = cast(Literal["vi", "en"], asked if asked in LANGUAGES else LANGUAGES[0])
    with translation.override(language):
        data = make(official_paper(shown, language))
    name = f"review-{shown.review.code.replace('/', '-')}-{language}.{suffix}"
    return HttpResponse(
        data, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _with_cutoff(request: ActingRequest, origin: str, index: int) -> ReviewShown:
    """The review once it has a cutoff: before, there is nothing to report."""
    shown = shown_or_hidden(request, origin, index)
    if shown.cutoff is None:
        raise NotVisible(rules.refusals_without_report())
    return shown
