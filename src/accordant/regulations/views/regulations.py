"""The list of regulations and the page of one: text left by provision, signatures and hashes right."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accordant.entries.errors import NotVisible
from accordant.regulations import models
from accordant.regulations.rules.signing import IMPORTED
from accordant.regulations.rules.texts import LANGUAGES, refusals_without_text
from accordant.regulations.views.acting import ActingRequest, in_office


@require_safe
@in_office
def list_regulations(request: ActingRequest) -> HttpResponse:
    """All regulations this office may read, newest first."""
    rows = models.Regulation.visible_to(request.subject, request.now).order_by("-at", "-entry_id")
    return render(request, "regulations/regulation_list.html", {"rows": rows})


@require_safe
@in_office
def show_regulation(request: ActingRequest, origin: str, index: int) -> HttpResponse:
    """One regulation in the language asked for (`?lang=`), else in the reader's."""
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
    regulation, us = shown.regulation, request.officer.agency
    context = {
        "shown": shown,
        "may_confirm": regulation.state == IMPORTED and regulation.agency == us,
        "may_sign": us in shown.missing and shown.confirmation is not None,
    }
    return render(request, "regulations/regulation_show.html", context)
