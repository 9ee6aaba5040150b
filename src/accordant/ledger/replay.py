"""Rebuilds the projections from the entries, in place or beside for comparison (design rule 7).

Rules kept here: entries are replayed in the order they were stored, by the same projector; memory is one byte an entry;
two builds are compared by a digest per table that does not depend on the order of rows.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from accordant.entries.envelope import stored_header
from accordant.ledger import models as own
from accordant.ledger import sql
from accordant.ledger.models import State
from accordant.ledger.projector import Outcome, Projector, Stored, readable_body
from accordant.ledger.tables import Tables

BLOCK: Final = 2000
_OFFERED: Final = 200  # entries offered together: decoded, ten times as many would stand in memory beside their rows
_OWN_PROJECTED: Final = (own.Circle, own.Claim, own.Member, own.Label, own.TeamMember, own.NamedReader, own.Exclusion)
_CACHES: Final = (own.View, own.VisibleLabel)
_ENTRIES: Final = (
    'SELECT e."id", e."log_id", e."header", e."leaf", b."plaintext" FROM "ledger_entry" e '
    'LEFT JOIN "ledger_body" b ON b."entry_id" = e."id" WHERE e."id" > %s ORDER BY e."id" LIMIT %s'
)
_STATES: Final = 'SELECT "id", "state", "code" FROM "ledger_entry" WHERE "id" > %s ORDER BY "id" LIMIT %s'


@dataclass(frozen=True)
class Result:
    """How a rebuild ended: entries replayed, tables (or "states") that differ; empty = equal."""

    entries: int
    different: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """The live projection is what the entries give."""
        return not self.different


def projected_models() -> list[type[models.Model]]:
    """All tables that entries alone give: the ledger's own and those of every app without migrations."""
    return [*_OWN_PROJECTED, *_domain_models()]


def _domain_models() -> list[type[models.Model]]:
    found: list[type[models.Model]] = []
    for config in apps.get_app_configs():
        folder = Path(config.path) / "migrations"
        if config.name.startswith("accordant.") and not folder.is_dir():
            found.extend(config.get_models())
    return found


def rebuild(*, progress: Callable[[int], None] = lambda entries: None, recreate: bool = False) -> Result:
    """Drop all projected rows (with `recreate` the tables too) and replay every entry, in one transaction."""
    # SQLite changes tables only with its checks of foreign keys off, and turns them off only outside of a transaction.
    guard = connection.constraint_checks_disabled() if recreate else nullcontext()
    with guard, transaction.atomic():
        _empty(recreate=recreate)
        positions, entries, changed = _replay(Tables(connection), progress)
        with sql.cursor(connection) as cursor:
            cursor.executemany('UPDATE "ledger_entry" SET "state" = %s, "code" = %s WHERE "id" = %s', changed)
            cursor.execute('DELETE FROM "ledger_hold"')
            cursor.executemany(
                'INSERT INTO "ledger_hold" ("entry_id", "origin", "index") VALUES (%s, %s, %s)', positions.holds()
            )
    return Result(entries, ())


def _empty(*, recreate: bool) -> None:
    if recreate:
        with connection.schema_editor() as editor:
            for model in _domain_models():
                editor.delete_model(model)
                editor.create_model(model)
    with sql.cursor(connection) as cursor:
        projected = projected_models()
        emptied: list[type[models.Model]] = [*projected, *_CACHES]
        for model in emptied:
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608  # our own table names
        # Rows are numbered from 1 again, as in any other rebuild: guarded rows hold the numbers of labels.
        # Views are not: a reader may still be on the number of one that is gone, which must never be somebody else's.
        tables = [{"table": model._meta.db_table, "column": "id"} for model in projected if model._meta.auto_field]
        for statement in connection.ops.sequence_reset_by_name_sql(no_style(), tables):
            cursor.execute(statement)


def check(*, progress: Callable[[int], None] = lambda entries: None) -> Result:
    """Replay every entry into a database beside and compare all projected tables and states with the live ones."""
    with _beside() as scratch:
        with _atomic(scratch):
            _positions, entries, changed = _replay(Tables(scratch, entries=connections[DEFAULT_DB_ALIAS]), progress)
        different = [
            model._meta.db_table
            for model in projected_models()
            if table_digest(connection, model) != table_digest(scratch, model)
        ]
    return Result(entries, tuple([*different, "states"] if changed else different))


def table_digest(database: BaseDatabaseWrapper, model: type[models.Model]) -> tuple[int, int]:
    """Number of rows and the sum of the hashes of all rows, automatic keys left out."""
    columns = [f.column for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
    listed = ", ".join(f'"{column}"' for column in columns)
    rows, total = 0, 0
    with sql.cursor(database) as cursor:
        cursor.execute(f'SELECT {listed} FROM "{model._meta.db_table}"')  # noqa: S608  # our own names
        while block := cursor.fetchmany(BLOCK):
            for row in block:
                rows += 1
                total += int.from_bytes(hashlib.sha256(repr(tuple(map(_plain, row))).encode()).digest(), "big")
    return rows, total % 2**256


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


Changed = list[tuple[int, str, int]]


def _replay(tables: Tables, progress: Callable[[int], None]) -> tuple["ReplayPositions", int, Changed]:
    """Replay every entry into `tables`; gives positions, number of entries, the states that differ from the rows."""
    positions = ReplayPositions()
    projector = Projector(tables, positions)
    done = 0
    stored = _stored_entries()
    while offered := list(islice(stored, _OFFERED)):
        projector.offer(offered)
        done += len(offered)
        if done % BLOCK == 0:
            tables.flush()
            progress(done)
    tables.flush()
    progress(done)
    changed = [
        (int(outcome.state), outcome.code, entry_id)
        for entry_id, state, code in _in_blocks(_STATES)
        if (outcome := positions.outcome_of(entry_id)) != Outcome(State(state), code)
    ]
    return positions, done, changed


def _stored_entries() -> Iterator[Stored]:
    for entry_id, log_id, header, leaf, plaintext in _in_blocks(_ENTRIES):
        record = readable_body(None if plaintext is None else bytes(plaintext))
        yield Stored(entry_id, log_id, stored_header(bytes(header)), bytes(leaf), record)


def _in_blocks(statement: str) -> Iterator[Any]:
    """The rows of a statement that takes (the id to go on after, a number of rows); the id stands first in a row."""
    after = 0
    while True:
        with sql.cursor(connection) as cursor:
            cursor.execute(statement, [after, BLOCK])
            rows = cursor.fetchall()
        if not rows:
            return
        yield from rows
        after = int(rows[-1][0])
        rows = []  # before the next block is read, or two of them stand in memory


class ReplayPositions:
    """What the projector must know of other entries, during a replay: only entries offered so far count."""

    def __init__(self) -> None:
        self._states = bytearray()
        self._codes: dict[int, str] = {}
        self._waiting: dict[tuple[str, int], list[int]] = {}
        self._missing: dict[int, list[tuple[str, int]]] = {}
        self._logs: dict[str, int] = {}
        with sql.cursor(connection) as cursor:
            cursor.execute('SELECT "origin", "id", "circle" FROM "ledger_log"')
            rows = cursor.fetchall()
        self._logs = {origin: log_id for origin, log_id, _circle in rows}
        self._circles = {circle for _origin, _id, circle in rows}

    def state_of(self, origin: str, index: int) -> tuple[State | None, bytes] | None:
        """State (None: not offered yet) and leaf of a position; None when it is not here."""
        log_id = self._logs.get(origin)
        if log_id is None:
            return None
        with sql.cursor(connection) as cursor:
            cursor.execute(
                'SELECT "id", "leaf" FROM "ledger_entry" WHERE "log_id" = %s AND "index" = %s', [log_id, index]
            )
            found = cursor.fetchone()
        if found is None:
            return None
        kept = self._states[found[0]] if found[0] < len(self._states) else 0
        return (State(kept - 1) if kept else None), bytes(found[1])

    def concerns_us(self, origin: str) -> bool:
        """Whether the log belongs to a circle of which logs are held here."""
        return origin.split("/", 2)[1] in self._circles

    def record(self, entry: Stored, outcome: Outcome) -> None:
        """Keep an entry's outcome."""
        if entry.entry_id >= len(self._states):
            self._states.extend(bytes(entry.entry_id + 1 + BLOCK - len(self._states)))
        self._states[entry.entry_id] = int(outcome.state) + 1
        if outcome.code:
            self._codes[entry.entry_id] = outcome.code
        else:
            self._codes.pop(entry.entry_id, None)

    def outcome_of(self, entry_id: int) -> Outcome:
        """What became of an entry."""
        return Outcome(State(self._states[entry_id] - 1), self._codes.get(entry_id, ""))

    def hold(self, entry: Stored, missing: Sequence[tuple[str, int]]) -> None:
        """Keep that an entry waits for these positions."""
        self._missing[entry.entry_id] = list(missing)
        for place in missing:
            self._waiting.setdefault(place, []).append(entry.entry_id)

    def released_by(self, origin: str, index: int) -> Iterable[Stored]:
        """The entries that waited for a position; they no longer wait."""
        waiting = sorted(self._waiting.pop((origin, index), []))
        for entry_id in waiting:
            for place in self._missing.pop(entry_id, []):
                if place in self._waiting:
                    self._waiting[place].remove(entry_id)
        return [_load(entry_id) for entry_id in waiting]

    def holds(self) -> list[tuple[int, str, int]]:
        """All (entry id, origin, index) that still wait."""
        return [(entry_id, origin, index) for entry_id, places in self._missing.items() for origin, index in places]


def _load(entry_id: int) -> Stored:
    with sql.cursor(connection) as cursor:
        cursor.execute(
            'SELECT e."log_id", e."header", e."leaf", b."plaintext" FROM "ledger_entry" e '
            'LEFT JOIN "ledger_body" b ON b."entry_id" = e."id" WHERE e."id" = %s',
            [entry_id],
        )
        log_id, header, leaf, plaintext = cursor.fetchone()
    record = readable_body(None if plaintext is None else bytes(plaintext))
    return Stored(entry_id, log_id, stored_header(bytes(header)), bytes(leaf), record)


@contextmanager
def _beside() -> Iterator[BaseDatabaseWrapper]:
    """A throw-away SQLite database with empty projected tables, in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="accordant-rebuild-") as folder:
        settings: dict[str, Any] = {
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(Path(folder) / "beside.sqlite3")}
        }
        scratch = ConnectionHandler(settings)["default"]
        scratch.ensure_connection()
        with sql.cursor(scratch) as cursor:
            # Thrown away at the end: durability would only cost time here.
            cursor.execute("PRAGMA journal_mode=OFF")
            cursor.execute("PRAGMA synchronous=OFF")
        with scratch.schema_editor() as editor:
            for model in projected_models():
                editor.create_model(model)
        try:
            yield scratch
        finally:
            scratch.close()


@contextmanager
def _atomic(database: BaseDatabaseWrapper) -> Iterator[None]:
    """One transaction on a connection that no alias names."""
    with sql.cursor(database) as cursor:
        cursor.execute("BEGIN")
    yield
    with sql.cursor(database) as cursor:
        cursor.execute("COMMIT")
