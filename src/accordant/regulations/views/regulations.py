"""The list of regulations, the page of one, and its provisions as a list."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accordant.entries.errors import NotVisible
from accordant.pages import listing, panels
from accordant.pages.acting import ActingRequest, in_office
from accordant.regulations import models
from accordant.regulations.models import RegulationShown
from accordant.regulations.rules.faults import refusals_to_rely_on_text
from accordant.regulations.rules.signing import IMPORTED
from accordant.regulations.rules.texts import LANGUAGES, refusals_without_text
from accordant.regulations.views import tables


@require_safe
@in_office
def list_regulations(request: ActingRequest) -> HttpResponse:
    """All regulations this office may read, newest first."""
    rows = models.Regulation.visible_to(request.subject, request.now)
    columns = tables.regulations(request.subject, request.now)
    return listing.answer(request, rows, columns, template="regulations/regulation_list.html", context={})


@require_safe
@in_office
def show_regulation(request: ActingRequest, origin: str, index: int) -> HttpResponse:
    """One regulation in the language asked for (`?lang=`), else in the reader's."""
    shown = _shown(request, origin, index)
    regulation, us = shown.regulation, request.officer.agency
    sound = not regulation.fault
    context = {
        "shown": shown,
        "may_confirm": sound and regulation.state == IMPORTED and regulation.agency == us,
        "may_sign": sound and us in shown.missing and shown.confirmation is not None,
        "unsound": [(text, refusals_to_rely_on_text(text.fault, owner=text.agency)) for text in shown.unsound],
        "work": panels.at("regulation.work", request, regulation.ref),
    }
    return render(request, "regulations/regulation_show.html", context)


@require_safe
@in_office
def list_provisions(request: ActingRequest, origin: str, index: int) -> HttpResponse:
    """What the regulation obliges to, as its articles, clauses and points in the order of the text."""
    shown = _shown(request, origin, index)
    page = request.path.removesuffix("/provisions")
    return listing.answer(
        request,
        models.provisions_of(shown),
        tables.provisions(page),
        template="regulations/provision_list.html",
        context={"shown": shown},
    )


def _shown(request: ActingRequest, origin: str, index: int) -> RegulationShown:
    language = request.GET.get("lang", "")
    shown = models.show_regulation(
        request.subject,
        request.now,
        origin=origin,
        index=index,
        language=language if language in LANGUAGES else (get_language() or "vi")[:2],
    )
    if shown is None:
        raise NotVisible(refusals_without_text())
    return shown
