"""What stands beside an exported list, in a file of its own, so that the table stays a table for machines.

It says which list, which filters and order, how many rows, up to when, with which marking at most; the name of the
exported file carries filters and instant too.
"""

import re
from datetime import datetime
from typing import Any, Final

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accordant.ledger import read
from accordant.pages import formats
from accordant.pages.acting import ActingRequest
from accordant.pages.listing.asked import PLACE, Asked

NAMED: Final = 8  # so many parameters stand in the file's name
VALUE_CHARACTERS: Final = 24
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._]+")
_SILENT: Final = (*PLACE, "per")


def file_name(asked: Asked, now: datetime) -> str:
    """The name without its ending: the list, the instant in UTC, each parameter that shapes the query."""
    shaping = [(name, value) for name, value in asked.query.items() if value and name not in _SILENT]
    parts = [f"{_safe(name)}.{_safe(str(value))}" for name, value in shaping[:NAMED]]
    return "-".join([asked.listing.name, f"{now:%Y%m%dT%H%M%SZ}", *parts])


def text(request: ActingRequest, asked: Asked, queryset: "QuerySet[Any]") -> str:
    """The file: a line for each thing said, in the reader's language."""
    rows = asked.applied(queryset)
    instant = int(request.now.timestamp() * 1000)
    facts = [
        (_("List"), f"{asked.listing.name} ({request.path})"),
        (_("Agency"), formats.agency_name(request.officer.agency)),
        (_("Filters"), _filters(asked)),
        (_("Order"), _order(asked)),
        (_("Rows"), formats.number_text(rows.count())),
        (_("As of"), formats.instant_iso(instant)),
        (_("Entries signed here"), formats.number_text(read.entries.entries_signed())),
        (_("Highest marking of a row"), _marking(rows)),
        (_("Columns"), ", ".join(column.title for column in asked.listing.columns)),
    ]
    return "".join(f"{title}: {said}\r\n" for title, said in facts)


def _filters(asked: Asked) -> str:
    said = []
    for one in asked.listing.filters:
        if one.name in asked.values and one.name not in asked.errors:
            value = asked.values[one.name]
            said.append(f"{one.title} = {dict(one.choices_now()).get(value, value)}")
    return "; ".join(said) or _("none")


def _order(asked: Asked) -> str:
    if asked.sorted_by is None:
        return _("as the list stands by itself")
    way = _("descending") if asked.descending else _("ascending")
    return f"{asked.sorted_by.title}, {way}"


def _marking(rows: "QuerySet[Any]") -> str:
    fields = {field.name for field in rows.model._meta.get_fields()}
    highest = rows.order_by().aggregate(highest=Max("marking"))["highest"] if "marking" in fields else 0
    words = (
        _("No secrecy marking"),
        pgettext("marking", "Confidential"),
        pgettext("marking", "Secret"),
        pgettext("marking", "Top secret"),
    )
    return words[highest or 0]


def _safe(word: str) -> str:
    return _UNSAFE.sub("_", word)[:VALUE_CHARACTERS]
