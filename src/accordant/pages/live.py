"""Live parts of a page: asked again while the page is seen, answered only when their words changed (screens paper 1).

A part carries the digest of what it shows, and of what changes with it elsewhere; a request that brings the same digest
back in `after` gets 204. Without scripts nobody asks, and the part is an ordinary piece of the page.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

HEADER: Final = "Accordant-Poll"
DESK_SECONDS: Final = 15
OTHER_SECONDS: Final = 60
_ID: Final = re.compile("[0-9]{1,18}")
_TOKEN: Final = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')  # another one in every answer
_OPENING: Final = '<div id="{}" data-poll="{}" data-poll-url="{}" data-after="{}" hx-swap="outerHTML">'


@dataclass(frozen=True, slots=True)
class Part:
    """A live part: its id, its template, the seconds between two questions, the address asked ("" = the page's own).

    `beside`: templates of elements elsewhere on the page that change with it; each names itself by an id and has
    `hx-swap-oob` where `beside` is set in its context.
    """

    name: str
    template: str
    every: int = DESK_SECONDS
    href: str = ""
    beside: tuple[str, ...] = ()


def asked(request: HttpRequest) -> bool:
    """Whether the page asks by itself, not the officer."""
    return request.headers.get(HEADER) == "1"


def known(request: HttpRequest, newest: int) -> int:
    """Up to which entry (local id) the page shows rows: all for one that opens, what it had for one that asks again."""
    text = request.GET.get("known", "")
    return int(text) if asked(request) and _ID.fullmatch(text) else newest


def answer(request: HttpRequest, part: Part, context: Mapping[str, Any]) -> HttpResponse:
    """The part for a page that asks again: 204 when it shows this already, else its markup anew."""
    shown = render_to_string(part.template, {**context, "part": part}, request)
    beside = "".join(render_to_string(name, {**context, "beside": True}, request) for name in part.beside)
    if request.GET.get("after", "") == _digest(shown + beside):
        return HttpResponse(status=204)
    response = HttpResponse(markup(part, shown, beside) + beside)
    response.headers["HX-Push-Url"] = "false"  # such an address is none of the reader's
    return response


def markup(part: Part, shown: str, beside: str) -> SafeString:
    """The part around what it shows; `beside` is what its elements elsewhere on the page show now."""
    opening = format_html(_OPENING, part.name, part.every, part.href, _digest(shown + beside))
    return mark_safe(f"{opening}{shown}</div>")  # noqa: S308  # a template escaped it


def _digest(shown: str) -> str:
    return hashlib.sha256(_TOKEN.sub("", shown).encode()).hexdigest()[:16]
