"""Memory of `verify` and `rebuild --check` on a small and on a large node: both stream, so it must not grow with it.

One node is filled through the ordinary actions, 500 items an act; at a tenth of the entries and at the end each
command runs in a process of its own, whose largest resident size is read from the system.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import limits
from benchmarks.ground import Ground, Hands

COMMANDS = {"verify": ("verify",), "rebuild": ("rebuild", "--check")}


def measured(directory: Path, name: str) -> dict[str, Any]:
    """What one command took: its largest resident size (MiB), seconds, entries a second."""
    word, *rest = COMMANDS[name]
    command = [sys.executable, "-m", "accordant.node", word, str(directory), *rest, "--json"]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = process.stdout.read()
    _pid, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status:
        raise SystemExit(f"{name}: {said}")
    entries = json.loads(said.splitlines()[-1])["entries"]
    return {
        "rss_mib": round(used.ru_maxrss / 1024, 1),
        "seconds": round(seconds, 1),
        "per_s": round(entries / seconds, 1),
    }


def fill(ground: Ground, circle: str, first: int, last: int) -> None:
    """Send the items first to last."""
    hands = Hands(ground.a)
    hands.ask(do="grouped", first=first, count=last - first + 1, circle=circle, to="b.example")
    hands.close()


def main() -> int:
    """Fill, measure and print."""
    parser = argparse.ArgumentParser(prog="accordant bench memory")
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="accordant-bench-", dir="/var/tmp") as folder:
        machine = limits.measure(Path(folder))
        ground = Ground(Path(folder))
        circle = ground.prepare()
        sizes = (max(1, chosen.entries // 10), chosen.entries)
        found: dict[str, dict[str, Any]] = {}
        held = 0
        for size in sizes:
            fill(ground, circle, held + 1, size)
            held = size
            found[str(size)] = {name: measured(ground.a, name) for name in COMMANDS}
            if not chosen.json:
                sys.stdout.write(f"{size:>10,} entries: {found[str(size)]}\n")
    small, large = (found[str(size)] for size in sizes)
    growth = {name: round(large[name]["rss_mib"] / small[name]["rss_mib"], 3) for name in COMMANDS}
    result = {"entries": chosen.entries, "at": found, "growth": growth, "limits": machine}
    sys.stdout.write(json.dumps(result) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
