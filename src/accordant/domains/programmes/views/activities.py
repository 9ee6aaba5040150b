"""Activities: the list, the page of one, recording one."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accordant.domains.programmes import actions, forms, models, rules
from accordant.domains.programmes.models import Activity, ActivityShown
from accordant.domains.programmes.views import choices, lists
from accordant.domains.programmes.views.facts import FactRow, entry_context, fact, shared_facts, words
from accordant.entries.errors import AccordantError, NotVisible
from accordant.pages.acting import ActingRequest, in_office
from accordant.pages.listing import Cell, Column, Filter, Listing, answer


def listing(request: ActingRequest, *, of_one: bool = False) -> Listing:
    """The table of activities; `of_one`: those of one programme, which is then not named in each row."""
    category = _("Class of the activity")
    columns = [
        Column("code", _("Code"), lambda a: lists.code_cell(a.row, a.ref, "programmes:activity"), sort="code"),
        Column("day", _("Day"), lambda a: lists.day_cell(a.row.day), sort="day"),
        Column("class", category, lambda a: Cell(lists.category_title(a.row.category), datum=a.row.category)),
        Column("what", _("What is protected"), lambda a: lists.text_cell(a.row, a.row.what)),
        Column("place", _("Place"), lambda a: a.row.place),
        Column("leader_office", _("Office in charge"), lambda a: a.row.leader_office),
        Column("agency", _("Agency"), lambda a: lists.agency_cell(a.row), brief=True),
        Column("with", _("Taking part"), lambda a: lists.partners_cell(a.row), brief=True),
        Column("programme", _("Programme"), lambda a: lists.programme_cell(a.programme), brief=True),
    ]
    filters = [
        Filter(
            "class",
            category,
            lambda rows, word: rows.filter(category=word),
            choices=[(word, str(title)) for word, title in forms.CATEGORIES.items()],
        ),
        *lists.shared_filters(),
        lists.programme_filter(request),
    ]
    return Listing(
        name="activities",
        columns=columns[:-1] if of_one else columns,
        filters=filters[:-1] if of_one else filters,
        order=("-day",),
        empty_title=_("No activities yet"),
        empty_text=_("What an agency protects is listed here once it is recorded or imported, at every party alike."),
        empty_act=lists.next_act(request, _("Record an activity"), "programmes:activity-record"),
        rows=lambda found: models.show_activities(found, request.subject, request.now),
    )


@require_safe
@in_office
def list_activities(request: ActingRequest) -> HttpResponse:
    """The activities of all parties, newest first."""
    rows = Activity.visible_to(request.subject, request.now)
    context = {"may_write": lists.may_write(request)}
    return answer(request, rows, listing(request), template="programmes/activity_list.html", context=context)


@require_safe
@in_office
def show_activity(request: ActingRequest, origin: str, index: int) -> HttpResponse:
    """One activity with its proof."""
    shown = models.show_activity(request.subject, request.now, origin, index)
    if shown is None:
        raise NotVisible(rules.refusals_when_not_shown())
    context = {
        "shown": shown,
        "rows": _facts(shown, words(request, shown.row)),
        **entry_context(request, shown.row, shown.ref),
    }
    return render(request, "programmes/activity_show.html", context)


@require_http_methods(["GET", "POST"])
@in_office
def record_activity(request: ActingRequest) -> HttpResponse:
    """Record an activity of this agency."""
    form = forms.RecordActivity(request.POST or None, **choices.with_programmes(request))
    if not form.is_valid():
        return render(request, "programmes/activity_record.html", {"form": form})
    try:
        ref = actions.record_activity(by=request.officer, now=request.now, circle=form.circle_id, new=form.new())
    except AccordantError as error:
        context = {"form": form, "refusals": error.refusals}
        return render(request, "programmes/activity_record.html", context, status=error.status)
    return redirect("programmes:activity", ref.origin, ref.index)


def _facts(shown: ActivityShown, said: Callable[[str], str]) -> list[FactRow]:
    return [
        fact(_("Day"), lists.day_cell(shown.row.day)),
        fact(_("Class of the activity"), lists.category_title(shown.row.category)),
        fact(_("What is protected"), said("what")),
        fact(_("Place"), said("place")),
        fact(_("Office in charge"), said("leader_office")),
        *shared_facts(shown.row),
        fact(_("Programme"), lists.programme_cell(shown.programme)),
    ]
