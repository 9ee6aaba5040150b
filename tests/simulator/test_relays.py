"""A log is the same whoever handed it on, in whichever pieces, with bodies early or late."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accordant.domains.information import actions, rules
from accordant.entries.kinds import Fact
from accordant.exchange import partners
from accordant.ledger import replay, replica, sections
from accordant.ledger.append import append
from accordant.ledger.storing import LogRow
from accordant.ledger.verify import verify
from tests.cast import GUARD, PARTIES, PROVINCE, officer
from tests.simulator import test_faults as schedules
from tests.simulator.facts import NoteBody, NoteMade
from tests.simulator.world import World, opened

Bodies = dict[int, tuple[bytes, bytes]]
STORED = (
    'SELECT e."index", e."leaf", e."header", e."state", e."code", b."salt", b."plaintext", m."why" '
    'FROM "ledger_entry" e JOIN "ledger_log" l ON l."id" = e."log_id" '
    'LEFT JOIN "ledger_body" b ON b."entry_id" = e."id" LEFT JOIN "ledger_missingbody" m ON m."entry_id" = e."id" '
    'WHERE l."origin" = %s ORDER BY e."index"'
)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_lines_that_stay_cut_leave_the_same_logs(
    founded: tuple[World, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    world, circle = founded
    relayed: list[str] = []
    real = replica.take_section

    def counted(section: replica.Section, **named: Any) -> replica.Taken:
        taken = real(section, **named)
        relayed.extend([section.origin] if named["relayed"] else [])
        return taken

    monkeypatch.setattr(replica, "take_section", counted)
    copied = world.copy(tmp_path / "copy", seed)
    copied.faults = 0.1
    written: list[Any] = []
    for step in range(40):
        if step % 10 == 0:
            copied.cut = {frozenset(copied.chance.sample(PARTIES, 2))}
        if copied.chance.random() < 0.5:
            schedules._write(copied, circle, step, written)
        for agency in copied.chance.sample(PARTIES, 3):
            copied.step(agency)
        copied.clock.forward(seconds=copied.chance.choice((1, 40, 70)))
    copied.faults = 0.0
    copied.cut.clear()
    copied.deliver_late()
    for _minute in range(2):
        copied.clock.forward(seconds=120)
        copied.settle()
    schedules._assert_holds(copied, circle, written)
    assert relayed, f"seed {seed} handed nothing on"
    for node in copied.nodes.values():
        node.assert_rebuilds()
        with node.at():
            report = verify(node.ring)
            assert report.ok, (seed, node.agency, report.problems)
    copied.close()


@dataclass(frozen=True)
class _Piece:
    """Entries [start, stop) by the owner or by another holder; of these bodies are given, or come late."""

    start: int
    stop: int
    relayed: bool
    bodies: frozenset[int]


class _Ground:
    """The guard's log with all its entries, and the province's node before it had the last of them."""

    def __init__(self, world: World, log: LogRow, headers: list[bytes], bodies: Bodies, first: int) -> None:
        self.world = world
        self.origin, self.log = log.origin, log
        self.headers, self.bodies = headers, bodies
        self.first = first  # what the province has
        raw: sqlite3.Connection = world.nodes[PROVINCE].database.connection
        self.before = raw.serialize()

    def section(self, piece: _Piece) -> replica.Section:
        """The piece as a parcel would carry it, under the newest checkpoint."""
        size = self.log.size
        hashes = None if piece.stop == size else sections.consistency(self.log, piece.stop, size)
        note = sections.note_at(self.log, size)
        assert note is not None
        due = [index for index in self.bodies if index < piece.stop]
        return replica.Section(
            self.origin,
            piece.start,
            note,
            self.headers[piece.start : piece.stop],
            hashes,
            {index: self.bodies[index] for index in due if index in piece.bodies or not piece.relayed},
            {index: 1 for index in due if index >= piece.start and index not in piece.bodies and piece.relayed},
            True,
        )


@pytest.fixture(scope="module")
def ground(founded: tuple[World, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Ground]:
    """Notes and items, for all, for the province alone, for others alone."""
    world = founded[0].copy(tmp_path_factory.mktemp("ground") / "copy", 1)
    circle = founded[1]
    guard, province = world.nodes[GUARD], world.nodes[PROVINCE]
    with guard.at():
        for number in range(4):
            facts = [
                Fact(NoteMade(no=number), NoteBody(text="note"), to=to)
                for to in ((), (PROVINCE,), ("military.example",))
            ]
            append(circle=circle, by=officer(GUARD), now=guard.now, facts=facts)
            new = rules.NewItem(to=(PROVINCE,), day="2026-01-05", subject=f"item {number}")
            actions.send_item(by=officer(GUARD), now=guard.now, circle=circle, new=new)
        (log,) = [log for log in sections.logs_of(circle) if log.ours]
        held = sections.entries_between(log, 0, log.size)
        found = sections.bodies_of([entry.entry_id for entry in held])
        due = {entry.index for entry in held if b'"to":["military.example"]' not in entry.data}
        bodies = {entry.index: found[entry.entry_id] for entry in held if entry.entry_id in found}
    with province.at():
        (first,) = [held.size for held in sections.logs_of(circle) if held.origin == log.origin]
    bodies = {index: body for index, body in bodies.items() if index in due and index >= first}
    yield _Ground(world, log, [entry.data for entry in held], bodies, first)
    world.close()


@st.composite
def _pieces(draw: st.DrawFn) -> list[tuple[int, int, bool, frozenset[int]]]:
    """Cuts of a log of up to 16 entries, some overlapping what came before; then late matter; the owner's word last."""
    found = []
    reached = 0
    bodies = st.frozensets(st.integers(0, 40), max_size=12)
    while reached < 16:
        start = max(0, reached - draw(st.integers(0, 3)))
        reached += draw(st.integers(1, 8))
        found.append((start, reached, draw(st.booleans()), draw(bodies)))
    late = draw(st.lists(st.tuples(st.integers(1, 16), bodies), max_size=3))
    return [*found, *((stop, stop, True, given_now) for stop, given_now in late)]


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_pieces())
def test_any_mix_of_owner_and_relays_gives_the_same_stored_log(
    ground: _Ground, pieces: list[tuple[int, int, bool, frozenset[int]]]
) -> None:
    size, first = ground.log.size, ground.first
    mixed = [
        _Piece(min(first + start, size), min(first + stop, size), relayed, bodies)
        for start, stop, relayed, bodies in pieces
    ]
    whole = _Piece(first, size, False, frozenset())
    assert _stored(ground, [*mixed, whole]) == _stored(ground, [whole])


def _stored(ground: _Ground, pieces: list[_Piece]) -> tuple[list[Any], dict[str, tuple[int, int]]]:
    """The log's rows and the projections at the province once it took these pieces."""
    guard, province = ground.world.nodes[GUARD], ground.world.nodes[PROVINCE]
    with guard.at():
        came = [(ground.section(piece), piece.relayed) for piece in pieces]
    province.database.connection.close()
    province.database = opened(ground.before)
    with province.at():
        key = partners.log_key(ground.origin)
        assert key is not None
        for section, relayed in came:
            replica.take_section(section, log_key=key, us=PROVINCE, relayed=relayed, stored_at=1)
        assert replay.check().equal
        with connection.cursor() as cursor:
            cursor.execute(STORED, [ground.origin])
            return list(cursor.fetchall()), ground.world.state(PROVINCE)
