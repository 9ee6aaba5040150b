"""The SQL filter and the function decide alike, in a small world of every combination (access paper A7)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accordant.accounts.subjects import Held, Subject
from accordant.domains.information.models import ItemStep
from accordant.ledger import read
from accordant.ledger.models import OPEN_END, Circle, Exclusion, Label, Member, NamedReader, TeamMember
from accordant.ledger.read import clauses
from tests.cast import MILITARY, PROVINCE
from tests.ledger.conftest import Ground, Planting

NOW = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
AT = int(NOW.timestamp() * 1000)
US, OTHER, THIRD = "us.example", "other.example", "third.example"
OFFICER = "officer-1"
OURS, FOREIGN, REGULATION = "qc-12", "qc-99", "12/QCPH"
TEAM, LEFT_TEAM, BARRED_TEAM = 1, 2, 3  # activities: in its team now, until now, in it but kept out

# How a row is open: reach, activity, whether the officer is named, whether kept out of the entry.
NEEDS: Mapping[str, tuple[int, int | None, bool, bool]] = {
    "unit": (0, None, False, False),
    "unit in an activity kept out of": (0, BARRED_TEAM, False, False),
    "unit, kept out of the entry": (0, None, False, True),
    "team": (1, TEAM, False, False),
    "team that was left": (1, LEFT_TEAM, False, False),
    "team kept out of": (1, BARRED_TEAM, False, False),
    "named": (2, None, True, False),
    "not named": (2, None, False, False),
    "named, kept out of the entry": (2, None, True, True),
}


@dataclass(frozen=True)
class Row:
    """A guarded row of the world and what the function is asked about it."""

    entry_id: int
    thing: clauses.Thing
    facts: clauses.Facts


def labels() -> Iterator[Label]:
    """Every label: circle, owner, addressees, marking, compartments, kind, unit."""
    combinations = product(
        (OURS, FOREIGN),
        (US, OTHER),
        ("", US, THIRD),
        (0, 1),
        ("", "k1 k2"),
        ("information.item-sent", "accounts.made-up"),
        ("", "pa06/team2/", "pa061/"),
    )
    for number, (circle, owner, to, marking, compartments, kind, unit) in enumerate(combinations, start=1):
        yield Label(
            id=number,
            circle=circle,
            owner=owner,
            addressees=to,
            marking=marking,
            compartments=compartments,
            kind=kind,
            unit=unit,
        )


def thing_of(label: Label, reach: int) -> clauses.Thing:
    return clauses.Thing(
        circle=label.circle,
        scopes=frozenset((OURS, REGULATION) if label.circle == OURS else (FOREIGN, "99/QCPH")),
        owner=label.owner,
        addressees=tuple(label.addressees.split()),
        kind=label.kind,
        marking=label.marking,
        compartments=frozenset(label.compartments.split()),
        unit=label.unit,
        reach=reach,
    )


@pytest.fixture
def rows(db: None) -> list[Row]:
    """The world: one row for each label and each way of being open, with the tables its facts stand in."""
    Circle.objects.create(id=OURS, entry_id=0, sort="main", label="x", regulation=REGULATION, ceiling=1, parent="")
    Circle.objects.create(id=FOREIGN, entry_id=0, sort="main", label="y", regulation="99/QCPH", ceiling=1, parent="")
    for agency in (US, OTHER, THIRD):
        Member.objects.create(circle=OURS, agency=agency, role="party", joined=True, from_at=AT)
    Member.objects.create(circle=FOREIGN, agency=US, role="party", joined=True, from_at=0, to_at=AT)
    made = list(Label.objects.bulk_create(labels()))
    found: list[Row] = []
    steps: list[ItemStep] = []
    for number, (label, need) in enumerate(product(made, NEEDS), start=1):
        reach, activity, named, barred = NEEDS[need]
        facts = clauses.Facts(
            member=label.circle == OURS,
            in_team=activity in (TEAM, BARRED_TEAM),
            named=named,
            excluded=barred or activity == BARRED_TEAM,
        )
        found.append(Row(number, thing_of(label, reach), facts))
        steps.append(
            ItemStep(entry_id=number, label_id=label.pk, reach=reach, activity_id=activity, at=number, item_id=0)
        )
    ItemStep.objects.bulk_create(steps, batch_size=500)
    keep_facts(found)
    return found


def keep_facts(rows: list[Row]) -> None:
    """The officer's own rows: half-open spans that begin or end at this very instant, and another officer's."""
    for activity, ends in ((TEAM, OPEN_END), (LEFT_TEAM, AT), (BARRED_TEAM, OPEN_END)):
        TeamMember.objects.create(officer_id=OFFICER, activity_id=activity, from_at=0, to_at=ends)
    TeamMember.objects.create(officer_id="officer-2", activity_id=LEFT_TEAM, from_at=0)
    Exclusion.objects.create(officer_id=OFFICER, activity_id=BARRED_TEAM, from_at=AT)
    Exclusion.objects.create(officer_id=OFFICER, activity_id=TEAM, from_at=0, to_at=AT)
    barred = [row.entry_id for row in rows if row.facts.excluded]
    needs = list(NEEDS.values())
    NamedReader.objects.bulk_create(
        NamedReader(officer_id=OFFICER, entry_id=row.entry_id, from_at=AT if row.facts.named else 0,
                    to_at=OPEN_END if row.facts.named else AT)
        for row in rows
    )  # fmt: skip
    Exclusion.objects.bulk_create(
        Exclusion(officer_id=OFFICER, entry_id=entry_id, from_at=AT)
        for entry_id in barred
        if needs[(entry_id - 1) % len(needs)][3]
    )


def subjects() -> Iterator[Subject]:
    """Every officer: clearance, compartments, role, scope, unit; one who holds no office."""
    offices = product(
        ("liaison-officer", "commander", "node-administrator"),
        (OURS, REGULATION, "99/QCPH"),
        ("", "pa06/"),
    )
    held = [(), *([Held("office", role, scope, unit, 0, OPEN_END)] for role, scope, unit in offices)]
    for clearance, compartments, assignments in product((0, 1), (("k1",), ("k1", "k2")), held):
        yield Subject(OFFICER, US, clearance, compartments, tuple(assignments), OPEN_END)


@pytest.mark.slow
@pytest.mark.access
def test_filter_and_function_agree_on_every_combination(rows: list[Row]) -> None:
    decided = 0
    readable = 0
    for subject in subjects():
        shown = set(read.visible(ItemStep.objects.all(), subject, NOW).values_list("entry_id", flat=True))
        allowed = {row.entry_id for row in rows if clauses.may_read(subject, row.thing, row.facts)}
        assert shown == allowed, f"{subject}: {[rows[i - 1] for i in sorted(shown ^ allowed)[:3]]}"
        decided += len(rows)
        readable += len(allowed)
    assert decided > 150_000
    assert readable > 2_000, "a world in which hardly anything is readable proves little"


@pytest.mark.slow
@pytest.mark.access
def test_stubs_are_exactly_what_is_seen_and_not_read(rows: list[Row]) -> None:
    stubs = 0
    for subject in subjects():
        found = read.visible_with_stubs(ItemStep.objects.all(), subject, NOW)
        seen = {row.entry_id: getattr(row, "stub", None) for row in found}
        expected = {
            row.entry_id: not reads
            for row in rows
            if (reads := clauses.may_read(subject, row.thing, row.facts))
            or clauses.may_see(subject, row.thing, row.facts)
        }
        assert seen == expected, subject
        stubs += sum(expected.values())
    assert stubs > 2_000, "a world with hardly any stub proves little"


@pytest.mark.slow
def test_officer_of_whom_no_row_tells_reads_as_the_function_says(rows: list[Row]) -> None:
    """Lists leave out what no row stands for: no team, no name, no exclusion, as with most officers."""
    for held in (LIAISON, Held("office", "commander", REGULATION, "", 0, OPEN_END)):
        subject = Subject("officer-3", US, 1, ("k1", "k2"), (held,), OPEN_END)
        shown = set(read.visible(ItemStep.objects.all(), subject, NOW).values_list("entry_id", flat=True))
        facts = [(row, clauses.Facts(member=row.facts.member)) for row in rows]
        assert shown == {row.entry_id for row, plain in facts if clauses.may_read(subject, row.thing, plain)}
        assert shown


@pytest.mark.slow
def test_door_decides_as_the_filter(rows: list[Row]) -> None:
    """`read.may_read` looks at one row through the tables; the filter at all of them."""
    held = (Held("office", "liaison-officer", REGULATION, "pa06/", 0, OPEN_END),)
    subject = Subject(OFFICER, US, 1, ("k1",), held, OPEN_END)
    shown = set(read.visible(ItemStep.objects.all(), subject, NOW).values_list("entry_id", flat=True))
    sample = list(ItemStep.objects.filter(entry_id__lte=60))
    assert {row.pk for row in sample if read.may_read(row, subject, NOW)} == {i for i in shown if i <= 60}
    assert any(row.pk in shown for row in sample)


def officer(*held: Held, clearance: int = 0) -> Subject:
    return Subject(OFFICER, US, clearance, (), held, min([OPEN_END, *(one.to_at for one in held)]))


def thing(**changes: object) -> clauses.Thing:
    plain = clauses.Thing(OURS, frozenset((OURS,)), OTHER, (US,), "information.item-sent", 0)
    return clauses.Thing(**{**plain.__dict__, **changes})


LIAISON = Held("lienlac", "liaison-officer", OURS, "", 0, OPEN_END)
MEMBER = clauses.Facts(member=True)


@pytest.mark.parametrize(
    ("asked", "facts", "number"),
    [
        (thing(), clauses.Facts(member=False), 1),
        (thing(addressees=(THIRD,)), MEMBER, 1),
        (thing(marking=1), MEMBER, 2),
        (thing(compartments=frozenset(("k1",))), MEMBER, 3),
        (thing(kind="accounts.made-up"), MEMBER, 4),
        (thing(scopes=frozenset(("qc-99",))), MEMBER, 4),
        (thing(reach=1), MEMBER, 5),
        (thing(reach=2), MEMBER, 5),
        (thing(), clauses.Facts(member=True, excluded=True), 6),
    ],
)
def test_each_clause_denies_alone_and_says_so(asked: clauses.Thing, facts: clauses.Facts, number: int) -> None:
    subject = officer(LIAISON)
    assert clauses.may_read(subject, thing(), MEMBER)
    assert not clauses.may_read(subject, asked, facts)
    assert [clause.number for clause in clauses.why(subject, asked, facts) if not clause.holds] == [number]


def test_unit_covers_its_parts_and_no_namesake() -> None:
    subject = officer(Held("doi", "liaison-officer", OURS, "pa06/", 0, OPEN_END))
    units = ("pa06/", "pa06/team2/", "pa061/", "")
    covered = [unit for unit in units if clauses.may_read(subject, thing(unit=unit), MEMBER)]
    assert covered == ["pa06/", "pa06/team2/"]


@pytest.fixture
def step(db: None) -> ItemStep:
    """One row that a liaison officer of ours reads until a second later."""
    Circle.objects.create(id=OURS, entry_id=0, sort="main", label="x", regulation=REGULATION, ceiling=1, parent="")
    Member.objects.create(circle=OURS, agency=US, role="party", joined=True, from_at=0, to_at=AT + 1000)
    label = Label.objects.create(
        circle=OURS, owner=OTHER, addressees=US, marking=0, compartments="", kind="information.item-sent", unit=""
    )
    return ItemStep.objects.create(entry_id=1, label_id=label.pk, at=1, item_id=0)


def test_right_that_ended_hides_without_a_write(step: ItemStep) -> None:
    subject = officer(LIAISON)
    before = read.visible(ItemStep.objects.all(), subject, NOW).count()
    after = read.visible(ItemStep.objects.all(), subject, NOW + timedelta(seconds=1)).count()
    assert (before, after) == (1, 0)


def test_rights_are_worked_out_once_for_a_request_that_reads(step: ItemStep) -> None:
    def asked(subject: Subject, at: datetime) -> tuple[bool, int]:
        """Whether the questions were put to the database, and what is seen."""
        with CaptureQueriesContext(connection) as queries:
            found = read.visible(ItemStep.objects.all(), subject, at)
        return bool(len(queries)), found.count()

    with read.one_view():
        assert asked(officer(LIAISON), NOW) == (True, 1)
        assert asked(officer(LIAISON), NOW) == (False, 1)
        assert asked(officer(LIAISON), NOW + timedelta(seconds=1)) == (True, 0), "another instant is another view"
        assert asked(officer(), NOW) == (True, 0), "and so are other rights"
    Exclusion.objects.create(officer_id=OFFICER, entry_id=step.entry_id, from_at=0, to_at=OPEN_END)
    assert asked(officer(LIAISON), NOW) == (True, 0), "the next request asks again"


def test_body_that_is_gone_without_a_word_is_not_called_erased(ground: Ground, plant: Planting) -> None:
    """A peer told `erased` would give its receipt and never ask again; told `not held here` it asks the owner."""
    (ref,) = ground.note(1, to=(PROVINCE,))
    with ground.guard.at():
        stored = read.entries.find(ref.origin, ref.index)
    assert stored is not None
    asked = [(stored.entry_id, stored.header)]

    def given(peer: str) -> dict[int, read.ForPeer]:
        with ground.guard.at():
            return read.for_peer(asked, peer, ceiling=3)

    assert given(PROVINCE)[stored.entry_id].plaintext is not None
    plant('DELETE FROM "ledger_body" WHERE "entry_id" = ?', stored.entry_id)
    assert given(PROVINCE) == {stored.entry_id: read.ForPeer(missing=3)}
    assert given(MILITARY) == {}
    plant('INSERT INTO "ledger_missingbody" ("entry_id", "why") VALUES (?, 1)', stored.entry_id)
    assert given(PROVINCE) == {stored.entry_id: read.ForPeer(missing=1)}
