"""Two nodes over loopback HTTPS: appends, delivery, receipts, catch-up, verify, rebuild; one JSON object at the end.

Single figures: durable appends through `information.send_item`; grouped: 500 items a write; delivered: a backlog
carried, verified, stored and projected while both nodes run. Delivery and receipt: at 5 a second, from the call of the
action to the row visible at the peer and to its cosignature stored. Catch-up: from the start of the peer's process.
"""

import argparse
import json
import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from accordant.node.demo.processes import Server
from benchmarks import limits
from benchmarks.ground import Ground, Hands


class Watch:
    """Looks at a node's database from outside, read-only."""

    def __init__(self, directory: Path) -> None:
        self.connection = sqlite3.connect(f"file:{directory / 'node.sqlite3'}?mode=ro", uri=True, isolation_level=None)

    def number(self, sql: str, *values: object) -> int:
        """The one number a query gives."""
        return int(self.connection.execute(sql, values).fetchone()[0] or 0)

    def entries(self) -> int:
        """Entries of the sender's shared log that are stored here and, in the same transaction, projected."""
        return self.number("SELECT MAX(size) FROM ledger_log WHERE agency = 'a.example' AND circle LIKE 'bench-%'")

    def receipts(self, agency: str) -> int:
        """The largest size of our shared log that the agency cosigned."""
        return self.number("SELECT MAX(size) FROM ledger_cosignature WHERE agency = ?", agency)


def wait(until: Callable[[], bool], what: str, seconds: float = 120.0, pause: float = 0.001) -> float:
    """Ask until it holds; gives the instant it was seen."""
    end = time.perf_counter() + seconds
    while not until():
        if time.perf_counter() > end:
            raise SystemExit(f"not within {seconds} s: {what}")
        time.sleep(pause)
    return time.perf_counter()


def cpu_of(process: subprocess.Popen[Any]) -> float:
    """User and system seconds of a running process."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss_of(process: subprocess.Popen[Any]) -> float:
    """Largest resident size so far, in MiB."""
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


class Run:
    """One run of the benchmark."""

    def __init__(self, folder: Path, entries: int) -> None:
        self.entries = entries
        self.ground = Ground(folder)
        self.figures: dict[str, float] = {}
        self.next = 1

    def take(self, count: int) -> int:
        """The first of so many fresh numbers."""
        first = self.next
        self.next += count
        return first

    def measure(self) -> dict[str, float]:
        """All figures."""
        circle = self.ground.prepare()
        self.a, self.b = Server(self.ground.a), Server(self.ground.b)
        self.hands = Hands(self.ground.a)
        self.common = {"circle": circle, "to": "b.example"}
        try:
            self._appends()
            self._catch_up()
            self._delivered()
            self._latency()
            self._sizes()
        finally:
            self.a.stop()
            self.b.stop()
            self.hands.close()
        self._commands()
        return self.figures

    def _appends(self) -> None:
        self.figures["single_append_per_s"] = self._rate("single", 1000)
        self.figures["grouped_append_per_s"] = self._rate("grouped", self.entries)

    def _rate(self, how: str, count: int, parts: int = 5) -> float:
        """Appends a second: the median of the parts in which so many are written."""
        each = max(1, count // parts)
        rates = []
        for _part in range(parts):
            answer = self.hands.ask(do=how, first=self.take(each), count=each, **self.common)
            rates.append(each / answer["seconds"])
        return round(statistics.median(rates), 1)

    def _catch_up(self) -> None:
        """B was down while A wrote: from the start of its process until it shows everything."""
        self.a.start()
        started = time.perf_counter()
        self.b.start()
        seen, total = Watch(self.ground.b), Watch(self.ground.a).entries()
        done = wait(lambda: seen.entries() >= total, "catch-up", pause=0.01)
        # The first 1,000 came one by one before: their share is taken out by entries.
        self.figures["catchup_s"] = round((done - started) * self.entries / total, 3)
        self._all_receipted()

    def _delivered(self) -> None:
        """B stands still while A writes, both processes warm: from the moment it goes on until it shows everything."""
        assert self.b.process is not None
        self.b.process.send_signal(signal.SIGSTOP)
        self.hands.ask(do="grouped", first=self.take(self.entries), count=self.entries, **self.common)
        total = Watch(self.ground.a).entries()
        started = time.perf_counter()
        self.b.process.send_signal(signal.SIGCONT)
        seen = Watch(self.ground.b)
        done = wait(lambda: seen.entries() >= total, "backlog", pause=0.01)
        self.figures["delivered_per_s"] = round(self.entries / (done - started), 1)
        self._all_receipted()

    def _latency(self) -> None:
        count = 150
        busy = (self.a.process, self.b.process, self.hands.process)
        cpu = sum(cpu_of(p) for p in busy if p is not None)
        before = Watch(self.ground.b).entries()
        self.hands.begin(do="single", first=self.take(count), count=count, pause=0.2, **self.common)
        here, there = Watch(self.ground.a), Watch(self.ground.b)
        base = here.receipts("b.example")
        rows: list[float] = []
        proofs: list[float] = []
        end = time.perf_counter() + 90
        while (len(rows) < count or len(proofs) < count) and time.perf_counter() < end:
            now = time.perf_counter()
            rows += [now] * (there.entries() - before - len(rows))
            proofs += [now] * (here.receipts("b.example") - base - len(proofs))
            time.sleep(0.001)
        answer = self.hands.answer()
        delivery = sorted((seen - sent) * 1000 for seen, sent in zip(rows, answer["times"], strict=False))
        receipt = sorted((seen - sent) * 1000 for seen, sent in zip(proofs, answer["times"], strict=False))
        self.figures["delivery_p50_ms"] = round(statistics.median(delivery), 2)
        self.figures["delivery_p99_ms"] = round(delivery[int(len(delivery) * 0.99) - 1], 2)
        self.figures["receipt_p50_ms"] = round(statistics.median(receipt), 2)
        spent = sum(cpu_of(p) for p in busy if p is not None) - cpu
        self.figures["cpu_ms_per_entry"] = round(spent * 1000 / count, 3)

    def _sizes(self) -> None:
        self.figures["peak_rss_mib"] = round(max(rss_of(p.process) for p in (self.a, self.b) if p.process), 1)

    def _all_receipted(self) -> None:
        here = Watch(self.ground.a)
        size = here.number("SELECT MAX(size) FROM ledger_log WHERE ours AND circle LIKE 'bench-%'")
        wait(lambda: here.receipts("b.example") >= size, "receipts", pause=0.01)

    def _commands(self) -> None:
        total = self.next - 1
        for directory in (self.ground.a, self.ground.b):
            with sqlite3.connect(directory / "node.sqlite3") as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        sizes = [(directory / "node.sqlite3").stat().st_size for directory in (self.ground.a, self.ground.b)]
        self.figures["disk_bytes_per_entry"] = round(max(sizes) / total)
        hands = Hands(self.ground.b)
        for name in ("verify", "rebuild"):
            answer = hands.ask(do=name)
            self.figures[f"{name}_per_s"] = round(answer["entries"] / answer["seconds"], 1)
        hands.close()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="accordant bench exchange")
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="accordant-bench-", dir="/var/tmp") as folder:
        machine = limits.measure(Path(folder))
        figures = Run(Path(folder), chosen.entries).measure()
    ratios = {
        "single_append": round(figures["single_append_per_s"] / machine["sqlite_full_commits_per_s"], 4),
        "grouped_append": round(figures["grouped_append_per_s"] / machine["sqlite_rows_per_s"], 4),
        "delivered": round(figures["delivered_per_s"] / machine["sqlite_rows_per_s"], 4),
    }
    result = {"entries": chosen.entries, **figures, "limits": machine, "ratios": ratios}
    if not chosen.json:
        for name, value in figures.items():
            sys.stdout.write(f"{name:>24} {value:,}\n")
    sys.stdout.write(json.dumps(result) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
