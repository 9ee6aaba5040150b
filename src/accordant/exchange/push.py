"""Builds the parcel that a peer lacks: our own logs past its receipts, our receipts it has not seen (wire paper 6, 8).

Rules kept here: one parcel carries all that is missing, bounded by entries and bytes, cut at checkpoints; bodies come
from `ledger.read.for_peer` alone. What lags is computed from tables: there is no queue.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from accordant.accounts import keys
from accordant.entries import envelope, limits, manifest
from accordant.exchange import observing, partners, requests
from accordant.ledger import read, sections
from accordant.ledger.storing import LogRow
from accordant.seal import padding, parcel, payloads

_OVERHEAD = 64  # bytes a record adds to its payload, with room
_RUN_BYTES = 4 * 1024 * 1024  # of bodies in one run: 256 of them could be more than a parcel holds


@dataclass(frozen=True)
class Outgoing:
    """A sealed parcel, and what it tells: its sections, receipts told (origin, size), whether more is to come.

    `refusals` counts by log how often in a row the peer refused it before; `asked` is what the peer asked for.
    """

    id: str
    data: bytes
    sections: tuple[manifest.SectionMark, ...]
    told: tuple[tuple[str, int], ...]
    more: bool
    refusals: Mapping[str, int] = field(default_factory=dict)
    asked: Sequence[manifest.Want] = ()


@dataclass
class _Draft:
    """What is gathered for one parcel. `late_left`: entries still to look at for the bodies that were asked for."""

    entries_left: int = field(default_factory=lambda: limits.SECTION_ENTRIES)
    late_left: int = field(default_factory=lambda: limits.SECTION_ENTRIES)
    bytes_left: int = limits.PARCEL_BYTES_WRITTEN
    marks: list[manifest.SectionMark] = field(default_factory=list)
    sections: list[parcel.Section] = field(default_factory=list)
    notes: list[bytes] = field(default_factory=list)
    told: list[tuple[str, int]] = field(default_factory=list)
    have: list[manifest.Head] = field(default_factory=list)
    refusals: dict[str, int] = field(default_factory=dict)
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


def lags(peer: str, now: int) -> bool:
    """Whether the peer lacks something of ours: entries it did not cosign, or receipts it was not told."""
    return any(standing.lags(peer, now) for standing in observing.standings(peer, our_agency()))


def build(
    peer: str,
    *,
    now: int,
    ceiling: int,
    answering: Answering | None = None,
    asked: Sequence[manifest.Want] = (),
    wants: Sequence[manifest.Want] = (),
) -> Outgoing:
    """The parcel for a peer at an instant (milliseconds): what it lacks of ours, then what it `asked` for.

    `wants` is what we ask it for. Raises `LookupError` when the peer's root is not confirmed here.
    """
    ring = keys.keyring()
    card = partners.confirmed_card(peer)
    if card is None:
        raise LookupError(peer)
    draft = _Draft()
    asked_for = {want.log: want for want in asked}
    handed_on: list[tuple[observing.Standing, manifest.Want]] = []
    for standing in observing.standings(peer, ring.agency):
        log, due = standing.log, now >= standing.next_try_at
        want = asked_for.get(log.origin)
        draft.have.append(sections.head(log))
        if log.ours and due:
            draft.refusals[log.origin] = standing.tries
            start = _from(standing, answering) if want is None or want.start is None else want.start
            _add_sections(draft, log, peer, start, ceiling, want)
        elif log.origin.startswith(f"{peer}/"):
            _add_receipt(draft, standing, ring.agency, answering)
        if want is not None and due and not log.ours:
            handed_on.append((standing, want))
    for standing, want in handed_on:
        # After our own logs, so that what others ask of us for third parties holds nothing of ours back.
        draft.refusals[standing.log.origin] = standing.tries
        _add_sections(draft, standing.log, peer, want.start or 0, ceiling, want)
    parcel_id = os.urandom(16).hex()
    statement = manifest.Manifest(
        v=1,
        id=parcel_id,
        sender=ring.agency,
        to=(peer,),
        circles=tuple(partners.circles_with(peer, ring.agency)),
        cipher="age",
        at=now,
        re=answering.id if answering else None,
        sections=tuple(draft.marks),
        have=tuple(draft.have[: limits.PARCEL_HAVE]),
        want=tuple(wants),
        more=draft.more,
        refused=answering.refused if answering else (),
    )
    data = seal(statement, card.card.recipient, cosigned=draft.notes, parts=draft.sections)
    return Outgoing(parcel_id, data, tuple(draft.marks), tuple(draft.told), draft.more, draft.refusals, asked)


def seal(
    statement: manifest.Manifest,
    recipient: str,
    *,
    cards: Sequence[bytes] = (),
    cosigned: Sequence[bytes] = (),
    parts: Sequence[parcel.Section] = (),
    least: int = padding.SMALLEST,
) -> bytes:
    """The parcel of these parts under a manifest that our link key signs, padded to at least `least` bytes inside."""
    ring = keys.keyring()
    signed = manifest.write(statement, key=ring.link_verifier, sign=ring.sign_link)
    preface = parcel.Preface(signed, cards=tuple(cards), cosigned=tuple(cosigned))
    return parcel.seal_parcel(_frames(preface, parts), [recipient], least=least)


def remember(peer: str, outgoing: Outgoing, have: Sequence[manifest.Head], now: int) -> None:
    """Keep that a parcel was handed to the peer's node at an instant (milliseconds), what it told, what the peer has.

    Should an answer of ours be lost on its way, the peer, which lacks our receipt, sends again and gets it again.
    """
    observing.remember_sent(peer, [(mark.log, mark.stop) for mark in outgoing.sections], now)
    observing.remember_told(peer, outgoing.told)
    observing.remember_heads(peer, have)


def _frames(preface: parcel.Preface, parts: Sequence[parcel.Section]) -> Iterator[bytes]:
    yield from preface.frames()
    for part in parts:
        yield from part.frames()


def _from(standing: observing.Standing, answering: Answering | None) -> int:
    """The first entry of our log to send: after what the peer says it holds, or else after its last receipt."""
    cosigned, signed = standing.cosigned, standing.log.signed_tree.size
    if answering is not None:
        return max(answering.have.get(standing.log.origin, 0), cosigned)
    # It holds all but never cosigned the newest size: send the last run again, a repeat gets the stored line.
    return cosigned if standing.have >= signed > cosigned else max(standing.have, cosigned)


def _add_receipt(draft: _Draft, standing: observing.Standing, us: str, answering: Answering | None) -> None:
    log = standing.log
    again = answering is not None and log.origin in answering.receipts_for
    for note in sections.cosigned_notes(log, us, above=0 if again else standing.told):
        draft.notes.append(note.to_bytes())
        draft.told.append((log.origin, log.signed_tree.size))


def _add_sections(
    draft: _Draft, log: LogRow, peer: str, start: int, ceiling: int, want: manifest.Want | None = None
) -> None:
    """Add what is signed, or cosigned by us, of a log from `start` on; bodies asked for stand in the first section."""
    signed = log.signed_tree.size
    late = parcel.Beside() if want is None else _late(draft, log, peer, want, min(start, signed), ceiling)
    while start < signed:
        if draft.entries_left <= 0 or draft.bytes_left <= 0:
            draft.more = True
            break
        found = sections.checkpoint_for(log, start, draft.entries_left)
        if found is None:
            break
        stop = _add_section(draft, log, peer, start, found, ceiling, late)
        if stop == start:
            draft.more = True
            break
        start, late = stop, parcel.Beside()
    note = sections.note_at(log, signed) if late.bodies or late.missing else None
    if note is not None:
        # An empty section stands where the asker does: at the newest size it would lie beyond a gap.
        start = min(start, signed)
        mark, consistency = payloads.Checkpoint(start, start, note), _consistency(log, start, signed)
        draft.sections.append(parcel.Section(mark, consistency=consistency, late=late))
        draft.marks.append(manifest.SectionMark(log=log.origin, start=start, stop=start, size=signed))


def _late(draft: _Draft, log: LogRow, peer: str, want: manifest.Want, below: int, ceiling: int) -> parcel.Beside:
    """The bodies asked for of entries below an index; of our own log also why one is not given."""
    beside = parcel.Beside()
    for first, stop in want.bodies:
        held = sections.entries_between(log, first, min(stop, below, first + draft.late_left))
        draft.late_left -= len(held)
        for entry, body in _bodies(log, held, peer, ceiling):
            if body.plaintext is not None and draft.bytes_left > 0:
                beside.bodies[entry.index] = payloads.Body(entry.index, body.salt, body.plaintext)
                draft.bytes_left -= len(body.plaintext) + _OVERHEAD
            elif body.plaintext is None and log.ours:
                beside.missing[entry.index] = body.missing
    return beside


def _bodies(
    log: LogRow, held: Sequence[sections.HeldEntry], peer: str, ceiling: int
) -> Iterator[tuple[sections.HeldEntry, read.ForPeer]]:
    """The entries of a log for which a peer is due a body, each with it or with why there is none."""
    addressed = [(entry.entry_id, envelope.stored_addressing(entry.data)) for entry in held]
    found = read.for_peer(addressed, peer, ceiling=ceiling, author=log.origin.startswith(f"{peer}/"))
    return ((entry, found[entry.entry_id]) for entry in held if entry.entry_id in found)


def _add_section(
    draft: _Draft, log: LogRow, peer: str, start: int, head: tuple[int, bytes], ceiling: int, late: parcel.Beside
) -> int:
    """Add entries from `start` towards the checkpoint `head` (size, note); gives the index reached."""
    size, note = head
    held = sections.entries_between(log, start, min(size, start + draft.entries_left))
    bodies = {entry.entry_id: body for entry, body in _bodies(log, held, peer, ceiling)}
    runs: list[parcel.Run] = []
    stop = start
    for entries in _runs(held, bodies):
        run, weight = _run(entries, bodies)
        if weight > draft.bytes_left and (runs or draft.sections or late.bodies):
            break
        draft.bytes_left -= weight
        runs.append(run)
        stop = entries[-1].index + 1
    if not runs:
        return start
    consistency = _consistency(log, stop, size)
    draft.sections.append(parcel.Section(payloads.Checkpoint(start, stop, note), tuple(runs), consistency, late))
    draft.marks.append(manifest.SectionMark(log=log.origin, start=start, stop=stop, size=size))
    draft.entries_left -= stop - start
    return stop


def _consistency(log: LogRow, stop: int, size: int) -> payloads.Consistency | None:
    """What proves entries up to `stop` to be in the checkpoint of a larger size."""
    return payloads.Consistency(stop, size, tuple(sections.consistency(log, stop, size))) if 0 < stop < size else None


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


def _runs(held: Sequence[sections.HeldEntry], bodies: Mapping[int, read.ForPeer]) -> Iterator[list[sections.HeldEntry]]:
    """Entries cut at multiples of 256, and before their bodies are too many bytes for a parcel to take or leave."""
    run: list[sections.HeldEntry] = []
    weight = 0
    for entry in held:
        body = bodies.get(entry.entry_id)
        more = 0 if body is None or body.plaintext is None else len(body.plaintext)
        if run and (entry.index % payloads.BUNDLE == 0 or weight + more > _RUN_BYTES):
            yield run
            run, weight = [], 0
        run.append(entry)
        weight += more
    if run:
        yield run
