"""Two fresh nodes that know each other and share a circle, made by the ordinary commands."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from accordant.node.demo.processes import Server


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

    def timed(self, *words: str) -> tuple[dict[str, Any], float]:
        """One command with the seconds it took, start of the process included."""
        started = time.perf_counter()
        return self.run(*words), time.perf_counter() - started

    def prepare(self) -> str:
        """Create both nodes, introduce them, open the circle; gives its id."""
        for name, directory in (("a", self.a), ("b", self.b)):
            pages, node = free_ports(2)
            self.run(
                "init", str(directory), "--agency", f"{name}.example", "--name", name,
                "--pages-port", str(pages), "--node-port", str(node),
            )  # fmt: skip
            self._officers(directory)
        cards = {name: self.run("card", str(self.folder / name)) for name in ("a", "b")}
        for name, other in (("a", "b"), ("b", "a")):
            file = self.folder / f"{other}.card"
            file.write_text(cards[other]["card"], encoding="utf-8")
            here = str(self.folder / name)
            self.run("peer", "add", here, str(file), "--as", "admin")
            self.run(
                "peer", "confirm", here, f"{other}.example", "--fingerprint", cards[other]["words"],
                "--how", "voice", "--channel", "bench", "--as", "admin",
            )  # fmt: skip
        return self._circle()

    def _officers(self, directory: Path) -> None:
        for sign_in, role in (("admin", "node-administrator"), ("liaison", "liaison-officer")):
            self.run("officer", "add", str(directory), "--sign-in", sign_in, "--name", sign_in)
            self.run("officer", "office", str(directory), "--code", sign_in, "--title", sign_in)
            self.run(
                "officer", "grant", str(directory), "--sign-in", sign_in, "--office", sign_in,
                "--role", role, "--scope", "private", "--source", "bench",
            )  # fmt: skip

    def _circle(self) -> str:
        circle: str = self.run(
            "circle", "open", str(self.a), "--label", "bench", "--regulation", "1/QCPH",
            "--with", "b.example", "--as", "liaison",
        )["circle"]  # fmt: skip
        servers = [Server(self.a), Server(self.b)]
        for server in servers:
            server.start()
        try:
            self._until(self.b, circle, joined=1)
            self.run("circle", "join", str(self.b), circle, "--as", "liaison")
            self._until(self.a, circle, joined=2)
            self._until(self.b, circle, joined=2)
        finally:
            for server in servers:
                server.stop()
        return circle

    def _until(self, directory: Path, circle: str, *, joined: int) -> None:
        end = time.perf_counter() + 60
        while time.perf_counter() < end:
            for row in self.run("circle", "list", str(directory))["circles"]:
                if row["circle"] == circle and sum(row["members"].values()) >= joined:
                    return
        raise SystemExit(f"{directory}: {circle} is not joined by {joined}")


def free_ports(count: int) -> list[int]:
    """Free TCP ports of 127.0.0.1, found together so that they differ."""
    held = [socket.socket() for _ in range(count)]
    for one in held:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports
