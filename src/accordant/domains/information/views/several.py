"""Several items taken in by one act: first what will be signed and what cannot be, then the signatures."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accordant.domains.information import actions, forms, models, rules
from accordant.domains.information.models import ItemShown
from accordant.domains.information.views import words
from accordant.domains.information.views.items import readable, today
from accordant.entries.errors import AccordantError, Refusal
from accordant.pages.acting import ActingRequest, in_office


@dataclass(frozen=True, slots=True)
class Chosen:
    """One chosen item: its value in the form, its page, number, sender, subject; what stands against taking it in."""

    value: str
    href: str
    number: str
    agency: str
    title: str
    refusals: Sequence[Refusal] = ()


@require_POST
@in_office
def acknowledge_items(request: ActingRequest) -> HttpResponse:
    """The chosen items, named; once confirmed each is taken in for which nothing stands against it."""
    form = forms.ChosenItems(request.POST)
    if not form.is_valid():
        return redirect(f"{reverse('information:items')}?tab={models.WAITING}")
    shown = [readable(request, origin, index) for origin, index in form.cleaned_data["row"]]
    rows = [_chosen(request, one) for one in shown]
    context = {
        "possible": [row for row in rows if not row.refusals],
        "refused": [row for row in rows if row.refusals],
        "marking": max(one.row.marking for one in shown),
    }
    if not form.cleaned_data["confirmed"] or not context["possible"]:
        return render(request, "information/items_acknowledge.html", context)
    wanted = [one.ref for one, row in zip(shown, rows, strict=True) if not row.refusals]
    try:
        actions.acknowledge_items(by=request.officer, now=request.now, items=wanted, day=today(request))
    except AccordantError as error:
        context["refusals"] = error.refusals
        return render(request, "information/items_acknowledge.html", context, status=error.status)
    return render(request, "information/items_acknowledged.html", context)


def _chosen(request: ActingRequest, shown: ItemShown) -> Chosen:
    refusals = rules.refusals_to_acknowledge_item(shown.ours, day=today(request), by=request.officer)
    return Chosen(
        value=str(shown.ref),
        href=words.href(shown.ref),
        number=shown.row.number,
        agency=shown.row.agency,
        title=words.title(shown.row, stub=False),
        refusals=refusals,
    )
