"""Cursors for the paths that every entry takes: same connection and transaction as Django's, without its wrapping.

Measured on SQLite: Django's cursor costs several times what the statement itself costs, some twenty times an entry.
Errors come out as Django's. Whoever watches a connection's statements (tests, query logs) gets Django's own cursor.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from types import TracebackType
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from accordant.ledger.sqlite import base as sqlite

Plain = int | str | bytes | None
Mark = tuple[int, int, int]


class Cursor:
    """What the ledger uses of a cursor; statements write their places as `%s`."""

    __slots__ = ("_errors", "_raw")

    def __init__(self, raw: Any, errors: Any) -> None:
        self._raw = raw
        self._errors = errors

    def __enter__(self) -> "Cursor":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._raw.close()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._raw)

    @property
    def rowcount(self) -> int:
        """Rows that the last statement changed."""
        changed: int = self._raw.rowcount
        return changed

    def execute(self, sql: str, values: Sequence[Plain] = ()) -> None:
        """Run one statement."""
        with self._errors:
            self._raw.execute(_spelled(sql), values)

    def executemany(self, sql: str, rows: Sequence[Sequence[Plain]]) -> None:
        """Run one statement for each row."""
        with self._errors:
            self._raw.executemany(_spelled(sql), rows)

    def fetchone(self) -> Any:
        """The next row, or None."""
        with self._errors:
            return self._raw.fetchone()

    def fetchmany(self, size: int) -> list[Any]:
        """Up to so many rows."""
        with self._errors:
            rows: list[Any] = self._raw.fetchmany(size)
        return rows

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        with self._errors:
            rows: list[Any] = self._raw.fetchall()
        return rows


def cursor(database: BaseDatabaseWrapper) -> Any:
    """A cursor on the connection's current transaction: ours on SQLite, else Django's."""
    if database is connection:
        # The proxy looks its connection up at each attribute.
        database = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "sqlite" or database.execute_wrappers or database.force_debug_cursor:
        return database.cursor()
    if database.connection is None:
        database.ensure_connection()
    return Cursor(database.connection.cursor(), database.wrap_database_errors)


@contextmanager
def may_be_lost() -> Iterator[None]:
    """A transaction that a power cut may undo although it was committed: for what is made again, byte by byte or by the
    next talk. The next commit that is flushed makes it last too, and other connections see it at once (ADR 0004).
    """
    database = connections[DEFAULT_DB_ALIAS]
    if not isinstance(database, sqlite.DatabaseWrapper) or database.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with database.unflushed(), transaction.atomic():
        yield


def change_mark(database: BaseDatabaseWrapper) -> Mark | None:
    """A value that stays the same on this connection as long as nobody changed anything; None where no such is known.

    Far cheaper than to ask again for what was read before. What a transaction changed and rolled back counts too.
    """
    if database is connection:
        database = connections[DEFAULT_DB_ALIAS]
    if not isinstance(database, sqlite.DatabaseWrapper):
        return None
    if database.connection is None:
        database.ensure_connection()
    (others,) = database.connection.execute("PRAGMA data_version").fetchone()
    return database.opening, others, database.connection.total_changes


@lru_cache(maxsize=2048)
def _spelled(sql: str) -> str:
    return sql.replace("%s", "?")
