"""Filters: instants, days, numbers, agencies by name, the headline of an entry."""

from decimal import Decimal

from django import template
from django.utils.safestring import SafeString

from accordant.entries.envelope import Header
from accordant.ledger.read.entries import StoredEntry
from accordant.pages import formats, headlines, lamps

register = template.Library()


@register.filter
def instant(milliseconds: int | None) -> str:
    """A time in the node's zone, such as 14:03 06/12/2025; empty for None."""
    return formats.instant_text(milliseconds)


@register.filter
def deadline(milliseconds: int | None) -> str:
    """A deadline in the node's zone, such as 24:00 06/12/2025; empty for None."""
    return formats.deadline_text(milliseconds)


@register.filter
def clock(milliseconds: int) -> str:
    """The time of day in the node's zone, such as 14:03:07."""
    return formats.clock_text(milliseconds)


@register.filter
def day(iso: str | None) -> str:
    """A day from ISO form, such as 06/12/2025; empty for None."""
    return formats.day_text(iso or "")


@register.filter
def number(value: int | float | Decimal | None) -> str:
    """A number with the separators of the language; empty for None."""
    return "" if value is None else formats.number_text(value)


@register.filter
def agency(identifier: str | None) -> str:
    """An agency's name in the reader's language; empty for none."""
    return formats.agency_name(identifier) if identifier else ""


@register.filter
def lamp(state: str, text: str) -> SafeString:
    """A lamp with these words; with those of its state where there are none."""
    return lamps.markup(state, text)


@register.filter
def headline(entry: StoredEntry | Header) -> str:
    """What an entry says, in one sentence."""
    return headlines.headline(entry if isinstance(entry, Header) else entry.header)
