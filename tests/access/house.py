"""A world with one thing of each sort in it, and everybody who might ask for it at a browser of their own."""

from dataclasses import dataclass
from pathlib import Path

from django.test import Client

from accordant.domains.information import actions as information
from accordant.domains.information.rules import NewItem
from accordant.domains.programmes import actions as programmes
from accordant.domains.programmes.rules import NewActivity, NewDelegation, NewProgramme
from accordant.domains.reviews import actions as reviews
from accordant.entries.envelope import EntryRef, automatic
from accordant.regulations import actions as regulations
from accordant.regulations.rules.reading import read_text
from tests.access import matrix
from tests.access.people import person
from tests.simulator.world import SimulatedNode, World

GUARD, CITY, MILITARY, OUTSIDER = "guard.example", "city.example", "military.example", "outsider.example"
PARTIES = (GUARD, CITY, MILITARY)
CANARY = "Nguyễn Canary 7f3a"
ELSEWHERE_SCOPE = f"other-{'0' * 32}"
TEXT = f"Số: 12/QCPH\nHà Nội, ngày 01 tháng 5 năm 2026\nQUY CHẾ\nĐiều 1. {CANARY}\n1. Hai bên phối hợp.\n"


@dataclass(frozen=True)
class House:
    """The world, where each principal sits, their browsers, and the address parts of each thing."""

    world: World
    seats: dict[str, SimulatedNode]
    browsers: dict[str, Client]
    things: dict[str, dict[str, object]]

    def written(self) -> dict[str, int]:
        """How many entries each agency's own logs have."""
        from accordant.ledger.models import Log  # noqa: PLC0415  # a table of the node at hand

        found = {}
        for agency, node in self.world.nodes.items():
            with node.at():
                found[agency] = sum(Log.objects.filter(ours=True).values_list("size", flat=True))
        return found


def build(folder: Path) -> House:
    """Everything stands in one circle of three; the canary is in each title, and the item is not for the third."""
    world = World(folder)
    for agency in (*PARTIES, OUTSIDER):
        world.add(agency)
    world.introduce()
    circle = world.open_circle(*PARTIES)
    things = {name: _address(ref) for name, ref in _facts(world, circle).items()}
    world.settle()
    guard, outsider = world.nodes[GUARD], world.nodes[OUTSIDER]
    seats = dict.fromkeys(matrix.PRINCIPALS, guard)
    seats |= {matrix.UNADDRESSED: world.nodes[MILITARY], matrix.OUTSIDER: outsider}
    held = {
        matrix.LIAISON: ("liaison-officer", circle),
        matrix.COMMANDER: ("commander", circle),
        matrix.UNADDRESSED: ("liaison-officer", circle),
        matrix.ADMINISTRATOR: ("node-administrator", "private"),
        matrix.NOBODY: ("", ""),
        matrix.SECURITY: ("security-administrator", "private"),
        matrix.ELSEWHERE: ("commander", ELSEWHERE_SCOPE),
        matrix.OUTSIDER: ("commander", circle),
    }
    browsers = {name: person(seats[name], role, scope=scope) for name, (role, scope) in held.items()}
    return House(world, seats, browsers, {**things, "circle": {"circle": circle}, "agency": {"agency": CITY}})


def _facts(world: World, circle: str) -> dict[str, EntryRef]:
    guard, city = world.nodes[GUARD], world.nodes[CITY]
    with guard.at():
        by, now = guard.officer("liaison", "liaison-officer"), guard.now
        text = regulations.import_text(by=by, now=now, circle=circle, reading=read_text(TEXT.encode()), language="vi")
        activity = NewActivity("HD-1", "2026-01-05", CANARY)
        delegation = NewDelegation("DK-1", "2026-01-05", 4, CANARY)
        programme = NewProgramme("CT-1", "special_event", "2026-01-05", "2026-01-05", CANARY)
        found = {
            "regulation": text,
            "activity": programmes.record_activity(by=by, now=now, circle=circle, new=activity),
            "delegation": programmes.record_delegation(by=by, now=now, circle=circle, new=delegation),
            "programme": programmes.open_programme(by=by, now=now, circle=circle, new=programme),
            "review": reviews.open_review(
                by=by, now=now, circle=circle, code="2026", start="2026-01-01", stop="2026-07-01", sort="final",
                title_vi=CANARY, title_en=CANARY,
            ),
        }  # fmt: skip
        reviews.propose_cutoff(by=by, now=now, review=found["review"])
    with city.at():
        by, now = city.officer("liaison", "liaison-officer"), city.now
        item = NewItem(to=(GUARD,), day="2026-01-05", subject=CANARY)
        found["item"] = information.send_item(by=by, now=now, circle=circle, new=item)
    for _round in range(3):  # the cutoff is agreed to and counted by the nodes themselves
        world.settle()
        for agency in PARTIES:
            with world.nodes[agency].at():
                reviews.keep_up(by=automatic(agency), now=world.nodes[agency].now)
    return found


def _address(ref: EntryRef) -> dict[str, object]:
    return {"origin": ref.origin, "index": ref.index}
