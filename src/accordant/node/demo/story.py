"""The worked example, step by step: only ordinary commands, each on the node that would run it, and the exchange.

Nothing here waits for a span of time: each wait asks the nodes, by commands, whether what it waits for has come about.
"""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from accordant.entries.errors import Refusal, Unavailable, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.node import clock
from accordant.node.demo import cast, facts, ground
from accordant.node.demo.processes import Server, Worker

Found = TypeVar("Found")
PATIENCE_SECONDS: Final = 300
BREATH_SECONDS: Final = 0.05
FIGURES: Final = {
    "programmes.activities_guarded": "activities",
    "programmes.delegations_guarded": "delegations",
    "programmes.events_guarded": "events",
    "information.items_exchanged": "items",
}


@dataclass
class Hands:
    """One agency in the demo: its place, its server, its worker, the digits that its own node reads aloud."""

    place: ground.Place
    server: Server
    worker: Worker
    read_aloud: str = ""

    @property
    def folder(self) -> str:
        """The node's directory, as commands take it."""
        return str(self.place.directory)

    def signs_in(self, role: str) -> str:
        """The sign-in name of the officer with a role."""
        return self.place.agency.officer(role).sign_in


@dataclass
class Story:
    """One run of the demo; `close` ends the processes that still run."""

    directory: Path
    places: list[ground.Place]
    password: Path
    tables: list[facts.Table]
    bar: Callable[[str, int], Callable[[int], None]]
    hire: Callable[[Path], Worker]
    serve: Callable[[Path], Server]
    cast: list[Hands] = field(default_factory=list)
    circle: str = ""

    def found(self) -> None:
        """A node for each agency, with its officers, introduced to the others and serving."""
        show = self.bar(_("agencies"), 3)
        self._each(self.places, self._create)
        self.cast = [Hands(place, self.serve(place.directory), self.hire(place.directory)) for place in self.places]
        for hands in self.cast:
            hands.server.begin()
        show(1)
        self._each(self.cast, self._staff)
        show(2)
        self._each(self.cast, self._introduce)
        for hands in self.cast:
            hands.server.await_ready()
        show(3)

    def agree(self) -> None:
        """The circle opened and joined, the regulation imported in both languages, confirmed, signed by all."""
        show = self.bar(_("regulation"), 4)
        guard, *others = self.cast
        members = [word for hands in others for word in ("--with", hands.place.agency.agency)]
        named = ("--label", cast.CIRCLE_LABEL, "--regulation", cast.REGULATION_NUMBER, "--as")
        liaison = guard.signs_in("liaison-officer")
        self.circle = guard.worker.run("circle", "open", guard.folder, *named, liaison, members)["circle"]
        self._until(lambda: all(self._knows_circle(hands) for hands in others), "the circle at all")
        for hands in others:
            hands.worker.run("circle", "join", hands.folder, self.circle, "--as", hands.signs_in("liaison-officer"))
        self._until(lambda: all(self._joined(hands) for hands in self.cast), "all have joined")
        show(1)
        into = ("--circle", self.circle, "--as", liaison)
        text = self._import_text("vi", *into)
        self._import_text("en", *into, "--translation-of", text)
        guard.worker.run("regulation", "confirm", guard.folder, text, "--as", liaison)
        show(2)
        self._until(self._delivered, "the text at all")
        show(3)
        signed = {
            hands.worker.run("regulation", "sign", hands.folder, text, "--as", hands.signs_in("commander"))["signed"]
            for hands in self.cast
        }
        if len(signed) != 1:
            raise Unavailable([_differ("regulation")])
        self._until(self._delivered, "the signatures at all")
        show(4)

    def work(self) -> None:
        """Five years of work: each agency's files imported by its own node, acknowledgements last."""
        folder = self.directory / "tables"
        folder.mkdir()
        for table in self.tables:
            (folder / _file_name(table)).write_bytes(table.csv())
        done = self.bar(_("work"), sum(len(table.rows) for table in self.tables))
        count = _Count(done)
        for kinds in (("items", "events", "activities", "delegations"), ("acknowledgements",)):
            self._each(self.cast, lambda hands, kinds=kinds: self._import_tables(hands, kinds, count))  # type: ignore[misc]  # binds the loop's value
            self._await_delivery()

    def review(self) -> list[dict[str, Any]]:
        """A review opened while one node is stopped and one item undelivered; gives what that node lacked meanwhile."""
        show = self.bar(_("review"), 4)
        guard, police, military = self.cast
        military.server.stop()
        late = facts.late_item(self._next_number(), [police.place.agency, military.place.agency])
        path = self.directory / "tables" / "guard-late-item.csv"
        path.write_bytes(late.csv())
        by = ("--circle", self.circle, "--as", guard.signs_in("liaison-officer"))
        guard.worker.run("import", guard.folder, "items", str(path), by)
        titles = ("--title", cast.words()["review_title_vi"], "--title-en", cast.words()["review_title_en"])
        period = ("--code", cast.REVIEW_CODE, "--from", cast.PERIOD[0], "--to", cast.PERIOD[1], *titles)
        guard.worker.run("review", "open", guard.folder, by, period)
        show(1)
        self._until(lambda: self._states(guard) == ["incomplete", "stated", "stated"], "the two statements")
        lacking = [party for party in self._review(guard)["parties"] if party["state"] == "incomplete"]
        if [party["agency"] for party in lacking] != [military.place.agency.agency] or not lacking[0]["undelivered"]:
            raise Unavailable([_differ("review")])
        show(2)
        military.server.start()
        show(3)
        self._until(lambda: all(self._review(hands)["agree"] for hands in self.cast), "all statements at all")
        self._until(self._delivered, "all at all")
        show(4)
        undelivered: list[dict[str, Any]] = lacking[0]["undelivered"]
        return undelivered

    def outcome(self) -> dict[str, Any]:
        """What the three nodes hold at the end, counted by each: figures, entries, whether all digests agree."""
        reviews = [self._review(hands) for hands in self.cast]
        digests = {party["digest"] for review in reviews for party in review["parties"]}
        figures = [{short: review["figures"][name]["value"] for name, short in FIGURES.items()} for review in reviews]
        entries = {self._circle_of(hands)["entries"] for hands in self.cast}
        agree = len(digests) == len(entries) == 1 and "" not in digests and all(f == figures[0] for f in figures)
        return {"nodes": len(self.cast), "entries": max(entries), "figures": figures[0], "agree": agree}

    def close_workers(self) -> None:
        """End the workers."""
        for hands in self.cast:
            hands.worker.close()

    def close(self) -> None:
        """End all processes."""
        self.close_workers()
        for hands in self.cast:
            hands.server.stop()

    def _create(self, place: ground.Place) -> None:
        agency = place.agency
        names = ("--name", agency.name_vi, "--name-en", agency.name_en)
        ports = ("--pages-port", str(place.pages_port), "--node-port", str(place.node_port))
        worker = self.hire(place.directory)
        try:
            worker.run("init", str(place.directory), "--agency", agency.agency, names, ports, "--demo")
        finally:
            worker.close()

    def _staff(self, hands: Hands) -> None:
        run = hands.worker.run
        for officer in hands.place.agency.officers:
            account = ("--sign-in", officer.sign_in)
            secret = ("--password-file", str(self.password))
            run("officer", "add", hands.folder, account, "--name", officer.name, secret)
            titles = ("--title", officer.title_vi, "--title-en", officer.title_en)
            run("officer", "office", hands.folder, officer.office, titles)
            scope = "private" if officer.role.endswith("administrator") else cast.REGULATION_NUMBER
            holding = ("--office", officer.office, "--role", officer.role, "--scope", scope, "--source", "demo")
            run("officer", "grant", hands.folder, account, holding)
        run("card", hands.folder, "--out", str(self._card(hands)))
        hands.read_aloud = run("card", hands.folder, "--fingerprint")["digits"]

    def _introduce(self, hands: Hands) -> None:
        """Take the others' cards and confirm what each of them reads aloud of its own."""
        by = ("--as", hands.signs_in("node-administrator"))
        for other in self.cast:
            if other is not hands:
                hands.worker.run("peer", "add", hands.folder, str(self._card(other)), by)
                compared = (
                    "--fingerprint",
                    other.read_aloud,
                    "--how",
                    "in-person",
                    "--channel",
                    other.place.agency.agency,
                )
                hands.worker.run("peer", "confirm", hands.folder, other.place.agency.agency, compared, by)

    def _card(self, hands: Hands) -> Path:
        return self.directory / f"{hands.place.agency.folder}.card"

    def _import_text(self, language: str, *words: str) -> str:
        guard = self.cast[0]
        file = str(cast.DATA / f"regulation.{language}.txt")
        imported = guard.worker.run("regulation", "import", guard.folder, file, "--language", language, words)
        return str(imported["text"])

    def _import_tables(self, hands: Hands, kinds: Iterable[str], count: "_Count") -> None:
        by = ("--circle", self.circle, "--as", hands.signs_in("liaison-officer"))
        for kind in kinds:
            for table in self.tables:
                if table.kind == kind and table.agency is hands.place.agency:
                    file = str(self.directory / "tables" / _file_name(table))
                    count.add(hands.worker.run("import", hands.folder, kind, file, by)["written"])

    def _next_number(self) -> str:
        year = facts.LAST.isoformat()[:4]
        guard = self.cast[0].place.agency
        mine = [row for table in self.tables if table.kind == "items" and table.agency is guard for row in table.rows]
        return f"{sum(row[1].startswith(year) for row in mine) + 1:02d}/TB-{guard.code}"

    def _knows_circle(self, hands: Hands) -> bool:
        return any(row["circle"] == self.circle for row in self._circles(hands))

    def _joined(self, hands: Hands) -> bool:
        return all(self._circle_of(hands)["members"].values())

    def _circle_of(self, hands: Hands) -> dict[str, Any]:
        return next(row for row in self._circles(hands) if row["circle"] == self.circle)

    @staticmethod
    def _circles(hands: Hands) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = hands.worker.run("circle", "list", hands.folder)["circles"]
        return rows

    @staticmethod
    def _review(hands: Hands) -> dict[str, Any]:
        rows: list[dict[str, Any]] = hands.worker.run("review", "show", hands.folder)["reviews"]
        return rows[0] if rows else {"agree": False, "parties": [], "figures": {}}

    def _states(self, hands: Hands) -> list[str]:
        return sorted(str(party["state"]) for party in self._review(hands)["parties"])

    def _waiting(self) -> int:
        """How many entries wait for a receipt, over all nodes and their peers."""
        listed = [hands.worker.run("peer", "list", hands.folder)["peers"] for hands in self.cast]
        return sum(peer["waiting"] for peers in listed for peer in peers)

    def _delivered(self) -> bool:
        return self._waiting() == 0

    def _await_delivery(self) -> None:
        """Until each node has every other's receipt for all it wrote."""
        total = self._waiting()
        show = self.bar(_("delivery"), total)

        def arrived() -> bool:
            waiting = self._waiting()
            show(max(total - waiting, 0))
            return waiting == 0

        self._until(arrived, "all work at all")

    def _until(self, holds: Callable[[], bool], what: str) -> None:
        """Ask again and again until it holds; raises `Unavailable` when it does not within minutes or a node ended."""
        end = clock.monotonic() + PATIENCE_SECONDS
        breath = threading.Event()
        while not holds():
            for hands in self.cast:
                hands.server.check()
            if clock.monotonic() > end:
                raise Unavailable([_not_within(what)])
            breath.wait(BREATH_SECONDS)

    @staticmethod
    def _each(things: Iterable[Found], act: Callable[[Found], None]) -> None:
        """Do the same for all at the same time; raises what the first of them raises."""
        with ThreadPoolExecutor() as pool:
            for done in [pool.submit(act, thing) for thing in things]:
                done.result()


class _Count:
    """Adds up what several threads finish, and shows the sum."""

    def __init__(self, show: Callable[[int], None]) -> None:
        self.show = show
        self.lock = threading.Lock()
        self.done = 0

    def add(self, more: int) -> None:
        """So many more are done."""
        with self.lock:
            self.done += more
            self.show(self.done)


def _file_name(table: facts.Table) -> str:
    return f"{table.agency.folder}-{table.kind}.csv"


def _not_within(what: str) -> Refusal:
    return refusal(
        "demo-slow",
        _("The demo stopped."),
        _("Within {seconds} seconds this did not come about: {what}."),
        _("Look into the serve.log of each node; start the demo again when the machine is less busy."),
        seconds=PATIENCE_SECONDS,
        what=what,
    )


def _differ(what: str) -> Refusal:
    return refusal(
        "demo-differs",
        _("The demo stopped."),
        _("The three nodes do not show the same of this: {what}."),
        _("Keep the directory and report it: this is a fault of the program."),
        what=what,
    )
