"""What forms offer: circles, agencies, programmes that this person may read."""

from typing import Any

from accordant.domains.programmes.models import Named, open_programmes, show_programme
from accordant.domains.programmes.views import lists
from accordant.pages import formats
from accordant.pages.acting import ActingRequest
from accordant.regulations.models import importable_circles

OPEN_MILLISECONDS = 60 * 24 * 3_600_000


def shared(request: ActingRequest) -> dict[str, Any]:
    """Circles of this agency, and the other agencies."""
    others = [(agency, name) for agency, name in lists.agencies() if agency != request.officer.agency]
    return {"circles": importable_circles(request.subject, request.now), "agencies": others}


def with_programmes(request: ActingRequest) -> dict[str, Any]:
    """The same with the programmes that last, or ended within sixty days, and the one that was asked for."""
    today = int(request.now.timestamp() * 1000)
    since = formats.day_of(today - OPEN_MILLISECONDS)
    found = [
        named
        for circle, _title in importable_circles(request.subject, request.now)
        for named in open_programmes(request.subject, request.now, circle=circle, since=since)
    ]
    asked = _asked(request)
    if asked is not None and asked.ref not in [named.ref for named in found]:
        found.append(asked)
    initial = {"day": formats.day_of(today), "programme": "" if asked is None else str(asked.ref)}
    return {**shared(request), "programmes": found, "initial": initial}


def _asked(request: ActingRequest) -> Named | None:
    """The programme at the position that the form or the address gives: origin, blank, index."""
    given = request.POST.get("programme") or request.GET.get("programme", "")
    origin, _blank, index = given.partition(" ")
    if not (index.isascii() and index.isdigit() and len(index) < 16):
        return None
    shown = show_programme(request.subject, request.now, origin, int(index))
    return None if shown is None else Named.of(shown.row, shown.ref)
