"""Parcels: records sealed as a whole to their receivers, and read back group by group (wire.md 6).

Rules: a group is given out only when it is complete: the preface, then each section when the next record shows that
it has ended, then parts of attachments, then `Ended`. Indexes rise within a section, bodies stand beside their
entries, runs join without a gap from the first entry to the last. One section is held at a time, at most 4,096
entries and 32 MiB. A cut raises CutParcel after what was whole. Signatures, roots, commitments, whether a proof is
due and who may read are checked above, section by section.
"""

import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from accordant.seal import records
from accordant.seal.age import Recipients, open_stream, sealer
from accordant.seal.errors import BadParcel
from accordant.seal.padding import SMALLEST
from accordant.seal.payloads import BlobKey, BlobPart, Body, Checkpoint, Consistency, Entries, Missing, Shared
from accordant.seal.recipients import Draw, Identity
from accordant.seal.stream import Read, Write

MEBIBYTE = 1024 * 1024
SECTION_ENTRIES = 4096
GROUP_BYTES = 32 * MEBIBYTE
WRITERS_STOP = 30 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one parcel may hold on a road: sealed bytes, entries, sections."""

    sealed: int
    entries: int
    sections: int = 100_000


NETWORK = Limits(sealed=32 * MEBIBYTE, entries=4096)
BROKER = Limits(sealed=MEBIBYTE, entries=4096)
COURIER = Limits(sealed=16 * 1024 * MEBIBYTE, entries=100_000 * SECTION_ENTRIES)


@dataclass(frozen=True, slots=True)
class Preface:
    """What comes before the sections: statements and notes, as bytes."""

    manifest: bytes
    cards: tuple[bytes, ...] = ()
    evidence: tuple[bytes, ...] = ()
    cosigned: tuple[bytes, ...] = ()

    def frames(self) -> Iterator[bytes]:
        """Give the records in their order."""
        yield records.frame(records.MANIFEST, self.manifest)
        for kind, notes in (
            (records.CARD, self.cards),
            (records.EVIDENCE, self.evidence),
            (records.COSIGNED, self.cosigned),
        ):
            for note in notes:
                yield records.frame(kind, note)


@dataclass(frozen=True, slots=True)
class Beside:
    """What travels beside headers, each by the entry's index: a body, or why there is none."""

    bodies: dict[int, Body] = field(default_factory=dict)
    missing: dict[int, int] = field(default_factory=dict)
    shared: dict[int, bytes] = field(default_factory=dict)
    keys: dict[int, dict[int, bytes]] = field(default_factory=dict)

    def frames(self) -> Iterator[bytes]:
        """Give the records by rising index."""
        for index in sorted(self.bodies.keys() | self.missing.keys()):
            if index in self.missing:
                yield Missing(index, self.missing[index]).frame()
                continue
            if index in self.shared:
                yield Shared(index, self.shared[index]).frame()
            yield self.bodies[index].frame()
            for number, key in sorted(self.keys.get(index, {}).items()):
                yield BlobKey(index, number, key).frame()


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive headers from `first` on, and what travels beside them."""

    first: int
    headers: tuple[bytes, ...]
    beside: Beside = field(default_factory=Beside)

    def frames(self) -> Iterator[bytes]:
        """Give the records in their order."""
        yield Entries(self.first, self.headers).frame()
        yield from self.beside.frames()


@dataclass(frozen=True, slots=True)
class Section:
    """Entries [start, end) of the log that the note names; `late` holds bodies of earlier entries."""

    checkpoint: Checkpoint
    runs: tuple[Run, ...] = ()
    consistency: Consistency | None = None
    late: Beside = field(default_factory=Beside)

    def frames(self) -> Iterator[bytes]:
        """Give the records in their order."""
        yield self.checkpoint.frame()
        if self.consistency is not None:
            yield self.consistency.frame()
        yield from self.late.frames()
        for run in self.runs:
            yield from run.frames()


@dataclass(frozen=True, slots=True)
class Ended:
    """The parcel was read to its END; `entries` were in it."""

    entries: int


Group = Preface | Section | BlobPart | Ended


def seal_parcel(
    frames: Iterable[bytes],
    recipients: Recipients,
    *,
    least: int = SMALLEST,
    limits: Limits = NETWORK,
    draw: Draw = os.urandom,
) -> bytes:
    """Give the sealed parcel of these records, padded to at least `least` bytes inside.

    Raises BadParcel: `order` on records that a reader would refuse, `limit` when the road cannot take the length.
    """
    pieces: list[bytes] = []
    write_parcel(frames, recipients, pieces.append, least=least, draw=draw)
    sealed = b"".join(pieces)
    if len(sealed) > limits.sealed:
        raise BadParcel("limit", "sealed parcel longer than its road takes")
    return sealed


def write_parcel(
    frames: Iterable[bytes],
    recipients: Recipients,
    write: Write,
    *,
    least: int = SMALLEST,
    draw: Draw = os.urandom,
) -> None:
    """Write the sealed parcel piece by piece, for courier files beyond memory; BadParcel as in `seal_parcel`."""
    writer = sealer(write, recipients, draw=draw)
    for piece in records.closed(frames, least):
        writer.write(piece)
    writer.finish()


def open_parcel(source: bytes | Read, identities: Sequence[Identity], limits: Limits = NETWORK) -> Iterator[Group]:
    """Give the groups of a sealed parcel, each when it is complete, `Ended` last.

    The call itself raises BadHeader, NoMatch or BadMac when the parcel cannot be opened; the iterator raises
    CutParcel or BadParcel after the groups that were whole. `source` is the bytes, or a `read(n)` over them.
    """
    read = io.BytesIO(source).read if isinstance(source, bytes) else source
    return read_groups(open_stream(_metered(read, limits.sealed), identities), limits)


def read_groups(chunks: Iterator[bytes], limits: Limits = NETWORK) -> Iterator[Group]:
    """Give the groups of an opened parcel from its plaintext chunks; raises as the iterator of `open_parcel`."""
    builder: _Builder = _PrefaceBuilder()
    building = True
    sections = entries = 0
    for kind, payload in records.read_records(chunks):
        if kind not in _OUTSIDE_GROUPS:
            builder.take(kind, payload)
        elif kind == records.BLOBPART:
            yield BlobPart.parse(payload)
        elif kind == records.CHECKPOINT:
            checkpoint = Checkpoint.parse(payload)
            sections += 1
            entries += checkpoint.end - checkpoint.start
            _check_limits(checkpoint, sections, entries, limits)
            builder, building = _SectionBuilder(checkpoint), True
        elif building:
            yield builder.built()
            building = False
    yield Ended(entries)


_OUTSIDE_GROUPS = frozenset({records.BOUNDARY, records.CHECKPOINT, records.BLOBPART})


class _Builder(Protocol):
    """Gathers the records of one group, whose types and order were checked before."""

    def take(self, kind: int, payload: bytes) -> None: ...

    def built(self) -> Group: ...


class _PrefaceBuilder:
    def __init__(self) -> None:
        self._notes: dict[int, list[bytes]] = {}
        self._bytes = 0

    def take(self, kind: int, payload: bytes) -> None:
        self._bytes += len(payload)
        if self._bytes > GROUP_BYTES:
            raise BadParcel("limit", "a preface over 32 MiB")
        self._notes.setdefault(kind, []).append(payload)

    def built(self) -> Preface:
        (manifest,) = self._notes[records.MANIFEST]
        later = [tuple(self._notes.get(kind, ())) for kind in (records.CARD, records.EVIDENCE, records.COSIGNED)]
        return Preface(manifest, *later)


class _SectionBuilder:
    """Places what comes beside the entries: late matter below the section's start, then run by run."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._checkpoint = checkpoint
        self._consistency: Consistency | None = None
        self._late = Beside()
        self._runs: list[Run] = []
        self._next_entry = checkpoint.start
        self._beside = self._late
        self._lowest = 0
        self._end = checkpoint.start
        self._shared: int | None = None
        self._bytes = len(checkpoint.note)
        self._takers: dict[int, Callable[[bytes], None]] = {
            records.CONSISTENCY: self._take_consistency,
            records.ENTRIES: self._take_entries,
            records.BODY: self._take_body,
            records.MISSING: self._take_missing,
            records.SHARED: self._take_shared,
            records.BLOBKEY: self._take_key,
        }

    def take(self, kind: int, payload: bytes) -> None:
        self._bytes += len(payload)
        if self._bytes > GROUP_BYTES:
            raise BadParcel("limit", "a section over 32 MiB")
        self._takers[kind](payload)

    def built(self) -> Section:
        if self._next_entry != self._checkpoint.end:
            raise BadParcel("record", "a section lacks entries")
        return Section(self._checkpoint, tuple(self._runs), self._consistency, self._late)

    def _take_consistency(self, payload: bytes) -> None:
        self._consistency = Consistency.parse(payload)
        if self._consistency.end != self._checkpoint.end:
            raise BadParcel("record", "CONSISTENCY of another size")

    def _take_entries(self, payload: bytes) -> None:
        entries = Entries.parse(payload)
        self._lowest = entries.first
        self._end = entries.first + len(entries.headers)
        if entries.first != self._next_entry or self._end > self._checkpoint.end:
            raise BadParcel("order", "ENTRIES that do not join")
        self._next_entry = self._end
        self._beside = Beside()
        self._runs.append(Run(entries.first, entries.headers, self._beside))

    def _take_body(self, payload: bytes) -> None:
        body = Body.parse(payload)
        if self._shared is None:
            self._claim(body.index)
        elif body.index != self._shared:
            raise BadParcel("order", "SHARED without its BODY")
        self._shared = None
        self._beside.bodies[body.index] = body

    def _take_missing(self, payload: bytes) -> None:
        missing = Missing.parse(payload)
        self._claim(missing.index)
        self._beside.missing[missing.index] = missing.why

    def _take_shared(self, payload: bytes) -> None:
        shared = Shared.parse(payload)
        self._claim(shared.index)
        self._shared = shared.index
        self._beside.shared[shared.index] = shared.proof

    def _take_key(self, payload: bytes) -> None:
        key = BlobKey.parse(payload)
        keys = self._beside.keys.setdefault(key.index, {})
        if key.index != self._lowest - 1 or key.number in keys:
            raise BadParcel("order", "BLOBKEY beside another BODY, or twice")
        keys[key.number] = key.key

    def _claim(self, index: int) -> None:
        if not self._lowest <= index < self._end:
            raise BadParcel("order", "an index falls, repeats, or is outside its run")
        self._lowest = index + 1
        if self._beside is self._late and len(self._late.bodies) + len(self._late.missing) >= SECTION_ENTRIES:
            raise BadParcel("limit", "more than 4,096 late bodies in a section")


def _check_limits(checkpoint: Checkpoint, sections: int, entries: int, limits: Limits) -> None:
    if checkpoint.end - checkpoint.start > SECTION_ENTRIES:
        raise BadParcel("limit", "more than 4,096 entries in a section")
    if sections > limits.sections or entries > limits.entries:
        raise BadParcel("limit", "more sections or entries than the road takes")


def _metered(read: Read, most: int) -> Read:
    left = most

    def metered(count: int) -> bytes:
        nonlocal left
        data = read(count)
        left -= len(data)
        if left < 0:
            raise BadParcel("limit", "sealed parcel longer than its road takes")
        return data

    return metered
