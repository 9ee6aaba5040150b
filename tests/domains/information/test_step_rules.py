"""Opening, acknowledging and returning, as pure rules."""

import pytest

from accordant.domains.information import rules
from accordant.entries.envelope import Officer, automatic

PROVINCE, DAY = "province.example", "2026-01-05"
LIAISON = Officer("o1", "liaison", PROVINCE, frozenset(("liaison-officer",)))
COMMANDER = Officer("o2", "chief", PROVINCE, frozenset(("commander",)))
ADMINISTRATOR = Officer("o3", "it", PROVINCE, frozenset(("node-administrator",)))
KEYBOARD = Officer("", "node-keyboard", PROVINCE, frozenset())
FRESH = rules.Held()


def acknowledge(
    held: rules.Held | None = FRESH, day: str = DAY, note: str = "", by: Officer | None = None
) -> list[str]:
    found = rules.refusals_to_acknowledge_item(held, day=day, note=note, by=by)
    return [refusal.code for refusal in found]


def give_back(
    held: rules.Held | None = FRESH,
    day: str = DAY,
    reason: str = "unreadable",
    note: str = "",
    by: Officer | None = None,
) -> list[str]:
    found = rules.refusals_to_return_item(held, day=day, reason=reason, note=note, by=by)
    return [refusal.code for refusal in found]


@pytest.mark.parametrize("by", [LIAISON, COMMANDER, KEYBOARD, None])
def test_addressee_acknowledges_or_returns(by: Officer | None) -> None:
    assert acknowledge(by=by) == []
    assert acknowledge(rules.Held(opened=True), by=by) == []
    assert give_back(by=by) == []


@pytest.mark.parametrize("by", [ADMINISTRATOR, automatic(PROVINCE)])
def test_other_offices_neither_acknowledge_nor_return(by: Officer) -> None:
    assert acknowledge(by=by) == ["information-office"]
    assert give_back(by=by) == ["information-office"]


@pytest.mark.parametrize(
    ("held", "code"),
    [
        (None, "step-no-addressee"),
        (rules.Held(acknowledged=True), "step-acknowledged"),
        (rules.Held(returned=True), "step-returned"),
    ],
)
def test_step_is_refused_by_what_was_done(held: rules.Held | None, code: str) -> None:
    assert acknowledge(held) == [code]
    assert give_back(held) == [code]


@pytest.mark.parametrize("day", ["", "05/01/2026", "1899-12-31", "2026-02-30", "ngày mai"])
def test_step_needs_a_day_of_the_calendar(day: str) -> None:
    assert acknowledge(day=day) == ["step-day"]
    assert give_back(day=day) == ["step-day"]


def test_note_has_a_longest_length() -> None:
    assert acknowledge(note="ệ" * 2000) == []
    assert acknowledge(note="ệ" * 2001) == ["step-note"]
    assert give_back(note="ệ" * 2001) == ["step-note"]


@pytest.mark.parametrize("reason", ["", "because", "Wrong-addressee"])
def test_return_needs_a_reason_of_the_table(reason: str) -> None:
    assert give_back(reason=reason) == ["step-return-reason"]
    assert all(give_back(reason=reason) == [] for reason in rules.RETURN_REASONS)


def test_opening_is_recorded_once_by_the_node() -> None:
    def opened(held: rules.Held | None, by: Officer | None = None) -> list[str]:
        return [refusal.code for refusal in rules.refusals_to_open_item(held, by=by)]

    assert opened(FRESH, automatic(PROVINCE)) == []
    assert opened(FRESH) == []
    assert opened(rules.Held(opened=True)) == ["step-opened"]
    assert opened(None) == ["step-no-addressee"]
    assert opened(FRESH, LIAISON) == ["information-office"]
    assert opened(FRESH, KEYBOARD) == ["information-office"]
