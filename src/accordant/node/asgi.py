"""The two ASGI applications of a node: pages and node interface. Django must be set up before this is imported."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.core.handlers.asgi import ASGIHandler

Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]

pages: Application = ASGIHandler()


async def node_interface(scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
    """The same handler, told that the request came in on the node port."""
    scope["accordant.surface"] = "node"
    await pages(scope, receive, send)
