"""The one accepted spelling of bytes and numbers in C2SP texts.

Rules kept here: base64 is standard, padded and canonical (RFC 4648 section 4, no stray bits); decimals are ASCII
without sign or leading zeros. Each module turns a None into its own exception.
"""

import base64
import binascii
import re
from typing import Final

SIZE_LIMIT: Final = 2**53
"""Indexes and sizes stay below this (wire format, section 0)."""

MAX_NAME_BYTES: Final = 255
"""Names of keys, and so origins of logs, are no longer (wire format, section 1)."""

_DECIMAL: Final = re.compile(r"0|[1-9][0-9]*")
_DIGITS: Final = 20
# The White_Space property, written out so that no Unicode version decides what a name may hold.
_KEY_NAME: Final = re.compile(
    f"[^+\x00-\x20\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]{{1,{MAX_NAME_BYTES}}}"
)


def encode_base64(data: bytes) -> str:
    """The canonical base64 of `data`."""
    return base64.b64encode(data).decode("ascii")


def decode_base64(text: str, length: int | None = None) -> bytes | None:
    """The bytes that `text` spells; None if it is not canonical base64, or not of `length` bytes."""
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        return None
    if (length is not None and len(data) != length) or encode_base64(data) != text:
        return None
    return data


def decode_decimal(text: str, limit: int = SIZE_LIMIT) -> int | None:
    """The number below `limit` that `text` spells; None if it is no such decimal."""
    if len(text) > _DIGITS or _DECIMAL.fullmatch(text) is None:
        return None
    number = int(text)
    return number if number < limit else None


def is_key_name(text: str) -> bool:
    """Whether `text` may name a key or a log: 1 to 255 bytes of UTF-8, no spaces, controls or plus (signed-note)."""
    if _KEY_NAME.fullmatch(text) is None:
        return False
    try:
        return len(text.encode()) <= MAX_NAME_BYTES
    except UnicodeEncodeError:
        return False
