"""Stores entries of one log, ours or a replica, with leaves, nodes, bodies and projection: one path for both.

Rules kept here: position is identity, entries are stored without gaps; the projection runs in the same transaction;
a log row is changed by compare-and-set on its size. Left to others: checking signatures (`exchange.receive`),
building headers (`append`), signing (`signing`).
"""

import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper

from accordant.entries import names
from accordant.entries.envelope import Header, stored_header
from accordant.entries.errors import Refusal, Unavailable, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.ledger import sql
from accordant.ledger.models import State
from accordant.ledger.projector import Outcome, Projector, Stored, readable_body
from accordant.ledger.tables import Tables
from accordant.ledger.trees import StoredTree
from accordant.tlog import merkle

LOG_COLUMNS: Final = '"id", "origin", "ours", "size", "tree", "signed_size", "signed_tree", "frozen"'
_ENTRY: Final = (
    'INSERT INTO "ledger_entry" ("id", "log_id", "index", "leaf", "header", "kind_id", "state", "code", "stored_at") '
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_BODY: Final = 'INSERT INTO "ledger_body" ("entry_id", "salt", "plaintext") VALUES (%s, %s, %s)'
_MISSING: Final = 'INSERT INTO "ledger_missingbody" ("entry_id", "why") VALUES (%s, %s)'


@dataclass(frozen=True, slots=True)
class LogRow:
    """A log as its row says."""

    id: int
    origin: str
    ours: bool
    tree: merkle.CompactRange
    signed_tree: merkle.CompactRange
    frozen: str

    @property
    def size(self) -> int:
        """Entries stored."""
        return self.tree.size


@dataclass(frozen=True, slots=True)
class Incoming:
    """One entry to store: header bytes, decoded header, leaf; salt and plaintext of its body, or why it is missing.

    `record` is what `readable_body` gives of the plaintext: a body is decoded once.
    """

    data: bytes
    header: Header
    leaf: bytes
    salt: bytes = b""
    plaintext: bytes | None = None
    missing: int = 0
    record: dict[str, Any] | None = None


def load_log(connection: BaseDatabaseWrapper, origin: str) -> LogRow | None:
    """The row of a log, or None; inside a write transaction it cannot change under us (PostgreSQL: locked)."""
    lock = " FOR UPDATE" if connection.features.has_select_for_update and connection.in_atomic_block else ""
    with sql.cursor(connection) as cursor:
        cursor.execute(f'SELECT {LOG_COLUMNS} FROM "ledger_log" WHERE "origin" = %s{lock}', [origin])  # noqa: S608  # the column names are constants
        found = cursor.fetchone()
    return None if found is None else log_row(found)


def log_row(values: Sequence[Any]) -> LogRow:
    """The row whose values stand in the order of `LOG_COLUMNS`."""
    log_id, name, ours, size, tree, signed_size, signed_tree, frozen = values
    return LogRow(log_id, name, bool(ours), _tree(size, tree), _tree(signed_size, signed_tree), frozen)


def create_log(connection: BaseDatabaseWrapper, origin: str, *, ours: bool) -> LogRow:
    """A new, empty log."""
    parts = names.parse_origin(origin)
    with sql.cursor(connection) as cursor:
        cursor.execute(
            'INSERT INTO "ledger_log" ("origin", "agency", "circle", "number", "ours", "size", "tree", "signed_size", '
            '"signed_tree", "pending_note", "frozen") VALUES (%s, %s, %s, %s, %s, 0, %s, 0, %s, %s, %s)',
            [origin, parts.agency, parts.circle, parts.number, ours, b"", b"", b"", ""],
        )
    row = load_log(connection, origin)
    if row is None:
        raise RuntimeError("the log that was just created is not there")
    return row


class Storing:
    """Stores entries within one transaction. Use `add`, then `finish` before the commit."""

    def __init__(self, connection: BaseDatabaseWrapper, *, stored_at: int) -> None:
        self.connection = connection
        self.stored_at = stored_at
        self.tables = Tables(connection)
        self._next_id, any_hold = self._start()
        self.positions = LivePositions(self.tables, any_hold=any_hold)
        self.projector = Projector(self.tables, self.positions)

    def add(self, log: LogRow, entries: Sequence[Incoming]) -> tuple[LogRow, list[Outcome]]:
        """Store and project entries at the end of the log; gives the grown log and what became of each entry."""
        rows: list[tuple[Stored, Incoming]] = []
        for item in entries:
            stored = Stored(self._next_id, log.id, item.header, item.leaf, item.record)
            self._next_id += 1
            rows.append((stored, item))
            self.tables.fresh[item.header.log, item.header.seq] = stored.entry_id
        outcomes = self.projector.offer([stored for stored, _item in rows])
        self._insert(log, rows)
        leaves = [item.leaf for item in entries]
        StoredTree(self.connection, log.id).store_completed(log.size, leaves)
        return self._grow(log, log.tree.extend(leaves)), outcomes

    def finish(self) -> None:
        """Write what the handlers buffered."""
        self.tables.flush()

    def _insert(self, log: LogRow, rows: Sequence[tuple[Stored, Incoming]]) -> None:
        kinds = _kind_ids(self.connection, {item.header.kind for stored, item in rows})
        entries, bodies, missing = [], [], []
        for stored, item in rows:
            outcome = self.positions.outcome_of(stored.entry_id)
            entries.append(
                (
                    stored.entry_id,
                    log.id,
                    item.header.seq,
                    item.leaf,
                    item.data,
                    kinds[item.header.kind],
                    int(outcome.state),
                    outcome.code,
                    self.stored_at,
                )
            )
            if item.plaintext is not None:
                bodies.append((stored.entry_id, item.salt, item.plaintext))
            if item.missing:
                missing.append((stored.entry_id, item.missing))
        with sql.cursor(self.connection) as cursor:
            cursor.executemany(_ENTRY, entries)
            if bodies:
                cursor.executemany(_BODY, bodies)
            if missing:
                cursor.executemany(_MISSING, missing)
        self.positions.stored([stored.entry_id for stored, item in rows])

    def _grow(self, log: LogRow, tree: merkle.CompactRange) -> LogRow:
        with sql.cursor(self.connection) as cursor:
            cursor.execute(
                'UPDATE "ledger_log" SET "size" = %s, "tree" = %s WHERE "id" = %s AND "size" = %s',
                [tree.size, tree.to_bytes(), log.id, log.size],
            )
            if cursor.rowcount != 1:
                raise Unavailable([_moved(log.origin)])
        return LogRow(log.id, log.origin, log.ours, tree, log.signed_tree, log.frozen)

    def _start(self) -> tuple[int, bool]:
        """The first free entry id, and whether any entry waits for another."""
        with sql.cursor(self.connection) as cursor:
            cursor.execute(
                'SELECT (SELECT COALESCE(MAX("id"), 0) + 1 FROM "ledger_entry"), EXISTS(SELECT 1 FROM "ledger_hold")'
            )
            first, any_hold = cursor.fetchone()
        return int(first), bool(any_hold)


class LivePositions:
    """What the projector must know of other entries, from the database and from this transaction's own entries."""

    def __init__(self, tables: Tables, *, any_hold: bool) -> None:
        self.tables = tables
        self.connection = tables.connection
        self._outcomes: dict[int, Outcome] = {}
        self._places: dict[tuple[str, int], tuple[int, bytes]] = {}
        self._entries: dict[int, Stored] = {}
        self._unstored: set[int] = set()
        self._circles: frozenset[str] | None = None
        self._holds = any_hold

    def state_of(self, origin: str, index: int) -> tuple[State | None, bytes] | None:
        """State and leaf of a position; None when it is not here."""
        place = self._places.get((origin, index))
        if place is not None:
            return self._outcomes[place[0]].state, place[1]
        with sql.cursor(self.connection) as cursor:
            cursor.execute(
                'SELECT e."id", e."state", e."leaf" FROM "ledger_log" l JOIN "ledger_entry" e ON e."log_id" = l."id" '
                'WHERE l."origin" = %s AND e."index" = %s',
                [origin, index],
            )
            found = cursor.fetchone()
        if found is None:
            return None
        outcome = self._outcomes.get(found[0])
        return (outcome.state if outcome else State(found[1])), bytes(found[2])

    def add_circle(self) -> None:
        """A log of this circle was created in this transaction: the circles are read again."""
        self._circles = None

    def concerns_us(self, origin: str) -> bool:
        """Whether the log belongs to a circle of which logs are held here."""
        if self._circles is None:
            self._circles = _own_circles(self.connection)
        return origin.split("/", 2)[1] in self._circles

    def record(self, entry: Stored, outcome: Outcome) -> None:
        """Keep an entry's outcome: in its row when it has one, else until the row is written."""
        place = (entry.header.log, entry.header.seq)
        fresh = entry.entry_id not in self._outcomes and self.tables.fresh.get(place) == entry.entry_id
        self._outcomes[entry.entry_id] = outcome
        if fresh:
            self._unstored.add(entry.entry_id)
            self._places[place] = (entry.entry_id, entry.leaf)
        if entry.entry_id in self._unstored:
            self._entries[entry.entry_id] = entry
            return
        with sql.cursor(self.connection) as cursor:
            cursor.execute(
                'UPDATE "ledger_entry" SET "state" = %s, "code" = %s WHERE "id" = %s',
                [int(outcome.state), outcome.code, entry.entry_id],
            )

    def outcome_of(self, entry_id: int) -> Outcome:
        """What became of an entry offered in this transaction."""
        return self._outcomes[entry_id]

    def stored(self, entry_ids: Iterable[int]) -> None:
        """Their rows are written: later outcomes go into the rows."""
        for entry_id in entry_ids:
            self._unstored.discard(entry_id)
            self._entries.pop(entry_id, None)

    def hold(self, entry: Stored, missing: Sequence[tuple[str, int]]) -> None:
        """Keep that an entry waits for these positions."""
        self._holds = True
        with sql.cursor(self.connection) as cursor:
            cursor.executemany(
                'INSERT INTO "ledger_hold" ("entry_id", "origin", "index") VALUES (%s, %s, %s)',
                [(entry.entry_id, origin, index) for origin, index in missing],
            )

    def released_by(self, origin: str, index: int) -> Iterable[Stored]:
        """The entries that waited for a position, in the order they were stored; they no longer wait."""
        if not self._holds:
            return []
        with sql.cursor(self.connection) as cursor:
            cursor.execute(
                'SELECT DISTINCT "entry_id" FROM "ledger_hold" '
                'WHERE "origin" = %s AND "index" = %s ORDER BY "entry_id"',
                [origin, index],
            )
            waiting = [int(entry_id) for (entry_id,) in cursor.fetchall()]
            for entry_id in waiting:
                cursor.execute('DELETE FROM "ledger_hold" WHERE "entry_id" = %s', [entry_id])
        return [self._load(entry_id) for entry_id in waiting]

    def _load(self, entry_id: int) -> Stored:
        if entry_id in self._entries:
            return self._entries[entry_id]
        with sql.cursor(self.connection) as cursor:
            cursor.execute(
                'SELECT e."log_id", e."header", e."leaf", b."plaintext" FROM "ledger_entry" e '
                'LEFT JOIN "ledger_body" b ON b."entry_id" = e."id" WHERE e."id" = %s',
                [entry_id],
            )
            log_id, header, leaf, plaintext = cursor.fetchone()
        record = readable_body(None if plaintext is None else bytes(plaintext))
        return Stored(entry_id, log_id, stored_header(bytes(header)), bytes(leaf), record)


def _own_circles(connection: BaseDatabaseWrapper) -> frozenset[str]:
    # Another process may have opened a circle, so the list is read in each transaction: it is short and indexed.
    with sql.cursor(connection) as cursor:
        cursor.execute('SELECT DISTINCT "circle" FROM "ledger_log"')
        return frozenset(circle for (circle,) in cursor.fetchall())


_KINDS: Final[weakref.WeakKeyDictionary[BaseDatabaseWrapper, dict[str, int]]] = weakref.WeakKeyDictionary()


def _kind_ids(connection: BaseDatabaseWrapper, wanted: Iterable[str]) -> dict[str, int]:
    known = _KINDS.setdefault(connection, {})
    found = {name: known[name] for name in wanted if name in known}
    with sql.cursor(connection) as cursor:
        for name in sorted(set(wanted) - found.keys()):
            cursor.execute('SELECT "id" FROM "ledger_kind" WHERE "name" = %s', [name])
            row = cursor.fetchone()
            if row is None:
                # Not remembered yet: this transaction may still be rolled back.
                cursor.execute('INSERT INTO "ledger_kind" ("name") VALUES (%s) RETURNING "id"', [name])
                row = cursor.fetchone()
            else:
                known[name] = int(row[0])
            found[name] = int(row[0])
    return found


def _tree(size: int, data: bytes) -> merkle.CompactRange:
    return merkle.CompactRange.from_bytes(bytes(data)) if size else merkle.EMPTY


def _moved(origin: str) -> Refusal:
    return refusal(
        "log-moved",
        _("The entries were not stored."),
        _("The log {origin} was changed by another process at the same time."),
        _("Try again."),
        origin=origin,
    )
