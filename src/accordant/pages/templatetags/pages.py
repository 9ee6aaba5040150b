"""Filters and tags: instants, days, numbers, agencies by name."""

from datetime import UTC, datetime

from django import template
from django.utils import timezone

register = template.Library()


@register.filter
def instant(milliseconds: int | None) -> str:
    """A time in the node's zone, such as 14:03 06/12/2025; empty for None."""
    if milliseconds is None:
        return ""
    return timezone.localtime(datetime.fromtimestamp(milliseconds / 1000, UTC)).strftime("%H:%M %d/%m/%Y")
