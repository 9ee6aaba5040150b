"""Names on the wire (wire paper 1): agency ids, circle ids, origins, kinds, the author's mark.

Rules kept here: the exact alphabets and lengths, and how a circle's id follows from its genesis.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from accordant.entries import limits

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_AGENCY: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_CIRCLE: Final = re.compile(r"[a-z0-9-]{1,40}-[0-9a-f]{32}")
_CIRCLE_LABEL: Final = re.compile(r"[a-z0-9-]{1,40}")
_ORIGIN: Final = re.compile(rf"({_AGENCY.pattern})/({_CIRCLE.pattern})/([1-9][0-9]{{0,8}})")
_KIND: Final = re.compile(r"[a-z]{2,20}\.[a-z0-9]+(?:-[a-z0-9]+){1,5}")
_BY: Final = re.compile(r"[a-z0-9.-]{1,40}(?:~[0-9a-f]{16})?")
_ROLE: Final = re.compile(r"[a-z0-9-]{1,24}")


class BadName(ValueError):
    """A name outside its alphabet or length."""


@dataclass(frozen=True)
class Origin:
    """The three parts of a log's name."""

    agency: str
    circle: str
    number: int

    def __str__(self) -> str:
        return f"{self.agency}/{self.circle}/{self.number}"


@lru_cache(maxsize=4096)
def is_agency_id(text: str) -> bool:
    """Whether `text` is a lower-case domain name of two or more labels and at most 100 bytes."""
    return len(text) <= limits.AGENCY_ID_BYTES and _AGENCY.fullmatch(text) is not None


def is_circle_id(text: str) -> bool:
    """Whether `text` is `<label>-<32 hex>`."""
    return _CIRCLE.fullmatch(text) is not None


def is_circle_label(text: str) -> bool:
    """Whether `text` may stand before the hash in a circle's id."""
    return _CIRCLE_LABEL.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def is_kind(text: str) -> bool:
    """Whether `text` is `<domain>.<noun>-<past participle>` of at most 64 bytes."""
    return len(text) <= 64 and _KIND.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def is_by(text: str) -> bool:
    """Whether `text` is an office, with or without an officer's pseudonym."""
    return _BY.fullmatch(text) is not None


def is_role(text: str) -> bool:
    """Whether `text` may stand as the role (`as`) of a reference."""
    return _ROLE.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def parse_origin(text: str) -> Origin:
    """The parts of a log's name; raises `BadName`."""
    match = _ORIGIN.fullmatch(text) if len(text) <= limits.ORIGIN_BYTES else None
    if match is None or not is_agency_id(match[1]):
        raise BadName(f"not an origin: {text[:80]!r}")
    return Origin(match[1], match[2], int(match[3]))


def is_log_of(text: str, *, agency: str | None = None, circle: str | None = None) -> bool:
    """Whether `text` is an origin, of this agency and in this circle where they are given."""
    try:
        origin = parse_origin(text)
    except BadName:
        return False
    return agency in (None, origin.agency) and circle in (None, origin.circle)


def circle_id(label: str, genesis: bytes) -> str:
    """The id of the circle with this label and canonical genesis: label, hyphen, 32 hex of its hash."""
    if not is_circle_label(label):
        raise BadName(f"not a circle label: {label[:80]!r}")
    digest = hashlib.sha256(b"accordant/circle/v1\n" + genesis).digest()
    return f"{label}-{digest[:16].hex()}"


def pseudonym(secret: bytes, circle: str, officer_id: str) -> str:
    """16 hex naming an officer in one circle: HMAC-SHA-256 of circle and officer under the agency's secret."""
    return hmac.new(secret, circle.encode() + b"\x00" + officer_id.encode(), hashlib.sha256).digest()[:8].hex()
