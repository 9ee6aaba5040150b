"""Many schedules with losses, delays, repeats, disorder and cuts: what was acknowledged stays, and stays single.

Invariants: no entry that a call gave back is lost or doubled; equal sizes have equal roots; equal checkpoints give
equal states of entries; live projections are the rebuilt ones; no body stands outside its addressees.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from accordant.entries.envelope import EntryRef
from accordant.entries.kinds import Fact
from accordant.ledger.append import append
from tests.cast import CANARY, PARTIES, officer
from tests.simulator.facts import NoteBody, NoteMade
from tests.simulator.world import World

SEEDS = 60
STEPS = 18
OF_LOG = 'FROM "ledger_entry" e JOIN "ledger_log" l ON l."id" = e."log_id"'
ONE = f'SELECT 1 {OF_LOG} WHERE l."origin" = %s AND e."index" = %s'
STATES = f'SELECT l."origin", e."index", e."leaf", e."state", e."code" {OF_LOG} WHERE l."circle" = %s ORDER BY 1, 2'
LOGS = 'SELECT "origin", "size", "tree", "signed_size" FROM "ledger_log" WHERE "circle" = %s ORDER BY "origin"'
BODIES = f'SELECT b."plaintext", l."agency" {OF_LOG} JOIN "ledger_body" b ON b."entry_id" = e."id"'


def _write(world: World, circle: str, number: int, written: list[EntryRef]) -> None:
    agency = world.chance.choice(PARTIES)
    others = [party for party in PARTIES if party != agency]
    to = (world.chance.choice(others),) if world.chance.random() < 0.6 else ()
    with world.nodes[agency].at():
        after = [ref for ref in written if _held(ref)][-2:]
        fact = Fact(
            NoteMade(no=number),
            NoteBody(text=f"{CANARY} {agency} to {to or PARTIES}"),
            to=to,
            refs=tuple(ref.as_reference("after") for ref in after[: world.chance.randint(0, 2)]),
        )
        written += append(circle=circle, by=officer(agency), now=world.clock.now, facts=[fact])


def _held(ref: EntryRef) -> bool:
    return bool(_rows(ONE, ref.origin, ref.index))


def _rows(sql: str, *values: str | int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _run(world: World, circle: str) -> list[EntryRef]:
    written: list[EntryRef] = []
    world.faults = 0.4
    for step in range(STEPS):
        chance = world.chance.random()
        if chance < 0.45:
            _write(world, circle, step, written)
        elif chance < 0.85:
            world.step(world.chance.choice(PARTIES))
        elif chance < 0.95:
            world.cut ^= {frozenset(world.chance.sample(PARTIES, 2))}
        else:
            world.deliver_late()
        world.clock.forward(seconds=world.chance.choice((0, 1, 40)))
    world.faults = 0.0
    world.cut.clear()
    world.deliver_late()
    world.clock.forward(seconds=120)
    world.settle()
    return written


def _assert_holds(world: World, circle: str, written: list[EntryRef]) -> None:
    logs, states = set(), set()
    for agency in PARTIES:
        with world.nodes[agency].at():
            logs.add(tuple(_rows(LOGS, circle)))
            found = _rows(STATES, circle)
            states.add(tuple(found))
            placed = [(origin, index, leaf.hex()) for origin, index, leaf, _state, _code in found]
            assert all(placed.count((ref.origin, ref.index, ref.leaf)) == 1 for ref in written), agency
            for plaintext, author in _rows(BODIES):
                text = plaintext.decode()
                assert CANARY not in text or author == agency or f"'{agency}'" in text, agency
    assert len(logs) == 1
    assert len(states) == 1


def _one(world: World, circle: str, folder: Path, seed: int, after: Callable[[World], None]) -> int:
    copied = world.copy(folder, seed)
    try:
        written = _run(copied, circle)
        _assert_holds(copied, circle, written)
        after(copied)
        return len(written)
    except AssertionError as error:
        raise AssertionError(f"seed {seed}: {error}") from error
    finally:
        copied.close()


@pytest.mark.slow
def test_no_schedule_loses_doubles_or_leaks(founded: tuple[World, str], tmp_path: Path) -> None:
    world, circle = founded
    written = [_one(world, circle, tmp_path / str(seed), seed, lambda copied: None) for seed in range(SEEDS)]
    assert sum(written) > SEEDS * 4


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1003))
def test_what_a_schedule_leaves_is_what_a_rebuild_gives(founded: tuple[World, str], tmp_path: Path, seed: int) -> None:
    def rebuild(copied: World) -> None:
        for node in copied.nodes.values():
            node.assert_rebuilds()

    assert _one(*founded, tmp_path / "copy", seed, rebuild)
