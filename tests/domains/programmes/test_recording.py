"""Recording what is protected: what the other parties then hold, and what is refused before it is signed."""

from collections.abc import Callable

import pytest

from accordant.domains.programmes import actions
from accordant.domains.programmes.models import Activity, Delegation, Programme
from accordant.entries.envelope import EntryRef
from accordant.entries.errors import Refused
from accordant.ledger.models import Entry, State
from tests.domains.programmes.conftest import (
    CANARY,
    CITY,
    COMMANDER,
    GUARD,
    LIAISON,
    MILITARY,
    NEWCOMER,
    OUTSIDER,
    PARTIES,
    Circle,
    activity,
    delegation,
    programme,
)

pytestmark = pytest.mark.slow  # whole nodes act: some tens of milliseconds each, and their rebuild

Act = Callable[..., object]


def done(circle: Circle, agency: str, act: Callable[..., EntryRef], new: object) -> EntryRef:
    """The act, done at the agency's node by its liaison officer."""
    node = circle.node(agency)
    with node.at():
        return act(by=circle.by(agency), now=node.now, circle=circle.id, new=new)


def refused(circle: Circle, agency: str, act: Act, new: object, role: str = "liaison-officer") -> list[str]:
    """The codes that stand against the act; nothing was written."""
    node = circle.node(agency)
    with node.at():
        before = Entry.objects.count()
        with pytest.raises(Refused) as caught:
            act(by=circle.by(agency, role), now=node.now, circle=circle.id, new=new)
        assert Entry.objects.count() == before
    return [refusal.code for refusal in caught.value.refusals]


def test_activity_without_a_programme_opens_the_standing_one_of_its_year(circle: Circle) -> None:
    ref = done(circle, GUARD, actions.record_activity, activity(partners=(CITY,)))
    circle.settle()
    with circle.node(MILITARY).at():
        row = Activity.at_position(ref)
        assert row is not None
        assert (row.code, row.what, row.partners, row.irregular) == ("2026-0001", "Lễ viếng đầu năm", [CITY], "")
        standing = Programme.objects.get()
        assert (standing.entry_id, standing.code, standing.agency) == (row.programme_id, "standing-2026", GUARD)


def test_second_activity_of_the_year_uses_the_standing_programme_that_is_open(circle: Circle) -> None:
    done(circle, GUARD, actions.record_activity, activity())
    done(circle, GUARD, actions.record_activity, activity("2026-0002"))
    with circle.node(GUARD).at():
        assert Programme.objects.count() == 1
        assert Activity.objects.values_list("programme_id", flat=True).distinct().count() == 1


def test_standing_programme_bears_the_time_of_the_first_historical_act(circle: Circle) -> None:
    times = (1_700_000_000_000, 1_690_000_000_000)
    new = [activity(f"2023-{at}", "2023-07-01", at=at) for at in times]
    node = circle.node(GUARD)
    with node.at():
        actions.record_activities(by=circle.by(GUARD), now=node.now, circle=circle.id, new=new)
        assert Programme.objects.get().at == min(times)


def test_activity_may_belong_to_a_programme_that_another_party_opened(circle: Circle) -> None:
    visit = done(circle, GUARD, actions.open_programme, programme())
    circle.settle()
    ref = done(circle, CITY, actions.record_activity, activity(programme=visit))
    circle.settle()
    for agency in PARTIES:
        with circle.node(agency).at():
            row, opened = Activity.at_position(ref), Programme.at_position(visit)
            assert row is not None
            assert opened is not None
            assert (row.agency, row.programme_id, row.irregular) == (CITY, opened.entry_id, "")


def test_delegation_carries_its_heads_and_may_stand_alone(circle: Circle) -> None:
    ref = done(circle, GUARD, actions.record_delegation, delegation(country="Lào"))
    circle.settle()
    with circle.node(CITY).at():
        row = Delegation.at_position(ref)
        assert row is not None
        assert (row.heads, row.name, row.country, row.programme_id) == (12, CANARY, "Lào", None)


def test_empty_codes_get_the_next_of_their_year_also_within_one_write(circle: Circle) -> None:
    node = circle.node(GUARD)
    done(circle, GUARD, actions.record_activity, activity("2026-0002"))
    with node.at():
        new = [activity(""), activity(""), activity("", "2025-12-31")]
        actions.record_activities(by=circle.by(GUARD), now=node.now, circle=circle.id, new=new)
        codes = set(Activity.objects.values_list("code", flat=True))
    assert codes == {"2026-0002", "2026-0003", "2026-0004", "2025-0001"}


def test_several_are_written_all_or_none(circle: Circle) -> None:
    refused(circle, GUARD, actions.record_activities, [activity(), activity("2026-0002", day="2026-02-30")])
    refused(circle, GUARD, actions.record_delegations, [delegation(), delegation("DT-2", heads=0)])
    refused(circle, GUARD, actions.open_programmes, [programme(), programme("TH-2", title=" ")])


def test_each_act_asks_the_rules_with_what_the_circle_knows(circle: Circle) -> None:
    for act, new in (
        (actions.record_activity, activity(partners=(OUTSIDER,))),
        (actions.record_delegation, delegation(partners=(OUTSIDER,))),
        (actions.open_programme, programme(partners=(OUTSIDER,))),
    ):
        assert refused(circle, GUARD, act, new) == ["programme-outside"]


def test_a_code_is_used_once_by_an_agency_and_again_by_another(circle: Circle) -> None:
    for act, new in (
        (actions.record_activity, activity()),
        (actions.record_delegation, delegation()),
        (actions.open_programme, programme()),
    ):
        done(circle, GUARD, act, new)
        assert refused(circle, GUARD, act, new) == ["programme-code-taken"]
        done(circle, CITY, act, new)
    circle.settle()
    with circle.node(MILITARY).at():
        assert Activity.objects.filter(code="2026-0001", irregular="").count() == 2
        assert not Entry.objects.filter(state=State.IRREGULAR).exists()


def test_activity_outside_the_days_of_its_programme_is_refused(circle: Circle) -> None:
    visit = done(circle, GUARD, actions.open_programme, programme())
    new = activity(day="2026-01-10", programme=visit)
    assert refused(circle, GUARD, actions.record_activity, new) == ["programme-outside-days"]


def test_another_agency_s_standing_programme_takes_nothing(circle: Circle) -> None:
    done(circle, GUARD, actions.record_activity, activity())
    circle.settle()
    with circle.node(CITY).at():
        standing = Programme.ref_of(agency=GUARD, circle=circle.id, code="standing-2026")
    new = activity(programme=standing)
    assert refused(circle, CITY, actions.record_activity, new) == ["programme-foreign-standing"]


def test_what_is_no_programme_is_refused(circle: Circle) -> None:
    visit = done(circle, GUARD, actions.open_programme, programme())
    other = done(circle, GUARD, actions.record_activity, activity())
    elsewhere = EntryRef(visit.origin, visit.index, "00" * 32)
    for ref in (other, elsewhere):
        assert refused(circle, GUARD, actions.record_delegation, delegation(programme=ref)) == ["programme-missing"]


def test_an_office_without_the_role_writes_nothing(circle: Circle) -> None:
    for act, new in (
        (actions.record_activity, activity()),
        (actions.record_delegation, delegation()),
        (actions.open_programme, programme()),
    ):
        assert refused(circle, GUARD, act, new, role="commander") == ["programmes-office"]


def test_an_outsider_neither_writes_nor_holds(circle: Circle) -> None:
    done(circle, GUARD, actions.record_delegation, delegation())
    circle.settle()
    with circle.node(OUTSIDER).at():
        assert not Delegation.objects.exists()
    with pytest.raises(Refused) as caught:
        done(circle, OUTSIDER, actions.record_delegation, delegation())
    assert caught.value.code == "unknown-circle"


def test_rows_are_for_those_who_hold_an_office_that_reads(circle: Circle) -> None:
    done(circle, GUARD, actions.record_delegation, delegation())
    circle.settle()
    now = circle.world.clock.now
    with circle.node(CITY).at():
        for sign_in, seen in ((LIAISON, 1), (COMMANDER, 1), (NEWCOMER, 0)):
            assert Delegation.visible_to(circle.subject(CITY, sign_in), now).count() == seen
