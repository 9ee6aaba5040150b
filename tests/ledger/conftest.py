"""Worlds of one and of two agencies with a shared circle, founded once and copied for each test."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from accordant.entries.envelope import EntryRef
from accordant.entries.kinds import Fact
from accordant.ledger.append import append
from tests.cast import GUARD, PARTIES, officer
from tests.simulator.facts import NoteBody, NoteMade
from tests.simulator.world import SimulatedNode, World


@dataclass
class Ground:
    """A world and the circle that its parties share."""

    world: World
    circle: str

    @property
    def guard(self) -> SimulatedNode:
        """The node most tests work on."""
        return self.world.nodes[GUARD]

    def note(self, *numbers: int, agency: str = GUARD, to: Sequence[str] = (), text: str = "") -> list[EntryRef]:
        """Append notes at an agency in one act."""
        node = self.world.nodes[agency]
        facts = [Fact(NoteMade(no=n), NoteBody(text=text or f"note {n}"), to=tuple(to)) for n in numbers]
        with node.at():
            return append(circle=self.circle, by=officer(agency), now=node.now, facts=facts)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[Ground]:
    """Three parties that share a circle."""
    with django_db_blocker.unblock():
        world = World(tmp_path_factory.mktemp("founded"))
        for agency in PARTIES:
            world.add(agency)
        world.introduce()
        yield Ground(world, world.open_circle(*PARTIES))


@pytest.fixture
def ground(founded: Ground, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Ground]:
    """A copy of it for one test."""
    with django_db_blocker.unblock():
        world = founded.world.copy(tmp_path / "nodes", 1)
        yield Ground(world, founded.circle)
        world.close()


Planting = Callable[..., None]


@pytest.fixture
def plant(ground: Ground) -> Planting:
    """Alters the guard's database behind the ledger's back."""

    def alter(statement: str, *values: str | int | bytes) -> None:
        raw = ground.guard.database.connection
        assert raw.execute(statement, values).rowcount > 0, statement

    return alter
