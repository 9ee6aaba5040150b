"""What the address asks of a list: filters, sort, page, rows a page. Wrong values are named, never obeyed."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from accordant.pages.listing.columns import Column, Filter, Listing

PER_PAGE: Final = (50, 100, 200)
TEXT_CHARACTERS: Final = 200
PLACE: Final = ("page", "below", "above", "export", "known", "after")


@dataclass(frozen=True)
class Asked:
    """The state of one list. `values` holds what was typed by filter, `errors` why a value is not applied."""

    listing: Listing
    query: QueryDict
    values: Mapping[str, str]
    errors: Mapping[str, str]
    sorted_by: Column | None
    descending: bool
    per: int
    page: int

    @property
    def order(self) -> Sequence[str]:
        """The fields to order by."""
        if self.sorted_by is None:
            return self.listing.order
        return [f"-{self.sorted_by.sort}" if self.descending else self.sorted_by.sort]

    @property
    def narrowed(self) -> bool:
        """Whether a filter applies."""
        return any(name not in self.errors for name in self.values)

    def applied(self, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        """The query with every valid filter."""
        for one in self.listing.filters:
            if one.name in self.values and one.name not in self.errors:
                queryset = one.apply(queryset, self.values[one.name])
        return queryset

    @property
    def reset(self) -> str:
        """The address of this list without any filter."""
        return self.link(**{one.name: "" for one in self.listing.filters})

    def link(self, **changes: str) -> str:
        """The address of this list with some parameters changed (empty = left out), from its first page on."""
        query = self.query.copy()
        for name in PLACE:
            query.pop(name, None)
        for name, value in changes.items():
            if value:
                query[name] = value
            else:
                query.pop(name, None)
        return f"?{query.urlencode()}"


def read(listing: Listing, query: QueryDict) -> Asked:
    """What `query` asks of `listing`."""
    values: dict[str, str] = {}
    errors: dict[str, str] = {}
    for one in listing.filters:
        value = unicodedata.normalize("NFC", query.get(one.name, "")).strip()
        if value:
            values[one.name] = value
            error = _error(one, value)
            if error:
                errors[one.name] = error
    sort = query.get("sort", "")
    columns = {column.name: column for column in listing.columns if column.sort}
    per = _number(query.get("per", ""))
    return Asked(
        listing=listing,
        query=query,
        values=values,
        errors=errors,
        sorted_by=columns.get(sort.lstrip("-")),
        descending=sort.startswith("-"),
        per=min(per, PER_PAGE[-1]) or PER_PAGE[0],
        page=_number(query.get("page", "")) or 1,
    )


def _error(one: Filter, value: str) -> str:
    if one.sort == "choice":
        return "" if value in dict(one.choices_now()) else _("There is no such choice.")
    if one.sort == "text":
        return "" if len(value) <= TEXT_CHARACTERS else _("At most 200 characters.")
    try:
        found = date.fromisoformat(value)
    except ValueError:
        found = None
    return "" if found and value == found.isoformat() else _("Enter a day as year-month-day, such as 2025-12-31.")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("1000000") else 0
