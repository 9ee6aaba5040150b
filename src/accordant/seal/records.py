"""Records, of which a parcel is made: `u32 length ‖ u8 type ‖ payload`, their order and their end (wire.md 6).

Rules: each type has a largest payload; types stand in the order of section 6, unknown ones from 0x80 on are skipped
and all others refused; PAD holds zeros; END counts the records before it and nothing follows. Reading holds one
record at a time. What the payloads mean belongs to `payloads`, which belong together to `parcel`.
"""

from collections.abc import Iterable, Iterator
from struct import Struct

from accordant.seal.errors import BadParcel, BadPayload, CutParcel
from accordant.seal.padding import PAD_OVERHEAD, SMALLEST, padded_size

MANIFEST = 0x01
CARD = 0x02
EVIDENCE = 0x03
COSIGNED = 0x04
CHECKPOINT = 0x10
CONSISTENCY = 0x11
ENTRIES = 0x12
BODY = 0x13
MISSING = 0x14
SHARED = 0x15
BLOBKEY = 0x16
BLOBPART = 0x20
PAD = 0x7E
END = 0x7F
FIRST_SKIPPED = 0x80
BOUNDARY = 0x00  # no record: says that the head of the next one has ended the group before it

LARGEST = {
    MANIFEST: 256 * 1024,
    CARD: 16 * 1024,
    EVIDENCE: 256 * 1024,
    COSIGNED: 256 * 1024,
    CHECKPOINT: 16 * 1024,
    CONSISTENCY: 16 + 63 * 32,
    ENTRIES: 8 + 256 * (2 + 16 * 1024),
    BODY: 1024 * 1024 + 40,
    MISSING: 9,
    SHARED: 64 * 1024,
    BLOBKEY: 26,
    BLOBPART: 4 * 1024 * 1024 + 1024,
}

_CLOSING = frozenset({BLOBPART, PAD, END})
ENDS_GROUP = _CLOSING | {CHECKPOINT}
_BESIDE_ENTRIES = frozenset({MISSING, SHARED, BODY})
_IN_SECTION = _BESIDE_ENTRIES | {ENTRIES, CHECKPOINT} | _CLOSING
START = frozenset({MANIFEST})
AFTER: dict[int, frozenset[int]] = {
    MANIFEST: frozenset({CARD, EVIDENCE, COSIGNED, CHECKPOINT}) | _CLOSING,
    CARD: frozenset({CARD, EVIDENCE, COSIGNED, CHECKPOINT}) | _CLOSING,
    EVIDENCE: frozenset({EVIDENCE, COSIGNED, CHECKPOINT}) | _CLOSING,
    COSIGNED: frozenset({COSIGNED, CHECKPOINT}) | _CLOSING,
    CHECKPOINT: _IN_SECTION | {CONSISTENCY},
    CONSISTENCY: _IN_SECTION,
    ENTRIES: _IN_SECTION,
    MISSING: _IN_SECTION,
    SHARED: frozenset({BODY}),
    BODY: _IN_SECTION | {BLOBKEY},
    BLOBKEY: _IN_SECTION | {BLOBKEY},
    BLOBPART: _CLOSING,
    PAD: frozenset({END}),
    END: frozenset(),
}

HEAD = Struct(">IB")
COUNT = Struct(">Q")
END_FRAME = HEAD.size + COUNT.size
ZEROS = bytes(64 * 1024)


def frame(kind: int, payload: bytes) -> bytes:
    """Give one record as it travels; raises BadParcel (`limit`) when the payload is over the type's largest."""
    if len(payload) > LARGEST[kind]:
        raise BadParcel("limit", f"record of type {kind:#04x} over {LARGEST[kind]} bytes")
    return HEAD.pack(1 + len(payload), kind) + payload


def closed(frames: Iterable[bytes], least: int = SMALLEST) -> Iterator[bytes]:
    """Give the frames, then PAD up to the padded size of at least `least` bytes, and END.

    Raises BadParcel (`order`) as soon as a frame stands where a reader would refuse it.
    """
    allowed = START
    count = 0
    size = END_FRAME
    for each in frames:
        kind = each[4]
        if kind not in allowed or kind not in LARGEST:
            raise BadParcel("order", f"record of type {kind:#04x} out of order")
        allowed = AFTER[kind]
        count += 1
        size += len(each)
        yield each
    if END not in allowed:
        raise BadParcel("order", "the records end in the middle")
    gap = padded_size(size, least) - size
    if gap:
        yield HEAD.pack(gap - 4, PAD)
        yield from _zeros(gap - PAD_OVERHEAD)
        count += 1
    yield HEAD.pack(1 + COUNT.size, END) + COUNT.pack(count)


def read_records(chunks: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    """Give (type, payload) of each known record but PAD and END, and BOUNDARY before what ends a group.

    A boundary comes as soon as the next record's head is there, so a cut inside a long one takes nothing with it.
    Raises CutParcel when the chunks stop before END, BadParcel on any other fault; what was given before stays good.
    """
    feed = _Feed(chunks)
    allowed = START
    count = 0
    while True:
        length, kind = feed.head()
        if not length:
            raise BadParcel("record", "record without a type")
        if kind in allowed:
            allowed = AFTER[kind]
            if kind in ENDS_GROUP:
                yield BOUNDARY, b""
            if kind in LARGEST:
                if length > 1 + LARGEST[kind]:
                    raise BadParcel("limit", f"record of type {kind:#04x} over {LARGEST[kind]} bytes")
                yield kind, feed.take(length - 1)
            elif kind == PAD:
                feed.skip(length - 1, zeros=True)
            else:
                _check_end(feed, length, count)
                return
        elif kind >= FIRST_SKIPPED:
            feed.skip(length - 1)
        else:
            raise BadParcel("order" if kind in AFTER else "type", f"record of type {kind:#04x}")
        count += 1


class _Feed:
    """The plaintext chunks, taken in exact lengths."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = filter(None, chunks)
        self._data = b""
        self._position = 0

    def take(self, count: int) -> bytes:
        """Give exactly `count` bytes; raises CutParcel when they are not there."""
        end = self._position + count
        if end <= len(self._data):
            part = self._data[self._position : end]
            self._position = end
            return part
        return b"".join(self._parts(count))

    def head(self) -> tuple[int, int]:
        """Give length and type of the next record; raises CutParcel when they are not there."""
        end = self._position + HEAD.size
        if end <= len(self._data):
            length, kind = HEAD.unpack_from(self._data, self._position)
            self._position = end
        else:
            length, kind = HEAD.unpack(b"".join(self._parts(HEAD.size)))
        return length, kind

    def skip(self, count: int, *, zeros: bool = False) -> None:
        """Pass over `count` bytes without holding them; with `zeros` refuse any other byte."""
        for part in self._parts(count):
            if zeros and part.count(0) != len(part):
                raise BadParcel("record", "padding that is not zero")

    def ended(self) -> bool:
        """Tell whether nothing is left, having read the chunks to their authentic end."""
        return self._position == len(self._data) and not self._advance()

    def _parts(self, count: int) -> Iterator[bytes]:
        while count:
            if self._position == len(self._data) and not self._advance():
                raise CutParcel("the records stop before END")
            part = self._data[self._position : self._position + count]
            self._position += len(part)
            count -= len(part)
            yield part

    def _advance(self) -> bool:
        self._position = 0
        try:
            self._data = next(self._chunks, b"")
        except BadPayload as bad:
            raise CutParcel(bad.detail) from bad
        return bool(self._data)


def _check_end(feed: _Feed, length: int, count: int) -> None:
    if length != 1 + COUNT.size:
        raise BadParcel("record", "length of END")
    if COUNT.unpack(feed.take(COUNT.size)) != (count,):
        raise BadParcel("count", "END counts other records than came")
    if not feed.ended():
        raise BadParcel("record", "bytes after END")


def _zeros(count: int) -> Iterator[bytes]:
    for start in range(0, count, len(ZEROS)):
        yield ZEROS[: count - start]
