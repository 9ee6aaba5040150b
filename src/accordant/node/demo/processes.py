"""The demo's processes: a server and a worker for each node, started and ended by their own ids."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from accordant.entries.errors import Refusal, Refused, Unavailable, refusal
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
                raise Unavailable([_not_started(str(self.directory), self._last_words())])

    def check(self) -> None:
        """Raises `Unavailable` when the process ended by itself."""
        if self.process is not None and self.process.poll() is not None:
            raise Unavailable([_not_started(str(self.directory), self._last_words())])

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

    def _last_words(self) -> str:
        lines = (self.directory / "serve.log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else "-"


class Worker:
    """Ordinary commands on one node, one after the other in one process."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.process = subprocess.Popen(
            [sys.executable, "-m", "accordant.node.demo.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str | Sequence[str]) -> dict[str, Any]:
        """Run one command; gives its JSON answer; raises `Refused` when the command refuses."""
        flat = [w for word in words for w in ([word] if isinstance(word, str) else word)]
        if self.process.stdin is None or self.process.stdout is None:
            raise Unavailable([_not_started(str(self.directory), "-")])
        self.process.stdin.write(json.dumps([*flat, "--json"]) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise Unavailable([_not_started(str(self.directory), "-")])
        reply = json.loads(line)
        if reply["code"]:
            raise Refused([_step_failed(" ".join(flat[:2]), str(reply["json"].get("message", reply["json"])))])
        answer: dict[str, Any] = reply["json"]
        return answer

    def close(self) -> None:
        """End the process: it ends with its input."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


def command(*words: str) -> dict[str, Any]:
    """Run one command in a process of its own; gives its JSON answer; raises `Refused` when the command refuses."""
    done = subprocess.run(
        [sys.executable, "-m", "accordant.node", *words, "--json"], capture_output=True, text=True, check=False
    )
    lines = done.stdout.strip().splitlines() or ["{}"]
    if done.returncode:
        raise Refused([_step_failed(" ".join(words[:2]), lines[-1] if lines[-1] != "{}" else done.stderr.strip())])
    answer: dict[str, Any] = json.loads(lines[-1])
    return answer


def _not_started(directory: str, said: str) -> Refusal:
    return refusal(
        "demo-process",
        _("The demo stopped."),
        _("A process of the node in {directory} ended by itself; its last words: {said}"),
        _("Remove what stands in its way and start the demo again."),
        directory=directory,
        said=said,
    )


def _step_failed(step: str, why: str) -> Refusal:
    return refusal(
        "demo-step",
        _("The demo stopped at: {step}."),
        _("The command said: {why}"),
        _("Remove what stands in its way and start the demo again."),
        step=step,
        why=why,
    )
