"""The list of items: in, out, waiting, and the register of all that the circles exchange."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from accordant.domains.information import models, rules
from accordant.domains.information.models import IN, OUT, REGISTER, STATES, WAITING, ItemQuerySet, ItemRow
from accordant.domains.information.views import words
from accordant.entries.kinds import gettext_noop
from accordant.pages import formats
from accordant.pages.acting import ActingRequest, in_office
from accordant.pages.listing import Cell, Choose, Column, Filter, Listing, answer
from accordant.pages.order import sort_key
from accordant.pages.panels import Act

TABS: Final[Mapping[str, str]] = {
    IN: gettext_noop("Incoming"),
    OUT: gettext_noop("Outgoing"),
    WAITING: gettext_noop("Waiting for us"),
    REGISTER: gettext_noop("Register"),
}
STATE_WORDS: Final[Mapping[str, str]] = {
    WAITING: gettext_noop("not settled"),
    **{state: words.RUNG_WORDS[state] for state in STATES if state != WAITING},
    "irregular": gettext_noop("irregular"),
}
EMPTY: Final[Mapping[str, tuple[str, str]]] = {
    IN: (gettext_noop("Nothing came in yet"), gettext_noop("Items that others address to this agency stand here.")),
    OUT: (gettext_noop("Nothing was sent yet"), gettext_noop("Items that this agency sends stand here.")),
    WAITING: (gettext_noop("Nothing waits"), gettext_noop("All that came in is acknowledged, answered or returned.")),
    REGISTER: (
        gettext_noop("Nothing was exchanged yet"),
        gettext_noop("Every item of the circles stands here; of those addressed to others the headline alone."),
    ),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab above the list."""

    title: str
    href: str
    current: bool


@require_safe
@in_office
def list_items(request: ActingRequest) -> HttpResponse:
    """Items in, out, waiting or all, as the address asks."""
    tab = request.GET.get("tab", IN)
    tab = tab if tab in TABS else IN
    rows = models.listed(request.subject, request.now, us=request.officer.agency, tab=tab)
    tabs = [Tab(_(title), f"{reverse('information:items')}?tab={name}", name == tab) for name, title in TABS.items()]
    context = {"tabs": tabs, "may_send": bool(models.writable_circles(request.subject, request.officer))}
    return answer(request, rows, listing(request, tab), template="information/item_list.html", context=context)


def listing(request: ActingRequest, tab: str) -> Listing:
    """The table of one tab."""
    incoming = Act(_("See all incoming items"), f"{reverse('information:items')}?tab={IN}")
    return Listing(
        name="items",
        columns=_columns(request, tab),
        filters=_filters(request, tab),
        order=("-at",),
        empty_title=_(EMPTY[tab][0]),
        empty_text=_(EMPTY[tab][1]),
        empty_act=incoming if tab == WAITING else None,
        rows=lambda found: models.rows_of(found, us=request.officer.agency),
        live=True,
        choose=_choose(request) if tab in (IN, WAITING) else None,
    )


def _choose(request: ActingRequest) -> Choose | None:
    """What waits for this agency can be taken in together, by whoever may acknowledge."""
    if rules.refusals_to_write("information.item-acknowledged", request.officer):
        return None
    return Choose(_("Acknowledge the chosen items"), reverse("information:acknowledge-items"), _choosable)


def _choosable(row: ItemRow) -> str:
    waits = row.standing is not None and not row.standing.settled and not row.closed
    return str(row.ref) if waits and not (row.stub or row.ours or row.item.irregular) else ""


def _columns(request: ActingRequest, tab: str) -> list[Column]:
    now = request.now
    columns = [
        Column("number", _("Number"), lambda row: Cell(row.item.number, href=words.href(row.ref))),
        Column("at", _("Sent"), _sent, sort="at"),
        Column("subject", _("Subject"), _subject),
        Column("from", pgettext("item", "From"), _sender, brief=True),
        Column("to", pgettext("item", "To"), _addressees, brief=True),
        Column("state", _("State"), lambda row: words.state(row, now)),
        Column("due", _("To be settled by"), lambda row: words.due(row.item, now)),
        Column("precedence", _("Precedence"), _precedence),
        Column("class", _("Class"), lambda row: _word(row, row.item.category, rules.CATEGORY_WORDS)),
        Column("purpose", _("Purpose"), lambda row: _word(row, row.item.purpose, rules.PURPOSE_WORDS)),
        Column("grading", _("Grade"), lambda row: "" if row.stub else row.item.grading),
    ]
    left_out = {IN: "to", OUT: "from", WAITING: "to"}.get(tab, "")
    return [column for column in columns if column.name != left_out]


def _filters(request: ActingRequest, tab: str) -> list[Filter]:
    us = request.officer.agency
    at = us if tab in (IN, WAITING) else ""
    filters = [
        Filter("text", _("Words in number or subject"), lambda rows, text: rows.saying(text), sort="text"),
        Filter("state", _("State"), lambda rows, state: _standing(rows, state, at), choices=_choices(STATE_WORDS)),
        Filter("agency", pgettext("item", "From"), lambda rows, agency: rows.sent(agency), choices=_agencies),
        Filter("addressee", pgettext("item", "To"), lambda rows, agency: rows.received(agency), choices=_agencies),
        Filter("purpose", _("Purpose"), _equal("purpose"), choices=_choices(rules.PURPOSE_WORDS)),
        Filter("class", _("Class"), _equal("category"), choices=_choices(rules.CATEGORY_WORDS)),
        Filter(
            "precedence",
            _("Precedence"),
            _equal("precedence"),
            choices=[choice for choice in _choices(rules.PRECEDENCE_WORDS) if choice[0]],
        ),
        Filter("from", _("From the day"), lambda rows, day: rows.between(day, ""), sort="from"),
        Filter("to", _("To the day"), lambda rows, day: rows.between("", day), sort="to"),
    ]
    left_out = {IN: ("addressee",), OUT: ("agency",), WAITING: ("addressee", "state")}.get(tab, ())
    return [one for one in filters if one.name not in left_out]


def _equal(field: str) -> Callable[[ItemQuerySet, str], ItemQuerySet]:
    """Rows whose field has the value; what a stub does not show is not searched."""
    return lambda rows, value: rows.shown_with(**{field: value})


def _standing(rows: ItemQuerySet, state: str, agency: str) -> ItemQuerySet:
    return rows.filter(irregular__gt="") if state == "irregular" else rows.standing(state, agency=agency)


def _choices(titles: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(word, _(title)) for word, title in titles.items()]


def _agencies() -> Sequence[tuple[str, str]]:
    named = [(agency, formats.agency_name(agency)) for agency in models.agencies_known()]
    return sorted(named, key=lambda choice: sort_key(choice[1]))


def _subject(row: ItemRow) -> Cell:
    text = words.title(row.item, stub=row.stub)
    return Cell(text, lamp="" if row.item.subject and not row.stub else "not-addressed")


def _sender(row: ItemRow) -> Cell:
    return Cell(formats.agency_name(row.item.agency), datum=row.item.agency)


def _addressees(row: ItemRow) -> Cell:
    return Cell(words.agencies(row.item.addressees), datum=" ".join(row.item.addressees))


def _word(row: ItemRow, word: str, titles: Mapping[str, str]) -> Cell:
    return Cell("", datum="") if row.stub else Cell(words.said(titles, word), datum=word)


def _precedence(row: ItemRow) -> Cell:
    word = row.item.precedence
    return Cell(words.said(rules.PRECEDENCE_WORDS, word) if word else "", lamp="due-soon" if word else "", datum=word)


def _sent(row: ItemRow) -> Cell:
    return Cell(formats.instant_text(row.item.at), datum=formats.instant_iso(row.item.at))
