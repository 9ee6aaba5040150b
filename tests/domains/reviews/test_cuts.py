"""A log that refers to an entry that never comes is cut short in cutoffs, and the review's page names it."""

from types import SimpleNamespace

import pytest

from accordant.domains.reviews import actions
from accordant.domains.reviews.models import Cut, Cutoff, cuts_in
from accordant.domains.reviews.views import figures
from accordant.entries import envelope
from accordant.entries.envelope import EntryRef, Header
from accordant.entries.indicators import INDICATORS
from accordant.entries.kinds import Fact
from accordant.ledger.append import append
from accordant.ledger.read import closure
from tests.domains.reviews.conftest import CITY, GUARD, MILITARY, Room
from tests.simulator.facts import NoteMade


def note(room: Room, agency: str, *after: EntryRef) -> EntryRef:
    node = room.node(agency)
    with node.at():
        fact = Fact(NoteMade(no=1), refs=tuple(ref.as_reference("after") for ref in after))
        return append(circle=room.circle, by=room.by(agency), now=node.now, facts=[fact])[0]


@pytest.mark.slow
def test_log_cut_short_for_good_is_named_on_the_page(room: Room) -> None:
    never = EntryRef(f"{GUARD}/{room.circle}/1", 9_999, "a" * 64)
    waits = note(room, CITY, never)
    room.world.settle()
    rests = note(room, MILITARY, waits)
    room.world.settle()
    review = room.open(cutoff=False)
    guard = room.node(GUARD)
    with guard.at():
        expected = [
            Cut(waits.origin, waits.index, waits.index, (never.origin, never.index), held=False),
            Cut(rests.origin, rests.index, rests.index, (waits.origin, waits.index), held=True),
        ]
        assert cuts_in(room.circle) == expected
        sizes = {head.log: head.size for head in closure.whole_heads(room.circle)}
        assert {cut.log: cut.size for cut in expected}.items() <= sizes.items()
    for cutoff in (False, True):
        if cutoff:
            with guard.at():
                actions.propose_cutoff(by=room.by(GUARD), now=guard.now, review=review)
                assert {cut.log: cut.size for cut in expected}.items() <= {
                    head.log: head.size for head in Cutoff.objects.get().sizes
                }.items()
        browser = room.browser(GUARD)
        with guard.at():
            shown = browser.get(f"/reviews/{review.origin}/{review.index}").content.decode()
        assert f"its entry {waits.index:,} rests on entry 9,999" in shown
        assert "does not count yet either" in shown
        assert f"/{waits.origin}/{waits.index}" in shown


@pytest.mark.slow
def test_reference_that_only_lags_is_named_until_it_comes(room: Room) -> None:
    room.world.cut = {frozenset((GUARD, MILITARY))}
    first = note(room, MILITARY)
    room.world.settle()
    second = note(room, CITY, first)
    room.world.settle()
    with room.node(GUARD).at():
        assert [(cut.log, cut.index) for cut in cuts_in(room.circle)] == [(second.origin, second.index)]
    room.world.cut = set()
    room.settle()
    with room.node(GUARD).at():
        assert cuts_in(room.circle) == []


def test_entry_that_is_not_understood_stops_no_page_of_a_figure() -> None:
    header = Header(
        v=1,
        log=f"{GUARD}/qc-{'0' * 32}/1",
        seq=1,
        at=0,
        kind="information.item-sent",
        kv=1,
        by="clerk",
        d={"day": 5},
    )
    data = envelope.encode_header(header)
    row = SimpleNamespace(header=data, leaf=envelope.leaf_hash(data))
    assert figures._rows(INDICATORS["information.items_exchanged"], [row]) == []
