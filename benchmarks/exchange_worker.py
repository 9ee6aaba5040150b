"""The benchmark's hands on one node: acts through the ordinary actions, one process, one JSON command a line."""

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

from accordant.node.cli.command import open_node

TEXT = "x" * 255


class Worker:
    """One node opened, its commands by name."""

    def __init__(self, directory: str) -> None:
        self.agency = open_node(directory).agency
        from accordant.domains.information import actions as information  # noqa: PLC0415  # after Django is set up
        from accordant.domains.information import rules  # noqa: PLC0415  # as above
        from accordant.entries.envelope import Officer  # noqa: PLC0415  # as above
        from accordant.node import clock  # noqa: PLC0415  # as above
        from accordant.regulations import actions as regulations  # noqa: PLC0415  # as above

        self.information, self.regulations, self.rules, self.now = information, regulations, rules, clock.now
        roles = frozenset(("liaison-officer", "node-administrator", "commander"))
        self.by = Officer(id="bench", office="liaison", agency=self.agency, roles=roles)
        self.commands: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "card": self._card,
            "trust": self._trust,
            "open": self._open,
            "join": self._join,
            "joined": self._joined,
            "single": self._single,
            "grouped": self._grouped,
            "verify": self._verify,
            "rebuild": self._rebuild,
        }

    def run(self, command: dict[str, Any]) -> dict[str, Any]:
        """One command's answer, with the processor seconds and memory of this process so far."""
        answer = self.commands[command["do"]](command)
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return {**answer, "cpu": usage.ru_utime + usage.ru_stime, "rss": usage.ru_maxrss}

    def _card(self, command: dict[str, Any]) -> dict[str, Any]:
        from accordant.entries import cards  # noqa: PLC0415  # after Django is set up
        from accordant.regulations.models import AcceptedCard  # noqa: PLC0415  # as above

        own = AcceptedCard.objects.accepted_card(self.agency)
        assert own is not None
        return {"card": own.data.decode(), "fingerprint": cards.fingerprint(own.card.root).hex()}

    def _trust(self, command: dict[str, Any]) -> dict[str, Any]:
        self.regulations.accept_card(by=self.by, now=self.now(), card=command["card"].encode())
        self.regulations.confirm_root(
            by=self.by,
            now=self.now(),
            agency=command["agency"],
            fingerprint=command["fingerprint"],
            how="voice",
            channel="bench",
        )
        return {}

    def _open(self, command: dict[str, Any]) -> dict[str, Any]:
        ref = self.regulations.open_circle(
            by=self.by,
            now=self.now(),
            label="bench",
            sort="main",
            regulation="1/QCPH",
            members=command["members"],
            nonce=bytes(16),
        )
        return {"circle": ref.origin.split("/")[1]}

    def _join(self, command: dict[str, Any]) -> dict[str, Any]:
        self.regulations.join_circle(by=self.by, now=self.now(), circle=command["circle"])
        return {}

    def _joined(self, command: dict[str, Any]) -> dict[str, Any]:
        from accordant.ledger.models import Member  # noqa: PLC0415  # after Django is set up

        return {"joined": Member.objects.filter(circle=command["circle"], joined=True).count()}

    def _single(self, command: dict[str, Any]) -> dict[str, Any]:
        """One item an act, at its own pace or as fast as it goes; gives the instants of the calls."""
        first, pause = command["first"], command.get("pause", 0.0)
        times: list[float] = []
        started = time.perf_counter()
        for i in range(command["count"]):
            if pause:
                time.sleep(max(0.0, started + i * pause - time.perf_counter()))
            times.append(time.perf_counter())
            new = self._item(first + i, command["to"])
            self.information.send_item(by=self.by, now=self.now(), circle=command["circle"], new=new)
        return {"seconds": time.perf_counter() - started, "times": times}

    def _grouped(self, command: dict[str, Any]) -> dict[str, Any]:
        """Items by 500 an act."""
        first, end = command["first"], command["first"] + command["count"]
        started = time.perf_counter()
        for start in range(first, end, 500):
            block = [self._item(i, command["to"]) for i in range(start, min(start + 500, end))]
            self.information.send_items(by=self.by, now=self.now(), circle=command["circle"], new=block)
        return {"seconds": time.perf_counter() - started}

    def _verify(self, command: dict[str, Any]) -> dict[str, Any]:
        """Everything held here re-derived, as `accordant verify` does."""
        from accordant.accounts import keys  # noqa: PLC0415  # after Django is set up
        from accordant.ledger.verify import verify  # noqa: PLC0415  # as above

        started = time.perf_counter()
        report = verify(keys.keyring())
        assert report.ok, report.problems
        return {"seconds": time.perf_counter() - started, "entries": report.entries}

    def _rebuild(self, command: dict[str, Any]) -> dict[str, Any]:
        """All projections rebuilt beside and compared, as `accordant rebuild --check` does."""
        from accordant.ledger import replay  # noqa: PLC0415  # after Django is set up

        started = time.perf_counter()
        result = replay.check()
        assert result.equal, result.different
        return {"seconds": time.perf_counter() - started, "entries": result.entries}

    def _item(self, number: int, to: str) -> Any:
        return self.rules.NewItem(
            number=f"{number}/BM",
            day="2026-01-05",
            to=(to,),
            purpose="information",
            category="situation",
            subject="Bench",
            text=TEXT,
        )


def main() -> int:
    """Serve commands on the node named on the command line."""
    worker = Worker(sys.argv[1])
    for line in sys.stdin:
        sys.stdout.write(json.dumps(worker.run(json.loads(line))) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
