"""List pages over many rows: the time a request takes on the server, from its address to the last byte of its answer.

One node is filled through the ordinary actions and asked in one process (`benchmarks.pages_worker`); the machine's
limits are measured in the same run. `p95_ms` is over all requests for lists.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import limits
from benchmarks.ground import Ground


def main() -> int:
    """Fill, measure and print."""
    parser = argparse.ArgumentParser(prog="accordant bench pages")
    parser.add_argument("--entries", type=int, default=100_000, help="items and, as many again, activities")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="accordant-bench-", dir="/var/tmp") as folder:
        machine = limits.measure(Path(folder))
        ground = Ground(Path(folder))
        circle = ground.prepare()
        words = [str(ground.a), circle, str(chosen.entries), str(chosen.rounds)]
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.pages_worker", *words], stdout=subprocess.PIPE, text=True, check=True
        )
    figures = json.loads(done.stdout.splitlines()[-1])
    if not chosen.json:
        for name, value in figures["median_ms"].items():
            sys.stdout.write(f"{value:>8} ms ({figures['cpu_ms'][name]} of the processor)  {name}\n")
    sys.stdout.write(json.dumps({"entries": chosen.entries, **figures, "limits": machine}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
