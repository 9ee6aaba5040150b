"""What this node can give of the logs it holds: runs of headers up to a checkpoint, heads, notes with cosignatures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection

from accordant.entries.manifest import Head
from accordant.ledger import sql, trees
from accordant.ledger.storing import LOG_COLUMNS, LogRow, log_row
from accordant.tlog import checkpoint, merkle, note, proof, tiles

_HEADERS: Final = (
    'SELECT "id", "index", "header" FROM "ledger_entry" WHERE "log_id" = %s AND "index" >= %s AND "index" < %s '
    'ORDER BY "index"'
)

_NEWEST_RECEIPTS: Final = (
    'SELECT k."note", c."line" FROM "ledger_cosignature" c '
    'JOIN "ledger_checkpoint" k ON k."log_id" = c."log_id" AND k."size" = c."size" '
    'WHERE c."log_id" = %s AND c."size" = (SELECT MAX(n."size") FROM "ledger_cosignature" n '
    'WHERE n."log_id" = c."log_id" AND n."agency" = c."agency") ORDER BY c."agency"'
)


@dataclass(frozen=True)
class HeldEntry:
    """An entry's local id, index and header bytes."""

    entry_id: int
    index: int
    data: bytes


def logs_of(circle: str) -> list[LogRow]:
    """The logs held here of a circle, ordered by origin."""
    with sql.cursor(connection) as cursor:
        cursor.execute(f'SELECT {LOG_COLUMNS} FROM "ledger_log" WHERE "circle" = %s ORDER BY "origin"', [circle])  # noqa: S608  # the column names are constants
        return [log_row(values) for values in cursor.fetchall()]


def logs_towards(agency: str, circles: Sequence[str]) -> list[tuple[LogRow, int]]:
    """The logs held here of some circles, ordered by circle and origin, each with the size the agency cosigned."""
    places = ", ".join(["%s"] * len(circles))
    columns = ", ".join(f"l.{column}" for column in LOG_COLUMNS.split(", "))
    with sql.cursor(connection) as cursor:
        cursor.execute(
            f'SELECT {columns}, (SELECT MAX(c."size") FROM "ledger_cosignature" c '  # noqa: S608  # the column names are constants, places
            'WHERE c."log_id" = l."id" AND c."agency" = %s) '
            f'FROM "ledger_log" l WHERE l."circle" IN ({places}) ORDER BY l."circle", l."origin"',
            [agency, *circles],
        )
        return [(log_row(values[:-1]), int(values[-1] or 0)) for values in cursor.fetchall()]


def head(log: LogRow) -> Head:
    """What we durably hold of a log."""
    return Head(log=log.origin, size=log.size, root=log.tree.root().hex())


def entries_between(log: LogRow, start: int, stop: int) -> list[HeldEntry]:
    """Entries [start, stop) of a log."""
    with sql.cursor(connection) as cursor:
        cursor.execute(_HEADERS, [log.id, start, stop])
        return [HeldEntry(entry_id, index, bytes(data)) for entry_id, index, data in cursor.fetchall()]


def checkpoint_for(log: LogRow, start: int, limit: int) -> tuple[int, bytes] | None:
    """(size, note) of the largest checkpoint in (start, start + limit], else of the next larger one, else None."""
    with sql.cursor(connection) as cursor:
        cursor.execute(
            'SELECT "size", "note" FROM "ledger_checkpoint" WHERE "log_id" = %s AND "size" > %s AND "size" <= %s '
            'ORDER BY "size" DESC LIMIT 1',
            [log.id, start, min(start + limit, log.size)],
        )
        found = cursor.fetchone()
        if found is None:
            cursor.execute(
                'SELECT "size", "note" FROM "ledger_checkpoint" WHERE "log_id" = %s AND "size" > %s '
                'ORDER BY "size" LIMIT 1',
                [log.id, start],
            )
            found = cursor.fetchone()
    return None if found is None else (int(found[0]), bytes(found[1]))


def note_at(log: LogRow, size: int) -> bytes | None:
    """The signed checkpoint of a size, or None."""
    with sql.cursor(connection) as cursor:
        cursor.execute('SELECT "note" FROM "ledger_checkpoint" WHERE "log_id" = %s AND "size" = %s', [log.id, size])
        found = cursor.fetchone()
    return None if found is None else bytes(found[0])


def consistency(log: LogRow, old_size: int, new_size: int) -> list[bytes]:
    """The proof that the log of `old_size` begins that of `new_size`."""
    return proof.make_consistency(old_size, new_size, trees.StoredTree(connection, log.id).source())


def cosigned_notes(log: LogRow, agency: str, *, above: int) -> list[note.Note]:
    """The newest checkpoint of a log with the line of one agency, if its size is above `above`; newest only."""
    with sql.cursor(connection) as cursor:
        cursor.execute(
            'SELECT k."note", c."line" FROM "ledger_cosignature" c JOIN "ledger_checkpoint" k '
            'ON k."log_id" = c."log_id" AND k."size" = c."size" '
            'WHERE c."log_id" = %s AND c."agency" = %s AND c."size" > %s ORDER BY c."size" DESC LIMIT 1',
            [log.id, agency, above],
        )
        return [_with_line(bytes(data), line) for data, line in cursor.fetchall()]


def newest_heads(log: LogRow, us: str, *, for_owner: bool) -> list[bytes]:
    """The newest notes of a log: of ours with the log's line, of another's with our receipt line; none before that.

    `for_owner`: with the newest receipt line of every party, as some may not reach the log's owner themselves.
    """
    if log.ours:
        note_held = note_at(log, log.signed_tree.size)
        return [] if note_held is None else [note_held]
    notes = _newest_receipts(log) if for_owner else cosigned_notes(log, us, above=0)
    return [cosigned.to_bytes() for cosigned in notes]


def _newest_receipts(log: LogRow) -> list[note.Note]:
    with sql.cursor(connection) as cursor:
        cursor.execute(_NEWEST_RECEIPTS, [log.id])
        return [_with_line(bytes(data), line) for data, line in cursor.fetchall()]


def cosigned_size(log: LogRow, agency: str) -> int:
    """The largest size of a log that an agency cosigned, as far as its line is held here; 0 if none is."""
    with sql.cursor(connection) as cursor:
        cursor.execute(
            'SELECT COALESCE(MAX("size"), 0) FROM "ledger_cosignature" WHERE "log_id" = %s AND "agency" = %s',
            [log.id, agency],
        )
        return int(cursor.fetchone()[0])


def newest_checkpoint(log: LogRow) -> checkpoint.Checkpoint | None:
    """The newest signed checkpoint that is complete here."""
    with sql.cursor(connection) as cursor:
        cursor.execute(
            'SELECT "note" FROM "ledger_checkpoint" WHERE "log_id" = %s ORDER BY "size" DESC LIMIT 1', [log.id]
        )
        found = cursor.fetchone()
    return None if found is None else checkpoint.parse(bytes(found[0]))[0]


def root_at(log: LogRow, size: int) -> bytes:
    """The root of a log held here at an earlier size."""
    if size == log.size:
        return log.tree.root()
    source = trees.StoredTree(connection, log.id).source()
    hashes: list[bytes] = []
    start = 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            hashes.append(source(level, start >> level))
            start += 1 << level
    return merkle.CompactRange(size, tuple(hashes)).root()


def _with_line(data: bytes, line: str) -> note.Note:
    return note.parse(data).with_signatures(note.parse_lines(line.encode()))


def newest_note(log: LogRow) -> tuple[int, note.Note] | None:
    """Size and note of the newest checkpoint that is complete here, with every cosignature over it that is held."""
    with sql.cursor(connection) as cursor:
        cursor.execute(
            'SELECT "size", "note" FROM "ledger_checkpoint" WHERE "log_id" = %s ORDER BY "size" DESC LIMIT 1', [log.id]
        )
        found = cursor.fetchone()
        if found is None:
            return None
        cursor.execute(
            'SELECT "line" FROM "ledger_cosignature" WHERE "log_id" = %s AND "size" = %s ORDER BY "agency"',
            [log.id, found[0]],
        )
        lines = "".join(line for (line,) in cursor.fetchall())
    return int(found[0]), _with_line(bytes(found[1]), lines) if lines else note.parse(bytes(found[1]))


def tile(log: LogRow, wanted: tiles.Tile) -> bytes | None:
    """The hashes or entries of a tile (C2SP tlog-tiles) below the newest checkpoint; None when it is not that wide."""
    newest = newest_checkpoint(log)
    if newest is None or wanted.width > tiles.width_in(newest.size, wanted.level or 0, wanted.number):
        return None
    start = wanted.number * merkle.TILE_WIDTH
    stop = start + wanted.width
    if wanted.level is None:
        return tiles.encode_bundle([entry.data for entry in entries_between(log, start, stop)])
    stored = trees.StoredTree(connection, log.id)
    if wanted.level == 0:
        return b"".join(stored.leaves(start, stop))
    node = stored.source()
    return b"".join([node(merkle.TILE_HEIGHT * wanted.level, index) for index in range(start, stop)])


def bodies_of(entry_ids: Sequence[int]) -> dict[int, tuple[bytes, bytes]]:
    """Salt and plaintext by local entry id, for those that are here: called by `read.doors` alone."""
    found: dict[int, tuple[bytes, bytes]] = {}
    with sql.cursor(connection) as cursor:
        for start in range(0, len(entry_ids), 500):
            part = list(entry_ids[start : start + 500])
            places = ", ".join(["%s"] * len(part))
            cursor.execute(
                f'SELECT "entry_id", "salt", "plaintext" FROM "ledger_body" WHERE "entry_id" IN ({places})',  # noqa: S608  # places only
                part,
            )
            found.update({entry_id: (bytes(salt), bytes(text)) for entry_id, salt, text in cursor.fetchall()})
    return found
