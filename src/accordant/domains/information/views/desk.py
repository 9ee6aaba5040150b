"""What items give to pages that know no domain: the desk, the page of an entry."""

from collections.abc import Sequence
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from accordant.domains.information import models, rules
from accordant.domains.information.models import ItemRow
from accordant.domains.information.views import words
from accordant.entries.envelope import EntryRef
from accordant.pages.acting import ActingRequest
from accordant.pages.panels import Act, DeskRow, panel

MOST: Final = 50


@panel("desk.waiting")
def waiting_items(request: ActingRequest, ref: EntryRef | None) -> Sequence[DeskRow]:
    """Items that came to this agency and are not settled, by deadline."""
    rows = models.waiting_here(request.subject, request.now, us=request.officer.agency, most=MOST + 1)
    may = not rules.refusals_to_write("information.item-acknowledged", request.officer)
    shown = [_row(request, row, row.item.agency, may_acknowledge=may) for row in rows[:MOST]]
    return [*shown, *_more(rows[MOST:], models.WAITING)]


@panel("desk.owed")
def owed_items(request: ActingRequest, ref: EntryRef | None) -> Sequence[DeskRow]:
    """Items of this agency that others have not settled, with what stops them."""
    rows = models.owed_to_us(request.subject, request.now, us=request.officer.agency, most=MOST + 1)
    shown = [_row(request, row, "" if row.standing is None else row.standing.agency) for row in rows[:MOST]]
    return [*shown, *_more(rows[MOST:], models.OUT)]


@panel("desk.start")
def writing_page(request: ActingRequest, ref: EntryRef | None) -> Sequence[Act]:
    """What an empty desk offers to whoever sends items."""
    may = models.writable_circles(request.subject, request.officer)
    return [Act(_("New item"), reverse("information:send"))] if may else []


@panel("entry.home")
def item_page(request: ActingRequest, ref: EntryRef | None) -> Sequence[Act]:
    """The page of the item behind an entry about items."""
    item = None if ref is None else models.item_of(request.subject, request.now, ref)
    return [] if item is None else [Act(_("Open the item"), words.href(item))]


@panel("entry.related")
def item_entries(request: ActingRequest, ref: EntryRef | None) -> Sequence[EntryRef]:
    """The entries that name an item: what addressees did, replies."""
    return [] if ref is None else models.naming(ref)


def _row(request: ActingRequest, row: ItemRow, agency: str, *, may_acknowledge: bool = False) -> DeskRow:
    item, state = row.item, words.state(row, request.now)
    acts = (Act(_("Acknowledge"), reverse("information:acknowledge", args=[row.ref.origin, row.ref.index]), "post"),)
    return DeskRow(
        title=f"{item.number} · {words.title(item, stub=row.stub)}",
        href=words.href(row.ref),
        agency=agency,
        at=item.at,
        due=item.due,
        lamp=state.lamp,
        lamp_text=state.text,
        acts=acts if may_acknowledge else (),
        entry=item.entry_id,
    )


def _more(left: Sequence[ItemRow], tab: str) -> Sequence[DeskRow]:
    """A last row that leads to the list, when not all fit on the desk."""
    if not left:
        return ()
    state = f"&state={models.WAITING}" if tab == models.OUT else ""
    href = f"{reverse('information:items')}?tab={tab}{state}"
    return [DeskRow(_("More items: open the list"), href, left[0].item.agency, left[0].item.at, left[0].item.due)]
