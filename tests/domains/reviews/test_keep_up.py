"""What a node does by itself for its cutoffs: each has its turn, whatever becomes of the others."""

import pytest

from accordant.domains.reviews import actions
from accordant.domains.reviews.models import Cutoff, FigureStatement, Review, open_circles, writable_circles
from accordant.entries.envelope import automatic
from accordant.ledger import replay
from accordant.regulations import actions as regulations
from tests.domains.reviews.conftest import CITY, GUARD, MILITARY, Room


@pytest.mark.slow
def test_a_cutoff_that_fails_does_not_starve_the_next(room: Room) -> None:
    guard = room.node(GUARD)
    damaged, whole = room.open(), room.open(code="2014-2019", start="2014-12-01", stop="2019-12-01")
    with guard.at():
        Review.objects.filter(origin=damaged.origin, index=damaged.index).delete()
        with pytest.raises(Review.DoesNotExist):
            actions.keep_up(by=automatic(GUARD), now=guard.now)
        stated = FigureStatement.objects.get(agency=GUARD)
        review = Review.objects.get(origin=whole.origin, index=whole.index)
        assert Cutoff.objects.get(entry_id=stated.cutoff_id).review_id == review.entry_id
        replay.rebuild()


@pytest.mark.slow
def test_a_node_that_closed_the_circle_does_nothing_more_there(room: Room) -> None:
    room.open()
    room.world.settle()
    city = room.node(CITY)
    with city.at():
        regulations.close_circle(by=room.by(CITY), now=city.now, circle=room.circle)
        actions.keep_up(by=automatic(CITY), now=city.now)
        assert not FigureStatement.objects.filter(agency=CITY).exists()
        assert writable_circles(CITY) == []
        assert [circle for circle, _title in open_circles(CITY)] == [room.circle]
    room.settle()
    assert room.digests(GUARD).keys() == {GUARD, MILITARY}
