"""What a circle's genesis says, read from the projected rows once a connection: a circle's id is the hash of its
genesis, so none of it ever changes. Whether its parties joined or closed it does change and is not told here.
"""

import weakref
from dataclasses import dataclass
from typing import Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from accordant.ledger import sql

PRIVATE: Final = "private"
_CIRCLE: Final = 'SELECT "sort", "parent", "regulation", "ceiling" FROM "ledger_circle" WHERE "id" = %s'
_PARTIES: Final = 'SELECT "agency" FROM "ledger_member" WHERE "circle" = %s AND "role" = %s'


@dataclass(frozen=True, slots=True)
class Founding:
    """A circle's sort, main circle ("" for none), regulation, highest marking, and who has a log in it."""

    sort: str
    parent: str
    regulation: str
    ceiling: int
    parties: frozenset[str]


_KEPT: Final[weakref.WeakKeyDictionary[BaseDatabaseWrapper, dict[str, Founding]]] = weakref.WeakKeyDictionary()


def of(circle: str) -> Founding | None:
    """What founds a circle held here, else None; what is read in an open transaction is not kept: it may be undone."""
    database = connections[DEFAULT_DB_ALIAS]
    kept = _KEPT.setdefault(database, {})
    found = kept.get(circle)
    if found is None:
        found = _read(database, circle)
        if found is not None and not database.in_atomic_block:
            kept[circle] = found
    return found


def _read(database: BaseDatabaseWrapper, circle: str) -> Founding | None:
    with sql.cursor(database) as cursor:
        cursor.execute(_CIRCLE, [circle])
        row = cursor.fetchone()
        if row is None:
            return None
        cursor.execute(_PARTIES, [circle, "party"])
        parties = frozenset(agency for (agency,) in cursor.fetchall())
    sort, parent, regulation, ceiling = row
    return Founding(sort, parent, regulation, int(ceiling), parties)
