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
    """The same handler, told that the request came in on the node port; too long a body is refused unread."""
    scope["accordant.surface"] = "node"
    length = dict(scope["headers"]).get(b"content-length", b"0")
    if not length.isdigit() or int(length) > limits.PARCEL_BYTES:
        await send({"type": "http.response.start", "status": 413, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})
        return
    async with _INTERFACE.one():
        await _handler(dict(scope), receive, send)
