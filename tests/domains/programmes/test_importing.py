"""Importing tables: written once, changed by no second run, refused whole."""

from collections.abc import Callable

import pytest

from accordant.domains.programmes import actions, rules
from accordant.domains.programmes.actions.incoming import File
from accordant.domains.programmes.models import Activity, Delegation, Programme
from accordant.entries.envelope import EntryRef
from accordant.entries.errors import Refused
from accordant.ledger.models import Entry
from tests.domains.programmes.conftest import CITY, GUARD, ZONE, Circle, activity

pytestmark = pytest.mark.slow  # whole nodes act, hundreds of rows at a time


def table(count: int, *, year: int = 2024, first: int = 1) -> "rules.File[rules.ActivityRow]":
    """A table of activities, numbered through."""
    lines = [
        f"HD-{number},{year}-{number % 12 + 1:02d}-{number % 28 + 1:02d},stay,Chốt số {number},{CITY}"
        for number in range(first, first + count)
    ]
    return rules.read_activities("\n".join(["code,day,class,what,with", *lines]).encode(), zone=ZONE)


def events(*codes: str) -> "rules.File[rules.EventRow]":
    lines = "".join(f"{code},2024-04-30,2024-05-02,Lễ kỷ niệm\n" for code in codes)
    return rules.read_events(f"code,day,day_end,title\n{lines}".encode(), zone=ZONE)


def delegations(*rows: str) -> "rules.File[rules.DelegationRow]":
    text = "".join(f"{row}\n" for row in rows)
    return rules.read_delegations(f"code,day,heads,name,programme\n{text}".encode(), zone=ZONE)


def entries(circle: Circle) -> int:
    with circle.node(GUARD).at():
        return Entry.objects.filter(log__circle=circle.id).count()


def test_activities_are_imported_in_groups_with_their_standing_programmes(circle: Circle) -> None:
    node = circle.node(GUARD)
    told: list[int] = []
    with node.at():
        refs = actions.import_activities(
            by=circle.by(GUARD), now=node.now, circle=circle.id, file=table(1_100), progress=told.append
        )
        assert (len(refs), told) == (1_100, [0, 500, 1_000, 1_100])
    circle.settle()
    with circle.node(CITY).at():
        assert Activity.objects.filter(agency=GUARD, irregular="", what__startswith="Chốt số").count() == 1_100
        assert [p.code for p in Programme.objects.all()] == ["standing-2024"]
        assert Activity.at_position(refs[7]) == Activity.objects.get(code="HD-8")


def test_a_second_run_changes_nothing(circle: Circle) -> None:
    node = circle.node(GUARD)
    with node.at():
        runs: list[tuple[Callable[..., list[EntryRef]], File]] = [
            (actions.import_activities, table(3)),
            (actions.import_events, events("SK-1")),
            (actions.import_delegations, delegations("DT-1,2024-05-01,14,Đoàn cấp cao,SK-1")),
        ]
        for act, file in runs:
            assert len(act(by=circle.by(GUARD), now=node.now, circle=circle.id, file=file)) == len(file.rows)
            size = entries(circle)
            assert act(by=circle.by(GUARD), now=node.now, circle=circle.id, file=file) == []
            assert entries(circle) == size


def test_a_run_that_was_cut_is_completed_by_the_next(circle: Circle) -> None:
    node, file = circle.node(GUARD), table(501)

    def cut(_done: int) -> None:
        if _done == 500:
            raise KeyboardInterrupt

    with node.at():
        with pytest.raises(KeyboardInterrupt):
            actions.import_activities(by=circle.by(GUARD), now=node.now, circle=circle.id, file=file, progress=cut)
        refs = actions.import_activities(by=circle.by(GUARD), now=node.now, circle=circle.id, file=file)
        assert len(refs) == 1
        assert Activity.objects.count() == 501


def test_rows_known_from_another_file_or_by_hand_refuse_the_whole_file(circle: Circle) -> None:
    node = circle.node(GUARD)
    with node.at():
        actions.import_activities(by=circle.by(GUARD), now=node.now, circle=circle.id, file=table(3))
        actions.record_activity(by=circle.by(GUARD), now=node.now, circle=circle.id, new=activity("HD-4"))
        size = entries(circle)
        with pytest.raises(Refused) as caught:
            actions.import_activities(by=circle.by(GUARD), now=node.now, circle=circle.id, file=table(5, first=3))
        (refusal,) = caught.value.refusals
        assert (refusal.code, refusal.reason.places["rows"]) == ("programmes-imported", "HD-3, HD-4")
        assert entries(circle) == size


def test_a_row_that_breaks_a_rule_refuses_the_whole_file_with_its_line(circle: Circle) -> None:
    node = circle.node(GUARD)
    with node.at():
        file = delegations("DT-1,2024-05-01,14,Đoàn một,", "DT 2,2024-05-01,0,Đoàn hai,")
        with pytest.raises(Refused) as caught:
            actions.import_delegations(by=circle.by(GUARD), now=node.now, circle=circle.id, file=file)
        assert [refusal.code for refusal in caught.value.refusals] == ["programme-code", "delegation-heads"]
        assert {refusal.message.places["line"] for refusal in caught.value.refusals} == {3}
        assert not Delegation.objects.exists()


def test_rows_name_programmes_of_this_agency_by_code(circle: Circle) -> None:
    node = circle.node(GUARD)
    file = delegations("DT-1,2024-05-01,14,Đoàn cấp cao,SK-1")
    with node.at():
        with pytest.raises(Refused) as caught:
            actions.import_delegations(by=circle.by(GUARD), now=node.now, circle=circle.id, file=file)
        assert caught.value.code == "programmes-not-open"
        actions.import_events(by=circle.by(GUARD), now=node.now, circle=circle.id, file=events("SK-1", "SK-2"))
        actions.import_delegations(by=circle.by(GUARD), now=node.now, circle=circle.id, file=file)
        assert Delegation.objects.get().programme_id == Programme.objects.get(code="SK-1").entry_id


def test_commander_imports_nothing(circle: Circle) -> None:
    node = circle.node(GUARD)
    with node.at(), pytest.raises(Refused) as caught:
        actions.import_events(by=circle.by(GUARD, "commander"), now=node.now, circle=circle.id, file=events("SK-1"))
    assert caught.value.code == "programmes-office"


def test_incoming_says_beforehand_what_an_import_would_do(circle: Circle) -> None:
    node = circle.node(GUARD)
    with node.at():
        actions.import_activities(by=circle.by(GUARD), now=node.now, circle=circle.id, file=table(3))
        size = entries(circle)
        for file, new, known in ((table(3), 0, 3), (table(2, first=7), 2, 0)):
            seen = actions.Incoming.of(file, by=circle.by(GUARD), now=node.now, circle=circle.id)
            assert (len(seen.desk.new), seen.known, list(seen.refusals)) == (new, known, [])
        assert entries(circle) == size
