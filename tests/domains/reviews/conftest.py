"""Three parties that worked together, and an outsider: one world is grown, each test gets a copy of it."""

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from accordant.accounts import keys
from accordant.domains.information import actions as information
from accordant.domains.information.rules import NewItem
from accordant.domains.programmes import actions as programmes
from accordant.domains.programmes.rules import NewActivity, NewDelegation, NewProgramme
from accordant.domains.reviews import actions, rules
from accordant.domains.reviews import entries as facts
from accordant.domains.reviews.models import Cutoff, FigureStatement, Review, figures_of
from accordant.entries.envelope import EntryRef, Officer, automatic
from accordant.entries.indicators import INDICATORS
from accordant.entries.kinds import Fact
from accordant.ledger.append import append
from tests.access.people import person
from tests.simulator.world import SimulatedNode, World

GUARD, CITY, MILITARY, OUTSIDER = "guard.example", "city.example", "military.example", "outsider.example"
PARTIES = (CITY, GUARD, MILITARY)
TITLE = "Tổng kết 5 năm thực hiện Quy chế phối hợp trong công tác cảnh vệ"
ACTIVITIES, DELEGATIONS, EVENTS, ITEMS = 12, 3, 2, 4


@dataclass(frozen=True)
class Grown:
    """What a world is copied from: key folders, databases, the world's clock, the circle."""

    folder: Path
    databases: dict[str, bytes]
    world: World
    circle: str


@dataclass
class Room:
    """A world whose three parties share a circle with facts in it, and short words for what tests do there."""

    world: World
    circle: str

    def node(self, agency: str) -> SimulatedNode:
        """The node of an agency."""
        return self.world.nodes[agency]

    def by(self, agency: str, role: str = "liaison-officer") -> Officer:
        """Somebody of the agency in an office with the role."""
        return self.node(agency).officer("office", role)

    def browser(self, agency: str, role: str = "liaison-officer", language: str = "en") -> Client:
        """Somebody of the agency at its pages."""
        return person(self.node(agency), role, scope=self.circle, language=language)

    def open(self, agency: str = GUARD, *, cutoff: bool = True, **given: str) -> EntryRef:
        """A review of five years, opened by the agency, with its cutoff."""
        values = {
            "code": "2019-2024",
            "start": "2019-12-01",
            "stop": "2024-07-01",
            "sort": "final",
            "title_vi": TITLE,
            "title_en": "Five years of the coordination regulation",
            **given,
        }
        node = self.node(agency)
        with node.at():
            ref = actions.open_review(by=self.by(agency), now=node.now, circle=self.circle, **values)
            if cutoff:
                actions.propose_cutoff(by=self.by(agency), now=node.now, review=ref)
        return ref

    def send(self, agency: str = GUARD, to: str = CITY, day: str = "2024-06-30") -> EntryRef:
        """One more item."""
        node = self.node(agency)
        with node.at():
            new = NewItem(to=(to,), day=day, subject="Thông báo đoàn đến")
            return information.send_item(by=self.by(agency), now=node.now, circle=self.circle, new=new)

    def settle(self) -> None:
        """Everybody hears of everything, and does what nodes do by themselves."""
        for _round in range(3):  # consent, statement, and hearing of the others'
            self.world.clock.forward(seconds=60)
            self.world.settle()
            for agency in PARTIES:
                node = self.node(agency)
                if not node.down:
                    with node.at():
                        actions.keep_up(by=automatic(agency), now=node.now)

    def state_one_less(self, agency: str) -> rules.Position:
        """The agency's program leaves out one item of the guard when it states its figures; gives its position."""
        node = self.node(agency)
        with node.at():
            by, review, cutoff = self.by(agency), Review.objects.get(), Cutoff.objects.get()
            actions.agree_cutoff(by=by, now=node.now, cutoff=cutoff.ref)
            folded = figures_of(review, cutoff)
            line = folded["information.items_exchanged"].lines[GUARD]
            left_out = line.refs.pop()
            line.value -= 1
            figures = rules.stated_figures(folded.values(), INDICATORS)
            digest = rules.figures_digest(rules.Period(review.start, review.stop), cutoff.digest, figures)
            fact = Fact(
                facts.FiguresStated(digest=digest),
                facts.FiguresStatedBody(figures=figures),
                refs=(cutoff.ref.as_reference("cutoff"),),
            )
            append(circle=self.circle, by=by, now=node.now, facts=[fact])
        return left_out

    def digests(self, agency: str) -> dict[str, str]:
        """By party, the digest of its statement as one node holds it."""
        with self.node(agency).at():
            return dict(FigureStatement.objects.values_list("agency", "digest"))

    def review(self, agency: str) -> Review:
        """The one review, as a node holds it."""
        with self.node(agency).at():
            found: Review = Review.objects.get()
            return found


@pytest.fixture(scope="session")
def grown(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Grown:
    """Four nodes that know each other, three of them in one circle with a few years of work."""
    folder = tmp_path_factory.mktemp("reviews")
    with django_db_blocker.unblock():
        world = World(folder)
        for agency in (*PARTIES, OUTSIDER):
            world.add(agency)
        world.introduce()
        circle = world.open_circle(GUARD, CITY, MILITARY)
        grown = Room(world, circle)
        _work(grown)
        world.settle()
        return kept(grown, folder)


@pytest.fixture
def room(grown: Grown, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Room]:
    """A copy of the grown world; at the end each node's live rows equal its rebuilt rows."""
    with django_db_blocker.unblock():
        made = copied(grown, tmp_path)
        yield made
        for node in made.world.nodes.values():
            node.assert_rebuilds()
            node.database.close()


@pytest.fixture(scope="session")
def grown_agreed(grown: Grown, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Grown:
    """The same world once a review is opened and all parties agree on its figures."""
    folder = tmp_path_factory.mktemp("agreed")
    with django_db_blocker.unblock():
        made = copied(grown, folder)
        made.open()
        made.settle()
        return kept(made, folder)


@pytest.fixture
def agreed(room: Room, grown_agreed: Grown) -> EntryRef:
    """The room goes on from a review on whose figures all parties agree; gives the review."""
    room.world.clock.now = grown_agreed.world.clock.now
    for agency, data in grown_agreed.databases.items():
        _raw(room.node(agency)).deserialize(data)
    return room.review(GUARD).ref


def kept(room: Room, folder: Path) -> Grown:
    """What a world is copied from, once it is closed."""
    databases = {agency: _raw(node).serialize() for agency, node in room.world.nodes.items()}
    for node in room.world.nodes.values():
        node.database.close()
    return Grown(folder, databases, room.world, room.circle)


def copied(grown: Grown, folder: Path) -> Room:
    """A world of its own that begins where the grown one ended."""
    world = World(folder)
    world.clock.now = grown.world.clock.now
    for agency, data in grown.databases.items():
        node = world.add(agency)
        shutil.rmtree(folder / agency)
        shutil.copytree(grown.folder / agency, folder / agency)
        node.ring = keys.Keyring(folder / agency, agency)
        _raw(node).deserialize(data)
    return Room(world, grown.circle)


def _work(room: Room) -> None:
    """Activities by turns, some together; delegations and events of the guard; items both ways, one of them later."""
    for number in range(ACTIVITIES):
        agency = PARTIES[number % 3]
        partners = (PARTIES[(number + 1) % 3],) if number % 2 else ()
        new = NewActivity("", f"20{20 + number % 4}-03-{number + 1:02d}", "Lễ viếng", partners=partners)
        with room.node(agency).at():
            programmes.record_activity(by=room.by(agency), now=room.node(agency).now, circle=room.circle, new=new)
    guard = room.node(GUARD)
    with guard.at():
        by, now = room.by(GUARD), guard.now
        for number in range(DELEGATIONS):
            new_delegation = NewDelegation("", f"2022-05-0{number + 1}", 10 + number, "Đoàn khách", partners=(CITY,))
            programmes.record_delegation(by=by, now=now, circle=room.circle, new=new_delegation)
        for number in range(EVENTS):
            day = f"2023-09-0{number + 1}"
            event = NewProgramme(f"SK-{number}", "special_event", day, day, "Lễ kỷ niệm", partners=(CITY, MILITARY))
            programmes.open_programme(by=by, now=now, circle=room.circle, new=event)
    for number in range(ITEMS):
        room.send(*((GUARD, CITY) if number % 2 else (CITY, GUARD)), day=f"2021-11-0{number + 1}")
    room.send(MILITARY, GUARD, day="2024-07-01")  # the day after the period: it never counts


def _raw(node: SimulatedNode) -> sqlite3.Connection:
    raw: sqlite3.Connection = node.database.connection
    return raw
