"""A party whose line to another is cut gets that party's log from a third, which may withhold and never alter."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from accordant.accounts import keys
from accordant.domains.information import actions, figures, rules
from accordant.entries import limits
from accordant.entries.indicators import fold
from accordant.entries.manifest import Head, Want
from accordant.exchange import observing, push, receive, wanting
from accordant.exchange.models import Peer, PeerLog
from accordant.ledger import late, read, sections
from accordant.ledger.models import Body, Entry, MissingBody
from accordant.ledger.read.fold import counted
from accordant.ledger.storing import LogRow
from accordant.seal import parcel
from tests.cast import GUARD, MILITARY, PROVINCE, officer
from tests.cutoffs import heads_of
from tests.exchange import looking
from tests.exchange.conftest import CARRIERS, Pair

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("trio", CARRIERS, indirect=True)
def test_a_third_party_hands_on_headers_to_all_and_bodies_to_addressees(trio: Pair) -> None:
    trio.world.cut.add(looking.LINE)
    (for_all,) = trio.note(1)
    (for_both,) = trio.note(2, to=(MILITARY, PROVINCE))
    (for_province,) = trio.note(3, to=(PROVINCE,))
    (for_military,) = trio.note(4, to=(MILITARY,))
    looking.passing(trio)
    assert [looking.held(trio.province, ref) for ref in (for_all, for_both, for_province, for_military)] == [
        (True, True),
        (True, True),
        (True, False),
        (True, False),
    ]
    size, cosigned = looking.cosigned(trio.province, for_all.origin)
    assert size == for_military.index + 1
    assert cosigned <= for_province.index
    assert looking.notices(trio.province) == 0
    with trio.province.at():
        assert late.waiting() == {for_all.origin: [(for_province.index, for_province.index + 1)]}
    looking.assert_sound(trio)
    trio.world.cut.clear()
    looking.passing(trio)
    assert looking.held(trio.province, for_province) == (True, True)
    assert looking.cosigned(trio.province, for_all.origin) == (for_military.index + 1,) * 2
    with trio.guard.at():
        entry = read.entries.find(for_province.origin, for_province.index)
        assert entry is not None
        assert PROVINCE in read.entries.receipts(entry)
    looking.assert_sound(trio)


def test_figures_agree_though_a_line_is_cut_for_ever(trio: Pair) -> None:
    trio.world.cut.add(looking.LINE)
    for sender, to in ((GUARD, (PROVINCE,)), (GUARD, (MILITARY, PROVINCE)), (MILITARY, (PROVINCE,))):
        with trio.world.nodes[sender].at():
            new = rules.NewItem(to=to, day="2026-01-05", subject=f"from {sender} to {to}")
            actions.send_item(by=officer(sender), now=trio.world.clock.now, circle=trio.circle, new=new)
    looking.passing(trio, 260)
    found = {}
    for agency in (GUARD, MILITARY, PROVINCE):
        with trio.world.nodes[agency].at():
            indicators = {figures.items_exchanged.name: figures.items_exchanged}
            heads = [head for head in heads_of(trio.circle) if not head.log.startswith(PROVINCE)]
            entries = counted(heads, figures.items_exchanged.kinds)
            period = {"start": "2026-01-01", "stop": "2027-01-01"}
            found[agency] = fold(indicators, entries, agencies=(GUARD, MILITARY, PROVINCE), **period)
    assert found[GUARD] == found[MILITARY] == found[PROVINCE]
    assert found[PROVINCE][figures.items_exchanged.name].value == 3
    looking.assert_sound(trio)


def test_nobody_is_asked_while_the_owner_answers(trio: Pair) -> None:
    trio.note(1)
    with trio.province.at():
        origin = f"{GUARD}/{trio.circle}/1"
        PeerLog.objects.update_or_create(agency=MILITARY, origin=origin, defaults={"have": 99})
        now = trio.world.clock.milliseconds()
        assert wanting.wants(MILITARY, us=PROVINCE, now=now) == ()
        trio.world.cut.add(looking.LINE)
        assert not trio.province.sync.step(GUARD)
        assert wanting.wants(MILITARY, us=PROVINCE, now=now + 1000) == ()
        later = now + 70_000
        (want,) = wanting.wants(MILITARY, us=PROVINCE, now=later)
        assert (want.log, want.bodies) == (origin, ())
        Peer.objects.filter(agency=GUARD).update(stopped=True)
        assert wanting.wants(MILITARY, us=PROVINCE, now=later) == ()


def test_nothing_is_taken_of_a_third_party_that_was_not_asked_for(trio: Pair) -> None:
    (ref,) = trio.note(1)
    trio.world.cut.add(looking.LINE)
    trio.world.settle()
    want = Want(log=ref.origin, start=0)
    with trio.military.at():
        trio.military.sync.asked[PROVINCE] = [want]
        trio.military.sync.step(PROVINCE)
        row = PeerLog.objects.get(agency=PROVINCE, origin=ref.origin)
        assert (row.tries, row.refused) == (1, "")
    assert looking.held(trio.province, ref) == (False, False)


@pytest.mark.parametrize("why", [1, 2, 3, 4])
def test_a_relay_cannot_say_that_a_body_is_gone(trio: Pair, monkeypatch: pytest.MonkeyPatch, why: int) -> None:
    trio.world.cut.add(looking.LINE)
    (ref,) = trio.note(1)
    real = read.for_peer

    def denied(entries: Any, peer: str, **named: Any) -> dict[int, read.ForPeer]:
        found: dict[int, read.ForPeer] = real(entries, peer, **named)
        return dict.fromkeys(found, read.ForPeer(missing=why)) if push.our_agency() == MILITARY else found

    with monkeypatch.context() as patched:
        patched.setattr(read, "for_peer", denied)
        looking.passing(trio)
    assert looking.held(trio.province, ref) == (True, False)
    assert looking.notices(trio.province) == 0
    with trio.province.at():
        assert list(MissingBody.objects.values_list("why", flat=True)) == [3]
    trio.world.cut.clear()
    looking.passing(trio)
    assert looking.held(trio.province, ref) == (True, True)
    looking.assert_sound(trio)


def test_an_altered_log_is_refused_and_the_relays_own_goes_on(trio: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    trio.world.cut.add(looking.LINE)
    (ref,) = trio.note(1)
    real = sections.entries_between

    def altered(log: LogRow, start: int, stop: int) -> list[sections.HeldEntry]:
        held = real(log, start, stop)
        if log.ours:
            return held
        return [replace(entry, data=entry.data.replace(b'"no":1', b'"no":7')) for entry in held]

    with monkeypatch.context() as patched:
        patched.setattr(sections, "entries_between", altered)
        (own,) = trio.note(5, by=MILITARY)
        looking.passing(trio)
        assert looking.held(trio.province, ref) == (False, False)
        assert looking.held(trio.province, own) == (True, True)
        with trio.military.at():
            assert Peer.objects.get(agency=PROVINCE).code == ""
    looking.passing(trio)
    assert looking.held(trio.province, ref) == (True, True)


@pytest.mark.parametrize("trio", CARRIERS, indirect=True)
def test_a_want_is_served_by_a_peer_that_the_asker_does_not_reach(trio: Pair) -> None:
    """Only the military speaks: its parcel says what it has, the province's heads what the province wants."""
    trio.world.cut.add(looking.LINE)
    refs = trio.note(*range(12))
    trio.world.settle()
    trio.note(99, by=MILITARY)
    trio.world.step(MILITARY)
    trio.world.clock.forward(seconds=66)
    with trio.province.at():
        trio.province.sync.step(GUARD)
    for _step in range(3):
        trio.world.step(MILITARY)
    assert all(looking.held(trio.province, ref) == (True, True) for ref in refs)


def test_a_long_log_comes_in_bounded_pieces(trio: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    trio.world.cut.add(looking.LINE)
    refs = [ref for start in range(0, 20, 5) for ref in trio.note(*range(start, start + 5))]
    trio.world.settle()
    monkeypatch.setattr(limits, "SECTION_ENTRIES", 4)
    trio.world.clock.forward(seconds=66)
    held = []
    with trio.province.at():
        trio.province.sync.step(GUARD)
        while trio.province.sync.step(MILITARY):
            held.append(Entry.objects.filter(log__origin=refs[0].origin).count())
    assert len(refs) + 1 == held[-1]
    assert all(later - earlier <= 4 for earlier, later in pairwise(held))
    assert len(set(held)) >= 5


def test_a_party_that_lost_its_own_entries_is_given_them_with_their_bodies(trio: Pair) -> None:
    """It takes them from its own log's holders at a restore; here is what they give."""
    (for_military,) = trio.note(1, to=(MILITARY,))
    (for_province,) = trio.note(2, to=(PROVINCE,))
    trio.world.settle()
    with trio.guard.at():
        now = trio.world.clock.milliseconds()
        want = Want(log=for_military.origin, start=for_military.index)
        asking = push.build(MILITARY, now=now, ceiling=0, wants=[want])
    with trio.military.at():
        received = receive.receive(asking.data, now=now, ceiling=0, sender=GUARD)
        outgoing = receive.answer(received, now=now, ceiling=0)
    with trio.guard.at():
        groups = list(keys.keyring().open_parcel(outgoing.data))
    (section,) = [group for group in groups if isinstance(group, parcel.Section)]
    (run,) = section.runs
    assert (section.checkpoint.start, section.checkpoint.end) == (for_military.index, for_province.index + 1)
    assert (set(run.beside.bodies), run.beside.missing) == ({for_military.index}, {for_province.index: 3})
    with trio.guard.at():
        entry = Entry.objects.get(log__origin=for_military.origin, index=for_military.index)
        body = Body.objects.get(entry_id=entry.pk)
        assert bytes(body.plaintext) == run.beside.bodies[for_military.index].plaintext
        received = receive.receive(outgoing.data, now=now, ceiling=0, sender=MILITARY)
        assert [refused.code for refused in received.refused] == ["not-member"]


def test_a_receipt_reaches_the_owner_by_the_third_party(trio: Pair) -> None:
    trio.world.cut.add(looking.LINE)
    (ref,) = trio.note(1)
    looking.passing(trio, 260)
    with trio.guard.at():
        entry = read.entries.find(ref.origin, ref.index)
        assert entry is not None
        assert sorted(read.entries.receipts(entry)) == [MILITARY, PROVINCE]
    looking.assert_sound(trio)


def test_what_a_peer_says_of_logs_that_there_are_not_is_not_kept(trio: Pair) -> None:
    real, circle = f"{GUARD}/{trio.circle}/1", trio.circle
    named = [f"nobody.example/{circle}/1", f"{GUARD}/{circle}/2", f"{GUARD}/other-{'0' * 32}/1", "/", "", real]
    with trio.province.at():
        observing.remember_heads(MILITARY, [Head(log=log, size=77, root="00" * 32) for log in named])
        assert list(PeerLog.objects.filter(have=77).values_list("origin", flat=True)) == [real]


def test_a_long_log_is_brought_in_bounded_pieces(trio: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """As far as the military brings it by itself, because the province asks for it by its heads alone."""
    trio.world.cut.add(looking.LINE)
    refs = [ref for start in range(0, 20, 5) for ref in trio.note(*range(start, start + 5))]
    trio.world.settle()
    trio.note(99, by=MILITARY)
    trio.world.step(MILITARY)
    monkeypatch.setattr(limits, "SECTION_ENTRIES", 4)
    trio.world.clock.forward(seconds=66)
    with trio.province.at():
        trio.province.sync.step(GUARD)
    with trio.military.at():
        steps = 0
        while trio.military.sync.step(PROVINCE):
            steps += 1
    assert steps >= 5
    assert all(looking.held(trio.province, ref) == (True, True) for ref in refs)
