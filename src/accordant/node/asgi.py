"""The two ASGI applications of a node: pages and node interface. Django must be set up before this is imported."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.core.handlers.asgi import ASGIHandler

from accordant.entries import limits

Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]

_handler = ASGIHandler()


async def pages(scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
    """Django's handler."""
    await _handler(dict(scope), receive, send)


async def node_interface(
    scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    """The same handler, told that the request came in on the node port; a body too long or unmeasured stays unread."""
    scope["accordant.surface"] = "node"
    refused = _refused_length(scope["method"], dict(scope["headers"]).get(b"content-length"))
    if refused:
        await send({"type": "http.response.start", "status": refused, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})
        return
    await pages(scope, receive, send)


def _refused_length(method: str, length: bytes | None) -> int:
    """The status that answers a request with this Content-Length, 0 when it may be read (wire paper 8)."""
    if length is None:
        return 411 if method == "POST" else 0
    return 0 if length.isdigit() and int(length) <= limits.PARCEL_BYTES else 413
