"""The two ASGI applications of a node: pages and node interface. Django must be set up before this is imported.

Rules kept here: requests run on kept threads. Django's handler would start a thread for each request, and with it a
new database connection with its settings and none of what a connection remembers: some 20 ms of processor time each.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Final

from asgiref.sync import ThreadSensitiveContext
from django.core.handlers.asgi import ASGIHandler

from accordant.entries import limits

Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]

IDLE_THREADS: Final = 8

_handler = ASGIHandler()


class Threads:
    """Single threads that each run one request at a time; the one used last is used next, its caches are warm."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._idle: list[ThreadPoolExecutor] = []

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Run the synchronous parts of a request on a thread of its own; called on the event loop's thread alone."""
        thread = self._idle.pop() if self._idle else ThreadPoolExecutor(1, thread_name_prefix=self.name)
        try:
            async with ThreadSensitiveContext(executor=thread):
                yield
        finally:
            if len(self._idle) < IDLE_THREADS:
                self._idle.append(thread)
            else:
                thread.shutdown(wait=False)


_PAGES: Final = Threads("pages")
_INTERFACE: Final = Threads("interface")


async def pages(scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
    """Django's handler."""
    async with _PAGES.one():
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
    async with _INTERFACE.one():
        await _handler(dict(scope), receive, send)


def _refused_length(method: str, length: bytes | None) -> int:
    """The status that answers a request with this Content-Length, 0 when it may be read (wire paper 8)."""
    if length is None:
        return 411 if method == "POST" else 0
    return 0 if length.isdigit() and int(length) <= limits.PARCEL_BYTES else 413
