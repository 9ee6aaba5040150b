"""Circles with other agencies: proposals to answer, circles joined, opening a new one, closing one."""

import secrets

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accordant.accounts.sessions import step_up_required
from accordant.entries.errors import AccordantError, NotVisible
from accordant.pages.acting import ActingRequest, in_office
from accordant.regulations import actions, forms, models
from accordant.regulations.models import CircleShown
from accordant.regulations.rules.circles import INVITED, NONCE_BYTES, refusals_without_proposal
from accordant.regulations.rules.writers import refusals_to_write


@require_safe
@in_office
def list_circles(request: ActingRequest) -> HttpResponse:
    """Proposals first, with the members whose root must be confirmed before; then the circles joined."""
    shown = models.show_circles(request.subject, request.now, agency=request.officer.agency)
    proposals = [circle for circle in shown if circle.ours == INVITED]
    others = [circle for circle in shown if circle.ours != INVITED]
    may = not refusals_to_write("regulations.circle-closed", request.officer)
    closable = [circle.opening.circle for circle in others if may and circle.may_close(request.officer.agency)]
    context = {"proposals": proposals, "circles": others, "closable": closable}
    return render(request, "regulations/circle_list.html", context)


@require_http_methods(["GET", "POST"])
@in_office
def open_circle(request: ActingRequest) -> HttpResponse:
    """Open the main circle of a regulation with agencies whose roots are confirmed."""
    agencies = models.trusted_agencies(us=request.officer.agency)
    form = forms.NewCircle(request.POST or None, agencies=agencies)
    if not form.is_valid():
        return render(request, "regulations/circle_open.html", {"form": form, "agencies": agencies})
    try:
        actions.open_circle(
            by=request.officer,
            now=request.now,
            sort="main",
            nonce=secrets.token_bytes(NONCE_BYTES),
            **form.cleaned_data,
        )
    except AccordantError as error:
        context = {"form": form, "agencies": agencies, "refusals": error.refusals}
        return render(request, "regulations/circle_open.html", context, status=error.status)
    return redirect("regulations:circles")


@require_POST
@in_office
def join_circle(request: ActingRequest, circle: str) -> HttpResponse:
    """Join a circle that another party opened."""
    _proposed(request, circle)
    actions.join_circle(by=request.officer, now=request.now, circle=circle)
    return redirect("regulations:circles")


@require_http_methods(["GET", "POST"])
@in_office
def decline_circle(request: ActingRequest, circle: str) -> HttpResponse:
    """Say why this agency does not join."""
    shown = _proposed(request, circle)
    form = forms.Refusing(request.POST or None)
    if form.is_valid():
        actions.decline_circle(by=request.officer, now=request.now, circle=circle, **form.cleaned_data)
        return redirect("regulations:circles")
    return render(request, "regulations/circle_decline.html", {"circle": shown, "form": form})


@require_http_methods(["GET", "POST"])
@in_office
@step_up_required
def close_circle(request: ActingRequest, circle: str) -> HttpResponse:
    """Say what closing means and what is held, then close this agency's log in the circle."""
    shown = _proposed(request, circle)
    form = forms.ClosingCircle(request.POST or None)
    if form.is_valid():
        actions.close_circle(by=request.officer, now=request.now, circle=circle)
        return redirect("regulations:circles")
    context = {
        "circle": shown,
        "form": form,
        "heads": [(head.log.partition("/")[0], head) for head in models.held_heads(circle)],
        "may_close": shown.may_close(request.officer.agency),
    }
    return render(request, "regulations/circle_close.html", context)


def _proposed(request: ActingRequest, circle: str) -> CircleShown:
    shown = models.show_circle(request.subject, request.now, agency=request.officer.agency, circle=circle)
    if shown is None:
        raise NotVisible(refusals_without_proposal())
    return shown
