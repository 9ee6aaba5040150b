"""CJ: one byte form, refusal of every other (wire paper 0)."""

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from accordant.entries import codec, limits

KEYS = st.from_regex(r"[a-z0-9_]{1,24}", fullmatch=True)
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
SCALARS = st.one_of(st.booleans(), st.integers(-limits.INTEGER_MAX, limits.INTEGER_MAX), TEXT)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=6)


@given(OBJECTS)
def test_encoding_is_that_of_rfc_8785(value: dict[str, Any]) -> None:
    data = codec.encode(value)
    assert data == rfc8785.dumps(value)
    assert codec.decode(data, codec.BODY) == value


@given(OBJECTS)
def test_another_spelling_of_the_same_value_is_refused(value: dict[str, Any]) -> None:
    loose = json.dumps(value, ensure_ascii=True, indent=1).encode()
    if loose != codec.encode(value):
        with pytest.raises(codec.BadJson):
            codec.decode(loose, codec.BODY)


@given(st.binary(max_size=80))
def test_only_bad_json_escapes_from_foreign_bytes(data: bytes) -> None:
    for profile in (codec.HEADER, codec.BODY):
        try:
            value = codec.decode(data, profile)
        except codec.BadJson:
            continue
        assert codec.encode(value) == data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"1",
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":-0}',
        b'{"a":null}',
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"A":1}',
        b'{"a":1} ',
        b'{"a": 1}',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":"\\u0041"}',
        b'{"a":"\\ud800"}',
        b'{"a":"\\u0000"}',
        b'{"a":"\x7f"}',
        '{"a":"\u0085"}'.encode(),
        b'{"a":9007199254740992}',
        b'{"a":18446744073709551616}',
        b'{"":1}',
        b'{"abcdefghijklmnopqrstuvwxy":1}',
        b'{"a":"\xff"}',
    ],
)
def test_bytes_outside_the_profile_are_refused(data: bytes) -> None:
    with pytest.raises(codec.BadJson):
        codec.decode(data, codec.BODY)


@pytest.mark.parametrize(
    "data", [b'{"a":[]}', b'{"a":{}}', '{"a":"中"}'.encode(), b'{"a":"\\n"}', '{"a":"\u0300"}'.encode()]
)
def test_headers_are_narrower_than_bodies(data: bytes) -> None:
    codec.decode(data, codec.BODY)
    with pytest.raises(codec.BadJson):
        codec.decode(data, codec.HEADER)


def test_headers_take_vietnamese_letters() -> None:
    text = "Đặng Thị Ngọc Ước Ỷ"
    assert codec.decode(codec.encode({"a": text}), codec.HEADER) == {"a": text}


def test_limits_hold_at_the_limit_and_not_beyond() -> None:
    def nested(depth: int) -> dict[str, Any]:
        value: Any = 1
        for _ in range(depth):
            value = {"a": value}
        return dict(value)

    codec.decode(codec.encode(nested(limits.HEADER_DEPTH)), codec.HEADER)
    codec.decode(codec.encode({"a": "x" * limits.BODY_STRING_BYTES}), codec.BODY)
    codec.decode(codec.encode({"a": [1] * (limits.BODY_VALUES - 1)}), codec.BODY)
    codec.decode(codec.encode({f"k{i}": 1 for i in range(limits.HEADER_KEYS)}), codec.HEADER)
    beyond = [
        (codec.encode(nested(limits.HEADER_DEPTH + 1)), codec.HEADER),
        (codec.encode({"a": "x" * (limits.BODY_STRING_BYTES + 1)}), codec.BODY),
        (codec.encode({"a": [1] * limits.BODY_VALUES}), codec.BODY),
        (codec.encode({f"k{i}": 1 for i in range(limits.HEADER_KEYS + 1)}), codec.HEADER),
        (codec.encode({"a": "x" * limits.HEADER_BYTES}), codec.HEADER),
    ]
    for data, profile in beyond:
        with pytest.raises(codec.BadJson):
            codec.decode(data, profile)


def test_our_own_values_are_checked_before_they_are_written() -> None:
    assert codec.encode_checked({"a": 1}, codec.BODY) == b'{"a":1}'
    for value in ({"a": 1.5}, {"a": None}, {"a": object()}, {"a": "\ud800"}):
        with pytest.raises(codec.BadJson):
            codec.encode_checked(value, codec.BODY)


def test_nesting_beyond_all_reason_is_refused() -> None:
    data = b'{"a":' * 5000 + b"1" + b"}" * 5000
    with pytest.raises(codec.BadJson):
        codec.decode(data, codec.BODY)
