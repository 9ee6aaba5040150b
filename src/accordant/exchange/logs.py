"""Logs as tiles (C2SP tlog-tiles) for the members of their circle, so that any reader can recompute a root from them.

Rules kept here: whoever is no member gets the answer that an unknown log gets; a full tile never changes, so it may be
kept; who keeps it is the member alone. Left to others: paths and widths (`tlog.tiles`), hashes (`ledger.sections`).
"""

import hashlib
from typing import Final

from django.http import HttpRequest, HttpResponse

from accordant.entries.errors import Refusal, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.exchange import partners, push
from accordant.exchange.views import authenticated, error, wrong_method
from accordant.ledger import sections
from accordant.ledger.storing import LogRow
from accordant.tlog import merkle, tiles

KEPT: Final = "private, max-age=31536000, immutable"
NOT_KEPT: Final = "private, no-cache"


@authenticated
def checkpoint(request: HttpRequest, peer: str, log: str) -> HttpResponse:
    """The newest checkpoint held here, with the cosignatures over it."""
    if request.method != "GET":
        return error(405, wrong_method(), {"Allow": "GET"})
    held = find(log, peer)
    newest = None if held is None else sections.newest_note(held)
    if newest is None:
        return error(404, not_found(), {})
    return HttpResponse(
        newest[1].to_bytes(), content_type="text/plain; charset=utf-8", headers={"Cache-Control": NOT_KEPT}
    )


@authenticated
def tile(request: HttpRequest, peer: str, log: str, place: str) -> HttpResponse:
    """A tile of hashes, or a bundle of entries (headers, never bodies)."""
    if request.method != "GET":
        return error(405, wrong_method(), {"Allow": "GET"})
    held = find(log, peer)
    try:
        wanted = tiles.parse_path(place)
    except tiles.BadTile:
        return error(404, not_found(), {})
    data = None if held is None else sections.tile(held, wanted)
    if data is None:
        return error(404, not_found(), {})
    kept = KEPT if wanted.width == merkle.TILE_WIDTH else NOT_KEPT
    return HttpResponse(data, content_type="application/octet-stream", headers={"Cache-Control": kept})


def find(name: str, peer: str) -> LogRow | None:
    """The log whose origin has this hash (64 hex), of a circle that the peer is in with us; None for every other."""
    circles = partners.circles_with(peer, push.our_agency())
    held = sections.logs_towards(peer, circles) if circles else []
    return next((log for log, _cosigned in held if hashlib.sha256(log.origin.encode()).hexdigest() == name), None)


def not_found() -> Refusal:
    """What stands against asking for what is not here, or not for this peer: nobody learns which."""
    return refusal(
        "no-such-log",
        _("Nothing was sent."),
        _("There is no such log or tile here for this agency."),
        _("Ask for logs of shared circles, for tiles below their newest checkpoint."),
    )
