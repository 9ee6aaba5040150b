"""Cutoffs under lag and by foreign programs: which entries count depends on the cutoff alone."""

import random
from collections.abc import Callable
from itertools import combinations

import pytest

from accordant.domains.information import actions as information
from accordant.domains.reviews import actions, rules
from accordant.domains.reviews import entries as facts
from accordant.domains.reviews.entries import CutoffHead
from accordant.domains.reviews.models import Cutoff, CutoffConsent, FigureStatement, Review, figures_of, standings
from accordant.entries.envelope import EntryRef, automatic
from accordant.entries.errors import Refused
from accordant.entries.heads import heads_digest
from accordant.entries.kinds import Fact
from accordant.ledger.append import append
from accordant.ledger.models import Entry, State
from accordant.ledger.read import closure
from tests.cutoffs import heads_of
from tests.domains.reviews.conftest import CITY, GUARD, MILITARY, PARTIES, Room

EXCHANGED = "information.items_exchanged"
ACKNOWLEDGED = "information.items_acknowledged"


def acknowledge(room: Room, agency: str, item: EntryRef) -> EntryRef:
    node = room.node(agency)
    with node.at():
        return information.acknowledge_item(by=room.by(agency), now=node.now, item=item, day="2024-06-30")


def catch_up(room: Room) -> None:
    room.world.cut = set()
    for _round in range(3):
        room.settle()


def statements(room: Room, agency: str) -> dict[tuple[str, str], str]:
    """By review and party, the digest stated, as one node holds it."""
    with room.node(agency).at():
        codes = {row.cutoff_id: row.code for row in Review.objects.all()}
        return {(codes[row.cutoff_id], row.agency): row.digest for row in FigureStatement.objects.all()}


def held_state(room: Room, agency: str, ref: EntryRef) -> State:
    with room.node(agency).at():
        return State(Entry.objects.get(log__origin=ref.origin, index=ref.index).state)


def holds_back(room: Room, agency: str) -> bool:
    with room.node(agency).at():
        return Entry.objects.filter(state=State.HELD).exists()


def lagging(room: Room) -> EntryRef:
    """The guard holds the city's acknowledgement of an item that it does not hold; gives the acknowledgement."""
    room.world.cut = {frozenset((GUARD, MILITARY))}
    item = room.send(MILITARY, CITY)
    room.world.settle()
    done = acknowledge(room, CITY, item)
    room.world.settle()
    return done


@pytest.mark.slow
def test_cutoff_under_lag_stops_before_what_rests_on_entries_not_held(room: Room) -> None:
    done = lagging(room)
    assert held_state(room, GUARD, done) == State.HELD
    room.open()
    with room.node(GUARD).at():
        sizes = {head.log: head.size for head in Cutoff.objects.get().sizes}
        assert sizes[done.origin] <= done.index
    catch_up(room)
    for agency in PARTIES:
        found = statements(room, agency)
        assert {party for _code, party in found} == set(PARTIES)
        assert len(set(found.values())) == 1


@pytest.mark.slow
def test_cutoff_of_a_program_that_does_not_stop_is_counted_alike_and_not_agreed_to(room: Room) -> None:
    lagging(room)
    review = room.open(cutoff=False)
    node = room.node(GUARD)
    with node.at():
        heads = tuple(CutoffHead(log=h.log, size=h.size, root=h.root) for h in heads_of(room.circle))
    propose(room, review, heads)
    catch_up(room)
    seen = []
    for agency in PARTIES:
        node = room.node(agency)
        with node.at():
            cutoff = Cutoff.objects.get()
            figures = figures_of(Review.objects.get(), cutoff)
            seen.append({name: figure.value for name, figure in figures.items()})
            with pytest.raises(Refused) as caught:
                actions.agree_cutoff(by=room.by(agency), now=node.now, cutoff=cutoff.ref)
            assert [refusal.code for refusal in caught.value.refusals] == ["cutoff-unmet"]
            assert CITY in str(caught.value)
            assert not CutoffConsent.objects.exists()
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][ACKNOWLEDGED] == 0


@pytest.mark.slow
def test_what_a_program_says_twice_counts_alike_though_the_first_waited(room: Room) -> None:
    """The city agrees and states twice, the first time referring to what the guard does not hold."""
    room.open()
    room.world.settle()
    room.world.cut = {frozenset((GUARD, MILITARY))}
    waited = room.send(MILITARY, CITY)
    room.world.settle()
    city = room.node(CITY)
    with city.at():
        cutoff = Cutoff.objects.get()
        named, waits = cutoff.ref.as_reference("cutoff"), waited.as_reference("after")
        row = Review.objects.get()
        true = rules.figures_digest(rules.Period(row.start, row.stop), cutoff.digest, ())
        body, agreed = facts.FiguresStatedBody(figures=()), facts.CutoffAgreed(digest=cutoff.digest)
        said = [
            fact
            for digest, refs in ((true, (named, waits)), ("f" * 64, (named,)))
            for fact in (Fact(agreed, refs=refs), Fact(facts.FiguresStated(digest=digest), body, refs=refs))
        ]
        first = append(circle=room.circle, by=room.by(CITY), now=city.now, facts=said)[0]
    room.world.settle()
    assert holds_back(room, GUARD)
    catch_up(room)
    seen = []
    for agency in PARTIES:
        with room.node(agency).at():
            rows = Entry.objects.filter(log__origin=first.origin, index__gte=first.index).order_by("index")
            assert set(rows.values_list("state", flat=True)[:4]) == {State.PROJECTED}
            shown = FigureStatement.objects.filter(cutoff_id=Review.objects.get().cutoff_id).first_by_agency()
            seen.append((shown[CITY].digest, shown[CITY].fault))
            assert standings([Review.objects.get()])[0].parties[CITY] == rules.STATED
    assert seen == [(true, "")] * len(PARTIES)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_reviews_opened_under_random_lag_are_stated_alike(room: Room, seed: int) -> None:
    """Random cuts, sends, acknowledgements and reviews: whoever states at one cutoff states the same."""
    chance = random.Random(seed)
    pairs = [frozenset(pair) for pair in combinations(PARTIES, 2)]
    items: list[tuple[str, EntryRef]] = []
    for turn in range(8):
        room.world.cut = {pair for pair in pairs if chance.random() < 0.6}
        sender, to = chance.sample(PARTIES, 2)
        items.append((to, room.send(sender, to)))
        room.world.settle()
        for place in list(items):
            agency, item = place
            with room.node(agency).at():
                here = Entry.objects.filter(log__origin=item.origin, index=item.index).exists()
            if here and chance.random() < 0.7:
                acknowledge(room, agency, item)
                items.remove(place)
        room.world.settle()
        if turn % 2:
            lagging_now = [agency for agency in PARTIES if holds_back(room, agency)]
            room.open(chance.choice(lagging_now or PARTIES), code=f"r{turn}")
        for agency in PARTIES:
            with room.node(agency).at():
                actions.keep_up(by=automatic(agency), now=room.node(agency).now)
    catch_up(room)
    catch_up(room)
    for agency in PARTIES:
        by_review: dict[str, set[str]] = {}
        for (code, _party), digest in statements(room, agency).items():
            by_review.setdefault(code, set()).add(digest)
        assert by_review.keys() == {"r1", "r3", "r5", "r7"}, f"seed {seed}"
        assert all(len(digests) == 1 for digests in by_review.values()), f"seed {seed} {agency}"
        assert len(statements(room, agency)) == 4 * len(PARTIES), f"seed {seed} {agency}"


def propose(room: Room, review: EntryRef, heads: tuple[CutoffHead, ...], **header: object) -> EntryRef:
    """A program without our rules proposes these heads."""
    node = room.node(GUARD)
    digest = heads_digest(heads)
    body = facts.CutoffProposedBody(heads=heads)
    fact = Fact(
        facts.CutoffProposed(digest=digest),
        body,
        refs=(review.as_reference("review"),),
        **header,  # type: ignore[arg-type]  # a test's own words
    )
    with node.at():
        return append(circle=room.circle, by=room.by(GUARD), now=node.now, facts=[fact])[0]


def heads_now(room: Room) -> list[CutoffHead]:
    with room.node(GUARD).at():
        return [CutoffHead(log=h.log, size=h.size, root=h.root) for h in heads_of(room.circle)]


def huge(heads: list[CutoffHead]) -> list[CutoffHead]:
    return [CutoffHead(log=head.log, size=2**53 - 1, root=head.root) for head in heads]


BAD_HEADS: dict[str, Callable[[list[CutoffHead]], list[CutoffHead]]] = {
    "one missing": lambda heads: heads[1:],
    "none": lambda heads: [],
    "one twice": lambda heads: [*heads[:2], heads[1]],
    "another circle": lambda heads: [*heads[:2], CutoffHead(log=f"{MILITARY}/other/1", size=1, root="0" * 64)],
    "another agency": lambda heads: [*heads[:2], CutoffHead("outsider.example/x/1", 1, "0" * 64)],
    "below nothing": lambda heads: [*heads[:2], CutoffHead(heads[2].log, -1, heads[2].root)],
    "no root": lambda heads: [*heads[:2], CutoffHead(heads[2].log, 1, "root")],
}


@pytest.mark.slow
@pytest.mark.parametrize("sort", BAD_HEADS)
def test_unsound_cutoff_is_agreed_to_by_nobody_and_counts_nothing(room: Room, sort: str) -> None:
    review = room.open(cutoff=False)
    propose(room, review, tuple(BAD_HEADS[sort](heads_now(room))))
    room.settle()
    for agency in PARTIES:
        node = room.node(agency)
        with node.at():
            cutoff = Cutoff.objects.get()
            assert (cutoff.fault, cutoff.heads) == (rules.UNLIKE, [])
            assert not any(figure.value for figure in figures_of(Review.objects.get(), cutoff).values())
            with pytest.raises(Refused) as caught:
                actions.agree_cutoff(by=room.by(agency), now=node.now, cutoff=cutoff.ref)
            assert [refusal.code for refusal in caught.value.refusals] == ["cutoff-heads"]
            assert not CutoffConsent.objects.exists()


@pytest.mark.slow
def test_sizes_that_nobody_holds_cost_nothing(room: Room) -> None:
    review = room.open(cutoff=False)
    propose(room, review, tuple(huge(heads_now(room))))
    room.settle()
    for agency in PARTIES:
        with room.node(agency).at():
            cutoff = Cutoff.objects.get()
            figures_of(Review.objects.get(), cutoff)  # walks what is held, not 2**53 positions
            actions.keep_up(by=automatic(agency), now=room.node(agency).now)
            assert not CutoffConsent.objects.exists()


@pytest.mark.slow
def test_cutoff_for_some_parties_is_irregular_everywhere(room: Room) -> None:
    review = room.open(cutoff=False)
    ref = propose(room, review, tuple(heads_now(room)), to=(CITY,))
    room.settle()
    for agency in PARTIES:
        with room.node(agency).at():
            entry = Entry.objects.get(log__origin=ref.origin, index=ref.index)
            assert (entry.state, entry.code) == (State.IRREGULAR, "cutoff-heads")
            assert not Cutoff.objects.exists()


@pytest.mark.slow
def test_whole_heads_are_the_newest_ones_where_nothing_is_missing(room: Room) -> None:
    with room.node(GUARD).at():
        assert closure.whole_heads(room.circle) == heads_of(room.circle)
        assert closure.outside(heads_of(room.circle)) == frozenset()
