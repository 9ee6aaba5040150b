"""The simulator's fixture."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

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
