"""The frame around every page: who acts, menu, link lamps, marking. What lies above this package is handed in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest


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


_PROVIDED: list[Provider] = []


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


def menu() -> list[MenuItem]:
    """The installed domains that have pages, in their order; each application names its first page in `menu_route`."""
    return [
        MenuItem(config.title, config.menu_route, config.menu_key)
        for config in apps.get_app_configs()
        if hasattr(config, "menu_route")
    ]


def frame(request: HttpRequest) -> dict[str, Any]:
    """What base.html needs beside a view's own context."""
    return {
        "frame_menu": menu(),
        "frame_demo": settings.ACCORDANT_DEMO,
        "frame_agency": settings.ACCORDANT_AGENCY,
        "frame_agency_names": settings.ACCORDANT_AGENCY_NAMES,
    }
