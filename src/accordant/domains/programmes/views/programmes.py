"""Programmes and events: the list, the page of one with its activities, opening one."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accordant.domains.programmes import actions, forms, models, rules
from accordant.domains.programmes.models import Activity, Programme, ProgrammeShown
from accordant.domains.programmes.views import activities, choices, lists
from accordant.domains.programmes.views.facts import FactRow, entry_context, fact, shared_facts, words
from accordant.entries.errors import AccordantError, NotVisible
from accordant.pages.acting import ActingRequest, in_office
from accordant.pages.listing import Cell, Column, Filter, Listing, answer


def listing(request: ActingRequest) -> Listing:
    """The table of programmes; those of kind special event are the events that reviews count."""
    code, kind = _("Code"), _("Kind of programme")
    return Listing(
        name="programmes",
        columns=[
            Column("code", code, _code, sort="code"),
            Column("sort", kind, lambda p: Cell(lists.sort_title(p.row.sort), datum=p.row.sort)),
            Column("title", _("Title of the programme"), lambda p: lists.text_cell(p.row, p.row.title)),
            Column("day", _("First day"), lambda p: lists.day_cell(p.row.day), sort="day"),
            Column("day_end", _("Last day"), lambda p: lists.day_cell(p.row.day_end)),
            Column("place", _("Place"), lambda p: p.row.place),
            Column("agency", _("Agency"), lambda p: lists.agency_cell(p.row), brief=True),
            Column("with", _("Taking part"), lambda p: lists.partners_cell(p.row), brief=True),
        ],
        filters=[
            Filter(
                "sort",
                kind,
                lambda rows, sort: rows.filter(sort=sort),
                choices=[(sort, str(title)) for sort, title in forms.SORTS.items()],
            ),
            *lists.shared_filters(),
        ],
        order=("-day",),
        empty_title=_("No programmes yet"),
        empty_text=_("Visits, trips, conferences and events are listed here once a party opens them."),
        empty_act=lists.next_act(request, _("Open a programme"), "programmes:programme-open"),
        rows=models.show_programmes,
    )


@require_safe
@in_office
def list_programmes(request: ActingRequest) -> HttpResponse:
    """The programmes of all parties, newest first."""
    rows = Programme.visible_to(request.subject, request.now)
    context = {"may_write": lists.may_write(request)}
    return answer(request, rows, listing(request), template="programmes/programme_list.html", context=context)


@require_safe
@in_office
def show_programme(request: ActingRequest, origin: str, index: int) -> HttpResponse:
    """One programme with its activities, its delegations and its proof."""
    shown = models.show_programme(request.subject, request.now, origin, index)
    if shown is None:
        raise NotVisible(rules.refusals_when_not_shown())
    context = {
        "shown": shown,
        "code": lists.code_in_words(shown.row.code, shown.row.sort, shown.row.day),
        "rows": _facts(shown, words(request, shown.row)),
        **entry_context(request, shown.row, shown.ref),
    }
    context["may_write"] = lists.may_write(request)
    context["delegations"] = models.delegations_in(request.subject, request.now, shown.row.entry_id)
    held = Activity.visible_to(request.subject, request.now).filter(programme_id=shown.row.entry_id)
    template = "programmes/programme_show.html"
    return answer(request, held, activities.listing(request, of_one=True), template=template, context=context)


@require_http_methods(["GET", "POST"])
@in_office
def open_programme(request: ActingRequest) -> HttpResponse:
    """Open a programme or an event of this agency."""
    form = forms.OpenProgramme(request.POST or None, **choices.shared(request))
    if not form.is_valid():
        return render(request, "programmes/programme_open.html", {"form": form})
    try:
        ref = actions.open_programme(by=request.officer, now=request.now, circle=form.circle_id, new=form.new())
    except AccordantError as error:
        context = {"form": form, "refusals": error.refusals}
        return render(request, "programmes/programme_open.html", context, status=error.status)
    return redirect("programmes:programme", ref.origin, ref.index)


def _code(shown: ProgrammeShown) -> Cell:
    row = shown.row
    return lists.code_cell(row, shown.ref, "programmes:programme", lists.code_in_words(row.code, row.sort, row.day))


def _facts(shown: ProgrammeShown, said: Callable[[str], str]) -> list[FactRow]:
    return [
        fact(_("Kind of programme"), lists.sort_title(shown.row.sort)),
        fact(_("Title of the programme"), said("title")),
        fact(_("First day"), lists.day_cell(shown.row.day)),
        fact(_("Last day"), lists.day_cell(shown.row.day_end)),
        fact(_("Place"), said("place")),
        *shared_facts(shown.row),
    ]
