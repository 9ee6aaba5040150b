"""What stands against programmes, activities, delegations: plain values, no database."""

import pytest

from accordant.domains.programmes import rules
from accordant.domains.programmes.rules.opening import refusals_of_code
from accordant.domains.programmes.rules.writers import refusals_to_write
from accordant.entries.envelope import Officer
from tests.domains.programmes.conftest import CITY, GUARD, MILITARY, OUTSIDER, PARTIES, activity, delegation, programme

HELD = rules.HeldProgramme(CITY, "visit", "2026-01-05", "2026-01-09")
STANDING = rules.HeldProgramme(GUARD, rules.STANDING, "2026-01-01", "2026-12-31")


def codes_against_activity(new: rules.NewActivity, held: rules.HeldProgramme | None = HELD) -> list[str]:
    found = rules.refusals_to_record_activity(
        new.record, author=GUARD, taken=False, programme=held, body=new.body, parties=PARTIES
    )
    return [refusal.code for refusal in found]


def codes_against_delegation(new: rules.NewDelegation, held: rules.HeldProgramme | None = HELD) -> list[str]:
    found = rules.refusals_to_record_delegation(
        new.record, author=GUARD, taken=False, named=True, programme=held, body=new.body, parties=PARTIES
    )
    return [refusal.code for refusal in found]


def codes_against_programme(new: rules.NewProgramme) -> list[str]:
    found = rules.refusals_to_open_programme(new.record, author=GUARD, taken=False, body=new.body, parties=PARTIES)
    return [refusal.code for refusal in found]


@pytest.mark.parametrize(
    ("new", "codes"),
    [
        (activity(), []),
        (activity(partners=(CITY, MILITARY), day="2026-01-09"), []),
        (activity(day="2026-01-04"), ["programme-outside-days"]),
        (activity(day="2026-01-10"), ["programme-outside-days"]),
        (activity(day="2026-02-30"), ["programme-day", "programme-outside-days"]),
        (activity("mã 1"), ["programme-code"]),
        (activity(what=" "), ["programme-text"]),
        (activity(what="x" * 300), []),
        (activity(what="x" * 301), ["programme-text"]),
        (activity(category="party"), ["activity-class"]),
        (activity(partners=(GUARD,)), ["programme-partners"]),
        (activity(partners=(CITY, CITY)), ["programme-partners"]),
        (activity(partners=(MILITARY, CITY)), ["programme-partners"]),
        (activity(partners=(OUTSIDER,)), ["programme-outside"]),
    ],
)
def test_activity_is_refused_with_its_rule(new: rules.NewActivity, codes: list[str]) -> None:
    assert codes_against_activity(new) == codes


@pytest.mark.parametrize(
    ("new", "codes"),
    [
        (delegation(), []),
        (delegation(heads=1), []),
        (delegation(heads=0), ["delegation-heads"]),
        (delegation(heads=10_000), []),
        (delegation(heads=10_001), ["delegation-heads"]),
        (delegation(name=" "), ["programme-text"]),
        (delegation(day="6/1/2026"), ["programme-day", "programme-outside-days"]),
        (delegation("x" * 41), ["programme-code"]),
        (delegation(partners=(OUTSIDER,)), ["programme-outside"]),
    ],
)
def test_delegation_is_refused_with_its_rule(new: rules.NewDelegation, codes: list[str]) -> None:
    assert codes_against_delegation(new) == codes


@pytest.mark.parametrize(
    ("new", "codes"),
    [
        (programme(), []),
        (programme(day_end="2026-01-05"), []),
        (programme(day_end="2026-01-04"), ["programme-days"]),
        (programme(day_end="2028-01-05"), []),
        (programme(day_end="2028-01-06"), ["programme-days"]),
        (programme(sort="party"), ["programme-sort"]),
        (programme(sort="standing"), ["programme-year"]),
        (programme(sort="standing", day="2026-01-01", day_end="2026-12-31"), []),
        (programme(sort="standing", day="2026-01-01", day_end="2027-12-31"), []),
        (programme(title=" "), ["programme-title"]),
        (programme(title="x" * 301), ["programme-title"]),
        (programme(day="5/1/2026"), ["programme-day"]),
        (programme(partners=(OUTSIDER,)), ["programme-outside"]),
    ],
)
def test_programme_is_refused_with_its_rule(new: rules.NewProgramme, codes: list[str]) -> None:
    assert codes_against_programme(new) == codes


def test_programme_must_be_held_and_a_standing_one_be_the_author_s_own() -> None:
    foreign = rules.HeldProgramme(CITY, rules.STANDING, "2026-01-01", "2026-12-31")
    assert codes_against_activity(activity(), None) == ["programme-missing"]
    assert codes_against_delegation(delegation(), None) == ["programme-missing"]
    assert codes_against_activity(activity(), foreign) == ["programme-foreign-standing"]
    assert codes_against_activity(activity(), STANDING) == []


def test_code_is_refused_when_it_is_taken_or_has_other_signs() -> None:
    assert refusals_of_code("x", "QCPH-12/2026.a_b", taken=False) == []
    assert [refusal.code for refusal in refusals_of_code("x", "a b", taken=True)] == [
        "programme-code",
        "programme-code-taken",
    ]


def test_foreign_fact_is_judged_by_its_header_alone() -> None:
    new = activity(what="", partners=(OUTSIDER,))
    assert rules.refusals_to_record_activity(new.record, author=GUARD, taken=False, programme=HELD) == []


def test_writers_are_offices_with_a_role_and_the_keyboard_of_the_node() -> None:
    assert not refusals_to_write(None)
    assert not refusals_to_write(Officer("a-1", "pa06", GUARD, frozenset(("liaison-officer",))))
    assert not refusals_to_write(Officer("", "node-keyboard", GUARD))
    for by in (
        Officer("a-1", "pa06", GUARD, frozenset(("commander",))),
        Officer("a-1", "node-keyboard", GUARD),
        Officer("", "node", GUARD),
    ):
        assert [refusal.code for refusal in refusals_to_write(by)] == ["programmes-office"]
