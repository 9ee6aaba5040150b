"""Recording what is protected: what the other parties then hold, and what is refused."""

import pytest

from accordant.domains.programmes import actions
from accordant.domains.programmes.models import Activity, Delegation, Programme
from accordant.entries.errors import Refused
from tests.domains.programmes.conftest import CITY, GUARD, MILITARY, Circle, activity, delegation, programme


def test_activity_without_a_programme_opens_the_standing_one_of_its_year(circle: Circle) -> None:
    node = circle.node(GUARD)
    with node.at():
        ref = actions.record_activity(by=circle.planner(GUARD), now=node.now, circle=circle.id, new=activity())
    circle.world.settle()
    with circle.node(CITY).at():
        row = Activity.at_position(ref)
        assert row is not None
        standing = Programme.objects.get(entry_id=row.programme_id)
        assert (standing.code, standing.agency) == ("standing-2026", GUARD)
        assert (row.code, row.what, row.irregular) == ("2026-0001", "Lễ viếng đầu năm", "")
