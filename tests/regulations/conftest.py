"""A regulation between three agencies: worlds whose every node is rebuilt and compared when a test ends."""

from collections.abc import Callable, Iterator

import pytest

from accordant.entries.envelope import EntryRef
from accordant.regulations import actions
from accordant.regulations.rules.reading import Reading, read_text
from tests.simulator.conftest import make_world
from tests.simulator.world import SimulatedNode, World

__all__ = ["make_world", "reading", "world"]  # fixtures of this folder

GUARD, CITY, MILITARY = "guard.example", "city.example", "military.example"

VIETNAMESE = """Số: 12/QCPH-BTL-CA
Hà Nội, ngày 01 tháng 5 năm 2026

QUY CHẾ PHỐI HỢP

Điều 1. Phạm vi
1. Quy chế này quy định việc phối hợp.
2. Các bên gồm:
a) bộ tư lệnh;
b) công an.

Điều 2. Nguyên tắc
Hai bên thông báo cho nhau.
"""
ENGLISH = """No. 12/QCPH-BTL-CA
Hanoi, 1 May 2026

COORDINATION REGULATION

Article 1. Scope
1. This regulation covers coordination.
2. Its parties are:
(a) the command;
(b) the department.

Article 2. Principles
Both sides inform each other.
"""


@pytest.fixture
def world(make_world: Callable[..., World]) -> Iterator[World]:
    """Three nodes that confirmed each other; at the end each one's live rows equal its rebuilt rows."""
    made = make_world(GUARD, CITY, MILITARY)
    yield made
    for node in made.nodes.values():
        node.assert_rebuilds()


@pytest.fixture
def reading() -> Reading:
    """The Vietnamese text as read."""
    return read_text(VIETNAMESE.encode())


def import_and_confirm(world: World, circle: str, reading: Reading) -> EntryRef:
    """The guard command puts the text before all parties and confirms it."""
    node = world.nodes[GUARD]
    with node.at():
        by = node.officer("liaison", "liaison-officer")
        text = actions.import_text(by=by, now=node.now, circle=circle, reading=reading, language="vi")
        actions.confirm_text(by=by, now=node.now, text=text, root_hash=reading.root)
    return text


def sign(node: SimulatedNode, text: EntryRef, root: str, *, role: str = "commander") -> EntryRef:
    """One agency's signature."""
    with node.at():
        by = node.officer("commander", role)
        return actions.sign_regulation(by=by, now=node.now, regulation=text, root_hash=root)
