"""Exchange of information between three parties and an outsider: one world is grown, each test gets a copy of it."""

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from accordant.accounts import keys, officers
from accordant.accounts.models import Officer as Person
from accordant.accounts.subjects import Subject, subject_at
from accordant.domains.information import actions, rules
from accordant.entries.envelope import EntryRef, Officer
from accordant.node import clock
from tests.simulator.world import SimulatedNode, World

GUARD, PROVINCE, MILITARY, OUTSIDER = "guard.example", "province.example", "military.example", "outsider.example"
PARTIES = (GUARD, PROVINCE, MILITARY)
DAY = "2026-01-05"
CANARY = "Đoàn khách đến lúc 07:30, cổng số 3"
TEXT = "Xe thứ hai chậm <b>10 phút</b> & dừng ở cổng số 3"
LIAISON, COMMANDER, WITHOUT_OFFICE = "liaison", "commander", "newcomer"


@dataclass(frozen=True)
class Grown:
    """What a world is copied from: key folders, databases, the instant, the circle."""

    folder: Path
    databases: dict[str, bytes]
    now: datetime
    circle: str


@dataclass
class Exchange:
    """A world whose three parties share a circle, and short words for what tests do there."""

    world: World
    circle: str

    def node(self, agency: str) -> SimulatedNode:
        """The node of an agency."""
        return self.world.nodes[agency]

    def client(self, agency: str, sign_in: str = LIAISON, language: str = "en") -> Client:
        """A browser in which this officer signed in; use it at that node."""
        person = Person.objects.get(sign_in=sign_in)
        Person.objects.filter(id=person.id).update(language=language)
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def settle(self) -> None:
        """Everybody hears of everything."""
        self.world.clock.forward(seconds=1)
        self.world.settle()

    def by(self, agency: str, role: str = "liaison-officer") -> Officer:
        """Somebody of the agency in an office with the role."""
        return self.node(agency).officer("office", role)

    def subject(self, agency: str, sign_in: str = LIAISON) -> Subject:
        """The rights of an officer of the agency; call it at that node."""
        return subject_at(Person.objects.get(sign_in=sign_in).id, self.world.clock.now)

    def send(self, agency: str, *to: str, **given: object) -> EntryRef:
        """An item from the agency; what is not given is ordinary."""
        values: dict[str, object] = {"day": DAY, "subject": CANARY, **given}
        new = rules.NewItem(to=to, **values)  # type: ignore[arg-type]  # the names and types of NewItem, given by tests
        node = self.node(agency)
        with node.at():
            return actions.send_item(by=self.by(agency), now=node.now, circle=self.circle, new=new)

    def answer(self, agency: str, item: EntryRef, *to: str, **given: object) -> EntryRef:
        """A reply of the agency to an item it holds."""
        values: dict[str, object] = {"day": DAY, "subject": "Trả lời", "purpose": rules.REPLY, **given}
        new = rules.NewItem(to=to, **values)  # type: ignore[arg-type]  # as above
        node = self.node(agency)
        with node.at():
            return actions.answer_item(by=self.by(agency), now=node.now, item=item, new=new)

    def acknowledge(self, agency: str, item: EntryRef, note: str = "") -> EntryRef:
        """The agency takes an item in."""
        node = self.node(agency)
        with node.at():
            return actions.acknowledge_item(by=self.by(agency), now=node.now, item=item, day=DAY, note=note)

    def give_back(self, agency: str, item: EntryRef, reason: str = "wrong-addressee", note: str = "") -> EntryRef:
        """The agency returns an item."""
        node = self.node(agency)
        with node.at():
            return actions.return_item(by=self.by(agency), now=node.now, item=item, day=DAY, reason=reason, note=note)


@pytest.fixture(scope="session")
def grown(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Grown:
    """Four nodes that know each other, three of them in one circle, each with its officers."""
    folder = tmp_path_factory.mktemp("grown")
    with django_db_blocker.unblock():
        world = World(folder)
        for agency in (*PARTIES, OUTSIDER):
            world.add(agency)
        world.introduce()
        circle = world.open_circle(GUARD, PROVINCE, MILITARY)
        for agency in (*PARTIES, OUTSIDER):
            _staff(world.nodes[agency], circle)
        databases = {agency: _raw(node).serialize() for agency, node in world.nodes.items()}
        for node in world.nodes.values():
            node.database.close()
    return Grown(folder, databases, world.clock.now, circle)


@pytest.fixture
def exchange(
    grown: Grown, tmp_path: Path, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Exchange]:
    """A copy of the grown world, whose clock the pages show; at the end live rows equal rebuilt rows at each node."""
    with django_db_blocker.unblock():
        made = copied(grown, tmp_path)
        monkeypatch.setattr(clock, "now", lambda: made.world.clock.now)
        yield made
        for node in made.world.nodes.values():
            node.assert_rebuilds()
            node.database.close()


@pytest.fixture
def item(exchange: Exchange) -> EntryRef:
    """An item of the guard command that all parties hold, addressed to the province alone."""
    ref = exchange.send(GUARD, PROVINCE, text=TEXT, purpose="request", category="guests-coming", precedence="urgent")
    exchange.settle()
    return ref


def copied(grown: Grown, folder: Path) -> Exchange:
    """A world of its own that begins where the grown one ended."""
    world = World(folder)
    world.clock.now = grown.now
    for agency, data in grown.databases.items():
        node = world.add(agency)
        shutil.rmtree(folder / agency)
        shutil.copytree(grown.folder / agency, folder / agency)
        node.ring = keys.Keyring(folder / agency, agency)
        _raw(node).deserialize(data)
    return Exchange(world, grown.circle)


def _raw(node: SimulatedNode) -> sqlite3.Connection:
    raw: sqlite3.Connection = node.database.connection
    return raw


def _staff(node: SimulatedNode, circle: str) -> None:
    """A liaison officer and a commander in the circle, and somebody without an office."""
    by = node.officer("security", "security-administrator")
    with node.at():
        for sign_in, role in ((LIAISON, "liaison-officer"), (COMMANDER, "commander"), (WITHOUT_OFFICE, "")):
            person, _secret = officers.add_officer(by=by, now=node.now, sign_in=sign_in, full_name=sign_in)
            Person.objects.filter(id=person.id).update(must_change_password=False)
            if role:
                officers.define_office(by=by, now=node.now, code=sign_in, title_vi=sign_in, title_en=sign_in)
                officers.grant_role(
                    by=by,
                    now=node.now,
                    officer=person,
                    office=sign_in,
                    role=role,
                    scope=circle,
                    source="01/QĐ",
                )
