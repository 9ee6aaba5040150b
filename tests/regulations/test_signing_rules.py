"""Signing, entry into force; notices about bodies."""

from itertools import permutations

import pytest

from accordant.entries.envelope import EntryRef, Officer, automatic
from accordant.regulations.rules import bodies, signing
from accordant.regulations.rules.texts import HeldText

CITY, GUARD = "city.example", "guard.example"
CIRCLE = f"qc-{'0' * 32}"
ROOT = "a" * 64
TEXT = HeldText(CIRCLE, GUARD, ROOT, "vi", 1, 9, original=True)


def sign(**changes: object) -> list[str]:
    given: dict[str, object] = {
        "text": TEXT,
        "author": CITY,
        "root": ROOT,
        "confirmed_root": ROOT,
        "role": "party",
        "signed": [],
    }
    named = {**given, **changes}
    text = named.pop("text")
    refusals = signing.refusals_to_sign_regulation(text, **named)  # type: ignore[arg-type]  # as named above
    return [refusal.code for refusal in refusals]


def test_party_signs_a_confirmed_text() -> None:
    assert sign() == []
    assert sign(by=Officer("o1", "commander", CITY, frozenset(("commander",)))) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"text": None}, "sign-no-original"),
        ({"text": HeldText(CIRCLE, GUARD, ROOT, "en", 1, 9, original=False)}, "sign-no-original"),
        ({"role": "witness"}, "sign-no-party"),
        ({"role": None}, "sign-no-party"),
        ({"root": "b" * 64}, "sign-other-root"),
        ({"confirmed_root": None}, "sign-unconfirmed"),
        ({"confirmed_root": "b" * 64}, "sign-unconfirmed"),
        ({"signed": [CITY]}, "signed-already"),
        ({"by": Officer("o1", "liaison", CITY, frozenset(("liaison-officer",)))}, "regulations-office"),
        ({"by": automatic(CITY)}, "regulations-office"),
    ],
)
def test_signing_is_refused(changes: dict[str, object], code: str) -> None:
    assert sign(**changes) == [code]


def test_missing_signatures_are_named() -> None:
    assert signing.missing_signatures([GUARD, CITY], [GUARD]) == [CITY]
    assert signing.in_force_at([GUARD, CITY], {GUARD: 5}) is None
    assert signing.in_force_at([], {}) is None


def test_force_begins_with_the_latest_signature_whatever_the_order() -> None:
    signed = [(GUARD, 9), (CITY, 5), ("military.example", 7)]
    parties = [agency for agency, _ in signed]
    assert {signing.in_force_at(parties, dict(order)) for order in permutations(signed)} == {9}


def ref(agency: str = GUARD, circle: str = CIRCLE) -> EntryRef:
    return EntryRef(f"{agency}/{circle}/1", 4, "0" * 64)


def test_addressee_names_bodies_it_did_not_get() -> None:
    by = automatic(CITY)
    assert bodies.refusals_to_miss_body([ref()], why=2, circle=CIRCLE, author=CITY, by=by) == []
    assert bodies.refusals_to_garble_body([ref()], circle=CIRCLE, author=CITY, by=by) == []


@pytest.mark.parametrize(
    ("entries", "why", "code"),
    [
        ([], 1, "body-notice-count"),
        ([ref()] * 65, 1, "body-notice-count"),
        ([ref(agency=CITY)], 1, "body-notice-place"),
        ([ref(circle=f"qc-{'1' * 32}")], 1, "body-notice-place"),
        ([ref()], 3, "body-missed-why"),
    ],
)
def test_notice_about_a_body_is_refused(entries: list[EntryRef], why: int, code: str) -> None:
    refusals = bodies.refusals_to_miss_body(entries, why=why, circle=CIRCLE, author=CITY)
    assert [refusal.code for refusal in refusals] == [code]


def test_person_writes_no_notice_about_bodies() -> None:
    by = Officer("o1", "commander", CITY, frozenset(("commander",)))
    assert [r.code for r in bodies.refusals_to_garble_body([ref()], circle=CIRCLE, author=CITY, by=by)] == [
        "regulations-office"
    ]
