"""Writing an item or a reply: the form, then who will hold it, then the signature."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accordant.domains.information import actions, forms, models, rules
from accordant.domains.information.models import CircleShown, ItemShown
from accordant.domains.information.views import words
from accordant.domains.information.views.items import readable, today
from accordant.entries.envelope import EntryRef
from accordant.entries.errors import AccordantError, NotVisible
from accordant.pages import formats
from accordant.pages.acting import ActingRequest, in_office
from accordant.pages.entry import Row
from accordant.pages.order import sort_key

SIGN, CHANGE = "sign", "change"  # names of the buttons


@require_http_methods(["GET", "POST"])
@in_office
def send_item(request: ActingRequest) -> HttpResponse:
    """Choose the circle where there are several, write the item, see who will hold it, sign it."""
    circles = models.writable_circles(request.subject, request.officer)
    if not circles:
        return render(request, "information/item_send.html", {"circles": circles})
    asked = request.POST.get("circle", "") or request.GET.get("circle", "")
    known = {circle.id: circle for circle in circles}
    circle = circles[0] if len(circles) == 1 else known.get(asked)
    if circle is None:
        choices = [(one.id, _circle_title(one)) for one in circles]
        form = forms.ChooseCircle(request.GET if asked else None, circles=choices)
        return render(request, "information/circle_choose.html", {"form": form})
    purposes = [purpose for purpose in rules.PURPOSES if purpose != rules.REPLY]
    return _write(request, circle, parties=circle.parties, purposes=purposes, markings=range(circle.ceiling + 1))


@require_http_methods(["GET", "POST"])
@in_office
def answer_item(request: ActingRequest, origin: str, index: int) -> HttpResponse:
    """Write a reply to those who have the item, see who will hold it, sign it."""
    shown = readable(request, origin, index)
    us = request.officer.agency
    thread = [agency for agency in (shown.row.agency, *shown.row.addressees) if agency != us]
    if us not in (shown.row.agency, *shown.row.addressees):
        raise NotVisible(rules.refusals_when_not_shown())
    return _write(
        request,
        shown.circle,
        parties=thread,
        purposes=[rules.REPLY],
        markings=range(shown.row.marking, shown.circle.ceiling + 1),
        answers=shown,
    )


def _write(
    request: ActingRequest,
    circle: CircleShown,
    *,
    parties: Sequence[str],
    purposes: Sequence[str],
    markings: Sequence[int],
    answers: ItemShown | None = None,
) -> HttpResponse:
    form = forms.WriteItem(
        request.POST if request.method == "POST" else None,
        parties=_named(parties),
        purposes=purposes,
        markings=markings,
        initial=_initial(request, answers, purposes, markings),
    )
    context: dict[str, Any] = {"form": form, "circle": circle, "circles": [circle], "answers": answers}
    if not form.is_valid() or CHANGE in request.POST:
        return render(request, "information/item_send.html", context)
    if SIGN not in request.POST:
        context |= _preview(circle, form)
        return render(request, "information/item_preview.html", context)
    try:
        ref = _signed(request, circle, form, answers)
    except AccordantError as error:
        return render(
            request, "information/item_send.html", {**context, "refusals": error.refusals}, status=error.status
        )
    return redirect(words.href(ref))


def _signed(request: ActingRequest, circle: CircleShown, form: forms.WriteItem, answers: ItemShown | None) -> EntryRef:
    if answers is None:
        return actions.send_item(by=request.officer, now=request.now, circle=circle.id, new=form.new())
    return actions.answer_item(by=request.officer, now=request.now, item=answers.ref, new=form.new())


def _initial(
    request: ActingRequest, answers: ItemShown | None, purposes: Sequence[str], markings: Sequence[int]
) -> dict[str, Any]:
    given: dict[str, Any] = {"day": today(request), "purpose": purposes[0], "marking": str(markings[0])}
    if answers is not None:
        ours = answers.row.agency == request.officer.agency
        given["to"] = answers.row.addressees if ours else [answers.row.agency]
        given["category"] = answers.row.category
    return given


def _preview(circle: CircleShown, form: forms.WriteItem) -> dict[str, Any]:
    """What will be signed, who will hold the content, who sees the headline alone."""
    new = form.new()
    headline = [agency for agency in circle.parties if agency not in new.to]
    rows = [
        Row(_("Number"), new.number or _("the next one of the year")),
        Row(_("Day"), formats.day_text(new.day)),
        Row(_("Purpose"), words.said(rules.PURPOSE_WORDS, new.purpose)),
        Row(_("Class"), words.said(rules.CATEGORY_WORDS, new.category)),
        Row(_("Precedence"), words.said(rules.PRECEDENCE_WORDS, new.precedence)),
        Row(_("Grade"), words.grade(new.reliability + new.credibility) or _("not graded")),
        Row(_("To be settled by"), formats.deadline_text(new.due) or _("no deadline")),
        Row(_("Secrecy marking"), str(forms.MARKINGS[new.marking])),
    ]
    return {
        "new": new,
        "subject": words.plain(new.subject),
        "rows": rows,
        "marking": new.marking,
        "holders": words.agencies(new.to),
        "headline": words.agencies(headline),
        "carried": form.carried(),
    }


def _named(parties: Sequence[str]) -> list[tuple[str, str]]:
    named = [(agency, formats.agency_name(agency)) for agency in parties]
    return sorted(named, key=lambda choice: sort_key(choice[1]))


def _circle_title(circle: CircleShown) -> str:
    return f"{circle.regulation} ({words.agencies(circle.parties)})"
