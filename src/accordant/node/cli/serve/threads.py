"""Kept threads for requests.

Django's handler would start a thread for each request, and with it a new database connection with its settings and none
of what a connection remembers: some 15 ms of processor time each.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

IDLE_THREADS: Final = 8


class Threads:
    """Single threads that each run one request at a time; the one used last is used next, its caches are warm."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._idle: list[ThreadPoolExecutor] = []

    @contextmanager
    def one(self) -> Iterator[ThreadPoolExecutor]:
        """A thread of the caller's own for a while; called on the event loop's thread alone."""
        thread = self._idle.pop() if self._idle else ThreadPoolExecutor(1, thread_name_prefix=self.name)
        try:
            yield thread
        finally:
            if len(self._idle) < IDLE_THREADS:
                self._idle.append(thread)
            else:
                thread.shutdown(wait=False)
