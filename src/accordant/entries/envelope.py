"""The header and body of an entry (wire paper 3): building, reading, committing.

Rules kept here: the header is one CJ object of at most 16 KiB with the fields of the paper, nothing but codes in `d`;
its leaf is H(0x00 ‖ header); a body is bound by a salted commitment. Stored and forwarded are the bytes as received.
Left to others: what a kind's facts mean, which log and index are expected (`check_position`), who may sign.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import msgspec

from accordant.entries import codec, limits, names

Scalar = int | bool | str
FactValue = Scalar | list[Scalar]

BODY_PREFIX: Final = b"accordant/body/v1\n"
SALT_BYTES: Final = 32
_HASH: Final = re.compile("[0-9a-f]{64}")


class BadHeader(ValueError):
    """Bytes that are no entry header: the section that holds them is refused."""


class BadBody(ValueError):
    """Bytes that are no body, or not the one its header commits to."""


class Reference(msgspec.Struct, frozen=True, order=True):
    """A position another entry refers to: role, origin, index, leaf hash (hex)."""

    as_: str = msgspec.field(name="as")
    o: str
    s: int
    h: str


class BodyCommitment(msgspec.Struct, frozen=True):
    """Salted commitment (hex) and plaintext length of a body."""

    c: str
    n: int


class AttachmentMark(msgspec.Struct, frozen=True):
    """Sealed length, part size and root (hex) of an attachment."""

    n: int
    p: int
    t: str


class Header(msgspec.Struct, frozen=True, omit_defaults=True):
    """One entry's header, decoded. Unknown top-level fields live in the stored bytes only."""

    log: str
    seq: int
    at: int
    kind: str
    kv: int
    by: str
    v: int
    to: tuple[str, ...] = ()
    mk: int = 0
    re: tuple[Reference, ...] = ()
    due: int | None = None
    b: BodyCommitment | None = None
    a: tuple[AttachmentMark, ...] = ()
    d: dict[str, FactValue] = {}

    @property
    def agency(self) -> str:
        """The agency whose log this entry stands in."""
        return self.log.partition("/")[0]

    @property
    def circle(self) -> str:
        """The circle of the log."""
        return self.log.split("/", 2)[1]


@dataclass(frozen=True, slots=True)
class EntryRef:
    """Where an entry stands and which leaf it is: all that another fact needs to point at it."""

    origin: str
    index: int
    leaf: str

    def __str__(self) -> str:
        return f"{self.origin} {self.index}"

    def as_reference(self, role: str) -> Reference:
        """The header reference with this role."""
        return Reference(as_=role, o=self.origin, s=self.index, h=self.leaf)

    @classmethod
    def of(cls, reference: Reference) -> "EntryRef":
        """The position that a header's reference names."""
        return cls(reference.o, reference.s, reference.h)


@dataclass(frozen=True, slots=True)
class Officer:
    """Who acts: officer id (never leaves the agency), the acting office, the agency, the roles of that office.

    `grants`: each role with the scope it is held in; None for the node itself, which no grant bounds.
    """

    id: str
    office: str
    agency: str
    roles: frozenset[str] = frozenset()
    grants: frozenset[tuple[str, str]] | None = None


def automatic(agency: str) -> Officer:
    """The node itself as the author of automatic entries."""
    return Officer(id="", office="node", agency=agency)


def leaf_hash(header: bytes) -> bytes:
    """The RFC 6962 leaf hash of header bytes."""
    return hashlib.sha256(b"\x00" + header).digest()


def commitment(salt: bytes, plaintext: bytes) -> str:
    """The hex commitment of a body: H(prefix ‖ 32-byte salt ‖ plaintext)."""
    return hashlib.sha256(BODY_PREFIX + salt + plaintext).hexdigest()


def encode_header(header: Header, *, extra: Mapping[str, object] | None = None) -> bytes:
    """The canonical bytes of a header of ours; raises `BadHeader` when a field breaks its rule."""
    plain = msgspec.to_builtins(header)
    if plain.get("due") is None:
        plain.pop("due", None)
    if plain.get("b") is None:
        plain.pop("b", None)
    plain.update(extra or {})
    try:
        data = codec.encode_checked(plain, codec.HEADER)
    except codec.BadJson as error:
        raise BadHeader(str(error)) from error
    _check_fields(header, plain)
    return data


def decode_header(data: bytes) -> Header:
    """The header in `data`; raises `BadHeader` unless every field keeps its rule and the bytes are canonical."""
    try:
        plain = codec.decode(data, codec.HEADER)
        header = msgspec.convert(plain, Header)
    except (codec.BadJson, msgspec.ValidationError) as error:
        raise BadHeader(str(error)) from error
    _check_fields(header, plain)
    return header


class Addressing(msgspec.Struct, frozen=True):
    """What decides who gets the body of an entry: addressees, marking, whether there is one."""

    to: tuple[str, ...] = ()
    mk: int = 0
    b: BodyCommitment | None = None


_decode_stored: Final = msgspec.json.Decoder(Header).decode
_decode_addressing: Final = msgspec.json.Decoder(Addressing).decode


def stored_header(data: bytes) -> Header:
    """The header in bytes that `decode_header` took before and whose leaf hash is held: not checked again."""
    return _decode_stored(data)


def stored_addressing(data: bytes) -> Addressing:
    """Addressees, marking and body of a header under the same condition."""
    return _decode_addressing(data)


def check_position(header: Header, *, origin: str, index: int) -> None:
    """Raise `BadHeader` unless the header names this log and this leaf index."""
    if header.log != origin:
        raise BadHeader(f"names the log {header.log}, stands in {origin}")
    if header.seq != index:
        raise BadHeader(f"names index {header.seq}, stands at {index}")


def decode_body(data: bytes) -> dict[str, object]:
    """The object in a body's plaintext; raises `BadBody` when it is no CJ or has no record `d`."""
    try:
        plain = codec.decode(data, codec.BODY)
    except codec.BadJson as error:
        raise BadBody(str(error)) from error
    if not isinstance(plain.get("d"), dict):
        raise BadBody("no record d")
    return plain


def check_body(header: Header, salt: bytes, plaintext: bytes) -> None:
    """Raise `BadBody` unless salt and plaintext open the commitment of the header."""
    if header.b is None:
        raise BadBody("the header has no body")
    if len(salt) != SALT_BYTES or len(plaintext) != header.b.n or commitment(salt, plaintext) != header.b.c:
        raise BadBody("the body is not the one its header commits to")


def _check_fields(header: Header, plain: Mapping[str, object]) -> None:
    if header.v != 1:
        raise BadHeader(f"header format {header.v}")
    try:
        origin = names.parse_origin(header.log)
    except names.BadName as error:
        raise BadHeader(str(error)) from error
    _require(header.seq >= 0, "seq below 0")
    _require(1 <= header.kv <= 999, "kv outside 1 to 999")
    _require(names.is_kind(header.kind), "kind")
    _require(names.is_by(header.by), "by")
    _require("mk" not in plain or 1 <= header.mk <= 3, "mk outside 1 to 3")
    _require("due" not in plain or header.due is not None, "due")
    _check_addressees(header.to, origin.agency)
    if header.re:
        _check_references(header.re)
    if header.b is not None:
        _require(_is_hash(header.b.c) and 1 <= header.b.n <= limits.BODY_BYTES, "b")
    _require(len(header.a) <= limits.HEADER_ATTACHMENTS, "too many attachments")
    for mark in header.a:
        _require(mark.n >= 1 and mark.p >= 1 and _is_hash(mark.t), "a")
    _check_facts(header.d)


def _check_addressees(to: Sequence[str], author: str) -> None:
    _require(len(to) <= limits.HEADER_ADDRESSEES, "too many addressees")
    _require(all(map(names.is_agency_id, to)), "to")
    _require(all(a < b for a, b in pairwise(to)), "to is not sorted and unique")
    _require(author not in to or len(to) == 1, "to lists the author beside others")


def _check_references(references: Sequence[Reference]) -> None:
    _require(len(references) <= limits.HEADER_REFERENCES, "too many references")
    keys = [(r.as_, r.o, r.s) for r in references]
    _require(all(a < b for a, b in pairwise(keys)), "re is not sorted and unique")
    for reference in references:
        _require(names.is_role(reference.as_) and _is_hash(reference.h) and reference.s >= 0, "re")
        try:
            names.parse_origin(reference.o)
        except names.BadName as error:
            raise BadHeader(str(error)) from error


def _check_facts(facts: Mapping[str, FactValue]) -> None:
    _require(len(facts) <= limits.HEADER_FACTS, "too many header facts")
    for value in facts.values():
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, str):
                _require(len(item) <= limits.HEADER_FACT_CHARACTERS, "a header fact over 64 characters")
        if isinstance(value, list):
            _require(len(value) <= limits.HEADER_FACT_ITEMS, "a header fact over 64 items")


def _is_hash(text: str) -> bool:
    return _HASH.fullmatch(text) is not None


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise BadHeader(what)
