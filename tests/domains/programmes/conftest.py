"""What three parties protect, and an outsider: one world is grown, each test gets a copy of it."""

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoDbBlocker

from accordant.accounts import keys, officers
from accordant.accounts.models import Officer as Person
from accordant.accounts.subjects import Subject, subject_at
from accordant.domains.programmes import actions, rules
from accordant.entries.envelope import EntryRef, Officer
from tests.simulator.world import SimulatedNode, World

GUARD, CITY, MILITARY, OUTSIDER = "guard.example", "city.example", "military.example", "outsider.example"
PARTIES = (GUARD, CITY, MILITARY)
CANARY = "Đoàn đến cổng số 3 lúc 07:30"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LIAISON, COMMANDER, NEWCOMER = "liaison", "commander", "newcomer"


@dataclass(frozen=True)
class Grown:
    """What a world is copied from: key folders, databases, the world's clock, the circle."""

    folder: Path
    databases: dict[str, bytes]
    world: World
    circle: str


@dataclass
class Circle:
    """A world whose three parties share a circle, and short words for what tests do there."""

    world: World
    id: str

    def node(self, agency: str) -> SimulatedNode:
        """The node of an agency."""
        return self.world.nodes[agency]

    def by(self, agency: str, role: str = "liaison-officer") -> Officer:
        """Somebody of the agency in an office with the role."""
        return self.node(agency).officer("office", role)

    def subject(self, agency: str, sign_in: str = LIAISON) -> Subject:
        """The rights of an officer of the agency; call it at that node."""
        return subject_at(Person.objects.get(sign_in=sign_in).id, self.world.clock.now)

    def record(self, agency: str, **values: Any) -> EntryRef:
        """An activity that the agency records."""
        node = self.node(agency)
        with node.at():
            return actions.record_activity(by=self.by(agency), now=node.now, circle=self.id, new=activity(**values))

    def receive(self, agency: str, **values: Any) -> EntryRef:
        """A delegation that the agency guards."""
        node = self.node(agency)
        with node.at():
            return actions.record_delegation(by=self.by(agency), now=node.now, circle=self.id, new=delegation(**values))

    def open(self, agency: str, **values: Any) -> EntryRef:
        """A programme that the agency opens."""
        node = self.node(agency)
        with node.at():
            return actions.open_programme(by=self.by(agency), now=node.now, circle=self.id, new=programme(**values))

    def settle(self) -> None:
        """Everybody hears of everything."""
        self.world.clock.forward(seconds=1)
        self.world.settle()


@pytest.fixture(scope="session")
def grown(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Grown:
    """Four nodes that know each other, three of them in one circle, each with its officers."""
    folder = tmp_path_factory.mktemp("programmes")
    with django_db_blocker.unblock():
        world = World(folder)
        for agency in (*PARTIES, OUTSIDER):
            world.add(agency)
        world.introduce()
        circle = world.open_circle(*PARTIES)
        for agency in (*PARTIES, OUTSIDER):
            _staff(world.nodes[agency], circle)
        databases = {agency: _raw(node).serialize() for agency, node in world.nodes.items()}
        for node in world.nodes.values():
            node.database.close()
    return Grown(folder, databases, world, circle)


@pytest.fixture
def fresh(grown: Grown, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Circle]:
    """A copy of the grown world."""
    with django_db_blocker.unblock():
        made = copied(grown, tmp_path)
        yield made
        for node in made.world.nodes.values():
            node.database.close()


@pytest.fixture
def circle(fresh: Circle) -> Iterator[Circle]:
    """The same; at the end each node's live rows equal its rebuilt rows."""
    yield fresh
    for node in fresh.world.nodes.values():
        node.assert_rebuilds()


def copied(grown: Grown, folder: Path) -> Circle:
    """A world of its own that begins where the grown one ended."""
    world = World(folder)
    world.clock.now = grown.world.clock.now
    for agency, data in grown.databases.items():
        node = world.add(agency)
        shutil.rmtree(folder / agency)
        shutil.copytree(grown.folder / agency, folder / agency)
        node.ring = keys.Keyring(folder / agency, agency)
        _raw(node).deserialize(data)
    return Circle(world, grown.circle)


def activity(code: str = "2026-0001", day: str = "2026-01-05", **values: Any) -> rules.NewActivity:
    """An activity as its office wrote it."""
    given: dict[str, Any] = {"code": code, "day": day, "what": "Lễ viếng đầu năm", "category": "ceremony", **values}
    return rules.NewActivity(**given)


def delegation(code: str = "DT-1", day: str = "2026-01-06", **values: Any) -> rules.NewDelegation:
    """A delegation as its office wrote it."""
    given: dict[str, Any] = {"code": code, "day": day, "heads": 12, "name": CANARY, **values}
    return rules.NewDelegation(**given)


def programme(code: str = "TH-1", day: str = "2026-01-05", **values: Any) -> rules.NewProgramme:
    """A programme of five days as its office wrote it."""
    given: dict[str, Any] = {
        "code": code,
        "sort": "visit",
        "day": day,
        "day_end": "2026-01-09",
        "title": "Chuyến thăm",
        **values,
    }
    return rules.NewProgramme(**{**given, **values})


def _raw(node: SimulatedNode) -> sqlite3.Connection:
    raw: sqlite3.Connection = node.database.connection
    return raw


def _staff(node: SimulatedNode, circle: str) -> None:
    """A liaison officer and a commander in the circle, and somebody without an office."""
    by = node.officer("security", "security-administrator")
    with node.at():
        for sign_in, role in ((LIAISON, "liaison-officer"), (COMMANDER, "commander"), (NEWCOMER, "")):
            person, _secret = officers.add_officer(by=by, now=node.now, sign_in=sign_in, full_name=sign_in)
            Person.objects.filter(id=person.id).update(must_change_password=False)
            if role:
                officers.define_office(by=by, now=node.now, code=sign_in, title_vi=sign_in, title_en=sign_in)
                officers.grant_role(
                    by=by, now=node.now, officer=person, office=sign_in, role=role, scope=circle, source="01/QĐ"
                )
