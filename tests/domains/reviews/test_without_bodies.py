"""What a node judges regular does not depend on bodies: the same logs with and without them give the same states."""

from collections.abc import Sequence

import pytest

from accordant.domains.reviews import entries as facts
from accordant.domains.reviews import rules
from accordant.domains.reviews.entries import CutoffHead
from accordant.domains.reviews.models import Cutoff, CutoffConsent, FigureStatement, Review, figures_of
from accordant.entries.kinds import Fact
from accordant.ledger import replay
from accordant.ledger.append import append
from accordant.ledger.models import Body, Entry
from accordant.regulations import actions as regulations
from tests.domains.reviews.conftest import CITY, GUARD, MILITARY, PARTIES, Room

pytestmark = pytest.mark.slow  # each test runs four nodes


def states(room: Room, agency: str) -> Sequence[tuple[object, ...]]:
    with room.node(agency).at():
        rows = Entry.objects.filter(log__circle=room.circle, kind__name__startswith="reviews.")
        return list(rows.order_by("log__origin", "index").values_list("log__origin", "index", "state", "code"))


def without_bodies(room: Room, agency: str) -> None:
    """All bodies of reviews are gone at one node, as after erasure, and its tables are built again."""
    with room.node(agency).at():
        rows = Entry.objects.filter(kind__name__startswith="reviews.").values_list("id", flat=True)
        Body.objects.filter(entry_id__in=list(rows)).delete()
        replay.rebuild()


def test_rows_stand_without_their_bodies(room: Room) -> None:
    room.open()
    room.settle()
    before = states(room, CITY)
    without_bodies(room, MILITARY)
    assert states(room, MILITARY) == before
    with room.node(MILITARY).at():
        cutoff = Cutoff.objects.get()
        assert (cutoff.fault, cutoff.heads) == (rules.ABSENT, [])
        assert {row.fault for row in FigureStatement.objects.all()} == {rules.ABSENT}
        assert set(CutoffConsent.objects.values_list("agency", flat=True)) == set(PARTIES)
        assert not any(figure.value for figure in figures_of(Review.objects.get(), cutoff).values())


def test_false_statement_and_false_cutoff_stand_alike_with_and_without_bodies(room: Room) -> None:
    """What only a body shows marks the row, never the entry."""
    review = room.open(cutoff=False)
    guard, city = room.node(GUARD), room.node(CITY)
    with guard.at():
        heads = (CutoffHead(log=f"{GUARD}/{room.circle}/1", size=1, root="0" * 64),)
        body = facts.CutoffProposedBody(heads=heads)
        fact = Fact(facts.CutoffProposed(digest="1" * 64), body, refs=(review.as_reference("review"),))
        append(circle=room.circle, by=room.by(GUARD), now=guard.now, facts=[fact])
    room.settle()
    with city.at():
        cutoff = Cutoff.objects.get().ref.as_reference("cutoff")
        agreed = Fact(facts.CutoffAgreed(digest="1" * 64), refs=(cutoff,))
        stated = Fact(facts.FiguresStated(digest="2" * 64), facts.FiguresStatedBody(figures=()), refs=(cutoff,))
        append(circle=room.circle, by=room.by(CITY), now=city.now, facts=[agreed, stated])
    room.settle()
    without_bodies(room, MILITARY)
    assert states(room, MILITARY) == states(room, GUARD) == states(room, CITY)
    with guard.at():
        assert FigureStatement.objects.get().fault == rules.UNLIKE
    with room.node(MILITARY).at():
        assert FigureStatement.objects.get().fault == rules.ABSENT


def test_consent_to_a_cutoff_of_another_circle_is_irregular(room: Room) -> None:
    """Also where its parties hold that circle: a review is settled in its own one."""
    room.open()
    guard, city = room.node(GUARD), room.node(CITY)
    with guard.at():
        opened = regulations.open_circle(
            by=room.by(GUARD),
            now=guard.now,
            label="smaller",
            sort="smaller",
            regulation="",
            members=[CITY],
            nonce=bytes(16),
            parent=room.circle,
        )
    other = opened.origin.split("/")[1]
    room.world.settle()
    with city.at():
        regulations.join_circle(by=room.by(CITY), now=city.now, circle=other)
    room.world.settle()
    with city.at():
        cutoff = Cutoff.objects.get()
        fact = Fact(facts.CutoffAgreed(digest=cutoff.digest), refs=(cutoff.ref.as_reference("cutoff"),))
        ref = append(circle=other, by=room.by(CITY), now=city.now, facts=[fact])[0]
    room.world.settle()
    for agency in (GUARD, CITY):
        with room.node(agency).at():
            entry = Entry.objects.get(log__origin=ref.origin, index=ref.index)
            assert entry.code == "cutoff-digest"
            assert not CutoffConsent.objects.filter(entry_id=entry.pk).exists()
