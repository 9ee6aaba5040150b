"""Keeping cards, confirming roots."""

import pytest

from accordant.entries.cards import SignedCard
from accordant.entries.envelope import Officer, automatic
from accordant.regulations.rules import cards
from accordant.regulations.rules.cards import HeldCard
from tests.regulations.keys import make_card

CITY = "city.example"
ADMINISTRATOR = Officer("o1", "administrator", "guard.example", frozenset(("node-administrator",)))
FIRST = make_card(CITY)
MARK = cards.fingerprint_of(FIRST)


def held(*signed: SignedCard) -> list[HeldCard]:
    return [HeldCard(one.card.serial, cards.fingerprint_of(one), one.data) for one in signed]


def test_first_card_is_kept_and_not_trusted() -> None:
    assert cards.refusals_to_accept_card(FIRST, held=[], confirmed=None) == []
    assert cards.newest(held(FIRST), None) is None


def test_higher_serial_under_the_confirmed_root_replaces() -> None:
    second = make_card(CITY, serial=2)
    assert cards.refusals_to_accept_card(second, held=held(FIRST), confirmed=MARK) == []
    newest = cards.newest(held(FIRST, second), MARK)
    assert newest is not None
    assert newest.data == second.data


def test_card_under_another_root_never_replaces_a_confirmed_one() -> None:
    other = make_card(CITY, serial=9, root="other")
    refusals = cards.refusals_to_accept_card(other, held=held(FIRST), confirmed=MARK)
    assert [refusal.code for refusal in refusals] == ["card-other-root"]
    newest = cards.newest(held(FIRST, other), MARK)
    assert newest is not None
    assert newest.data == FIRST.data


def test_wrong_first_card_does_not_keep_the_right_one_out() -> None:
    pretender = make_card(CITY, serial=5, root="other")
    assert cards.refusals_to_accept_card(FIRST, held=held(pretender), confirmed=None) == []


def test_same_serial_with_other_bytes_is_refused() -> None:
    twin = make_card(CITY, name="Twin")
    refusals = cards.refusals_to_accept_card(twin, held=held(FIRST), confirmed=MARK)
    assert [refusal.code for refusal in refusals] == ["card-same-serial"]


@pytest.mark.parametrize("again", [FIRST, make_card(CITY, serial=2)])
def test_older_or_same_card_is_refused(again: SignedCard) -> None:
    third = make_card(CITY, serial=3)
    kept = held(FIRST, make_card(CITY, serial=2), third)
    refusals = cards.refusals_to_accept_card(again, held=kept, confirmed=MARK)
    assert [refusal.code for refusal in refusals] == ["card-not-newer"]


def test_card_is_kept_by_the_node_or_its_administrator_alone() -> None:
    clerk = Officer("o2", "clerk", "guard.example", frozenset(("liaison-officer",)))
    for by in (ADMINISTRATOR, automatic("guard.example")):
        assert cards.refusals_to_accept_card(FIRST, held=[], confirmed=None, by=by) == []
    refusals = cards.refusals_to_accept_card(FIRST, held=[], confirmed=None, by=clerk)
    assert [refusal.code for refusal in refusals] == ["regulations-office"]


def confirm(**changes: object) -> list[str]:
    given: dict[str, object] = {
        "agency": CITY,
        "fingerprint": MARK,
        "how": "voice",
        "channel": "duty officer, known number",
        "fingerprints": [MARK],
        "confirmed": None,
        "by": ADMINISTRATOR,
    }
    refusals = cards.refusals_to_confirm_root(**{**given, **changes})  # type: ignore[arg-type]  # as named above
    return [refusal.code for refusal in refusals]


def test_person_confirms_a_root_of_a_held_card() -> None:
    assert confirm() == []
    assert confirm(how="in-person") == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"by": automatic("guard.example")}, "root-by-person"),
        ({"fingerprints": []}, "root-without-card"),
        ({"fingerprint": "00" * 16}, "root-without-card"),
        ({"confirmed": MARK}, "root-confirmed-already"),
        ({"how": "letter"}, "root-second-channel"),
        ({"channel": " "}, "root-second-channel"),
    ],
)
def test_confirmation_is_refused(changes: dict[str, object], code: str) -> None:
    assert code in confirm(**changes)


def test_unreadable_card_is_named() -> None:
    assert cards.no_card().code == "card-unreadable"


def test_neither_of_two_cards_with_one_serial_is_used() -> None:
    twins = held(FIRST, make_card(CITY, serial=2), make_card(CITY, serial=2, name="Twin"))
    newest = cards.newest(twins, MARK)
    assert newest is not None
    assert newest.data == FIRST.data
