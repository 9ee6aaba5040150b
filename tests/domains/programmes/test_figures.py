"""What reviews count of programmes: from headers alone, each fact once, alike at every party."""

import random
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordant.domains.programmes import entries as facts
from accordant.domains.programmes import figures, rules
from accordant.domains.programmes.models import Activity, Programme
from accordant.entries.envelope import EntryRef, Header
from accordant.entries.indicators import Counted, Figure, fold
from accordant.entries.kinds import Record
from accordant.ledger.models import Body
from accordant.ledger.read import fold as folding
from tests.cutoffs import heads_of
from tests.domains.programmes.conftest import CITY, GUARD, MILITARY, PARTIES, Circle

INDICATORS = {
    indicator.name: indicator
    for indicator in (figures.activities_guarded, figures.delegations_guarded, figures.events_guarded)
}
ACTIVITIES, DELEGATIONS, EVENTS = INDICATORS
KINDS = {
    facts.ActivityRecorded: "programmes.activity-recorded",
    facts.DelegationRecorded: "programmes.delegation-recorded",
    facts.ProgrammeOpened: "programmes.programme-opened",
}
Written = tuple[str, Record, bool]


def counted(written: Sequence[Written], start: str = "2025-01-01", stop: str = "2026-01-01") -> dict[str, Figure]:
    """The figures over facts (agency, record, irregular) that stand in their agencies' logs in this order."""
    entries: list[Counted] = []
    for agency, record, irregular in written:
        index = len([entry for entry in entries if entry.header.agency == agency])
        header = Header(f"{agency}/qc/1", index, 0, KINDS[type(record)], 1, "office", 1)
        entries.append(Counted(header, record, "00" * 32, irregular))
    entries.sort(key=lambda entry: (entry.header.log, entry.header.seq))
    return fold(INDICATORS, entries, agencies=PARTIES, start=start, stop=stop)


def test_delegations_are_paired_with_their_heads_and_standing_programmes_are_no_events() -> None:
    found = counted(
        [
            (GUARD, facts.DelegationRecorded("DT-1", "2025-03-01", 14), False),
            (CITY, facts.DelegationRecorded("DT-1", "2025-03-02", 6, (GUARD,)), False),
            (GUARD, facts.ProgrammeOpened("standing-2025", rules.STANDING, "2025-01-01", "2025-12-31"), False),
            (GUARD, facts.ProgrammeOpened("SK-1", rules.SPECIAL_EVENT, "2025-04-30", "2025-05-02"), False),
            (GUARD, facts.ActivityRecorded("HD-1", "2025-04-30"), False),
        ]
    )
    assert (found[DELEGATIONS].value, found[DELEGATIONS].paired) == (2, 20)
    assert (found[DELEGATIONS].lines[CITY].paired, found[DELEGATIONS].joint.paired) == (6, 6)
    assert (found[EVENTS].value, found[ACTIVITIES].value) == (1, 1)


def test_a_fact_counts_on_its_own_day_within_the_period() -> None:
    days = ("2024-12-31", "2025-01-01", "2025-12-31", "2026-01-01")
    written = [(GUARD, facts.ActivityRecorded(f"HD-{day}", day), False) for day in days]
    assert counted(written)[ACTIVITIES].lines[GUARD].refs == [(f"{GUARD}/qc/1", 1), (f"{GUARD}/qc/1", 2)]


agencies = st.sampled_from(PARTIES)
days = st.dates(date(2024, 6, 1), date(2026, 6, 1))


@st.composite
def written_facts(draw: st.DrawFn) -> list[Written]:
    """Facts of the three parties, some irregular, some with partners."""
    found: list[Written] = []
    for number in range(draw(st.integers(0, 6))):
        agency, day = draw(agencies), draw(days).isoformat()
        partners = tuple(sorted(draw(st.sets(agencies)) - {agency}))
        record: Record = draw(
            st.sampled_from(
                (
                    facts.ActivityRecorded(str(number), day, "stay", partners),
                    facts.DelegationRecorded(str(number), day, 1 + number, partners),
                    facts.ProgrammeOpened(str(number), rules.SPECIAL_EVENT, day, day, partners),
                    facts.ProgrammeOpened(str(number), "visit", day, day, partners),
                )
            )
        )
        found.append((agency, record, draw(st.booleans())))
    return found


@settings(max_examples=10, deadline=None)
@given(written_facts())
def test_each_fact_counts_once_in_its_owner_s_line_and_once_as_joint(written: list[Written]) -> None:
    found = counted(written)
    positions = [ref for figure in found.values() for line in figure.lines.values() for ref in line.refs]
    assert len(positions) == len(set(positions))
    for figure in found.values():
        for agency, line in figure.lines.items():
            assert all(log.startswith(f"{agency}/") for log, _index in line.refs)
            assert line.value == len(line.refs)
        assert len(figure.joint.refs) == len(set(figure.joint.refs))
        assert set(figure.joint.refs) <= set(positions)
        assert figure.value == sum(line.value for line in figure.lines.values())
        assert not set(figure.irregular.refs) & set(positions)


def _write(circle: Circle, chance: random.Random, number: int, programmes: list[EntryRef]) -> None:
    """A fact of a random party: in a programme it holds, or in none."""
    agency = chance.choice(PARTIES)
    partners = tuple(sorted(chance.sample([a for a in PARTIES if a != agency], chance.randint(0, 2))))
    day = f"2026-01-{chance.randint(5, 9):02d}"
    with circle.node(agency).at():
        held = [ref for ref in programmes if Programme.at_position(ref) is not None]
    named = chance.choice([None, *held])
    sort = chance.random()
    if sort < 0.2:
        kind = chance.choice(("visit", rules.SPECIAL_EVENT))
        programmes.append(circle.open(agency, code=f"TH-{number}", sort=kind, partners=partners))
    elif sort < 0.4:
        circle.receive(agency, code=f"DT-{number}", day=day, heads=number + 1, partners=partners, programme=named)
    else:
        circle.record(agency, code=f"HD-{number}", day=day, partners=partners, programme=named)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_figures_are_equal_at_every_party_whatever_the_network_does(fresh: Circle, seed: int) -> None:
    circle = fresh
    chance = random.Random(seed)
    programmes: list[EntryRef] = []
    for number in range(24):
        _write(circle, chance, number, programmes)
        circle.world.cut ^= {frozenset(chance.sample(PARTIES, 2))}
        for _step in range(chance.randint(0, 3)):
            circle.world.step(chance.choice(PARTIES))
        circle.world.clock.forward(seconds=chance.choice((0, 1, 30)))
    circle.world.cut.clear()
    circle.world.clock.forward(seconds=120)
    circle.settle()
    for node in circle.world.nodes.values():
        node.assert_rebuilds()
    found = {agency: _without_bodies(circle, agency) for agency in PARTIES}
    assert found[GUARD] == found[CITY] == found[MILITARY]
    with circle.node(CITY).at():
        assert found[CITY][ACTIVITIES].value == Activity.objects.filter(irregular="").count() > 0


def _without_bodies(circle: Circle, agency: str) -> dict[str, Figure]:
    """The figures as a party folds them from its own copy, once all bodies are gone."""
    with circle.node(agency).at():
        Body.objects.all().delete()
        heads = heads_of(circle.id)
        kinds = [kind for indicator in INDICATORS.values() for kind in indicator.kinds]
        entries = folding.counted(heads, kinds)
        return fold(INDICATORS, entries, agencies=PARTIES, start="2026-01-01", stop="2027-01-01")
