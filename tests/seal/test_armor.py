"""The text form: one spelling, white space only around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accordant.seal import armor
from accordant.seal.errors import BadArmor


@given(st.binary(max_size=200))
def test_the_bytes_come_back_when_armoured(data: bytes) -> None:
    text = armor.armor(data)
    assert armor.dearmor(text) == data
    assert armor.dearmor(b" \r\n" + text.replace(b"\n", b"\r\n") + b"\t\n") == data
    assert armor.is_armored(text)


@pytest.mark.parametrize(
    "inside",
    [
        b"QQ",
        b"QUI\n",
        b"QR==\n",
        b"QQ=\n",
        b"QQ===\n",
        b"Q\n",
        b"Q Q=\n",
        b"\nQQ==\n",
        b"Q" * 65 + b"=\n",
        b"Q" * 63 + b"==\n",
    ],
    ids=[
        "no line end",
        "no padding",
        "not canonical",
        "short padding",
        "long padding",
        "single letter",
        "blank inside",
        "empty line",
        "long line",
        "padding past the line",
    ],
)
def test_text_is_refused_when_it_is_not_the_canonical_spelling(inside: bytes) -> None:
    with pytest.raises(BadArmor):
        armor.dearmor(armor.BEGIN + b"\n" + inside + armor.END)


@pytest.mark.parametrize("text", [b"", b"garbage\n" + armor.armor(b"x"), armor.armor(b"x") + b"garbage"])
def test_text_is_refused_when_anything_stands_around_it(text: bytes) -> None:
    with pytest.raises(BadArmor):
        armor.dearmor(text)
