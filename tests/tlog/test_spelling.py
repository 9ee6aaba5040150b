"""Spelling: one way to write bytes and numbers, and what a name may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accordant.tlog import spelling


@given(st.binary(max_size=60))
def test_bytes_have_one_spelling(data: bytes) -> None:
    text = spelling.encode_base64(data)
    assert spelling.decode_base64(text) == data
    assert spelling.decode_base64(text, len(data)) == data
    assert spelling.decode_base64(text, len(data) + 1) is None


@given(st.text(max_size=12) | st.text("AQgw/+-_= \n", max_size=12))
def test_no_other_text_spells_bytes(text: str) -> None:
    data = spelling.decode_base64(text)
    assert data is None or spelling.encode_base64(data) == text


@pytest.mark.parametrize(
    "text", ["AA", "AA=", "AB==", "AA==\n", " AA==", "AA==AA==", "A-==", "ＡA==", "====", "\ud800"]
)
def test_base64_is_refused_when_it_is_not_canonical(text: str) -> None:
    assert spelling.decode_base64(text) is None


@given(st.integers(0, 2**53 - 1))
def test_number_has_one_spelling(number: int) -> None:
    assert spelling.decode_decimal(str(number)) == number
    assert spelling.decode_decimal(f"0{number}") is None


@pytest.mark.parametrize("text", ["", " 1", "1 ", "+1", "-0", "1_0", "1e3", "١", "0x1", str(2**53), "9" * 5000])
def test_number_is_refused_when_it_is_no_plain_decimal(text: str) -> None:
    assert spelling.decode_decimal(text) is None


def test_number_is_below_its_limit() -> None:
    assert (spelling.decode_decimal("255", 256), spelling.decode_decimal("256", 256)) == (255, None)


@pytest.mark.parametrize("name", ["a", "a" * 255, "đ" * 127, "\u200b", "\u1fff", "a/b.c~"])
def test_name_may_be_anything_without_spaces(name: str) -> None:
    assert spelling.is_key_name(name)


@pytest.mark.parametrize("name", ["", "a" * 256, "đ" * 128, "\ud800"])
def test_name_is_refused_when_it_is_empty_too_long_or_no_text(name: str) -> None:
    assert not spelling.is_key_name(name)


@pytest.mark.parametrize("space", list("\t\x1f \x85\xa0\u1680\u2000\u200a\u2028\u3000+"))
def test_name_has_no_space_of_any_sort(space: str) -> None:
    assert not spelling.is_key_name(f"a{space}b")
