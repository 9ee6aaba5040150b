"""A fault ends neither a thread nor the other works: it is told, waited out and tried again.

One fault ends the process: a commit or a signed head that could not be flushed. The kernel may have dropped the pages,
so that nothing may be written after it (security paper 3.1); whoever waits for an answer sees the connection cut, which
means "unknown".
"""

import logging
import os
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from django.db import close_old_connections

from accordant.accounts import keys
from accordant.entries.errors import AccordantError
from accordant.ledger.sqlite import base as sqlite

LOG: Final = logging.getLogger("accordant.serving")
FIRST_SECONDS: Final = 1.0
MOST_SECONDS: Final = 60.0
EXIT_NOT_FLUSHED: Final = 70

Result = TypeVar("Result")


class Works:
    """Runs works by name. One that ended by a fault is left alone, after each further fault twice as long."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self.seconds = seconds
        self._failed: dict[str, tuple[int, float]] = {}  # faults in a row, when it may be tried again

    def run(self, name: str, work: Callable[[], Result], **fields: str) -> Result | None:
        """What the work gives; None when it failed now or is left alone. `fields` go into the diagnostics."""
        faults, again_at = self._failed.get(name, (0, 0.0))
        if faults and self.seconds() < again_at:
            return None
        try:
            result = work()
        except AccordantError as error:
            LOG.warning("work-refused", extra={"code": error.code, **fields})
            return None
        except Exception as error:  # noqa: BLE001  # one work's fault must not end the thread that all of them need
            self._leave(name, faults, error, fields)
            return None
        self._failed.pop(name, None)
        return result

    @property
    def failing(self) -> bool:
        """Whether a work ended by a fault the last time it was tried."""
        return bool(self._failed)

    def _leave(self, name: str, faults: int, error: Exception, fields: Mapping[str, str]) -> None:
        LOG.error("fault", extra={"code": type(error).__name__, **fields}, exc_info=error)
        wait = min(MOST_SECONDS, FIRST_SECONDS * 2 ** min(faults, 10))
        self._failed[name] = (faults + 1, self.seconds() + wait)
        close_old_connections()


def end_when_not_flushed() -> None:
    """From now on a commit or a signed head that cannot be flushed ends this process with 70."""
    sqlite.NOT_FLUSHED.append(_end)
    keys.NOT_FLUSHED.append(_end)


def _end() -> None:
    LOG.critical("not-flushed")
    os._exit(EXIT_NOT_FLUSHED)
