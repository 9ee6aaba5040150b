"""Delegations: the list, the page of one, recording one."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accordant.domains.programmes import actions, forms, models, rules
from accordant.domains.programmes.models import Delegation, DelegationShown
from accordant.domains.programmes.views import choices, lists
from accordant.domains.programmes.views.facts import FactRow, entry_context, fact, shared_facts, words
from accordant.entries.errors import AccordantError, NotVisible
from accordant.pages import formats
from accordant.pages.acting import ActingRequest, in_office
from accordant.pages.listing import Column, Listing, answer


def listing(request: ActingRequest) -> Listing:
    """The table of delegations."""
    return Listing(
        name="delegations",
        columns=[
            Column("code", _("Code"), lambda d: lists.code_cell(d.row, d.ref, "programmes:delegation"), sort="code"),
            Column("day", _("Day of arrival"), lambda d: lists.day_cell(d.row.day), sort="day"),
            Column("name", _("Delegation"), lambda d: lists.text_cell(d.row, d.row.name)),
            Column("heads", _("Persons"), lambda d: d.row.heads, sort="heads", align="right"),
            Column("country", _("Country or organisation"), lambda d: d.row.country),
            Column("place", _("Place"), lambda d: d.row.place),
            Column("agency", _("Agency"), lambda d: lists.agency_cell(d.row), brief=True),
            Column("with", _("Taking part"), lambda d: lists.partners_cell(d.row), brief=True),
            Column("programme", _("Programme"), lambda d: lists.programme_cell(d.programme), brief=True),
        ],
        filters=[*lists.shared_filters(), lists.programme_filter(request)],
        order=("-day",),
        empty_title=_("No delegations yet"),
        empty_text=_("Delegations are listed here once they are recorded or imported, at every party alike."),
        empty_act=lists.next_act(request, _("Record a delegation"), "programmes:delegation-record"),
        rows=lambda found: models.show_delegations(found, request.subject, request.now),
    )


@require_safe
@in_office
def list_delegations(request: ActingRequest) -> HttpResponse:
    """The delegations of all parties, newest first."""
    rows = Delegation.visible_to(request.subject, request.now)
    context = {"may_write": lists.may_write(request)}
    return answer(request, rows, listing(request), template="programmes/delegation_list.html", context=context)


@require_safe
@in_office
def show_delegation(request: ActingRequest, origin: str, index: int) -> HttpResponse:
    """One delegation with its proof."""
    shown = models.show_delegation(request.subject, request.now, origin, index)
    if shown is None:
        raise NotVisible(rules.refusals_when_not_shown())
    context = {
        "shown": shown,
        "rows": _facts(shown, words(request, shown.row)),
        **entry_context(request, shown.row, shown.ref),
    }
    return render(request, "programmes/delegation_show.html", context)


@require_http_methods(["GET", "POST"])
@in_office
def record_delegation(request: ActingRequest) -> HttpResponse:
    """Record a delegation that this agency guards."""
    form = forms.RecordDelegation(request.POST or None, **choices.with_programmes(request))
    if not form.is_valid():
        return render(request, "programmes/delegation_record.html", {"form": form})
    try:
        ref = actions.record_delegation(by=request.officer, now=request.now, circle=form.circle_id, new=form.new())
    except AccordantError as error:
        context = {"form": form, "refusals": error.refusals}
        return render(request, "programmes/delegation_record.html", context, status=error.status)
    return redirect("programmes:delegation", ref.origin, ref.index)


def _facts(shown: DelegationShown, said: Callable[[str], str]) -> list[FactRow]:
    return [
        fact(_("Day of arrival"), lists.day_cell(shown.row.day)),
        fact(_("Delegation"), said("name")),
        fact(_("Persons"), formats.number_text(shown.row.heads)),
        fact(_("Country or organisation"), said("country")),
        fact(_("Place"), said("place")),
        *shared_facts(shown.row),
        fact(_("Programme"), lists.programme_cell(shown.programme)),
    ]
