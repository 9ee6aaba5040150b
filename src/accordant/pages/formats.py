"""How numbers, days, instants, agencies are written: the reader's language, the node's zone (screens paper 6)."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from django.utils import timezone
from django.utils.translation import get_language

from accordant.accounts import officers
from accordant.pages import frame

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY: Final = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>[0-2][0-9]|3[01]))?)?")


def is_vietnamese() -> bool:
    """Whether the page is in Vietnamese, which is what is written when no language is chosen."""
    return (get_language() or "vi").startswith("vi")


def day_text(iso: str) -> str:
    """06/12/2025 or 6 Dec 2025 for an ISO day; months and years alone likewise; anything else as it stands."""
    found = _DAY.fullmatch(iso)
    if found is None:
        return iso
    year, month, day = found.group("year", "month", "day")
    if is_vietnamese():
        return "/".join(part for part in (day, month, year) if part)
    return " ".join(
        part for part in (str(int(day)) if day else "", _MONTHS[int(month) - 1] if month else "", year) if part
    )


def instant_text(milliseconds: int | None) -> str:
    """14:03 06/12/2025 or 14:03, 6 Dec 2025 in the node's zone; empty for None."""
    if milliseconds is None:
        return ""
    local = _local(milliseconds)
    separator = " " if is_vietnamese() else ", "
    return f"{local:%H:%M}{separator}{day_text(local.date().isoformat())}"


def clock_text(milliseconds: int) -> str:
    """14:03:07 in the node's zone."""
    return f"{_local(milliseconds):%H:%M:%S}"


def day_of(milliseconds: int) -> str:
    """The ISO day of an instant in the node's zone."""
    return _local(milliseconds).date().isoformat()


def deadline_text(milliseconds: int | None) -> str:
    """The instant of a deadline; midnight belongs to the day that ends (domain paper 2)."""
    if milliseconds is None or clock_text(milliseconds) != "00:00:00":
        return instant_text(milliseconds)
    return instant_text(milliseconds - 60_000).replace("23:59", "24:00")


def instant_iso(milliseconds: int) -> str:
    """The instant as exports write it: ISO 8601 with the offset of the node's zone."""
    return _local(milliseconds).isoformat(timespec="seconds")


def number_text(number: int | float | Decimal) -> str:
    """1.898 and 2,5 in Vietnamese; 1,898 and 2.5 in English."""
    text = f"{number:,}"
    return text.translate(str.maketrans(",.", ".,")) if is_vietnamese() else text


def agency_name(agency: str) -> str:
    """The agency's name in the reader's language; its id while no name is known."""
    vietnamese, english = frame.provider().names(agency)
    return vietnamese if is_vietnamese() else english


def office_title(author: str, agency: str, *, us: str) -> str:
    """The office of an author in words; empty for authors of other agencies, whose offices have no titles here."""
    if agency != us:
        return ""
    code = author.partition("~")[0]
    return officers.office_titles([code], vietnamese=is_vietnamese()).get(code, "")


def _local(milliseconds: int) -> datetime:
    return timezone.localtime(datetime.fromtimestamp(milliseconds / 1000, UTC), timezone.get_default_timezone())
