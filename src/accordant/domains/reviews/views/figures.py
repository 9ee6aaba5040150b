"""A figure opened to the entries it counts: whose count is the number."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accordant.domains.reviews import models, rules
from accordant.domains.reviews.views import words
from accordant.entries import kinds
from accordant.entries.envelope import Header, decode_header
from accordant.entries.errors import NotVisible
from accordant.entries.indicators import Counted, Indicator, Tick
from accordant.pages import formats, headlines, listing
from accordant.pages.acting import ActingRequest, in_office

JOINT = "joint"
IRREGULAR = "irregular"


@dataclass(frozen=True)
class CountedRow:
    """An entry of a figure: its header, and what it adds."""

    header: Header
    tick: Tick


@require_safe
@in_office
def show_figure(request: ActingRequest, origin: str, index: int, name: str) -> HttpResponse:
    """The entries behind a figure, all or one part of it, as a list and as a file."""
    opened = models.show_figure(request.subject, request.now, origin=origin, index=index, name=name)
    if opened is None:
        raise NotVisible(rules.refusals_without_figure(name))
    review, definition, figure = opened.review, opened.definition, opened.figure
    rows = models.entries_at(opened.readable.intersection(opened.counted))
    context = {
        "review": review,
        "title": _(definition.title),
        "review_title": words.title_of(review),
        "unit": words.unit_text(definition),
        "total": words.value_text(definition, figure.value, figure.paired),
        "count": figure.value,
        "lines": [
            (agency, formats.agency_name(agency), words.value_text(definition, line.value, line.paired))
            for agency, line in sorted(figure.lines.items())
        ],
        "joint": words.value_text(definition, figure.joint.value, figure.joint.paired),
        "irregular": figure.irregular.value,
        "rule": definition.rule_version,
        "name": definition.name,
        "cutoff": opened.cutoff,
        "last_day": words.last_day(review),
        "hidden": opened.hidden,
    }
    return listing.answer(request, rows, _listing(opened), template="reviews/figure_show.html", context=context)


def _listing(opened: models.OpenedFigure) -> listing.Listing:
    definition, figure = opened.definition, opened.figure

    def part(_rows: Any, value: str) -> Any:
        line = figure.joint if value == JOINT else figure.irregular
        return models.entries_at(opened.readable.intersection(line.refs))

    parts = [(JOINT, _("Two or more parties taking part")), (IRREGULAR, _("Irregular, not counted"))]
    columns = [
        listing.Column("day", _("Day"), _day),
        listing.Column("entry", _("Entry"), _entry, sort="index"),
        listing.Column(
            "agency", _("Agency"), lambda row: formats.agency_name(row.header.agency), sort="log_id", brief=True
        ),
        listing.Column("parties", _("Taking part"), _parties, brief=True),
        listing.Column("value", _(definition.unit), lambda row: row.tick.value, align="right"),
    ]
    if definition.paired_unit:
        columns.append(listing.Column("paired", _(definition.paired_unit), lambda row: row.tick.paired, align="right"))
    return listing.Listing(
        name=definition.name,
        columns=columns,
        filters=[
            listing.Filter("part", _("Part"), part, choices=parts),
            listing.Filter(
                "agency",
                _("Agency"),
                lambda rows, value: rows.filter(log__agency=value),
                choices=[(agency, formats.agency_name(agency)) for agency in sorted(figure.lines)],
            ),
        ],
        order=("log_id", "index"),
        empty_title=_("Nothing is counted"),
        empty_text=_("No entry of this sort has its day in the period."),
        rows=lambda found: _rows(definition, found),
    )


def _rows(definition: Indicator, found: Sequence[Any]) -> list[CountedRow]:
    rows = []
    for entry in found:
        header = decode_header(bytes(entry.header))
        try:
            _spec, record, _body = kinds.understand(header, None)
        except kinds.NotUnderstood:
            continue  # as in every figure: a foreign entry stops no page
        tick = definition.tick(Counted(header, record, bytes(entry.leaf).hex(), irregular=False))
        if tick is not None:
            rows.append(CountedRow(header, tick))
    return rows


def _day(row: CountedRow) -> listing.Cell:
    return listing.Cell(formats.day_text(row.tick.day), datum=row.tick.day)


def _entry(row: CountedRow) -> listing.Cell:
    href = reverse("pages:entry", args=[row.header.log, row.header.seq])
    return listing.Cell(headlines.headline(row.header), href=href, datum=f"{row.header.log} {row.header.seq}")


def _parties(row: CountedRow) -> str:
    others = sorted({agency for agency in row.tick.parties if agency != row.header.agency})
    return ", ".join(formats.agency_name(agency) for agency in others)
