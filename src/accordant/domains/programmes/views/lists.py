"""What the lists of this domain share: their filters, and cells that several of them show."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accordant.domains.programmes import forms, rules
from accordant.domains.programmes.models import Named, Programme, Recorded, agencies_known
from accordant.entries.envelope import EntryRef
from accordant.pages import formats
from accordant.pages.acting import ActingRequest
from accordant.pages.listing import Cell, Filter
from accordant.pages.order import sort_key
from accordant.pages.panels import Act


def may_write(request: ActingRequest) -> bool:
    """Whether the acting office records and opens: pages offer nothing that would be refused."""
    return not rules.refusals_to_write(request.officer)


def next_act(request: ActingRequest, title: str, route: str) -> Act | None:
    """What an empty list offers to whoever may write."""
    return Act(title, reverse(route)) if may_write(request) else None


def shared_filters() -> list[Filter]:
    """Agency, party taking part, first and last day, words."""
    return [
        Filter("agency", _("Agency"), lambda rows, agency: rows.filter(agency=agency), choices=agencies),
        Filter("partner", _("Taking part"), lambda rows, agency: rows.taking_part(agency), choices=agencies),
        Filter("from", _("From day"), lambda rows, day: rows.between(day, ""), sort="from"),
        Filter("to", _("To day"), lambda rows, day: rows.between("", day), sort="to"),
        Filter("text", _("Words in it"), lambda rows, text: rows.saying(text), sort="text"),
    ]


def programme_filter(request: ActingRequest) -> Filter:
    """Facts of the programmes with this code."""

    def apply(rows: Any, code: str) -> Any:
        readable = Programme.visible_to(request.subject, request.now).filter(code=code).order_by()
        return rows.filter(programme_id__in=list(readable.values_list("entry_id", flat=True)))

    return Filter("programme", _("Code of the programme"), apply, sort="text")


def agencies() -> Sequence[tuple[str, str]]:
    """The agencies of all circles held here, by name."""
    named = [(agency, formats.agency_name(agency)) for agency in agencies_known()]
    return sorted(named, key=lambda choice: sort_key(choice[1]))


def code_cell(row: Recorded, ref: EntryRef, route: str, text: str = "") -> Cell:
    """The code or its words, leading to the page of its entry; marked where the entry breaks a rule."""
    return Cell(text or row.code, page_of(route, ref), lamp="irregular" if row.irregular else "", datum=row.code)


def day_cell(iso: str) -> Cell:
    """A day as readers write it, ISO in exports."""
    return Cell(formats.day_text(iso), datum=iso)


def text_cell(row: Recorded, text: str) -> Cell:
    """A text that only unmarked entries show."""
    return Cell(text) if text or not row.marking else Cell(_("marked, not in lists"), lamp="not-addressed")


def agency_cell(row: Recorded) -> Cell:
    """The owner by name, by id in exports."""
    return Cell(formats.agency_name(row.agency), datum=row.agency)


def partners_cell(row: Recorded) -> Cell:
    """Who takes part beside the owner."""
    return Cell(", ".join(map(formats.agency_name, row.partners)), datum=" ".join(row.partners))


def programme_cell(named: Named | None) -> Cell:
    """The programme, leading to its page."""
    if named is None:
        return Cell("")
    text = code_in_words(named.code, named.sort, named.day)
    return Cell(text, href=page_of("programmes:programme", named.ref), datum=named.code)


def code_in_words(code: str, sort: str, day: str) -> str:
    """The code of a programme; what the daily work of a year is filed under says nothing to a reader."""
    return _("daily work of {year}").format(year=day[:4]) if sort == rules.STANDING else code


def page_of(route: str, ref: EntryRef) -> str:
    """The address of the page of an entry."""
    return reverse(route, args=[ref.origin, ref.index])


def category_title(category: str) -> str:
    """The class of an activity in words."""
    return str(forms.CATEGORIES.get(category, category))


def sort_title(sort: str) -> str:
    """The kind of a programme in words."""
    return str(forms.SORTS.get(sort, sort))
