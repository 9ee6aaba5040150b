"""The month: how many activities each agency protects on each day, and the programmes that touch it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accordant.domains.programmes import models
from accordant.domains.programmes.models import Day
from accordant.domains.programmes.views import lists
from accordant.pages import formats
from accordant.pages.acting import ActingRequest, in_office

_MONTH: Final = re.compile(r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class CellShown:
    """A day of an agency: the count and the list behind it; empty where nothing is."""

    text: str
    href: str
    label: str


@dataclass(frozen=True, slots=True)
class LineShown:
    """An agency's days of the month, and their sum."""

    agency: str
    cells: Sequence[CellShown]
    total: str
    href: str


@require_safe
@in_office
def show_calendar(request: ActingRequest) -> HttpResponse:
    """The month asked for, or this one."""
    asked = request.GET.get("month", "")
    today = formats.day_of(int(request.now.timestamp() * 1000))
    month = models.month_of(request.subject, request.now, asked if _MONTH.fullmatch(asked) else today[:7])
    lines = [_line(agency, days) for agency, days in month.agencies]
    context = {"month": month, "lines": lines, "today": today, "may_write": lists.may_write(request)}
    if not lines:
        context["newest"] = _newest_month(request)
    return render(request, "programmes/calendar_show.html", context)


def _newest_month(request: ActingRequest) -> str:
    """The month of the newest activity that the officer sees; empty before any."""
    newest = models.Activity.visible_to(request.subject, request.now).order_by("-day").first()
    return newest.day[:7] if newest else ""


def _line(agency: str, days: Sequence[Day]) -> LineShown:
    return LineShown(
        agency=agency,
        cells=[_cell(agency, day) for day in days],
        total=formats.number_text(sum(day.count for day in days)),
        href=_list_of(agency, days[0].iso, days[-1].iso),
    )


def _cell(agency: str, day: Day) -> CellShown:
    if not day.count:
        return CellShown("", "", "")
    label = f"{formats.agency_name(agency)}, {formats.day_text(day.iso)}"
    return CellShown(formats.number_text(day.count), _list_of(agency, day.iso, day.iso), label)


def _list_of(agency: str, first: str, last: str) -> str:
    return f"{reverse('programmes:activities')}?{urlencode({'agency': agency, 'from': first, 'to': last})}"
