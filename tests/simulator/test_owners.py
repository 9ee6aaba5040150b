"""Unasked, a party's log is taken from its owner alone: no member can keep from another what is addressed to it."""

from collections.abc import Callable

import pytest

from accordant.entries import manifest
from accordant.entries.kinds import Fact
from accordant.exchange import partners, push, receive
from accordant.ledger import sections
from accordant.ledger.append import append
from accordant.ledger.models import Body, Entry, MissingBody
from accordant.seal import parcel, payloads
from tests.cast import GUARD, MILITARY, PARTIES, PROVINCE, officer
from tests.simulator.facts import NoteBody, NoteMade
from tests.simulator.world import World


@pytest.mark.slow
@pytest.mark.parametrize("why", [1, 3])
def test_a_member_cannot_suppress_the_body_of_another(make_world: Callable[..., World], why: int) -> None:
    world = make_world(*PARTIES)
    circle = world.open_circle(*PARTIES)
    world.cut.add(frozenset((GUARD, PROVINCE)))
    fact = Fact(NoteMade(no=1), NoteBody(text="for the guard"), to=(GUARD,))
    with world.nodes[PROVINCE].at():
        (ref,) = append(circle=circle, by=officer(PROVINCE), now=world.clock.now, facts=[fact])
    world.settle()
    with world.nodes[MILITARY].at():
        data = _forwarded(world, circle, ref.origin, ref.index, why)
    with world.nodes[GUARD].at():
        received = receive.receive(data, now=world.clock.milliseconds(), ceiling=0, sender=MILITARY)
        assert [refused.code for refused in received.refused] == ["not-member"]
        assert not Entry.objects.filter(log__origin=ref.origin, index=ref.index).exists()
    world.cut.clear()
    world.clock.forward(seconds=120)
    world.settle()
    with world.nodes[GUARD].at():
        entry = Entry.objects.get(log__origin=ref.origin, index=ref.index)
        assert Body.objects.filter(entry_id=entry.pk).exists()
        assert not MissingBody.objects.exists()


def _forwarded(world: World, circle: str, origin: str, index: int, why: int) -> bytes:
    """The military's parcel with the province's newest entry, whose body is said to be missing."""
    (log,) = [log for log in sections.logs_of(circle) if log.origin == origin]
    size, note = sections.checkpoint_for(log, index, 10) or (0, b"")
    (entry,) = sections.entries_between(log, index, index + 1)
    run = parcel.Run(index, (entry.data,), parcel.Beside(missing={index: why}))
    ring = world.nodes[MILITARY].ring
    statement = manifest.Manifest(
        v=1,
        id="ab" * 16,
        sender=MILITARY,
        to=(GUARD,),
        circles=(circle,),
        cipher="age",
        at=world.clock.milliseconds(),
        sections=(manifest.SectionMark(log=origin, start=index, stop=index + 1, size=size),),
        have=(),
    )
    preface = parcel.Preface(manifest.write(statement, key=ring.link_verifier, sign=ring.sign_link))
    card = partners.confirmed_card(GUARD)
    assert card is not None
    section = parcel.Section(payloads.Checkpoint(index, index + 1, note), (run,))
    return parcel.seal_parcel(push._frames(preface, [section]), [card.card.recipient])
