"""The simulator's fixtures."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests.cast import PARTIES
from tests.simulator.world import World


@pytest.fixture
def make_world(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Callable[..., World]]:
    """Worlds of named nodes that know each other."""

    def make(*agencies: str, seed: int = 1) -> World:
        folder = tmp_path / str(seed)
        folder.mkdir()
        world = World(folder, seed)
        for agency in agencies:
            world.add(agency)
        world.introduce()
        return world

    with django_db_blocker.unblock():
        yield make


@pytest.fixture(scope="session")
def founded(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[World, str]]:
    """Three parties and the circle that they share, founded once; tests work on copies."""
    with django_db_blocker.unblock():
        world = World(tmp_path_factory.mktemp("founded"))
        for agency in PARTIES:
            world.add(agency)
        world.introduce()
        yield world, world.open_circle(*PARTIES)
