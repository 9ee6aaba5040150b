"""Takes in what other parties send of their logs, and their cosignatures of ours (wire paper 11.2, steps 3 to 10).

Rules kept here: a section fits without a gap onto what is held; entries held already must be the same leaves; each new
header is canonical, in its place; each body opens its commitment; the root is the checkpoint's, also below our size;
all is durable before we cosign, and no body below is waited for. Left to others: parcels, members, ceilings, naming
missing bodies (`exchange.receive`); whose key is in force (handed in).
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from accordant.accounts import keys
from accordant.entries import envelope
from accordant.entries.envelope import EntryRef
from accordant.entries.errors import Refused
from accordant.ledger import late, sections, sql, trees
from accordant.ledger.projector import readable_body
from accordant.ledger.storing import Incoming, LogRow, Storing, create_log, load_log
from accordant.seal.payloads import ABOVE_CEILING, ERASED, NOT_HELD, UNREADABLE
from accordant.tlog import checkpoint, cosignature, merkle, note, proof

_OF_LOG: Final = 'FROM "ledger_log" l JOIN "ledger_entry" e ON e."log_id" = l."id"'
_MISSING: Final = (
    f'SELECT e."index", e."leaf", m."why" {_OF_LOG} JOIN "ledger_missingbody" m ON m."entry_id" = e."id" '
    'WHERE l."origin" = %s AND e."index" >= l."signed_size" ORDER BY e."index"'
)
_BODIES: Final = (
    f'SELECT e."index", e."leaf", b."plaintext" {_OF_LOG} JOIN "ledger_body" b ON b."entry_id" = e."id" '
    'WHERE l."origin" = %s AND e."index" >= %s AND e."index" < %s ORDER BY e."index"'
)
NAMED: Final = (ERASED, ABOVE_CEILING, UNREADABLE)
"""Reasons that our log names before we cosign; for the other one we wait until the body came (`late`)."""


class SectionRefused(ValueError):
    """A section that is not taken: the code of wire paper 8 and the size at which we stand."""

    def __init__(self, code: str, size: int, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.size = size


@dataclass(frozen=True)
class Section:
    """Entries [start, start + len(headers)) of a log under a signed checkpoint, as a parcel carried them.

    `late`: bodies or reasons of earlier entries are among `bodies` and `missing`.
    """

    origin: str
    start: int
    note: bytes
    headers: Sequence[bytes]
    consistency: Sequence[bytes] | None = None
    bodies: Mapping[int, tuple[bytes, bytes]] = field(default_factory=dict)
    missing: Mapping[int, int] = field(default_factory=dict)
    late: bool = False

    @property
    def stop(self) -> int:
        """The index after the last entry."""
        return self.start + len(self.headers)


@dataclass(frozen=True)
class Taken:
    """What a section left: the log's size here, whether the checkpoint is reached, bodies that came unreadable.

    `held` is the size before; below it and from `cosigned` on, entries stand from a time that ended before we cosigned.
    """

    origin: str
    size: int
    complete: bool
    held: int = 0
    cosigned: int = 0
    unreadable: tuple[EntryRef, ...] = ()
    filled: int = 0
    replayed: bool = False


@dataclass(frozen=True)
class _Reading:
    """For whom bodies are taken: this agency, its highest marking, whether another party hands the log on.

    `replayed`: late bodies of this log were projected in the same parcel already.
    """

    us: str
    ceiling: int
    relayed: bool
    replayed: bool


def take_section(
    section: Section,
    *,
    log_key: note.VerifierKey,
    us: str,
    above_ceiling: int = 3,
    relayed: bool = False,
    replayed: bool = False,
    stored_at: int,
) -> Taken:
    """Check a section whole and store what is new, durably; raises `SectionRefused` and stores nothing otherwise.

    `us` is this agency; bodies of entries marked above `above_ceiling` are dropped unread. `relayed`: not its owner
    gives the log; a body it does not give is then waited for, whatever it says. `replayed`: an earlier
    section of the parcel had all projected anew for this log; no second one may. `stored_at` in milliseconds.
    """
    reading = _Reading(us, above_ceiling, relayed, replayed)
    signed = _checkpoint(section, log_key)
    with transaction.atomic():
        log = load_log(connection, section.origin)
        size = 0 if log is None else log.size
        if log is not None and log.frozen:
            raise SectionRefused("frozen", size, log.frozen)
        if section.start > size:
            raise SectionRefused("gap", size, f"starts at {section.start}, we hold {size}")
        fresh = _new_entries(section, log, reading, size)
        tree = (log.tree if log else merkle.EMPTY).extend([item.leaf for item in fresh])
        _check_root(section, signed, tree, None if fresh else log)
        grown = log or create_log(connection, section.origin, ours=False)
        if fresh:
            storing = Storing(connections[DEFAULT_DB_ALIAS], stored_at=stored_at)
            grown, _outcomes = storing.add(grown, fresh)
            storing.finish()
        complete = grown.size >= signed.size
        _store_checkpoint(grown, signed, section.note, complete)
        filled = _fill(section, grown, reading, size)
    return Taken(
        section.origin,
        grown.size,
        complete,
        held=size,
        cosigned=0 if log is None else log.signed_tree.size,
        unreadable=(
            *filled.unreadable,
            *(_ref(item) for item in fresh if item.plaintext is not None and item.record is None),
        ),
        filled=filled.bodies,
        replayed=filled.projected,
    )


def missing_before_cosigning(origin: str) -> list[tuple[EntryRef, int]]:
    """Entries of a log that we did not cosign yet and whose bodies its owner does not give, with the reason."""
    with sql.cursor(connection) as cursor:
        cursor.execute(_MISSING, [origin])
        return [(EntryRef(origin, i, bytes(leaf).hex()), why) for i, leaf, why in cursor.fetchall() if why in NAMED]


def unreadable_between(origin: str, start: int, stop: int) -> list[EntryRef]:
    """Entries [start, stop) of a log whose bodies are held and cannot be read."""
    with sql.cursor(connection) as cursor:
        cursor.execute(_BODIES, [origin, start, stop])
        found = [(index, bytes(leaf), bytes(plaintext)) for index, leaf, plaintext in cursor.fetchall()]
    return [EntryRef(origin, index, leaf.hex()) for index, leaf, body in found if readable_body(body) is None]


def cosign(origin: str, *, ring: keys.Keyring, now_seconds: int, stored_at: int) -> bool:
    """Cosign the largest checkpoint that is complete here, once; tells whether a new line was stored."""
    for _attempt in range(3):
        # Another thread or process may cosign a later head between our reading and the key's lock: look again.
        with suppress(Refused):
            return _cosign(origin, ring, now_seconds, stored_at)
    return _cosign(origin, ring, now_seconds, stored_at)


def _cosign(origin: str, ring: keys.Keyring, now_seconds: int, stored_at: int) -> bool:
    log = load_log(connection, origin)
    if log is None or log.ours:
        return False
    held = _largest_complete(log)
    if held is None or held.size <= log.signed_tree.size:
        return False
    stored = trees.StoredTree(connection, log.id)
    tree, consistency = trees.growth(log.signed_tree, stored.leaves(log.signed_tree.size, held.size))
    if tree.root() != held.root:
        raise SectionRefused("root", log.size, "the entries read back do not give the checkpoint's root")
    floor = ring.floor_of("cosigned", origin)
    if floor.size != log.signed_tree.size and 0 < floor.size <= tree.size:
        consistency = proof.make_consistency(floor.size, tree.size, stored.source())
    line = ring.cosign_head(
        origin, keys.Head(tree.size, held.root), floor=floor, consistency=consistency, seconds=now_seconds
    )
    with transaction.atomic():
        _store_line(log.id, ring.agency, tree.size, now_seconds, line, stored_at)
        with sql.cursor(connection) as cursor:
            cursor.execute(
                'UPDATE "ledger_log" SET "signed_size" = %s, "signed_tree" = %s WHERE "id" = %s AND "signed_size" < %s',
                [tree.size, tree.to_bytes(), log.id, tree.size],
            )
    return True


def take_cosignature(signed: note.Note, *, cosigners: Mapping[str, note.VerifierKey], stored_at: int) -> list[str]:
    """Keep the receipt lines of other parties over a checkpoint that is held here; gives the agencies whose were new.

    `cosigners` are the `m` keys by agency. Raises `SectionRefused` when a known line fails or the checkpoint differs
    from the one held at that size.
    """
    try:
        seen = checkpoint.Checkpoint.parse_text(signed.text)
        lines = [
            (agency, cosignature.verify_line(seen, key, line), line)
            for agency, key in cosigners.items()
            for _key, line in note.match(signed, [key])
        ]
    except (checkpoint.BadCheckpoint, cosignature.BadCosignature) as error:
        raise SectionRefused("signature", 0, str(error)) from error
    with transaction.atomic():
        log = load_log(connection, seen.origin)
        if log is None or not lines:
            return []
        held = _note_at(log.id, seen.size)
        if held is None:
            return []
        if note.parse(held).text != signed.text:
            raise SectionRefused("fork", log.size, "another checkpoint is held at this size")
        return [
            agency
            for agency, cosigned, line in lines
            if _store_line(log.id, agency, seen.size, cosigned.time, line, stored_at)
        ]


def _checkpoint(section: Section, log_key: note.VerifierKey) -> checkpoint.Checkpoint:
    try:
        parsed = note.parse(section.note)
        signed = checkpoint.verify(parsed, [log_key])
    except (note.BadNote, checkpoint.BadCheckpoint) as error:
        raise SectionRefused("signature", 0, str(error)) from error
    if signed.origin != section.origin or signed.size < section.stop:
        raise SectionRefused("signature", 0, "the checkpoint is of another log or too small")
    return signed


def _new_entries(section: Section, log: LogRow | None, reading: _Reading, size: int) -> list[Incoming]:
    known = min(size - section.start, len(section.headers))
    if known > 0 and log is not None:
        held = trees.StoredTree(connection, log.id).leaves(section.start, section.start + known)
        if [envelope.leaf_hash(data) for data in section.headers[:known]] != list(held):
            raise SectionRefused("fork", size, "entries differ from those held at the same positions")
    return [_check_entry(section, i, reading, size) for i in range(section.start + known, section.stop)]


def _fill(section: Section, log: LogRow, reading: _Reading, size: int) -> late.Filled:
    """Take the bodies that came for entries below `size`, which were held already."""
    if not section.late and section.start >= size:
        return late.Filled()
    bodies = {index: body for index, body in section.bodies.items() if index < size}
    told = {index: why for index, why in section.missing.items() if index < size and why in NAMED}
    try:
        return late.fill(
            log.origin,
            log.id,
            bodies=bodies,
            told={} if reading.relayed else told,
            ceiling=reading.ceiling,
            replayed=reading.replayed,
        )
    except late.Replayed as error:
        raise SectionRefused("limit", size, "late bodies of one log stand in one section of a parcel") from error
    except envelope.BadBody as error:
        raise SectionRefused("commitment", size, str(error)) from error


def _check_entry(section: Section, index: int, reading: _Reading, size: int) -> Incoming:
    data = section.headers[index - section.start]
    salt, plaintext = section.bodies.get(index, (b"", None))
    missing = section.missing.get(index, 0)
    try:
        header = envelope.decode_header(data)
        envelope.check_position(header, origin=section.origin, index=index)
    except envelope.BadHeader as error:
        code = "newer-format" if "header format" in str(error) else "not-canonical"
        raise SectionRefused(code, size, f"entry {index}: {error}") from error
    leaf = envelope.leaf_hash(data)
    addressed = not header.to or reading.us in header.to
    if plaintext is not None:
        try:
            envelope.check_body(header, salt, plaintext)
        except envelope.BadBody as error:
            raise SectionRefused("commitment", size, f"entry {index}: {error}") from error
        if header.mk > reading.ceiling or not addressed:
            return Incoming(data, header, leaf, missing=ABOVE_CEILING if addressed else 0)
    elif header.b is None or not addressed:
        return Incoming(data, header, leaf)
    elif reading.relayed and missing:
        missing = ABOVE_CEILING if header.mk > reading.ceiling else NOT_HELD
    elif missing not in NAMED:
        raise SectionRefused("body-absent", size, f"entry {index} is addressed to us and came without its body")
    return Incoming(
        data, header, leaf, salt, plaintext, 0 if plaintext is not None else missing, readable_body(plaintext)
    )


def _check_root(
    section: Section, signed: checkpoint.Checkpoint, tree: merkle.CompactRange, complete: LogRow | None
) -> None:
    """The checkpoint must be that of the tree. `complete` is the log when the section brought nothing new to it."""
    if complete is not None and complete.size >= signed.size:
        if sections.root_at(complete, signed.size) != signed.root:
            raise SectionRefused("fork", complete.size, f"another root than ours at size {signed.size}")
        return
    if tree.size == signed.size:
        if tree.root() != signed.root:
            raise SectionRefused("root", section.start, "the entries do not give the checkpoint's root")
        return
    if section.consistency is None:
        raise SectionRefused("root", section.start, "a checkpoint beyond the entries needs a consistency proof")
    try:
        proof.verify_consistency(tree.size, signed.size, section.consistency, tree.root(), signed.root)
    except proof.BadProof as error:
        raise SectionRefused("root", section.start, str(error)) from error


def _store_checkpoint(log: LogRow, signed: checkpoint.Checkpoint, data: bytes, complete: bool) -> None:
    with sql.cursor(connection) as cursor:
        if complete:
            cursor.execute(
                'INSERT INTO "ledger_checkpoint" ("log_id", "size", "note") VALUES (%s, %s, %s) '
                'ON CONFLICT ("log_id", "size") DO NOTHING',
                [log.id, signed.size, _own_lines(data, signed.origin)],
            )
        else:
            cursor.execute('UPDATE "ledger_log" SET "pending_note" = %s WHERE "id" = %s', [data, log.id])


def _own_lines(data: bytes, origin: str) -> bytes:
    parsed = note.parse(data)
    return note.Note(parsed.text, tuple(line for line in parsed.signatures if line.name == origin)).to_bytes()


def _largest_complete(log: LogRow) -> checkpoint.Checkpoint | None:
    waits = late.first_waiting(log.id)
    with sql.cursor(connection) as cursor:
        cursor.execute(
            'SELECT "note" FROM "ledger_checkpoint" WHERE "log_id" = %s AND "size" <= %s ORDER BY "size" DESC LIMIT 1',
            [log.id, log.size if waits is None else waits],
        )
        found = cursor.fetchone()
    return None if found is None else checkpoint.parse(bytes(found[0]))[0]


def _note_at(log_id: int, size: int) -> bytes | None:
    with sql.cursor(connection) as cursor:
        cursor.execute('SELECT "note" FROM "ledger_checkpoint" WHERE "log_id" = %s AND "size" = %s', [log_id, size])
        found = cursor.fetchone()
    return None if found is None else bytes(found[0])


def _store_line(log_id: int, agency: str, size: int, at: int, line: note.NoteSignature, stored_at: int) -> bool:
    with sql.cursor(connection) as cursor:
        cursor.execute(
            'INSERT INTO "ledger_cosignature" ("log_id", "agency", "size", "at", "line", "stored_at") '
            'VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT ("log_id", "agency", "size") DO NOTHING',
            [log_id, agency, size, at, line.to_line(), stored_at],
        )
        return bool(cursor.rowcount == 1)


def _ref(item: Incoming) -> EntryRef:
    return EntryRef(item.header.log, item.header.seq, item.leaf.hex())
