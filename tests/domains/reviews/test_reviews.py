"""A review between nodes: who lacks what, equal statements, differences by entry."""

import msgspec
import pytest

from accordant.domains.reviews import actions, rules
from accordant.domains.reviews import entries as facts
from accordant.domains.reviews.entries import StatedFigure
from accordant.domains.reviews.models import (
    Cutoff,
    CutoffConsent,
    FigureStatement,
    Review,
    figures_of,
    lacks_of,
    standings,
)
from accordant.entries.errors import NotVisible, Refused
from accordant.entries.indicators import INDICATORS
from accordant.entries.kinds import Fact
from accordant.ledger.append import append
from accordant.ledger.models import Entry, State
from tests.domains.reviews.conftest import (
    ACTIVITIES,
    CITY,
    DELEGATIONS,
    EVENTS,
    GUARD,
    ITEMS,
    MILITARY,
    OUTSIDER,
    PARTIES,
    Room,
)

pytestmark = pytest.mark.slow  # each test runs four nodes

WANTED = {
    "programmes.activities_guarded": ACTIVITIES,
    "programmes.delegations_guarded": DELEGATIONS,
    "programmes.events_guarded": EVENTS,
    "information.items_exchanged": ITEMS,
    "information.items_acknowledged": 0,
}


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [refusal.code for refusal in caught.value.refusals]


def figures_at(room: Room, agency: str) -> dict[str, int]:
    with room.node(agency).at():
        review = Review.objects.get()
        cutoff = Cutoff.objects.get()
        return {name: figure.value for name, figure in figures_of(review, cutoff).items()}


def cutoff_at(room: Room, agency: str) -> Cutoff:
    with room.node(agency).at():
        found: Cutoff = Cutoff.objects.get()
        return found


def test_three_parties_state_equal_digests(room: Room) -> None:
    room.open()
    room.settle()
    room.settle()
    for agency in PARTIES:
        digests = room.digests(agency)
        assert set(digests) == set(PARTIES)
        assert len(set(digests.values())) == 1
        counted = figures_at(room, agency)
        assert {name: counted[name] for name in WANTED} == WANTED


def test_figures_split_by_owner_and_count_joint_work_apart(room: Room) -> None:
    room.open()
    room.settle()
    with room.node(MILITARY).at():
        figure = figures_of(Review.objects.get(), Cutoff.objects.get())["programmes.activities_guarded"]
        assert {agency: line.value for agency, line in figure.lines.items()} == dict.fromkeys(PARTIES, ACTIVITIES // 3)
        assert figure.joint.value == ACTIVITIES // 2
        delegations = figures_of(Review.objects.get(), Cutoff.objects.get())["programmes.delegations_guarded"]
        assert (delegations.value, delegations.paired) == (DELEGATIONS, 10 + 11 + 12)


def test_party_that_is_down_stays_incomplete_until_it_is_back(room: Room) -> None:
    room.node(CITY).down = True
    item = room.send()
    room.open()
    room.settle()
    cutoff = cutoff_at(room, GUARD)
    with room.node(GUARD).at():
        assert set(CutoffConsent.objects.values_list("agency", flat=True)) == {GUARD, MILITARY}
        lacks = lacks_of(cutoff, CITY)
    assert [(lack.agency, lack.start <= item.index < lack.stop) for lack in lacks] == [(GUARD, True)]
    with room.node(MILITARY).at():
        assert lacks_of(cutoff, CITY) == []  # the receipts for the guard's log come to the guard alone
    assert set(room.digests(GUARD)) == {GUARD, MILITARY}
    room.node(CITY).down = False
    room.settle()
    room.settle()
    for agency in PARTIES:
        assert set(room.digests(agency)) == set(PARTIES)
        assert len(set(room.digests(agency).values())) == 1
        assert figures_at(room, agency)["information.items_exchanged"] == ITEMS + 1


def test_party_that_lacks_entries_is_refused_and_told_of_which_log(room: Room) -> None:
    room.world.cut = {frozenset((CITY, MILITARY))}
    room.send(MILITARY, GUARD)
    room.world.settle()
    room.open()
    room.world.settle()
    with room.node(CITY).at():
        cutoff = Cutoff.objects.get()
        assert [(lack.agency, lack.count) for lack in lacks_of(cutoff, CITY)] == [(MILITARY, 1)]
        with pytest.raises(Refused) as caught:
            actions.agree_cutoff(by=room.by(CITY), now=room.world.clock.now, cutoff=cutoff.ref)
    assert codes(caught) == ["cutoff-lacks"]
    assert MILITARY in str(caught.value)
    with pytest.raises(NotVisible), room.node(OUTSIDER).at():
        actions.agree_cutoff(by=room.by(OUTSIDER), now=room.world.clock.now, cutoff=cutoff.ref)


def test_item_of_the_day_after_the_period_is_not_counted(room: Room) -> None:
    room.open(stop="2024-07-02")
    room.settle()
    assert figures_at(room, CITY)["information.items_exchanged"] == ITEMS + 1


def test_fact_signed_after_the_cutoff_is_not_counted(room: Room) -> None:
    room.open()
    room.send(GUARD, CITY, day="2022-02-02")
    room.settle()
    assert figures_at(room, MILITARY)["information.items_exchanged"] == ITEMS


def test_another_figure_is_a_difference_named_by_its_entry(room: Room) -> None:
    """A party whose program left one entry out states it; everybody sees which entry it is."""
    room.open()
    room.world.clock.forward(seconds=60)
    room.world.settle()
    left_out = room.state_one_less(CITY)
    room.settle()
    with room.node(MILITARY).at():
        stated = {row.agency: msgspec.convert(row.figures, list[StatedFigure]) for row in FigureStatement.objects.all()}
    found = rules.differences(stated[MILITARY], stated[CITY])
    assert [(one.indicator, one.ours, one.theirs) for one in found] == [("information.items_exchanged", 4, 3)]
    assert (found[0].only_ours, found[0].only_theirs) == ((left_out,), ())
    assert rules.differences(stated[MILITARY], stated[GUARD]) == []


def test_statement_with_a_foreign_digest_makes_the_review_differ_everywhere(room: Room) -> None:
    """Only its body shows it, so the entry stands; every party is told that its figures do not give its digest."""
    room.open()
    room.world.clock.forward(seconds=60)
    room.world.settle()
    node, cutoff = room.node(CITY), cutoff_at(room, CITY)
    with node.at():
        actions.agree_cutoff(by=room.by(CITY), now=node.now, cutoff=cutoff.ref)
        figures = rules.stated_figures(figures_of(Review.objects.get(), cutoff).values(), INDICATORS)
        fact = Fact(
            facts.FiguresStated(digest="0" * 64),
            facts.FiguresStatedBody(figures=figures),
            refs=(cutoff.ref.as_reference("cutoff"),),
        )
        ref = append(circle=room.circle, by=room.by(CITY), now=node.now, facts=[fact])[0]
    room.world.settle()
    for agency in PARTIES:
        with room.node(agency).at():
            entry = Entry.objects.get(log__origin=ref.origin, index=ref.index)
            assert entry.state == State.PROJECTED
            assert FigureStatement.objects.get(agency=CITY).fault == rules.UNLIKE
            standing = standings(list(Review.objects.all()))[0]
            assert (standing.state, standing.parties[CITY]) == (rules.DIFFERENT, rules.UNSOUND)


def test_only_the_opener_proposes_and_only_once(room: Room) -> None:
    ref = room.open(cutoff=False)
    room.world.settle()
    with room.node(CITY).at(), pytest.raises(Refused) as caught:
        actions.propose_cutoff(by=room.by(CITY), now=room.world.clock.now, review=ref)
    assert codes(caught) == ["cutoff-opener"]
    with room.node(GUARD).at():
        actions.propose_cutoff(by=room.by(GUARD), now=room.world.clock.now, review=ref)
        with pytest.raises(Refused) as caught:
            actions.propose_cutoff(by=room.by(GUARD), now=room.world.clock.now, review=ref)
    assert codes(caught) == ["cutoff-stands"]


def test_statements_come_once_and_after_consent(room: Room) -> None:
    room.open()
    cutoff = cutoff_at(room, GUARD)
    with room.node(GUARD).at():
        by, now = room.by(GUARD), room.world.clock.now
        with pytest.raises(Refused) as caught:
            actions.state_figures(by=by, now=now, cutoff=cutoff.ref)
        assert codes(caught) == ["figures-agree-first"]
        actions.agree_cutoff(by=by, now=now, cutoff=cutoff.ref)
        with pytest.raises(Refused) as caught:
            actions.agree_cutoff(by=by, now=now, cutoff=cutoff.ref)
        assert codes(caught) == ["cutoff-agreed"]
        actions.state_figures(by=by, now=now, cutoff=cutoff.ref)
        with pytest.raises(Refused) as caught:
            actions.state_figures(by=by, now=now, cutoff=cutoff.ref)
        assert codes(caught) == ["figures-stated"]


def test_bad_reviews_are_refused_with_every_reason(room: Room) -> None:
    with pytest.raises(Refused) as caught:
        room.open(code="mã có dấu", start="2024-02-30", sort="yearly")
    assert codes(caught) == ["review-code", "review-period", "review-sort"]
    room.open()
    with pytest.raises(Refused) as caught:
        room.open()
    assert codes(caught) == ["review-taken"]


def test_outsider_holds_no_review(room: Room) -> None:
    room.open()
    room.settle()
    with room.node(OUTSIDER).at():
        assert not Review.objects.exists()
