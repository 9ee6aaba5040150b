"""One holder a node: `serve`, or a rebuild in place. The kernel lets go of the lock however the holder ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from accordant.entries.errors import Refusal, Refused, refusal
from accordant.entries.kinds import gettext_noop as _

FILE_NAME: Final = "holder"


@contextmanager
def held(directory: Path) -> Iterator[None]:
    """Hold the node for a while; raises `Refused` naming the process that holds it already."""
    handle = os.open(directory / FILE_NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused([_taken(directory, os.pread(handle, 20, 0).decode("ascii", "replace"))]) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def _taken(directory: Path, process: str) -> Refusal:
    return refusal(
        "node-held",
        _("The command was not carried out."),
        _("Process {process} serves or rebuilds the node in {directory}."),
        _("End that process and try again. A comparison is possible meanwhile: accordant rebuild {directory} --check"),
        directory=str(directory),
        process=process or "-",
    )
