"""Builds the parcel that a peer lacks: our own logs past its receipts, our receipts it has not seen (wire paper 6, 8).

Rules kept here: one parcel carries all that is missing, bounded by entries and bytes, cut at checkpoints; bodies come
from `ledger.read.for_peer` alone. What lags is computed from tables: there is no queue.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from accordant.accounts import keys
from accordant.entries import envelope, limits, manifest
from accordant.exchange import partners, requests
from accordant.exchange.models import PeerLog, Sent
from accordant.ledger import read, sections
from accordant.ledger.storing import LogRow
from accordant.seal import parcel, payloads

_OVERHEAD = 64  # bytes a record adds to its payload, with room


@dataclass(frozen=True)
class Outgoing:
    """A sealed parcel, and what it tells: its sections, receipts told (origin, size), whether more is to come."""

    id: str
    data: bytes
    sections: tuple[manifest.SectionMark, ...]
    told: tuple[tuple[str, int], ...]
    more: bool

    @property
    def empty(self) -> bool:
        """Nothing but our heads."""
        return not self.sections and not self.told


@dataclass
class _Draft:
    """What is gathered for one parcel."""

    entries_left: int = limits.SECTION_ENTRIES
    bytes_left: int = limits.PARCEL_BYTES_WRITTEN
    marks: list[manifest.SectionMark] = field(default_factory=list)
    sections: list[parcel.Section] = field(default_factory=list)
    notes: list[bytes] = field(default_factory=list)
    told: list[tuple[str, int]] = field(default_factory=list)
    have: list[manifest.Head] = field(default_factory=list)
    more: bool = False


@dataclass(frozen=True)
class Answering:
    """What an answer responds to: parcel id, the sender's heads, the logs whose receipts are due, refused sections."""

    id: str
    have: Mapping[str, int]
    receipts_for: frozenset[str]
    refused: tuple[manifest.RefusedSection, ...]


def our_agency() -> str:
    """The agency whose node this process is."""
    return keys.keyring().agency


def authorize(*, method: str, host: str, path: str, at: int, body: bytes) -> str:
    """The authorization of a request of ours at an instant (milliseconds), signed by the link key."""
    ring = keys.keyring()
    return requests.authorize(
        method=method,
        host=host,
        path=path,
        agency=ring.agency,
        at=at,
        body=body,
        key=ring.link_verifier,
        sign=ring.sign_link,
    )


def lags(peer: str) -> bool:
    """Whether the peer lacks something of ours: entries it did not cosign, or receipts it was not told."""
    known = _known(peer)
    for circle in partners.circles_with(peer, our_agency()):
        for log in sections.logs_of(circle):
            if log.ours and log.signed_tree.size > sections.cosigned_size(log, peer):
                return True
            if log.origin.startswith(f"{peer}/") and log.signed_tree.size > _told(known, log):
                return True
    return False


def build(
    peer: str,
    *,
    now: int,
    ceiling: int,
    answering: Answering | None = None,
    with_sections: bool = True,
) -> Outgoing:
    """The parcel for a peer at an instant (milliseconds); without sections it carries heads and receipts only.

    Raises `LookupError` when the peer's root is not confirmed here.
    """
    ring = keys.keyring()
    card = partners.confirmed_card(peer)
    if card is None:
        raise LookupError(peer)
    circles = partners.circles_with(peer, ring.agency)
    known = _known(peer)
    draft = _Draft()
    for circle in circles:
        for log in sections.logs_of(circle):
            draft.have.append(sections.head(log))
            if log.ours and with_sections:
                _add_sections(draft, log, peer, _from(known, log, peer, answering), ceiling)
            elif log.origin.startswith(f"{peer}/"):
                _add_receipt(draft, log, ring.agency, known, answering)
    parcel_id = os.urandom(16).hex()
    statement = manifest.Manifest(
        v=1,
        id=parcel_id,
        sender=ring.agency,
        to=(peer,),
        circles=tuple(circles),
        cipher="age",
        at=now,
        re=answering.id if answering else None,
        sections=tuple(draft.marks),
        have=tuple(draft.have[: limits.PARCEL_HAVE]),
        more=draft.more,
        refused=answering.refused if answering else (),
    )
    signed = manifest.write(statement, key=ring.link_verifier, sign=ring.sign_link)
    preface = parcel.Preface(signed, cosigned=tuple(draft.notes))
    data = parcel.seal_parcel(_frames(preface, draft.sections), [card.card.recipient])
    return Outgoing(parcel_id, data, tuple(draft.marks), tuple(draft.told), draft.more)


def remember_sent(peer: str, outgoing: Outgoing, now: int) -> None:
    """Keep that these sections were handed to the peer's node at an instant (milliseconds)."""
    if outgoing.sections:
        Sent.objects.bulk_create(
            [Sent(agency=peer, origin=mark.log, size=mark.stop, at=now) for mark in outgoing.sections],
            ignore_conflicts=True,
        )


def _frames(preface: parcel.Preface, parts: Sequence[parcel.Section]) -> Iterator[bytes]:
    yield from preface.frames()
    for part in parts:
        yield from part.frames()


def _known(peer: str) -> dict[str, PeerLog]:
    return {row.origin: row for row in PeerLog.objects.filter(agency=peer)}


def _told(known: Mapping[str, PeerLog], log: LogRow) -> int:
    row = known.get(log.origin)
    return 0 if row is None else row.told


def _from(known: Mapping[str, PeerLog], log: LogRow, peer: str, answering: Answering | None) -> int:
    """The first entry of our log to send: after what the peer says it holds, or else after its last receipt."""
    cosigned = sections.cosigned_size(log, peer)
    row = known.get(log.origin)
    said = answering.have.get(log.origin, 0) if answering else (0 if row is None else row.have)
    # It holds all but never cosigned the newest size: send the last run again, a repeat gets the stored line.
    return cosigned if said >= log.signed_tree.size > cosigned and answering is None else max(said, cosigned)


def _add_receipt(
    draft: _Draft, log: LogRow, us: str, known: Mapping[str, PeerLog], answering: Answering | None
) -> None:
    above = _told(known, log)
    if answering is not None and log.origin in answering.receipts_for:
        above = 0
    for note in sections.cosigned_notes(log, us, above=above):
        draft.notes.append(note.to_bytes())
        draft.told.append((log.origin, log.signed_tree.size))


def _add_sections(draft: _Draft, log: LogRow, peer: str, start: int, ceiling: int) -> None:
    while start < log.signed_tree.size:
        if draft.entries_left <= 0 or draft.bytes_left <= 0:
            draft.more = True
            return
        found = sections.checkpoint_for(log, start, draft.entries_left)
        if found is None:
            return
        stop = _add_section(draft, log, peer, start, found, ceiling)
        if stop == start:
            draft.more = True
            return
        start = stop


def _add_section(draft: _Draft, log: LogRow, peer: str, start: int, head: tuple[int, bytes], ceiling: int) -> int:
    """Add entries from `start` towards the checkpoint `head` (size, note); gives the index reached."""
    size, note = head
    held = sections.entries_between(log, start, min(size, start + draft.entries_left))
    headers = {entry.entry_id: envelope.decode_header(entry.data) for entry in held}
    bodies = read.for_peer(list(headers.items()), peer, ceiling=ceiling)
    runs: list[parcel.Run] = []
    stop = start
    for entries in _runs(held):
        run, weight = _run(entries, bodies)
        if weight > draft.bytes_left and (runs or draft.sections):
            break
        draft.bytes_left -= weight
        runs.append(run)
        stop = entries[-1].index + 1
    if not runs:
        return start
    consistency = None
    if stop < size:
        consistency = payloads.Consistency(stop, size, tuple(sections.consistency(log, stop, size)))
    draft.sections.append(parcel.Section(payloads.Checkpoint(start, stop, note), tuple(runs), consistency))
    draft.marks.append(manifest.SectionMark(log=log.origin, start=start, stop=stop, size=size))
    draft.entries_left -= stop - start
    return stop


def _run(entries: Sequence[sections.HeldEntry], bodies: Mapping[int, read.ForPeer]) -> tuple[parcel.Run, int]:
    """The entries with what travels beside them, and about how many bytes that is."""
    beside = parcel.Beside()
    weight = 0
    for entry in entries:
        body = bodies.get(entry.entry_id)
        weight += len(entry.data) + _OVERHEAD
        if body is not None and body.plaintext is not None:
            beside.bodies[entry.index] = payloads.Body(entry.index, body.salt, body.plaintext)
            weight += len(body.plaintext)
        elif body is not None:
            beside.missing[entry.index] = body.missing
    return parcel.Run(entries[0].index, tuple(entry.data for entry in entries), beside), weight


def _runs(held: Sequence[sections.HeldEntry]) -> Iterator[list[sections.HeldEntry]]:
    """Entries cut at multiples of 256."""
    run: list[sections.HeldEntry] = []
    for entry in held:
        if run and entry.index % payloads.BUNDLE == 0:
            yield run
            run = []
        run.append(entry)
    if run:
        yield run
