"""Bech32: one spelling for each key, every other one refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordant.seal import bech32
from accordant.seal.errors import BadRecipient


@settings(max_examples=30)
@given(st.from_regex(r"[a-z][a-z0-9-]{0,19}", fullmatch=True), st.binary(max_size=80))
def test_decoding_gives_prefix_and_bytes_when_encoded_by_us(prefix: str, data: bytes) -> None:
    text = bech32.encode(prefix, data)
    assert bech32.decode(text) == (prefix, data)
    assert bech32.decode(text.upper()) == (prefix.upper(), data)


def test_decoding_agrees_with_the_standard_when_given_its_example() -> None:
    assert bech32.decode("split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w")[0] == "split"
    assert bech32.decode("A12UEL5L") == ("A", b"")


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("A12uEL5L", "mixed case"),
        ("nothing", "no prefix or no checksum"),
        ("1qzzfhee", "no prefix or no checksum"),
        ("a1lqfn3", "no prefix or no checksum"),
        ("\x20" + "1nwldj5", "prefix outside printable ASCII"),
        ("\x7f" + "1axkwrx", "prefix outside printable ASCII"),
        ("x1b4n0q5v", "letter outside the Bech32 set"),
        ("a12uel5m", "wrong checksum"),
    ],
)
def test_decoding_is_refused_when_the_spelling_is_not_the_one(text: str, detail: str) -> None:
    with pytest.raises(BadRecipient) as caught:
        bech32.decode(text)
    assert caught.value.detail == detail


@pytest.mark.parametrize("groups", [[31], [31, 31], [0, 1]], ids=["five bits left", "bits set", "last bit set"])
def test_decoding_is_refused_when_groups_do_not_fill_bytes(groups: list[int]) -> None:
    check = bech32._polymod([*bech32._expanded("age"), *groups, 0, 0, 0, 0, 0, 0]) ^ 1
    letters = [*groups, *(check >> 5 * (5 - place) & 31 for place in range(6))]
    with pytest.raises(BadRecipient) as caught:
        bech32.decode("age1" + "".join(bech32.CHARSET[letter] for letter in letters))
    assert caught.value.detail == "left-over bits"
