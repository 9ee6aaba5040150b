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
    """The same handler, told that the request came in on the node port; too long a body is refused unread."""
    scope["accordant.surface"] = "node"
    length = dict(scope["headers"]).get(b"content-length", b"0")
    if not length.isdigit() or int(length) > limits.PARCEL_BYTES:
        await send({"type": "http.response.start", "status": 413, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})
        return
    await pages(scope, receive, send)
