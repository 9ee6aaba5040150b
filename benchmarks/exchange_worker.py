"""The benchmark's hands on one node: appends through the ordinary action, one process, one JSON command a line."""

import json
import resource
import sys
import time
from typing import Any

from accordant.node.cli.command import open_node

TEXT = "x" * 255


def main() -> int:
    """Open the node named on the command line and serve commands."""
    settings = open_node(sys.argv[1])
    from accordant.domains.information import actions, rules  # noqa: PLC0415  # after Django is set up
    from accordant.entries.envelope import Officer  # noqa: PLC0415  # as above
    from accordant.node import clock  # noqa: PLC0415  # as above

    by = Officer(id="bench", office="liaison", agency=settings.agency, roles=frozenset(("liaison-officer",)))

    def new(number: int, to: str) -> Any:
        return rules.NewItem(
            number=f"{number}/BM",
            day="2026-01-05",
            to=(to,),
            purpose="information",
            category="situation-or-threat",
            subject="Bench",
            text=TEXT,
        )

    for line in sys.stdin:
        command = json.loads(line)
        circle, to, first = command["circle"], command["to"], command["first"]
        times: list[float] = []
        started = time.perf_counter()
        if command["do"] == "grouped":
            for start in range(first, first + command["count"], 500):
                block = [new(i, to) for i in range(start, min(start + 500, first + command["count"]))]
                actions.send_items(by=by, now=clock.now(), circle=circle, new=block)
        else:
            pause = command.get("pause", 0.0)
            for i in range(first, first + command["count"]):
                due = started + (i - first) * pause
                if pause:
                    time.sleep(max(0.0, due - time.perf_counter()))
                times.append(time.perf_counter())
                actions.send_item(by=by, now=clock.now(), circle=circle, new=new(i, to))
        seconds = time.perf_counter() - started
        usage = resource.getrusage(resource.RUSAGE_SELF)
        reply = {"seconds": seconds, "times": times, "cpu": usage.ru_utime + usage.ru_stime, "rss": usage.ru_maxrss}
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
