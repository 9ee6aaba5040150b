"""CJ, the closed JSON profile (wire paper 0): the bytes of RFC 8785 and narrower.

Rules kept here: UTF-8 without blanks; keys `[a-z0-9_]{1,24}`, sorted, unique; integers within ±(2^53-1), no floats, no
`-0`, no `null`; no control characters but LF and TAB in bodies; no lone surrogates; in headers empty arrays and objects
are left out and strings use U+0020-007E, U+00C0-024F, U+1E00-1EFF only. A reader decodes, re-encodes and refuses
other bytes. Left to others: what the keys mean.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import msgspec

from accordant.entries import limits

_KEY: Final = re.compile(limits.KEY_PATTERN)
_HEADER_TEXT: Final = re.compile("[\\u0020-\\u007e\\u00c0-\\u024f\\u1e00-\\u1eff]*")
_BODY_TEXT: Final = re.compile("[^\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff]*")
_decode: Final = msgspec.json.Decoder().decode
_encode: Final = msgspec.json.Encoder(order="sorted").encode


class BadJson(ValueError):
    """Bytes or values that are no CJ, or break the profile's limits."""


@dataclass(frozen=True)
class Profile:
    """The limits of one use of CJ; `header` switches on the narrower text and the ban on empty containers."""

    size: int
    depth: int
    values: int
    string_bytes: int
    object_keys: int
    header: bool


HEADER: Final = Profile(limits.HEADER_BYTES, limits.HEADER_DEPTH, 10_000, limits.HEADER_BYTES, limits.HEADER_KEYS, True)
BODY: Final = Profile(
    limits.BODY_BYTES, limits.BODY_DEPTH, limits.BODY_VALUES, limits.BODY_STRING_BYTES, limits.BODY_VALUES, False
)
CARD: Final = Profile(limits.CARD_BYTES, 8, 2_000, limits.CARD_BYTES, limits.HEADER_KEYS, False)
MANIFEST: Final = Profile(limits.MANIFEST_BYTES, 8, 20_000, 4096, limits.HEADER_KEYS, False)


def encode(value: object) -> bytes:
    """The canonical bytes of plain values or `msgspec` structs; keys sorted. Does not check the profile."""
    return _encode(value)


def encode_checked(value: object, profile: Profile) -> bytes:
    """The canonical bytes of our own plain value, checked under `profile`; raises `BadJson`."""
    try:
        data = _encode(value)
        if len(data) > profile.size:
            raise BadJson(f"{len(data)} bytes, at most {profile.size}")
        _Walk(profile).check(value, 1)
    except BadJson:
        raise
    except (TypeError, ValueError, RecursionError) as error:
        raise BadJson(f"not encodable: {error}") from error
    return data


def decode(data: bytes, profile: Profile) -> dict[str, object]:
    """The object that `data` is, when `data` is its canonical form under `profile`.

    Raises `BadJson` for anything else: other bytes for the same value included.
    """
    if len(data) > profile.size:
        raise BadJson(f"{len(data)} bytes, at most {profile.size}")
    try:
        value = _decode(data)
        if type(value) is not dict:
            raise BadJson("not an object")
        _Walk(profile).check(value, 1)
        same = _encode(value) == data
    except BadJson:
        raise
    except (ValueError, TypeError, RecursionError) as error:
        raise BadJson(f"not JSON: {error}") from error
    if not same:
        raise BadJson("not in canonical form")
    return value


@lru_cache(maxsize=4096)
def _is_key(key: str) -> bool:
    return _KEY.fullmatch(key) is not None


class _Walk:
    """Checks each value of a decoded object against a profile, counting as it goes."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.values = 0
        self.text = _HEADER_TEXT if profile.header else _BODY_TEXT

    def check(self, value: object, depth: int) -> None:
        """Raise `BadJson` at the first value that breaks the profile."""
        kind = type(value)
        if kind is str:
            self._string(value)  # type: ignore[arg-type]  # the type was just compared exactly
        elif kind is int:
            if not -limits.INTEGER_MAX <= value <= limits.INTEGER_MAX:  # type: ignore[operator]  # an exact int
                raise BadJson("integer beyond 2^53-1")
        elif kind is dict:
            self._object(value, depth)  # type: ignore[arg-type]  # an exact dict
        elif kind is list or kind is tuple:
            self._container(len(value), depth)  # type: ignore[arg-type]  # a list, or a tuple of ours
            for item in value:  # type: ignore[attr-defined]  # a list, or a tuple of ours
                self.check(item, depth + 1)
        elif kind is not bool:
            raise BadJson(f"{kind.__name__} is not allowed")

    def _string(self, value: str) -> None:
        # Printable ASCII is allowed everywhere, and most strings are nothing else.
        if not (value.isascii() and value.isprintable()) and self.text.fullmatch(value) is None:
            raise BadJson("a character that is not allowed")
        if len(value) * 4 > self.profile.string_bytes and len(value.encode()) > self.profile.string_bytes:
            raise BadJson(f"string over {self.profile.string_bytes} bytes")

    def _object(self, value: dict[str, object], depth: int) -> None:
        self._container(len(value), depth)
        if len(value) > self.profile.object_keys:
            raise BadJson(f"over {self.profile.object_keys} keys")
        longest = self.profile.string_bytes // 4
        for key, item in value.items():
            if not _is_key(key):
                raise BadJson("a key that is not allowed")
            # Most values are short printable ASCII: those need no call of their own.
            if not (type(item) is str and len(item) <= longest and item.isascii() and item.isprintable()):
                self.check(item, depth + 1)

    def _container(self, length: int, depth: int) -> None:
        if depth > self.profile.depth:
            raise BadJson(f"deeper than {self.profile.depth}")
        if length == 0 and self.profile.header and depth > 1:
            raise BadJson("an empty array or object is left out")
        self.values += length
        if self.values > self.profile.values:
            raise BadJson(f"over {self.profile.values} values")
