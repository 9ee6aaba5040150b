"""Processes forked from one that has loaded the libraries: a second less for each than a new start takes.

The demo's nodes and its hands run in them, each a process of its own with its own settings and database.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from accordant.entries.errors import AccordantError, Refusal, Refused, Unavailable, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.node.demo.processes import STOP_SECONDS, Server, not_started

FORKING: Final = multiprocessing.get_context("forkserver")
# What every node loads and what asks no settings while it is loaded.
LOADED: Final = (
    "accordant.node.cli",
    "accordant.entries.cards",
    "accordant.entries.table_files",
    "accordant.seal.parcel",
    "accordant.tlog.policy",
    "django.contrib.staticfiles.finders",
    "django.core.handlers.asgi",
    "django.core.management.commands.migrate",
    "django.db.backends.sqlite3.base",
    "django.db.models",
    "django.forms",
    "django.template.backends.django",
    "django.views.generic",
    "uvicorn",
    "uvicorn.protocols.http.httptools_impl",
    "segno",
    "whitenoise.middleware",
)


class Child(Server):
    """`accordant serve` of one node in a forked process."""

    child: Any = None

    def begin(self) -> None:
        """Start; `await_ready` tells when it answers."""
        reading, writing = FORKING.Pipe(duplex=False)
        self.child = _process(_serve, str(self.directory), writing)
        self.child.start()
        writing.close()
        self.ready = os.dup(reading.fileno())
        reading.close()

    def check(self) -> None:
        """Raises `Unavailable` when the process ended by itself."""
        if self.child is not None and not self.child.is_alive():
            raise Unavailable([not_started(str(self.directory), self.last_words())])

    def stop(self) -> None:
        """End the process and wait for its end."""
        if self.child is not None:
            self.child.terminate()
            _end(self.child)
            self.child = None


class Hand:
    """Ordinary commands on one node, one after the other in one forked process."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.line, theirs = FORKING.Pipe()
        self.child = _process(_work, theirs)
        self.child.start()
        theirs.close()

    def run(self, *words: str | Sequence[str]) -> dict[str, Any]:
        """Run one command; gives its JSON answer; raises `Refused` when the command refuses."""
        flat = [w for word in words for w in ([word] if isinstance(word, str) else word)]
        try:
            self.line.send([*flat, "--json"])
            code, answer = self.line.recv()
        except (EOFError, OSError) as error:
            raise Unavailable([not_started(str(self.directory), " ".join(flat[:2]))]) from error
        if code:
            raise Refused([_step_failed(" ".join(flat[:2]), str(answer))])
        found: dict[str, Any] = answer
        return found

    def close(self) -> None:
        """End the process: it ends with its line."""
        self.line.close()
        _end(self.child)


def _process(target: Any, *arguments: Any) -> Any:
    FORKING.set_forkserver_preload(list(LOADED))
    return FORKING.Process(target=target, args=arguments, daemon=True)


def _end(child: Any) -> None:
    child.join(STOP_SECONDS)
    if child.is_alive():
        child.kill()
        child.join()


def _serve(directory: str, ready: Connection) -> None:
    """In the child: serve, with all that is said going to the node's log."""
    os.setsid()
    log = os.open(Path(directory) / "serve.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    sys.exit(_main(["serve", directory, "--ready-fd", str(os.dup(ready.fileno()))], ready))


def _main(words: list[str], ready: Connection) -> int:
    from accordant.node.cli import main  # noqa: PLC0415  # the commands' list imports this module

    ready.close()
    return main(words)


def _work(line: Connection) -> None:
    """In the child: run commands until the line ends."""
    from accordant.node.cli import execute  # noqa: PLC0415  # the commands' list imports this module

    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    while True:
        try:
            words = line.recv()
        except EOFError:
            return
        try:
            answer = execute(words)
        except AccordantError as error:
            line.send((1, str(error)))
        else:
            line.send((answer.code, answer.json or {}))


def _step_failed(step: str, why: str) -> Refusal:
    return refusal(
        "demo-step",
        _("The demo stopped at: {step}."),
        _("The command said: {why}"),
        _("Remove what stands in its way and start the demo again."),
        step=step,
        why=why,
    )
