"""The demo's processes: a server and a worker for each node, started and ended by their own ids."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from accordant.entries.errors import Refusal, Unavailable, refusal
from accordant.entries.kinds import gettext_noop as _

STOP_SECONDS = 40


class Server:
    """`accordant serve` of one node."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.process: subprocess.Popen[bytes] | None = None
        self.ready = -1

    def start(self) -> None:
        """Start and wait until both ports answer; raises `Unavailable` when it ends instead."""
        self.begin()
        self.await_ready()

    def begin(self) -> None:
        """Start; `await_ready` tells when it answers."""
        self.ready, writing = os.pipe()
        words = [sys.executable, "-m", "accordant.node", "serve", str(self.directory), "--ready-fd", str(writing)]
        with (self.directory / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(words, pass_fds=[writing], stdout=log, stderr=log, start_new_session=True)
        os.close(writing)

    def await_ready(self) -> None:
        """Wait until both ports answer; raises `Unavailable` with its last words when it ends instead."""
        with os.fdopen(self.ready, "rb") as ready:
            if ready.readline() != b"ready\n":
                raise Unavailable([not_started(str(self.directory), self.last_words())])

    def check(self) -> None:
        """Raises `Unavailable` when the process ended by itself."""
        if self.process is not None and self.process.poll() is not None:
            raise Unavailable([not_started(str(self.directory), self.last_words())])

    def stop(self) -> None:
        """End the process and wait for its end."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def last_words(self) -> str:
        """The last line of its log."""
        lines = (self.directory / "serve.log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else "-"


class Worker(Protocol):
    """Ordinary commands on one node, one after the other in one process."""

    def run(self, *words: str | Sequence[str]) -> dict[str, Any]:
        """Run one command; gives its JSON answer; raises `Refused` when the command refuses."""

    def close(self) -> None:
        """End the process."""


def not_started(directory: str, said: str) -> Refusal:
    """What stands against going on when a process is gone."""
    return refusal(
        "demo-process",
        _("The demo stopped."),
        _("A process of the node in {directory} ended by itself; its last words: {said}"),
        _("Remove what stands in its way and start the demo again."),
        directory=directory,
        said=said,
    )
