"""Several items taken in by one act: first what will be signed and what cannot be, then the signatures."""

from collections.abc import Mapping, Sequence
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
    refused = [row for row in rows if row.refusals]
    context = {
        "possible": [row for row in rows if not row.refusals],
        "refused": refused,
        "marking": max(one.row.marking for one in shown),
    }
    if not form.cleaned_data["confirmed"] or not context["possible"]:
        return render(request, "information/items_acknowledge.html", context)
    wanted = [one for one, row in zip(shown, rows, strict=True) if not row.refusals]
    errors = _acknowledge(request, wanted)
    if not errors:
        return render(request, "information/items_acknowledged.html", context)
    left = _left(request, wanted, errors)
    signed = [_chosen(request, one) for one in wanted if one.row.circle not in errors]
    first = next(iter(errors.values()))
    context |= {
        "signed": signed,
        "refusals": () if signed else first.refusals,
        "possible": [row for row in left if not row.refusals],
        "refused": [row for row in (*refused, *left) if row.refusals],
    }
    return render(request, "information/items_acknowledge.html", context, status=first.status)


def _acknowledge(request: ActingRequest, wanted: Sequence[ItemShown]) -> Mapping[str, AccordantError]:
    """Sign for the items, all or none of each circle; gives by circle what stood against it."""
    errors: dict[str, AccordantError] = {}
    for circle in sorted({one.row.circle for one in wanted}):
        items = [one.ref for one in wanted if one.row.circle == circle]
        try:
            actions.acknowledge_items(by=request.officer, now=request.now, items=items, day=today(request))
        except AccordantError as error:
            errors[circle] = error
    return errors


def _left(
    request: ActingRequest, wanted: Sequence[ItemShown], errors: Mapping[str, AccordantError]
) -> Sequence[Chosen]:
    """The rows of the circles with errors anew: where no row shows what stood against them, it stands beside each."""
    failed = [one for one in wanted if one.row.circle in errors]
    shown = [readable(request, one.ref.origin, one.ref.index) for one in failed]
    told = {one.row.circle for one in shown if _chosen(request, one).refusals}
    return [_chosen(request, one, () if one.row.circle in told else errors[one.row.circle].refusals) for one in shown]


def _chosen(request: ActingRequest, shown: ItemShown, others: Sequence[Refusal] = ()) -> Chosen:
    refusals = rules.refusals_to_acknowledge_item(shown.ours, day=today(request), by=request.officer)
    if shown.closed:
        refusals.extend(rules.refusals_in_closed_circle(shown.row.circle))
    return Chosen(
        value=str(shown.ref),
        href=words.href(shown.ref),
        number=shown.row.number,
        agency=shown.row.agency,
        title=words.title(shown.row, stub=False),
        refusals=(*refusals, *others),
    )
