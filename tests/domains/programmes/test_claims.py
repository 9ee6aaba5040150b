"""A code belongs to the fact that stands first in its owner's log: what waits where changes nothing."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest

from accordant.domains.programmes import actions, figures, rules
from accordant.domains.programmes import entries as facts
from accordant.domains.programmes.models import Activity, Delegation, Programme
from accordant.entries.envelope import EntryRef, Reference
from accordant.entries.indicators import fold
from accordant.entries.kinds import Fact, Record
from accordant.ledger.append import append
from accordant.ledger.models import Entry, State
from accordant.ledger.read.fold import counted
from tests.cutoffs import heads_of
from tests.domains.programmes.conftest import CITY, GUARD, MILITARY, PARTIES, Circle, activity, delegation, programme
from tests.domains.programmes.test_recording import refused
from tests.simulator.arrivals import handed, in_other_orders, own_log, settle_all
from tests.simulator.facts import NoteMade

pytestmark = pytest.mark.slow  # each test runs many nodes

INDICATORS = {
    indicator.name: indicator
    for indicator in (figures.activities_guarded, figures.delegations_guarded, figures.events_guarded)
}
DAY = "2026-01-05"


def write(circle: Circle, agency: str, *written: Fact) -> list[EntryRef]:
    """Facts of a program without our rules, one write each."""
    node = circle.node(agency)
    with node.at():
        by = circle.by(agency)
        return [append(circle=circle.id, by=by, now=node.now, facts=[fact])[0] for fact in written]


def opened(code: str, sort: str = rules.SPECIAL_EVENT) -> Record:
    return facts.ProgrammeOpened(code, sort, DAY, "2026-01-09")


def known(circle: Circle, agency: str) -> dict[str, Any]:
    """What a node knows: rows, the state of each entry, figures."""
    with circle.node(agency).at():
        entries = Entry.objects.filter(log__circle=circle.id).order_by("log__origin", "index")
        kinds = [kind for indicator in INDICATORS.values() for kind in indicator.kinds]
        held = counted(heads_of(circle.id), kinds)
        return {
            "states": list(entries.values_list("log__origin", "index", "state", "code")),
            "rows": [
                sorted(model.objects.values_list("agency", "code", "day", "at", "irregular"))
                for model in (Programme, Activity, Delegation)
            ],
            "figures": dict(fold(INDICATORS, held, agencies=PARTIES, start="2026-01-01", stop="2027-01-01")),
        }


def codes_of(circle: Circle, agency: str, refs: Sequence[EntryRef]) -> list[str]:
    """The codes of these entries at a node; a regular one has none."""
    with circle.node(agency).at():
        found = {(e.log.origin, e.index): e for e in Entry.objects.select_related("log")}
        entries = [found[ref.origin, ref.index] for ref in refs]
        assert not [entry for entry in entries if entry.state == State.HELD]
        return [entry.code for entry in entries]


def test_a_code_given_twice_is_judged_alike_in_any_order(circle: Circle) -> None:
    """The city's program keeps no rule; the first of two waits for what stands in another log."""
    waited = write(circle, MILITARY, Fact(NoteMade(no=1)))[0].as_reference("after")
    event = write(circle, GUARD, Fact(opened("SK-1", "visit")))[0].as_reference("programme")
    circle.settle()
    records = [
        (opened("SK-1"), opened("SK-1", "visit"), ()),
        (facts.ActivityRecorded("2026-0001", DAY), facts.ActivityRecorded("2026-0001", "2026-01-06"), (event,)),
        (facts.DelegationRecorded("DT-1", DAY, 12), facts.DelegationRecorded("DT-1", DAY, 3), (event,)),
    ]
    first = write(circle, CITY, *(Fact(record, refs=(*refs, waited)) for record, _second, refs in records))
    second = write(circle, CITY, *(Fact(record, refs=refs) for _first, record, refs in records))
    # Each of the three kinds has its own codes.
    other = write(circle, CITY, Fact(facts.DelegationRecorded("2026-0001", DAY, 1), refs=(event,)))
    circle.settle()
    logs = [own_log(circle.node(agency), circle.id) for agency in PARTIES]
    orders = list(permutations(logs))
    names = [handed(circle.world, f"n{number}.example", order).agency for number, order in enumerate(orders)]
    told = known(circle, GUARD)
    for agency in (CITY, MILITARY, *names):
        assert known(circle, agency) == told, agency
    assert codes_of(circle, GUARD, [*first, *other]) == [""] * 4
    assert codes_of(circle, GUARD, second) == ["programme-code-taken"] * 3
    delegations = told["figures"]["programmes.delegations_guarded"]
    assert (delegations.value, delegations.paired) == (2, 13)


def test_an_irregular_fact_keeps_its_code(circle: Circle) -> None:
    written = (facts.DelegationRecorded("DT-1", DAY, 0), facts.DelegationRecorded("DT-1", DAY, 3))
    refs = write(circle, CITY, *(Fact(record) for record in written))
    circle.settle()
    for agency in PARTIES:
        assert codes_of(circle, agency, refs) == ["delegation-heads", "programme-code-taken"]


def test_our_own_codes_pass_those_that_wait_in_our_log(circle: Circle) -> None:
    """As in a log of ours that came back from the other parties before what it refers to."""
    absent = Reference(as_="after", o=f"{GUARD}/{circle.id}/1", s=99, h="00" * 32)
    waiting = (opened("TH-1"), facts.ActivityRecorded("2026-0001", DAY), facts.DelegationRecorded("DT-1", DAY, 3))
    write(circle, CITY, *(Fact(record, refs=(absent,)) for record in waiting))
    write(circle, CITY, Fact(facts.ActivityRecorded("2026-0004", DAY), refs=(absent,)))
    for act, new in (
        (actions.open_programme, programme()),
        (actions.record_activity, activity()),
        (actions.record_delegation, delegation()),
    ):
        assert refused(circle, CITY, act, new) == ["programme-code-taken"]
    node = circle.node(CITY)
    with node.at():
        three = [activity("") for _number in range(3)]
        actions.record_activities(by=circle.by(CITY), now=node.now, circle=circle.id, new=three)
        codes = sorted(Activity.objects.values_list("code", flat=True))
    assert codes == ["2026-0002", "2026-0003", "2026-0005"]


def some(circle: Circle, before: Sequence[EntryRef], programmes: Sequence[EntryRef]) -> Fact:
    """A random fact of a program without rules: few codes, any programme, references to whatever was written."""
    chance = circle.world.chance
    refs = {ref.as_reference("after") for ref in chance.sample(before, min(len(before), chance.choice((0, 0, 1, 2))))}
    if programmes and chance.random() < 0.8:
        refs.add(chance.choice(programmes).as_reference("programme"))
    code, day = chance.choice(("A-1", "A-2", "A-3")), chance.choice((DAY, "2026-01-09", "2026-02-30"))
    records: tuple[Record, ...] = (
        opened(code, chance.choice((rules.SPECIAL_EVENT, "no sort"))),
        facts.ActivityRecorded(code, day),
        facts.DelegationRecorded(code, day, chance.choice((0, 3, 12))),
    )
    return Fact(chance.choice(records), refs=tuple(refs))


@pytest.mark.parametrize("seed", range(6))
def test_every_schedule_gives_every_node_the_same_states(circle: Circle, seed: int) -> None:
    chance = circle.world.chance
    chance.seed(seed)
    written: list[EntryRef] = []
    programmes: list[EntryRef] = []
    for _fact in range(40):
        agency = chance.choice(PARTIES)
        fact = some(circle, written, programmes)
        written += write(circle, agency, fact)
        programmes += written[-1:] if isinstance(fact.record, facts.ProgrammeOpened) else []
        if chance.random() < 0.2:
            circle.world.step(chance.choice(PARTIES))
        circle.world.clock.forward(seconds=1)
    settle_all(circle.world)
    told = known(circle, GUARD)
    assert {code for *_place, code in told["states"]} >= {"", "programme-code-taken"}, f"seed {seed} doubled nothing"
    others = in_other_orders(circle.world, circle.id, PARTIES)
    for agency in (CITY, MILITARY, *others):
        assert known(circle, agency) == told, f"seed {seed} {agency}"
