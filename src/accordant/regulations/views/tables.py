"""The lists of this domain as data tables: their columns, filters and order."""

from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accordant.accounts.subjects import Subject
from accordant.pages import formats
from accordant.pages.listing import Cell, Column, Filter, Listing
from accordant.regulations import models
from accordant.regulations.models import Provision, SigningShown
from accordant.regulations.rules.signing import CONFIRMED, IMPORTED, IN_FORCE

LAMPS: Final = {IMPORTED: "claimed", CONFIRMED: "waiting", IN_FORCE: "met"}
TEXT_SHOWN: Final = 160


def regulations(subject: Subject, at: datetime) -> Listing:
    """The regulations: number, day, title, state, signatures that are missing."""
    return Listing(
        name="regulations",
        columns=(
            Column("number", _("Number and sign"), _number, sort="number"),
            Column("day", _("Day"), lambda row: _day(row.regulation.day), sort="day"),
            Column("title", _("Title"), lambda row: _title(row.regulation)),
            Column("articles", _("Articles"), lambda row: int(row.regulation.articles), sort="articles", align="right"),
            Column("state", _("State"), _state, sort="state"),
            Column("missing", _("Signatures missing"), lambda row: ", ".join(map(formats.agency_name, row.missing))),
            Column("in-force", _("In force since"), _in_force, sort="in_force_at"),
        ),
        filters=(
            Filter("q", _("Number or title holds"), _holds, sort="text"),
            Filter("state", _("State"), lambda rows, value: rows.filter(state=value), choices=_states),
            Filter("from", _("Dated from"), lambda rows, day: rows.filter(day__gte=day), sort="from"),
            Filter("to", _("Dated to"), lambda rows, day: rows.filter(day__lte=day), sort="to"),
        ),
        order=("-at", "-entry_id"),
        empty_title=_("No regulation is held here yet"),
        empty_text=_("Open a circle with the other parties, then import the text of the regulation."),
        rows=lambda rows: models.show_signing(subject, at, rows),
        kinds="regulations.text-",
    )


def provisions(page: str) -> Listing:
    """The units of one text; `page` is the address of the regulation, to which each row leads."""
    return Listing(
        name="provisions",
        columns=(
            Column("number", _("Provision"), lambda unit: Cell(_place(unit), href=_anchor(page, unit))),
            Column("heading", _("Heading"), lambda unit: str(unit.heading)),
            Column("text", _("Text"), lambda unit: Cell(_short(unit.text), datum=unit.text)),
        ),
        filters=(
            Filter("level", _("Level"), lambda rows, value: rows.filter(level=value), choices=_levels),
            Filter("q", _("Heading or text holds"), _words, sort="text"),
        ),
        order=("position",),
        empty_title=_("This text has no provisions"),
        empty_text=_("A text without articles cannot be imported; ask its owner."),
    )


def _number(row: SigningShown) -> Cell:
    regulation = row.regulation
    return Cell(regulation.number, href=reverse("regulations:regulation", args=(regulation.origin, regulation.index)))


def _day(iso: str) -> Cell:
    return Cell(formats.day_text(iso), datum=iso)


def _title(regulation: models.Regulation) -> str:
    titles = (regulation.title_vi, regulation.title_en)
    wanted, other = titles if formats.is_vietnamese() else titles[::-1]
    return wanted or other


def _state(row: SigningShown) -> Cell:
    state = row.regulation.state
    if row.regulation.fault:
        return Cell(_("Cannot be relied on here"), lamp="refused", datum=row.regulation.fault)
    return Cell(dict(_states())[state], lamp=LAMPS[state], datum=state)


def _in_force(row: SigningShown) -> Cell:
    instant = row.regulation.in_force_at
    return Cell(formats.instant_text(instant), datum="" if instant is None else formats.instant_iso(instant))


def _states() -> list[tuple[str, str]]:
    return [
        (IN_FORCE, _("In force")),
        (CONFIRMED, _("Waits for signatures")),
        (IMPORTED, _("Imported, not confirmed")),
    ]


def _levels() -> list[tuple[str, str]]:
    return [
        ("part", _("Part")),
        ("chapter", _("Chapter")),
        ("section", _("Section")),
        ("article", _("Article")),
        ("clause", _("Clause")),
        ("point", _("Point")),
    ]


def _holds(rows: "QuerySet[Any]", text: str) -> "QuerySet[Any]":
    return rows.filter(Q(number__icontains=text) | Q(title_vi__icontains=text) | Q(title_en__icontains=text))


def _words(rows: "QuerySet[Any]", text: str) -> "QuerySet[Any]":
    return rows.filter(Q(heading__icontains=text) | Q(text__icontains=text))


def _place(unit: Provision) -> str:
    """Its number, indented as deep as it lies."""
    return f"{'· ' * unit.depth}{unit.num}".strip() or "–"


def _anchor(page: str, unit: Provision) -> str:
    return f"{page}#{unit.component}__{unit.eid}"


def _short(text: str) -> str:
    line = text.replace("\n", " ")
    return line if len(line) <= TEXT_SHOWN else f"{line[:TEXT_SHOWN].rstrip()}…"
