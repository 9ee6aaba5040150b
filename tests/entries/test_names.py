"""Names on the wire."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accordant.entries import names
from tests.entries.builders import CIRCLE, ORIGIN


def test_an_origin_has_three_parts() -> None:
    origin = names.parse_origin(ORIGIN)
    assert origin == names.Origin("guard.example", CIRCLE, 1)
    assert str(origin) == ORIGIN
    with pytest.raises(names.BadName):
        names.parse_origin("x" * 300)


def test_whose_log_a_name_is_can_be_asked_of_any_text() -> None:
    assert names.is_log_of(ORIGIN, agency="guard.example", circle=CIRCLE)
    assert not names.is_log_of(ORIGIN, agency="police.example")
    assert not names.is_log_of(ORIGIN, circle="")
    assert not names.is_log_of("guard.example/x/1", agency="guard.example")


@given(st.text(max_size=90))
def test_only_bad_name_escapes(text: str) -> None:
    try:
        assert str(names.parse_origin(text)) == text
    except names.BadName:
        pass
    names.is_agency_id(text), names.is_kind(text), names.is_by(text), names.is_role(text), names.is_circle_id(text)


def test_a_circle_label_is_short_and_plain() -> None:
    for label in ("", "A", "a" * 41, "a_b"):
        with pytest.raises(names.BadName):
            names.circle_id(label, b"{}")


def test_an_officer_has_another_pseudonym_in_each_circle() -> None:
    first = names.pseudonym(b"secret", CIRCLE, "officer-1")
    assert len(first) == 16
    assert first != names.pseudonym(b"secret", CIRCLE[:-1] + "0", "officer-1")
    assert first != names.pseudonym(b"secret", CIRCLE, "officer-2")
    assert first == names.pseudonym(b"secret", CIRCLE, "officer-1")
