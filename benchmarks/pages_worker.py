"""Fills one node and asks for its list pages: the work of `benchmarks.pages`, in a process that opens that node alone.

One node is filled through the ordinary actions with items of information and activities, 500 to a write; a liaison
officer asks for first, next, deep, numbered, sorted, filtered and empty pages. `p95_ms` is over all requests.
"""

import html
import json
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from accordant.node.cli.command import open_node

GROUP: Final = 500
NEXT: Final = re.compile(r'<a href="(?P<href>\?[^"]+)"[^>]*rel="next"')
FIRST_DAY: Final = date(2023, 1, 1)
SHAPES: Final = {  # the node sent all items itself: they stand under `out`
    "/information/?tab=out": ("", "page=150", "sort=at", "text=99123", "text=zzzz", "from=2025-06-01", "per=200"),
    "/programmes/?": ("", "page=150", "sort=code", "sort=day", "text=99123", "text=zzzz", "from=2025-06-01", "per=200"),
}
DEEP_PAGES: Final = 10


class Filled:
    """A node with many rows, and a browser in which a liaison officer is signed in."""

    def __init__(self, directory: Path, circle: str) -> None:
        self.agency = open_node(str(directory)).agency
        from django.test import Client  # noqa: PLC0415  # after Django is set up

        from accordant.entries.envelope import Officer  # noqa: PLC0415  # as above
        from accordant.node import clock  # noqa: PLC0415  # as above

        self.now = clock.now
        self.circle = circle
        self.by = Officer(id="bench", office="liaison", agency=self.agency, roles=frozenset(("liaison-officer",)))
        self.browser = Client(SERVER_NAME="127.0.0.1")
        self.browser.force_login(self._officer())

    def items(self, count: int) -> None:
        """Send that many items."""
        from accordant.domains.information import actions, rules  # noqa: PLC0415  # after Django is set up

        def write(numbers: range) -> None:
            new = [
                rules.NewItem(number=f"{i}/BM", day=_day(i), to=("b.example",), subject=f"Bench {i}", text="x" * 255)
                for i in numbers
            ]
            actions.send_items(by=self.by, now=self.now(), circle=self.circle, new=new)

        _grouped(count, write)

    def activities(self, count: int) -> None:
        """Record that many activities."""
        from accordant.domains.programmes import actions, rules  # noqa: PLC0415  # after Django is set up

        wanted = [
            rules.NewProgramme(
                code=f"BM-{year}", sort="conference", day=f"{year}-01-01", day_end=f"{year}-12-31", title="Bench"
            )
            for year in sorted({_day(i)[:4] for i in range(count)})
        ]
        opened = actions.open_programmes(by=self.by, now=self.now(), circle=self.circle, new=wanted)
        programmes = {new.day[:4]: ref for new, ref in zip(wanted, opened, strict=True)}

        def write(numbers: range) -> None:
            new = [
                rules.NewActivity(code=f"HD-{i}", day=_day(i), what=f"Bench {i}", programme=programmes[_day(i)[:4]])
                for i in numbers
            ]
            actions.record_activities(by=self.by, now=self.now(), circle=self.circle, new=new)

        _grouped(count, write)

    def ask(self, address: str) -> tuple[float, float, str]:
        """Milliseconds of one request, those of the processor, and the page it gave."""
        started, worked = time.perf_counter(), time.process_time()
        answer = self.browser.get(address)
        page = answer.content.decode()
        milliseconds, cpu = 1000 * (time.perf_counter() - started), 1000 * (time.process_time() - worked)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answers {answer.status_code}")
        return milliseconds, cpu, page

    def _officer(self) -> Any:
        from accordant.accounts import officers  # noqa: PLC0415  # after Django is set up

        by, now = self.by, self.now()
        officer, _secret = officers.add_officer(
            by=by, now=now, sign_in="bench", full_name="Bench", password="twelve bench marks", language="en"
        )
        officers.define_office(by=by, now=now, code="liaison", title_vi="Bench", title_en="Bench")
        officers.grant_role(
            by=by, now=now, officer=officer, office="liaison", role="liaison-officer", scope=self.circle, source="bench"
        )
        return officer


def measure(node: Filled, rounds: int) -> dict[str, Any]:
    """Milliseconds: the 95th percentile over all requests, and the medians of each shape.

    `cpu_ms` is what the processor worked: on a machine that does other work too, it says more than the clock.
    """
    shapes: dict[str, str] = {}
    for path, queries in SHAPES.items():
        shapes |= {f"{path}&{query}": f"{path}&{query}" for query in queries}
        shapes[f"{path} deep"] = _deep(node, path)
    shapes["desk /"] = "/"
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in shapes}
    for _round in range(rounds + 1):
        for name, address in shapes.items():
            times[name].append(node.ask(address)[:2])
    kept = {name: found[1:] for name, found in times.items()}  # the first round fills caches
    lists = [one for name, found in kept.items() if not name.startswith("desk") for one, _cpu in found]
    return {
        "p95_ms": round(_percentile(lists, 95), 1),
        "p50_ms": round(_percentile(lists, 50), 1),
        "requests": len(lists),
        "median_ms": {name: round(statistics.median(one for one, _cpu in found), 1) for name, found in kept.items()},
        "cpu_ms": {name: round(statistics.median(cpu for _one, cpu in found), 1) for name, found in kept.items()},
    }


def main() -> int:
    """Fill the node in a directory, measure, print."""
    directory, circle, entries, rounds = sys.argv[1:]
    node = Filled(Path(directory), circle)
    filling = {"fill_items_s": _seconds(node.items, int(entries))}
    filling["fill_activities_s"] = _seconds(node.activities, int(entries))
    sys.stdout.write(json.dumps({**measure(node, int(rounds)), **filling}) + "\n")
    return 0


def _deep(node: Filled, path: str) -> str:
    """The address that the next links lead to after some pages: found by key, however deep."""
    address = path
    for _page in range(DEEP_PAGES):
        found = NEXT.search(node.ask(address)[2])
        if found is None:
            return address
        address = path.partition("?")[0] + html.unescape(found["href"])
    return address


def _grouped(count: int, write: Callable[[range], None]) -> None:
    for start in range(0, count, GROUP):
        write(range(start, min(start + GROUP, count)))


def _day(number: int) -> str:
    return (FIRST_DAY + timedelta(days=number % 1000)).isoformat()


def _percentile(values: Sequence[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def _seconds(work: Callable[[int], None], count: int) -> float:
    started = time.perf_counter()
    work(count)
    return round(time.perf_counter() - started, 1)


if __name__ == "__main__":
    sys.exit(main())
