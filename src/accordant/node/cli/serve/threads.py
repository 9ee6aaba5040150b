"""Kept threads for requests.

Django's handler would start a thread for each request, and with it a new database connection with its settings and none
of what a connection remembers: some 15 ms of processor time each.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Final

from asgiref.sync import ThreadSensitiveContext

from accordant.node.asgi import Application, Scope

IDLE_THREADS: Final = 8


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


def kept(name: str, application: Application) -> Application:
    """The application with its synchronous parts on kept threads of this name."""
    threads = Threads(name)

    async def run(scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
        async with threads.one():
            await application(scope, receive, send)

    return run
