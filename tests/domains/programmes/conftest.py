"""Three agencies that share a circle: each test ends by rebuilding every node and comparing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from accordant.domains.programmes.rules import NewActivity, NewDelegation, NewProgramme
from accordant.entries.envelope import Officer
from tests.simulator.conftest import make_world
from tests.simulator.world import SimulatedNode, World

__all__ = ["circle", "make_world"]  # fixtures of this folder

GUARD, CITY, MILITARY = "guard.example", "city.example", "military.example"


@dataclass
class Circle:
    """A world of three parties, and the circle they share."""

    world: World
    id: str

    def node(self, agency: str) -> SimulatedNode:
        """One party's node."""
        return self.world.nodes[agency]

    def planner(self, agency: str) -> Officer:
        """Somebody who may write facts of programmes there."""
        return self.node(agency).officer("planning", "planner")


@pytest.fixture
def circle(make_world: Callable[..., World]) -> Iterator[Circle]:
    """Three parties that joined; at the end each one's live rows equal its rebuilt rows."""
    world = make_world(GUARD, CITY, MILITARY)
    made = Circle(world, world.open_circle(GUARD, CITY, MILITARY))
    yield made
    for node in world.nodes.values():
        node.assert_rebuilds()


def activity(code: str = "2026-0001", day: str = "2026-01-05", **values: object) -> NewActivity:
    """An activity as its office wrote it."""
    return NewActivity(**{"code": code, "day": day, "what": "Lễ viếng đầu năm", "category": "ceremony", **values})  # type: ignore[arg-type]  # tests name the fields


def delegation(code: str = "DT-1", day: str = "2026-01-06", **values: object) -> NewDelegation:
    """A delegation as its office wrote it."""
    return NewDelegation(**{"code": code, "day": day, "heads": 12, "name": "Đoàn đại biểu cấp cao", **values})  # type: ignore[arg-type]  # tests name the fields


def programme(code: str = "TH-1", day: str = "2026-01-05", **values: object) -> NewProgramme:
    """A programme as its office wrote it."""
    given = {"code": code, "sort": "visit", "day": day, "day_end": "2026-01-09", "title": "Chuyến thăm cấp Nhà nước"}
    return NewProgramme(**{**given, **values})  # type: ignore[arg-type]  # tests name the fields
