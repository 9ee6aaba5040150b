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

    def start(self) -> None:
        """Start and wait until both ports answer; raises `Unavailable` when it ends instead."""
        reading, writing = os.pipe()
        words = [sys.executable, "-m", "accordant.node", "serve", str(self.directory), "--ready-fd", str(writing)]
        with (self.directory / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(words, pass_fds=[writing], stdout=log, stderr=log, start_new_session=True)
        os.close(writing)
        with os.fdopen(reading, "rb") as ready:
            if ready.readline() != b"ready\n":
                raise Unavailable([_not_started(str(self.directory))])

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


class Worker:
    """Ordinary commands on one node, in one process."""

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
            raise Unavailable([_not_started(str(self.directory))])
        self.process.stdin.write(json.dumps([*flat, "--json"]) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise Unavailable([_not_started(str(self.directory))])
        reply = json.loads(line)
        if reply["code"]:
            raise Refused([_step_failed(" ".join(flat[:3]), str(reply["json"].get("message", reply["json"])))])
        answer: dict[str, Any] = reply["json"]
        return answer

    def close(self) -> None:
        """End the process."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait(STOP_SECONDS)


def _not_started(directory: str) -> Refusal:
    return refusal(
        "demo-process",
        _("The demo stopped."),
        _("A process of the node in {directory} ended before it was ready."),
        _("Read {directory}/serve.log, remove the demo's directory and start again."),
        directory=directory,
    )


def _step_failed(step: str, why: str) -> Refusal:
    return refusal(
        "demo-step",
        _("The demo stopped at: {step}."),
        _("The command said: {why}"),
        _("Remove the demo's directory and start again."),
        step=step,
        why=why,
    )
