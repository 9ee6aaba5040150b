"""What the records of a section hold (wire.md 6): one frozen record per type, `frame` out and `parse` in.

Rules: integers big-endian and below 2^53, exact lengths, nothing left over; an entry bundle is that of tlog-tiles,
at most 256 headers of at most 16 KiB, cut at multiples of 256. `parse` lets BadParcel (`record`) out and nothing else.
Notes, headers, bodies and proofs stay bytes: what they say is checked above, whole.
"""

from dataclasses import dataclass
from struct import Struct
from typing import ClassVar, Final

from accordant.seal.errors import BadParcel
from accordant.seal.records import (
    BLOBKEY,
    BLOBPART,
    BODY,
    CHECKPOINT,
    CONSISTENCY,
    ENTRIES,
    MISSING,
    SHARED,
    frame,
)

INDEX_END: Final = 1 << 53
BUNDLE: Final = 256
HEADER_MAX: Final = 16 * 1024
BODY_MAX: Final = 1024 * 1024
HASH_LENGTH: Final = 32
PROOF_MAX: Final = 63
PART_MAX: Final = 4 * 1024 * 1024
PART_PROOF_MAX: Final = 30
ATTACHMENTS_MAX: Final = 256
KEY_LENGTH: Final = 16

ERASED: Final = 1
ABOVE_CEILING: Final = 2
NOT_HELD: Final = 3
UNREADABLE: Final = 4

INDEX = Struct(">Q")
RANGE = Struct(">QQ")
KEY_HEAD = Struct(">QH")
PART_HEAD = Struct(">32sIB")
BODY_HEAD = Struct(">IBQ")
BODY_START = Struct(">Q32s")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Opens a section of entries [start, end) with the note of a size at or past `end`."""

    type: ClassVar[int] = CHECKPOINT
    start: int
    end: int
    note: bytes

    def frame(self) -> bytes:
        """Give the record."""
        return frame(self.type, RANGE.pack(self.start, self.end) + self.note)

    @classmethod
    def parse(cls, payload: bytes) -> "Checkpoint":
        """Give the values; a section may be empty, as late bodies travel in one too."""
        if len(payload) <= RANGE.size:
            raise BadParcel("record", "CHECKPOINT without a note")
        start, end = RANGE.unpack_from(payload)
        if not start <= end < INDEX_END:
            raise BadParcel("record", "range of CHECKPOINT")
        return cls(start, end, payload[RANGE.size :])


@dataclass(frozen=True, slots=True)
class Consistency:
    """Shows that the tree of size `end` is the beginning of that of `size`."""

    type: ClassVar[int] = CONSISTENCY
    end: int
    size: int
    hashes: tuple[bytes, ...]

    def frame(self) -> bytes:
        """Give the record."""
        return frame(self.type, RANGE.pack(self.end, self.size) + b"".join(self.hashes))

    @classmethod
    def parse(cls, payload: bytes) -> "Consistency":
        """Give the values; a proof between unequal sizes above zero is never empty."""
        hashes = payload[RANGE.size :]
        if not hashes or len(hashes) % HASH_LENGTH or len(hashes) > PROOF_MAX * HASH_LENGTH:
            raise BadParcel("record", "length of CONSISTENCY")
        end, size = RANGE.unpack_from(payload)
        if not 0 < end < size < INDEX_END:
            raise BadParcel("record", "sizes of CONSISTENCY")
        return cls(end, size, _cut_hashes(hashes))


@dataclass(frozen=True, slots=True)
class Entries:
    """Headers of consecutive entries from `first` on, within one bundle of 256."""

    type: ClassVar[int] = ENTRIES
    first: int
    headers: tuple[bytes, ...]

    def frame(self) -> bytes:
        """Give the record."""
        return frame(self.type, INDEX.pack(self.first) + encode_bundle(self.headers))

    @classmethod
    def parse(cls, payload: bytes) -> "Entries":
        """Give the values."""
        if len(payload) < INDEX.size:
            raise BadParcel("record", "length of ENTRIES")
        (first,) = INDEX.unpack_from(payload)
        headers = decode_bundle(payload[INDEX.size :])
        if first + len(headers) > min(INDEX_END, (first // BUNDLE + 1) * BUNDLE):
            raise BadParcel("record", "ENTRIES not cut at a multiple of 256")
        return cls(first, headers)


@dataclass(frozen=True, slots=True)
class Body:
    """The plaintext of one entry's body and the salt of its commitment."""

    type: ClassVar[int] = BODY
    index: int
    salt: bytes
    plaintext: bytes

    def frame(self) -> bytes:
        """Give the record; raises BadParcel (`limit`) when the plaintext is over 1 MiB."""
        if len(self.plaintext) > BODY_MAX:
            raise BadParcel("limit", "BODY over 1 MiB")
        length = 1 + BODY_START.size + len(self.plaintext)
        return BODY_HEAD.pack(length, BODY, self.index) + self.salt + self.plaintext

    @classmethod
    def parse(cls, payload: bytes) -> "Body":
        """Give the values."""
        if len(payload) <= BODY_START.size:
            raise BadParcel("record", "length of BODY")
        index, salt = BODY_START.unpack_from(payload)
        if index >= INDEX_END:
            raise BadParcel("record", "index over 2^53")
        return cls(index, salt, payload[BODY_START.size :])


@dataclass(frozen=True, slots=True)
class Missing:
    """Says why the body of one entry is not here: ERASED, ABOVE_CEILING, NOT_HELD or UNREADABLE."""

    type: ClassVar[int] = MISSING
    index: int
    why: int

    def frame(self) -> bytes:
        """Give the record."""
        return frame(self.type, INDEX.pack(self.index) + bytes([self.why]))

    @classmethod
    def parse(cls, payload: bytes) -> "Missing":
        """Give the values."""
        if len(payload) != INDEX.size + 1 or not ERASED <= payload[INDEX.size] <= UNREADABLE:
            raise BadParcel("record", "length or reason of MISSING")
        return cls(_index(payload), payload[INDEX.size])


@dataclass(frozen=True, slots=True)
class Shared:
    """Proves the old entry whose body is shared again (wire.md 2), as a tlog-proof."""

    type: ClassVar[int] = SHARED
    index: int
    proof: bytes

    def frame(self) -> bytes:
        """Give the record."""
        return frame(self.type, INDEX.pack(self.index) + self.proof)

    @classmethod
    def parse(cls, payload: bytes) -> "Shared":
        """Give the values."""
        if len(payload) <= INDEX.size:
            raise BadParcel("record", "length of SHARED")
        return cls(_index(payload), payload[INDEX.size :])


@dataclass(frozen=True, slots=True)
class BlobKey:
    """The file key of one attachment: `number` counts in the header's order from 0."""

    type: ClassVar[int] = BLOBKEY
    index: int
    number: int
    key: bytes

    def frame(self) -> bytes:
        """Give the record."""
        return frame(self.type, KEY_HEAD.pack(self.index, self.number) + self.key)

    @classmethod
    def parse(cls, payload: bytes) -> "BlobKey":
        """Give the values."""
        if len(payload) != KEY_HEAD.size + KEY_LENGTH:
            raise BadParcel("record", "length of BLOBKEY")
        index, number = KEY_HEAD.unpack_from(payload)
        if index >= INDEX_END or number >= ATTACHMENTS_MAX:
            raise BadParcel("record", "index or number of BLOBKEY")
        return cls(index, number, payload[KEY_HEAD.size :])


@dataclass(frozen=True, slots=True)
class BlobPart:
    """One part of an attachment's sealed bytes, with its proof under the attachment's root."""

    type: ClassVar[int] = BLOBPART
    root: bytes
    number: int
    proof: tuple[bytes, ...]
    part: bytes

    def frame(self) -> bytes:
        """Give the record."""
        head = PART_HEAD.pack(self.root, self.number, len(self.proof))
        return frame(self.type, head + b"".join(self.proof) + self.part)

    @classmethod
    def parse(cls, payload: bytes) -> "BlobPart":
        """Give the values."""
        if len(payload) < PART_HEAD.size:
            raise BadParcel("record", "length of BLOBPART")
        root, number, count = PART_HEAD.unpack_from(payload)
        start = PART_HEAD.size + count * HASH_LENGTH
        if count > PART_PROOF_MAX or not start < len(payload) <= start + PART_MAX:
            raise BadParcel("record", "proof or part of BLOBPART")
        return cls(root, number, _cut_hashes(payload[PART_HEAD.size : start]), payload[start:])


def encode_bundle(headers: tuple[bytes, ...]) -> bytes:
    """Give the tlog-tiles entry bundle of 1 to 256 headers; raises BadParcel (`limit`) on more or longer ones."""
    if not 0 < len(headers) <= BUNDLE or max(map(len, headers)) > HEADER_MAX:
        raise BadParcel("limit", "ENTRIES of none, of more than 256, or with a header over 16 KiB")
    return b"".join([part for header in headers for part in (len(header).to_bytes(2, "big"), header)])


def decode_bundle(bundle: bytes) -> tuple[bytes, ...]:
    """Give the headers of a bundle; raises BadParcel (`record`) unless there are 1 to 256 whole ones."""
    headers: list[bytes] = []
    position = 0
    end = len(bundle)
    while position + 2 < end and len(headers) < BUNDLE:
        start = position + 2
        position = start + (bundle[position] << 8 | bundle[position + 1])
        headers.append(bundle[start:position])
    if not headers or position != end or max(map(len, headers)) > HEADER_MAX or not all(headers):
        raise BadParcel("record", "bundle of ENTRIES")
    return tuple(headers)


def _index(payload: bytes) -> int:
    (index,) = INDEX.unpack_from(payload)
    if index >= INDEX_END:
        raise BadParcel("record", "index over 2^53")
    return int(index)


def _cut_hashes(hashes: bytes) -> tuple[bytes, ...]:
    return tuple(hashes[start : start + HASH_LENGTH] for start in range(0, len(hashes), HASH_LENGTH))
