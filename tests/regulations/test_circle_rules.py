"""Founding, opening, joining and declining circles."""

import msgspec
import pytest

from accordant.entries import codec, names
from accordant.entries.envelope import Officer, automatic
from accordant.regulations.entries import CircleOpenedBody, GenesisParty
from accordant.regulations.rules import circles
from accordant.regulations.rules.circles import Founding, Invitation
from tests.regulations.keys import AT, make_card

GUARD, CITY, MILITARY = "guard.example", "city.example", "military.example"
COMMANDER = Officer("o1", "commander", GUARD, frozenset(("commander",)))
FOUNDING = Founding("qc-12-2026", "main", "12/QCPH", AT, bytes(range(16)))


def genesis(**changes: object) -> CircleOpenedBody:
    body = circles.genesis_of(FOUNDING, {agency: make_card(agency) for agency in (GUARD, CITY)})
    return msgspec.structs.replace(body, **changes)


def codes(refusals: object) -> list[str]:
    assert isinstance(refusals, list)
    return [refusal.code for refusal in refusals]


def test_genesis_gives_the_id_of_its_canonical_bytes() -> None:
    body = genesis()
    circle = circles.circle_from(body)
    assert circle.id == names.circle_id("qc-12-2026", codec.encode(msgspec.to_builtins(body)))
    assert circle.parties == (CITY, GUARD)
    assert [party.agency for party in body.members] == [CITY, GUARD]


def test_genesis_keeps_its_id_when_read_back() -> None:
    plain = msgspec.to_builtins(genesis())
    again = msgspec.convert(plain, CircleOpenedBody)
    assert msgspec.to_builtins(again) == plain


def test_genesis_with_a_field_of_its_own_is_not_understood() -> None:
    plain = {**msgspec.to_builtins(genesis()), "extra": 1}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(plain, CircleOpenedBody)


def test_explicit_default_counts_in_the_id() -> None:
    plain = {**msgspec.to_builtins(genesis()), "ceiling": 0}
    body = msgspec.convert(plain, CircleOpenedBody)
    assert circles.circle_from(body).id != circles.circle_from(genesis()).id


def test_ceiling_and_parent_stand_in_the_genesis_when_given() -> None:
    parent = f"qc-{'0' * 32}"
    founding = Founding("qc", "smaller", "", AT, bytes(16), ceiling=2, parent=parent)
    body = circles.genesis_of(founding, {agency: make_card(agency) for agency in (GUARD, CITY)})
    assert (body.ceiling, body.parent) == (2, parent)


def test_own_circle_is_founded_by_a_commander_with_confirmed_members() -> None:
    assert circles.refusals_to_found_circle(FOUNDING, by=COMMANDER, members=[CITY], own_card=True, unconfirmed=[]) == []


def test_private_circle_is_founded_by_the_node() -> None:
    founding = Founding("private", "private", "", AT, bytes(16))
    by = automatic(GUARD)
    assert circles.refusals_to_found_circle(founding, by=by, members=[], own_card=True, unconfirmed=[]) == []


def test_founding_names_every_member_whose_root_is_unconfirmed() -> None:
    refusals = circles.refusals_to_found_circle(
        FOUNDING, by=COMMANDER, members=[CITY, MILITARY], own_card=True, unconfirmed=[MILITARY, CITY]
    )
    assert codes(refusals) == ["root-unconfirmed"]
    assert f"{CITY}, {MILITARY}" in str(refusals[0].reason)


@pytest.mark.parametrize(
    ("founding", "by", "members", "own_card", "code"),
    [
        (FOUNDING, COMMANDER, [CITY], False, "own-card-missing"),
        (FOUNDING, COMMANDER, [GUARD], True, "circle-alone"),
        (FOUNDING, automatic(GUARD), [CITY], True, "circle-by-person"),
        (FOUNDING, Officer("o2", "clerk", GUARD), [CITY], True, "regulations-office"),
        (Founding("QC 12", "main", "12", AT, bytes(16)), COMMANDER, [CITY], True, "circle-label"),
        (Founding("qc", "main", " ", AT, bytes(16)), COMMANDER, [CITY], True, "circle-regulation"),
        (Founding("qc", "smaller", "", AT, bytes(16)), COMMANDER, [CITY], True, "circle-parent"),
    ],
)
def test_founding_is_refused(founding: Founding, by: Officer, members: list[str], own_card: bool, code: str) -> None:
    refusals = circles.refusals_to_found_circle(founding, by=by, members=members, own_card=own_card, unconfirmed=[])
    assert code in codes(refusals)


def test_smaller_circle_takes_parties_of_its_main_circle() -> None:
    founding = Founding("qc", "smaller", "", AT, bytes(16), parent=f"qc-{'0' * 32}")
    allowed = circles.refusals_to_found_circle(
        founding, by=COMMANDER, members=[CITY], own_card=True, unconfirmed=[], parent_parties=[CITY, GUARD, MILITARY]
    )
    assert allowed == []


def test_opening_in_its_own_circle_as_entry_zero_is_regular() -> None:
    body = genesis()
    circle = circles.circle_from(body).id
    assert circles.refusals_to_open_circle(body, circle=circle, author=GUARD, index=0) == []


def test_opening_elsewhere_later_or_by_a_stranger_is_irregular() -> None:
    body = genesis()
    refusals = circles.refusals_to_open_circle(body, circle=f"qc-{'0' * 32}", author=MILITARY, index=3)
    assert codes(refusals) == ["genesis-elsewhere", "no-party-of-circle", "not-entry-zero"]


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "ff"},
        {"sort": "club"},
        {"members": (GenesisParty(CITY, "party", make_card(GUARD).data.decode()),) * 2},
        {"members": ()},
        {"label": "no label"},
        {"regulation": "x" * 201},
        {"parent": "elsewhere"},
    ],
)
def test_opening_with_a_broken_genesis_is_irregular(changes: dict[str, object]) -> None:
    refusals = circles.refusals_to_open_circle(genesis(**changes), circle="x", author=GUARD, index=0)
    assert codes(refusals) == ["bad-genesis"]


def invitation(**states: str) -> Invitation:
    held = {agency.replace("_", "."): state for agency, state in states.items()}
    return Invitation("qc-1", "main", {GUARD: "party", CITY: "party", MILITARY: "witness"}, held)


def test_invited_party_joins_with_entry_zero() -> None:
    assert circles.refusals_to_join_circle(invitation(), author=CITY, index=0) == []


@pytest.mark.parametrize(
    ("held", "author", "index", "code"),
    [
        (None, CITY, 0, "no-proposal"),
        (invitation(), MILITARY, 0, "no-party-of-circle"),
        (invitation(), "outsider.example", 0, "no-party-of-circle"),
        (invitation(city_example="joined"), CITY, 0, "circle-answered"),
        (invitation(city_example="declined"), CITY, 0, "circle-answered"),
        (invitation(), CITY, 1, "not-entry-zero"),
    ],
)
def test_answer_is_refused(held: Invitation | None, author: str, index: int, code: str) -> None:
    assert codes(circles.refusals_to_join_circle(held, author=author, index=index)) == [code]
    assert codes(circles.refusals_to_decline_circle(held, author=author, index=index)) == [code]


def test_own_joining_takes_the_current_card_and_all_roots() -> None:
    by = Officer("o1", "liaison", CITY, frozenset(("liaison-officer",)))
    refusals = circles.refusals_to_join_circle(
        invitation(), author=CITY, index=0, by=by, own_card_current=False, unconfirmed=[MILITARY]
    )
    assert codes(refusals) == ["own-card-old", "root-unconfirmed"]


def test_own_declining_says_why() -> None:
    by = Officer("o1", "liaison", CITY, frozenset(("liaison-officer",)))
    refusals = circles.refusals_to_decline_circle(invitation(), author=CITY, index=0, by=by, reason="  ")
    assert codes(refusals) == ["decline-without-reason"]
    assert circles.refusals_to_decline_circle(invitation(), author=CITY, index=0, by=by, reason="merged") == []


def test_second_private_circle_is_refused() -> None:
    assert circles.refusals_to_found_second_private_circle("") == []
    assert codes(circles.refusals_to_found_second_private_circle("private-1")) == ["private-circle-once"]
