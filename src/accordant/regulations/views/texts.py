"""Importing, confirming and signing a text."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accordant.accounts.sessions import step_up_required
from accordant.entries.errors import AccordantError, NotVisible
from accordant.pages.acting import ActingRequest, in_office
from accordant.regulations import actions, forms, models
from accordant.regulations.models import RegulationShown
from accordant.regulations.rules.reading import SENTENCES, Diagnostic
from accordant.regulations.rules.texts import read_source, refusals_without_text


@require_http_methods(["GET", "POST"])
@in_office
def import_text(request: ActingRequest) -> HttpResponse:
    """Choose or paste a text, see what was read, import it."""
    subject, now = request.subject, request.now
    form = forms.SourceText(
        request.POST or None,
        request.FILES or None,
        circles=models.importable_circles(subject, now),
        originals=models.translatable_texts(subject, now),
    )
    if not form.is_valid():
        return render(request, "regulations/text_import.html", {"form": form})
    chosen = form.cleaned_data
    try:
        reading = read_source(chosen["data"])
        if "import" not in request.POST:
            preview = {"reading": reading, "doubts": _said(reading.diagnostics), "carried": form.carried()}
            return render(request, "regulations/text_import.html", {"form": form, **preview})
        original = models.original_at(subject, now, chosen["translation_of"])
        text = actions.import_text(
            by=request.officer,
            now=now,
            circle=chosen["circle"],
            reading=reading,
            language=chosen["language"],
            translation_of=original,
        )
    except AccordantError as error:
        context = {"form": form, "refusals": error.refusals}
        return render(request, "regulations/text_import.html", context, status=error.status)
    shown = original or text
    return redirect("regulations:regulation", origin=shown.origin, index=shown.index)


@require_http_methods(["GET", "POST"])
@in_office
def confirm_text(request: ActingRequest, origin: str, index: int) -> HttpResponse:
    """The page on which the owner says that each article was compared, with the reader's doubts."""
    shown = _shown(request, origin, index)
    form = forms.TextComparison(request.POST or None, initial={"root_hash": shown.regulation.root})
    if form.is_valid():
        actions.confirm_text(
            by=request.officer,
            now=request.now,
            text=shown.regulation.ref,
            root_hash=form.cleaned_data["root_hash"],
        )
        return redirect("regulations:regulation", origin=origin, index=index)
    doubts = _said([Diagnostic(**doubt) for doubt in shown.text.doubts])
    return render(request, "regulations/text_confirm.html", {"shown": shown, "form": form, "doubts": doubts})


@require_http_methods(["GET", "POST"])
@in_office
@step_up_required
def sign_regulation(request: ActingRequest, origin: str, index: int) -> HttpResponse:
    """The page on which a commander signs the root hash that it shows."""
    shown = _shown(request, origin, index)
    form = forms.Signing(request.POST or None, initial={"root_hash": shown.regulation.root})
    if form.is_valid():
        actions.sign_regulation(
            by=request.officer,
            now=request.now,
            regulation=shown.regulation.ref,
            root_hash=form.cleaned_data["root_hash"],
        )
        return redirect("regulations:regulation", origin=origin, index=index)
    return render(request, "regulations/regulation_sign.html", {"shown": shown, "form": form})


def _shown(request: ActingRequest, origin: str, index: int) -> RegulationShown:
    """The original of the regulation: what is confirmed and signed, never a translation."""
    shown = models.show_regulation(request.subject, request.now, origin=origin, index=index, language="")
    if shown is None:
        raise NotVisible(refusals_without_text())
    return shown


def _said(doubts: Sequence[Diagnostic]) -> list[str]:
    """The reader's doubts as sentences in the language of the page."""
    return [_(SENTENCES[doubt.code]).format(**_places(doubt)) for doubt in doubts]


def _places(doubt: Diagnostic) -> dict[str, object]:
    expected = _(doubt.expected) if doubt.expected else ""
    return {"line": doubt.line, "found": doubt.found, "expected": expected}
