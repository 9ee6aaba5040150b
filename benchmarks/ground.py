"""Two fresh nodes that know each other and share a circle, and hands on them."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from accordant.node.demo.processes import Server


class Hands:
    """A worker process on one node."""

    def __init__(self, directory: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.exchange_worker", str(directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, **command: Any) -> dict[str, Any]:
        """Start a command and wait for its answer."""
        self.begin(**command)
        return self.answer()

    def begin(self, **command: Any) -> None:
        """Start a command."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """Wait for the answer of the command begun last."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the worker ended")
        found: dict[str, Any] = json.loads(line)
        return found

    def close(self) -> None:
        """End the process."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait()


class Ground:
    """Directories `a` and `b` below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.a = folder / "a"
        self.b = folder / "b"

    def run(self, *words: str) -> dict[str, Any]:
        """One command; gives its JSON answer."""
        done = subprocess.run(
            [sys.executable, "-m", "accordant.node", *words, "--json"], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(words)}: {done.stdout}{done.stderr}")
        found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return found

    def prepare(self) -> str:
        """Create both nodes, introduce them, open the circle; gives its id."""
        for name, directory in (("a", self.a), ("b", self.b)):
            pages, node = free_ports(2)
            self.run(
                "init", str(directory), "--agency", f"{name}.example", "--name", name,
                "--pages-port", str(pages), "--node-port", str(node),
            )  # fmt: skip
        hands = {"a.example": Hands(self.a), "b.example": Hands(self.b)}
        for agency, other in (("a.example", "b.example"), ("b.example", "a.example")):
            card = hands[other].ask(do="card")
            hands[agency].ask(do="trust", agency=other, card=card["card"], fingerprint=card["fingerprint"])
        circle = self._circle(hands["a.example"], hands["b.example"])
        for hand in hands.values():
            hand.close()
        return circle

    def _circle(self, opener: Hands, joiner: Hands) -> str:
        circle: str = opener.ask(do="open", members=["b.example"])["circle"]
        servers = [Server(self.a), Server(self.b)]
        for server in servers:
            server.start()
        try:
            _until(joiner, circle, joined=1)
            joiner.ask(do="join", circle=circle)
            _until(opener, circle, joined=2)
            _until(joiner, circle, joined=2)
        finally:
            for server in servers:
                server.stop()
        return circle


def _until(hands: Hands, circle: str, *, joined: int) -> None:
    end = time.perf_counter() + 60
    while hands.ask(do="joined", circle=circle)["joined"] < joined:
        if time.perf_counter() > end:
            raise SystemExit(f"{circle} is not joined by {joined} within a minute")
        time.sleep(0.05)


def free_ports(count: int) -> list[int]:
    """Free TCP ports of 127.0.0.1, found together so that they differ."""
    held = [socket.socket() for _ in range(count)]
    for one in held:
        one.bind(("127.0.0.1", 0))
    ports: list[int] = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports
