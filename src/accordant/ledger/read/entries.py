"""Finding entries by position and what is known of them: header, state, proofs, receipts. No bodies: see `doors`."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from accordant.entries import envelope
from accordant.entries.envelope import EntryRef, Header
from accordant.ledger import sql, trees
from accordant.ledger.models import State
from accordant.tlog import checkpoint, note, proof, proof_file


@dataclass(frozen=True)
class StoredEntry:
    """An entry held here."""

    entry_id: int
    log_id: int
    data: bytes
    leaf: bytes
    state: State
    code: str
    stored_at: int

    @property
    def header(self) -> Header:
        """The decoded header."""
        return envelope.stored_header(self.data)

    @property
    def ref(self) -> EntryRef:
        """The position."""
        header = self.header
        return EntryRef(header.log, header.seq, self.leaf.hex())


@dataclass(frozen=True)
class Receipt:
    """A party's cosignature that covers an entry: which size, its own time in seconds, when its line came here (ms)."""

    agency: str
    size: int
    at: int
    stored_at: int


_COLUMNS = 'e."id", e."log_id", e."header", e."leaf", e."state", e."code", e."stored_at"'


def find(origin: str, index: int) -> StoredEntry | None:
    """The entry at a position, or None."""
    return _one(
        f'SELECT {_COLUMNS} FROM "ledger_entry" e JOIN "ledger_log" l ON l."id" = e."log_id" '  # noqa: S608  # the column names are constants
        'WHERE l."origin" = %s AND e."index" = %s',
        [origin, index],
    )


def by_id(entry_id: int) -> StoredEntry | None:
    """The entry with a local id, or None."""
    return _one(f'SELECT {_COLUMNS} FROM "ledger_entry" e WHERE e."id" = %s', [entry_id])  # noqa: S608  # the column names are constants


def refs_of(entry_ids: Sequence[int]) -> dict[int, EntryRef]:
    """Positions by local id."""
    found: dict[int, EntryRef] = {}
    for start in range(0, len(entry_ids), 500):
        part = list(entry_ids[start : start + 500])
        places = ", ".join(["%s"] * len(part))
        with sql.cursor(connection) as cursor:
            cursor.execute(
                'SELECT e."id", l."origin", e."index", e."leaf" FROM "ledger_entry" e '  # noqa: S608  # places only
                f'JOIN "ledger_log" l ON l."id" = e."log_id" WHERE e."id" IN ({places})',
                part,
            )
            found.update(
                {i: EntryRef(origin, index, bytes(leaf).hex()) for i, origin, index, leaf in cursor.fetchall()}
            )
    return found


def receipts(entry: StoredEntry) -> dict[str, Receipt]:
    """For each party whose cosignature covers the entry, the first such cosignature."""
    index = entry.header.seq
    with sql.cursor(connection) as cursor:
        cursor.execute(
            'SELECT "agency", "size", "at", "stored_at" FROM "ledger_cosignature" '
            'WHERE "log_id" = %s AND "size" > %s ORDER BY "size"',
            [entry.log_id, index],
        )
        rows = cursor.fetchall()
    first: dict[str, Receipt] = {}
    for agency, size, at, stored_at in rows:
        first.setdefault(agency, Receipt(agency, size, at, stored_at))
    return first


def proof_of(entry: StoredEntry) -> bytes | None:
    """The receipt file (`.tlog-proof`) of an entry: inclusion in the newest checkpoint that most parties cosigned.

    None while no checkpoint covers the entry.
    """
    header = entry.header
    best = _best_checkpoint(entry.log_id, header.seq)
    if best is None:
        return None
    signed = _with_lines(entry.log_id, best)
    size = checkpoint.Checkpoint.parse_text(signed.text).size
    source = trees.StoredTree(connection, entry.log_id).source()
    hashes = proof.make_inclusion(header.seq, size, source)
    return proof_file.ProofFile(index=header.seq, hashes=tuple(hashes), checkpoint=signed, extra=entry.data).to_bytes()


def newest_size(origin: str) -> int:
    """How many entries of a log are held here."""
    with sql.cursor(connection) as cursor:
        cursor.execute('SELECT "size" FROM "ledger_log" WHERE "origin" = %s', [origin])
        found = cursor.fetchone()
    return 0 if found is None else int(found[0])


def entries_signed() -> int:
    """How many entries of our own logs are signed: the number in the frame's foot."""
    with sql.cursor(connection) as cursor:
        cursor.execute('SELECT COALESCE(SUM("signed_size"), 0) FROM "ledger_log" WHERE "ours"')
        return int(cursor.fetchone()[0])


def _one(statement: str, values: Sequence[int | str]) -> StoredEntry | None:
    with sql.cursor(connection) as cursor:
        cursor.execute(statement, list(values))
        found = cursor.fetchone()
    if found is None:
        return None
    entry_id, log_id, data, leaf, state, code, stored_at = found
    return StoredEntry(entry_id, log_id, bytes(data), bytes(leaf), State(state), code, stored_at)


def _best_checkpoint(log_id: int, index: int) -> int | None:
    with sql.cursor(connection) as cursor:
        cursor.execute(
            'SELECT k."size" FROM "ledger_checkpoint" k LEFT JOIN "ledger_cosignature" c '
            'ON c."log_id" = k."log_id" AND c."size" = k."size" WHERE k."log_id" = %s AND k."size" > %s '
            'GROUP BY k."size" ORDER BY COUNT(c."agency") DESC, k."size" LIMIT 1',
            [log_id, index],
        )
        found = cursor.fetchone()
    return None if found is None else int(found[0])


def _with_lines(log_id: int, size: int) -> note.Note:
    with sql.cursor(connection) as cursor:
        cursor.execute('SELECT "note" FROM "ledger_checkpoint" WHERE "log_id" = %s AND "size" = %s', [log_id, size])
        signed = note.parse(bytes(cursor.fetchone()[0]))
        cursor.execute(
            'SELECT "line" FROM "ledger_cosignature" WHERE "log_id" = %s AND "size" = %s ORDER BY "agency"',
            [log_id, size],
        )
        lines = "".join(line for (line,) in cursor.fetchall())
    return signed.with_signatures(note.parse_lines(lines.encode())) if lines else signed
