"""What programmes give to pages that know no domain: the desk, a regulation, the page of an entry."""

from collections.abc import Sequence
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from accordant.domains.programmes import models
from accordant.domains.programmes.views import lists
from accordant.entries.envelope import EntryRef
from accordant.pages import formats
from accordant.pages.acting import ActingRequest
from accordant.pages.panels import Act, DeskRow, panel

DAYS: Final = 7
DAY_MILLISECONDS: Final = 24 * 3_600_000


@panel("desk.next")
def activities_of_the_week(request: ActingRequest, ref: EntryRef | None) -> Sequence[DeskRow]:
    """The activities of today and the seven days after it, by day."""
    now = int(request.now.timestamp() * 1000)
    first, last = formats.day_of(now), formats.day_of(now + DAYS * DAY_MILLISECONDS)
    return [
        DeskRow(
            title=f"{shown.row.code} · {lists.text_cell(shown.row, shown.row.what).text}",
            href=lists.page_of("programmes:activity", shown.ref),
            agency=shown.row.agency,
            at=0,
            lamp_text=formats.day_text(shown.row.day),
        )
        for shown in models.activities_of_days(request.subject, request.now, first=first, last=last)
    ]


@panel("desk.start")
def recording_page(request: ActingRequest, ref: EntryRef | None) -> Sequence[Act]:
    """What an empty desk offers to whoever records activities."""
    return [Act(_("Record an activity"), reverse("programmes:activity-record"))] if lists.may_write(request) else []


@panel("regulation.work")
def programmes_not_over(request: ActingRequest, ref: EntryRef | None) -> Sequence[DeskRow]:
    """The programmes under a regulation that last or lie ahead."""
    if ref is None:
        return []
    today = formats.day_of(int(request.now.timestamp() * 1000))
    circle = ref.origin.split("/")[1]
    return [
        DeskRow(
            title=f"{named.code} · {lists.sort_title(named.sort)} · {named.title}",
            href=lists.page_of("programmes:programme", named.ref),
            agency=named.ref.origin.split("/")[0],
            at=0,
            lamp_text=f"{formats.day_text(named.day)} – {formats.day_text(named.day_end)}",
        )
        for named in models.open_programmes(request.subject, request.now, circle=circle, since=today)
    ]


@panel("entry.home")
def page_of_entry(request: ActingRequest, ref: EntryRef | None) -> Sequence[Act]:
    """The page of this domain that shows the entry."""
    if ref is None:
        return []
    place = (request.subject, request.now, ref.origin, ref.index)
    if models.show_activity(*place) is not None:
        return [Act(_("Open the activity"), lists.page_of("programmes:activity", ref))]
    if models.show_delegation(*place) is not None:
        return [Act(_("Open the delegation"), lists.page_of("programmes:delegation", ref))]
    if models.show_programme(*place) is not None:
        return [Act(_("Open the page of the programme"), lists.page_of("programmes:programme", ref))]
    return []


@panel("entry.related")
def newest_in_programme(request: ActingRequest, ref: EntryRef | None) -> Sequence[EntryRef]:
    """The newest entries that name a programme, however much was stored in between."""
    shown = None if ref is None else models.show_programme(request.subject, request.now, ref.origin, ref.index)
    return () if shown is None else models.newest_in(request.subject, request.now, shown.row.entry_id)
