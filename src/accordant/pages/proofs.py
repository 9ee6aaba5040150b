"""The proof of an entry and what hangs on it: position, leaf, checkpoint, cosignatures; the entries around it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse

from accordant.entries.envelope import EntryRef, Header
from accordant.ledger import read
from accordant.ledger.models import Entry
from accordant.ledger.read.entries import StoredEntry
from accordant.pages import headlines, panels, reading
from accordant.pages.acting import ActingRequest
from accordant.tlog import proof_file
from accordant.tlog.checkpoint import Checkpoint

LOOKED_THROUGH: Final = 10_000
SHOWN: Final = 50


@dataclass(frozen=True)
class Receipt:
    """A party's cosignature: its own time in seconds, the size it covers."""

    agency: str
    at: int
    size: int

    @property
    def instant(self) -> int:
        """Its time in milliseconds."""
        return self.at * 1000


@dataclass(frozen=True)
class Proof:
    """What the proof drawer shows. `size` 0 = no signed checkpoint covers the entry yet, so that there is no file."""

    position: str
    origin: str
    index: int
    leaf: str
    size: int
    root: str
    receipts: Sequence[Receipt]
    href: str
    file: str


@dataclass(frozen=True)
class RelatedEntry:
    """Another entry: `refers` tells whether it is named by this one ("to") or names it ("from")."""

    refers: str
    role: str
    headline: str
    href: str
    agency: str
    at: int
    position: str


def entry_href(ref: EntryRef) -> str:
    """The page of an entry."""
    return reverse("pages:entry", kwargs={"origin": ref.origin, "index": ref.index})


def receipt_href(ref: EntryRef) -> str:
    """The receipt file of an entry."""
    return reverse("pages:receipt", kwargs={"origin": ref.origin, "index": ref.index})


def proof(ref: EntryRef) -> Proof | None:
    """The proof of the entry at a position; None while it is not held here."""
    entry = read.entries.find(ref.origin, ref.index)
    return None if entry is None else proof_of(entry)


def proof_of(entry: StoredEntry) -> Proof:
    """The proof of an entry that is held here."""
    ref = entry.ref
    data = read.entries.proof_of(entry)
    signed = None if data is None else Checkpoint.parse_text(proof_file.parse(data).checkpoint.text)
    return Proof(
        position=str(ref),
        origin=ref.origin,
        index=ref.index,
        leaf=ref.leaf,
        size=0 if signed is None else signed.size,
        root="" if signed is None else signed.root.hex(),
        receipts=[Receipt(r.agency, r.at, r.size) for r in read.entries.receipts(entry).values()],
        href=entry_href(ref),
        file="" if signed is None else receipt_href(ref),
    )


def related(request: ActingRequest, ref: EntryRef) -> list[RelatedEntry]:
    """The entries this one names and those that name it, as far as the officer may read them, oldest first.

    Which entries name it is what domains tell at the place "entry.related" (positions), and what is found among the
    next `LOOKED_THROUGH` entries stored here: an index of references belongs to the ledger.
    """
    entry = read.entries.find(ref.origin, ref.index)
    if entry is None:
        return []
    found = [*_named_by(entry), *_naming(entry, panels.at("entry.related", request, ref))]
    open_to_us = reading.readable([other for _way, _role, other in found], request.subject, request.now)
    shown = [_shown(way, role, other) for way, role, other in found if other.entry_id in open_to_us]
    return sorted(shown, key=lambda row: row.at)[:SHOWN]


def _named_by(entry: StoredEntry) -> Iterator[tuple[str, str, StoredEntry]]:
    for reference in entry.header.re:
        other = read.entries.find(reference.o, reference.s)
        if other is not None and other.leaf.hex() == reference.h:
            yield "to", reference.as_, other


def _naming(entry: StoredEntry, told: Sequence[EntryRef]) -> Iterator[tuple[str, str, StoredEntry]]:
    seen: set[int] = set()
    for other in (*_stored_after(entry), *(read.entries.find(ref.origin, ref.index) for ref in told)):
        role = "" if other is None else _role(other.header, entry.leaf.hex())
        if other is not None and role and other.entry_id not in seen:
            seen.add(other.entry_id)
            yield "from", role, other


def _stored_after(entry: StoredEntry) -> Iterator[StoredEntry]:
    """The entries with this one's leaf in their header, among those stored next."""
    leaf = entry.leaf.hex().encode()
    rows: Any = Entry.objects.filter(id__gt=entry.entry_id).order_by("id").values_list("id", "header")
    for entry_id, header in rows[:LOOKED_THROUGH].iterator(2000):
        if leaf in bytes(header):
            other = read.entries.by_id(entry_id)
            if other is not None:
                yield other


def _role(header: Header, leaf: str) -> str:
    return next((reference.as_ for reference in header.re if reference.h == leaf), "")


def _shown(way: str, role: str, entry: StoredEntry) -> RelatedEntry:
    header = entry.header
    return RelatedEntry(
        refers=way,
        role=role,
        headline=headlines.headline(header),
        href=entry_href(entry.ref),
        agency=header.agency,
        at=header.at,
        position=str(entry.ref),
    )
