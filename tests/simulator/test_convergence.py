"""Whatever the network does, nodes come to hold the same logs, and nothing reaches whom it is not for."""

import random
from collections.abc import Callable

import pytest
from django.db import connection

from accordant.entries.envelope import EntryRef
from accordant.entries.kinds import Fact
from accordant.ledger import sections
from accordant.ledger.append import append
from accordant.ledger.models import Body, Entry, Log, State
from accordant.ledger.verify import verify
from tests.simulator.facts import NoteBody, NoteMade
from tests.simulator.world import World

PARTIES = ("guard.example", "military.example", "province.example")
CANARY = "canary-7f3a"


def _write(world: World, chance: random.Random, circle: str, number: int, known: list[EntryRef]) -> list[EntryRef]:
    """One or several notes by a random party, some addressed to one other, some after a note it holds."""
    agency = chance.choice(PARTIES)
    node = world.nodes[agency]
    others = [a for a in PARTIES if a != agency]
    to = (chance.choice(others),) if chance.random() < 0.5 else ()
    with node.at():
        held = [ref for ref in known if Entry.objects.filter(log__origin=ref.origin, index=ref.index).exists()]
        refs = tuple({ref.as_reference("after") for ref in chance.sample(held, min(len(held), chance.randint(0, 2)))})
        facts = [
            Fact(NoteMade(no=number + i), NoteBody(text=f"{CANARY} {agency} {to} {number + i}"), to=to, refs=refs)
            for i in range(chance.choice((1, 1, 1, 4)))
        ]
        by = node.officer("liaison", "liaison-officer")
        return append(circle=circle, by=by, now=node.now, facts=facts)


def _run(world: World, circle: str, steps: int) -> list[EntryRef]:
    """A random schedule of writing, talking, cuts, nodes that stop and come back, time that passes."""
    chance = world.chance
    written: list[EntryRef] = []
    for step in range(steps):
        what = chance.random()
        if what < 0.4:
            written += _write(world, chance, circle, step * 10, written)
        elif what < 0.75:
            world.step(chance.choice(PARTIES))
        elif what < 0.85:
            world.cut ^= {frozenset(chance.sample(PARTIES, 2))}
        elif what < 0.92:
            node = world.nodes[chance.choice(PARTIES)]
            node.down = not node.down
        world.clock.forward(seconds=chance.choice((0, 1, 30)))
    world.cut.clear()
    for node in world.nodes.values():
        node.down = False
    world.clock.forward(seconds=120)
    world.settle()
    return written


def _assert_sound(world: World, circle: str, written: list[EntryRef]) -> None:
    heads: dict[str, set[tuple[int, bytes]]] = {}
    for agency in PARTIES:
        node = world.nodes[agency]
        with node.at():
            report = verify(node.ring)
            assert report.ok, (agency, report.problems)
            assert not Entry.objects.filter(state=State.HELD).exists()
            for log in sections.logs_of(circle):
                heads.setdefault(log.origin, set()).add((log.size, log.tree.root()))
            for ref in written:
                assert Entry.objects.filter(log__origin=ref.origin, index=ref.index).count() == 1, (agency, ref)
            _assert_addressed(agency)
            own = Log.objects.get(circle=circle, ours=True)
            for peer in PARTIES:
                if peer != agency:
                    held = next(log for log in sections.logs_of(circle) if log.id == own.pk)
                    assert sections.cosigned_size(held, peer) == own.size, (agency, peer)
        node.assert_rebuilds()
    assert all(len(found) == 1 for found in heads.values()), heads


def _assert_addressed(agency: str) -> None:
    """Only bodies addressed to this agency, or its own, are in its database."""
    for body in Body.objects.all():
        entry = Entry.objects.select_related("log").get(id=body.entry_id)
        text = bytes(body.plaintext).decode()
        if CANARY in text and entry.log.agency != agency:
            assert f"'{agency}'" in text or "()" in text, (agency, text)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_every_schedule_converges(make_world: Callable[..., World], seed: int) -> None:
    world = make_world(*PARTIES, seed=seed)
    circle = world.open_circle(*PARTIES)
    written = _run(world, circle, 60)
    assert written, f"seed {seed} wrote nothing"
    _assert_sound(world, circle, written)


@pytest.mark.slow
def test_a_repeated_parcel_changes_nothing(make_world: Callable[..., World]) -> None:
    world = make_world(*PARTIES)
    circle = world.open_circle(*PARTIES)
    written = _write(world, world.chance, circle, 1, [])
    world.settle()
    before = {agency: world.state(agency) for agency in PARTIES}
    sizes = {}
    for agency in PARTIES:
        with world.nodes[agency].at():
            sizes[agency] = Entry.objects.count()
            for peer in PARTIES:
                if peer != agency:
                    world.nodes[agency].sync.step(peer)
    for agency in PARTIES:
        with world.nodes[agency].at():
            assert Entry.objects.count() == sizes[agency]
            assert connection.vendor == "sqlite"
    assert {agency: world.state(agency) for agency in PARTIES} == before
    _assert_sound(world, circle, written)


@pytest.mark.slow
def test_an_entry_waits_for_what_it_refers_to(make_world: Callable[..., World]) -> None:
    guard, military, province = PARTIES
    world = make_world(*PARTIES)
    circle = world.open_circle(*PARTIES)
    with world.nodes[guard].at():
        by = world.nodes[guard].officer("liaison", "liaison-officer")
        first = append(circle=circle, by=by, now=world.clock.now, facts=[Fact(NoteMade(no=1))])[0]
    world.cut.add(frozenset((guard, province)))
    world.settle()
    with world.nodes[military].at():
        by = world.nodes[military].officer("liaison", "liaison-officer")
        after = Fact(NoteMade(no=2), refs=(first.as_reference("after"),))
        second = append(circle=circle, by=by, now=world.clock.now, facts=[after])[0]
    world.settle()
    with world.nodes[province].at():
        held = Entry.objects.get(log__origin=second.origin, index=second.index)
        assert (held.state, held.code) == (State.HELD, "waits")
    world.nodes[province].assert_rebuilds()
    world.cut.clear()
    world.clock.forward(seconds=120)
    world.settle()
    with world.nodes[province].at():
        assert Entry.objects.get(id=held.id).state == State.PROJECTED
    _assert_sound(world, circle, [first, second])
