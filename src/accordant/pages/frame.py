"""The frame around every page: who acts, menu, link lamps, counts. What lies above this package is handed in.

Everything is worked out when a template first asks for it: a page that does not show it does not pay for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import version
from typing import Any, Final, cast

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext

from accordant.accounts import officers
from accordant.ledger import read
from accordant.ledger.models import Entry
from accordant.pages import live, panels
from accordant.pages.acting import ActingRequest, reads


@dataclass(frozen=True, slots=True)
class LinkLamp:
    """One peer in the frame: `lamp` is met, waiting or not-reached; `text` says how long or how many."""

    agency: str
    lamp: str
    text: str


@dataclass(frozen=True)
class Provider:
    """What the composition root tells the frame: link lamps at an instant, an agency's names (Vietnamese, English)."""

    links: Callable[[datetime], Sequence[LinkLamp]]
    names: Callable[[str], tuple[str, str]]


COUNTS_KEPT: Final = 1000
_PROVIDED: list[Provider] = []
_COUNTS: dict[str, tuple[object, int]] = {}


def provide(provider: Provider) -> None:
    """Use this provider from now on."""
    _PROVIDED[:] = [provider]


def provider() -> Provider:
    """The provider in use; one that knows nothing before any was given."""
    return _PROVIDED[0] if _PROVIDED else Provider(lambda now: (), lambda agency: (agency, agency))


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the menu: title, route name, the key after `g`, whether the page asked for lies below it."""

    title: str
    route: str
    key: str
    current: bool


@dataclass(frozen=True, slots=True)
class OfficeShown:
    """An office that the officer holds, and whether it is the acting one."""

    code: str
    title: str
    current: bool


def menu(request: HttpRequest) -> list[MenuItem]:
    """The installed domains, in their order, that have pages and that a role of this officer reads.

    Each application names its first page in `menu_route`; nobody signed in has no menu.
    """
    if getattr(request, "officer", None) is None:
        return []
    found = []
    for config in apps.get_app_configs():
        address = _first_page(config)
        if address and reads(cast(ActingRequest, request), f"{config.label}."):
            item = cast(Any, config)  # applications of domains carry title, menu_key and menu_route
            current = request.path.startswith(address)
            found.append(MenuItem(gettext(item.title), item.menu_route, item.menu_key, current))
    return found


def waiting(request: HttpRequest) -> list[panels.DeskRow]:
    """What waits for the officer's offices: due first, then oldest; worked out once a request."""
    if getattr(request, "officer", None) is None:
        return []
    acting = cast(ActingRequest, request)
    held: list[panels.DeskRow] | None = getattr(acting, "desk_rows", None)
    if held is None:
        held = sorted(panels.at("desk.waiting", acting), key=lambda row: (row.due is None, row.due or 0, row.at))
        acting.desk_rows = held  # type: ignore[attr-defined]  # kept for the desk, which shows what the frame counts
    return held


def waiting_count(request: HttpRequest) -> int:
    """How many rows wait; asked on every page, so that it is worked out anew only after an entry or a right changed."""
    if getattr(request, "officer", None) is None:
        return 0
    acting = cast(ActingRequest, request)
    state = (acting.subject.assignments, acting.subject.clearance, acting.officer.office, newest_entry())
    held = _COUNTS.get(acting.officer.id)
    if held is None or held[0] != state or hasattr(acting, "desk_rows"):
        if len(_COUNTS) >= COUNTS_KEPT:
            _COUNTS.clear()
        held = _COUNTS[acting.officer.id] = (state, len(waiting(request)))
    return held[1]


def links(request: HttpRequest) -> Sequence[LinkLamp]:
    """The lamps of all peers, for whoever acts in an office; worked out once a request."""
    if getattr(request, "officer", None) is None:
        return ()
    acting = cast(ActingRequest, request)
    held: Sequence[LinkLamp] | None = getattr(acting, "link_lamps", None)
    if held is None:
        held = provider().links(acting.now)
        acting.link_lamps = held  # type: ignore[attr-defined]  # kept: the frame and the page of links show the same
    return held


def offices(request: HttpRequest) -> list[OfficeShown]:
    """The offices held now, with titles in the reader's language."""
    acting = getattr(request, "officer", None)
    if acting is None:
        return []
    codes = cast(ActingRequest, request).subject.offices
    titles = officers.office_titles(codes, vietnamese=_vietnamese())
    return [OfficeShown(code, titles.get(code, code), code == acting.office) for code in codes]


def frame(request: HttpRequest) -> dict[str, Any]:
    """What base.html needs beside a view's own context; functions are called by the template, once."""
    return {
        "frame_menu": cache(lambda: menu(request)),
        "frame_demo": settings.ACCORDANT_DEMO,
        "frame_agency": settings.ACCORDANT_AGENCY,
        "frame_agency_name": settings.ACCORDANT_AGENCY_NAMES[0 if _vietnamese() else 1],
        "frame_ceiling": settings.ACCORDANT_CEILING,
        "frame_status": live.Part(
            "status", "pages/parts/status.html", live.OTHER_SECONDS, _status(), ("pages/parts/desk_link.html",)
        ),
        "frame_links": cache(lambda: links(request)),
        "frame_offices": cache(lambda: offices(request)),
        "frame_entries_signed": cache(read.entries.entries_signed),
        "frame_version": cache(lambda: version("accordant")),
        "frame_as_of": _instant(request),
        "frame_waiting": cache(lambda: waiting_count(request)),
        "frame_theme": _preference(request, "theme", ("auto", "light", "dark")),
        "frame_density": _preference(request, "density", ("compact", "comfortable")),
        "frame_keys": getattr(request.user, "keys", True) if hasattr(request, "user") else True,
    }


def newest_entry() -> int | None:
    """The local id of the entry stored last: what came after it is new to a page."""
    return Entry.objects.order_by("-id").values_list("id", flat=True).first()


def _status() -> str:
    try:
        return reverse("pages:status")
    except NoReverseMatch:  # a page of a fault, without routes
        return ""


def _first_page(config: object) -> str:
    """The address of a domain's first page; "" where it has none."""
    route = getattr(config, "menu_route", "")
    if not route:
        return ""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""


def _preference(request: HttpRequest, name: str, allowed: Sequence[str]) -> str:
    """The officer's choice, else the one this browser made before signing in, else the first."""
    user = getattr(request, "user", None)
    value = getattr(user, name, "") or request.COOKIES.get(name, "")
    return value if value in allowed else allowed[0]


def _instant(request: HttpRequest) -> int | None:
    now: datetime | None = getattr(request, "now", None)
    return None if now is None else int(now.timestamp() * 1000)


def _vietnamese() -> bool:
    return (get_language() or "vi").startswith("vi")
