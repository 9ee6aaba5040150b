"""Panels: domains give rows for places on pages that know no domain; each reads through its own `visible_to`.

A place is a name such as "desk.waiting". A domain registers its function from `views.py`; the page shows what all give,
in the order of the installed domains.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from accordant.entries.envelope import EntryRef
from accordant.pages.acting import ActingRequest

Panel = Callable[[ActingRequest, EntryRef | None], Sequence[Any]]
_PANELS: dict[str, list[Panel]] = {}


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done at once: the button's words, where it leads, `post` with a token or `get`."""

    title: str
    href: str
    method: Literal["get", "post"] = "get"


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A row of the desk: what waits, from or for which agency, since when, until when (ms), with its acts.

    `entry`: the local id of the entry it comes from; a page that is open shows by it what came since.
    """

    title: str
    href: str
    agency: str
    at: int
    due: int | None = None
    lamp: str = "waiting"
    lamp_text: str = ""
    acts: tuple[Act, ...] = ()
    entry: int = 0


def panel(place: str) -> Callable[[Panel], Panel]:
    """Decorator: the function fills this place. The same function again changes nothing."""

    def register(given: Panel) -> Panel:
        held = _PANELS.setdefault(place, [])
        if given not in held:
            held.append(given)
        return given

    return register


def at(place: str, request: ActingRequest, ref: EntryRef | None = None) -> list[Any]:
    """What all domains give for a place, one after the other."""
    return [row for given in _PANELS.get(place, ()) for row in given(request, ref)]
