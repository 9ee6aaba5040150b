"""What entries claim in their log, as an item its number: who stands first in the log has it.

Rules kept here: an entry claims by its header alone, when it is first offered, before it is held or projected and
whatever becomes of it; in one log the first entry that claims something has it for good. Every node stores the entries
of a log in their order, so all judge a later one alike, whatever waits at one of them. What is not understood claims
nothing until a newer program rebuilds. Left to others: what may not be claimed twice, and what follows (the domains).
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from accordant.entries import kinds
from accordant.entries.envelope import Header
from accordant.ledger import sql

R = TypeVar("R", bound=kinds.Record)
Claim = Callable[[Header, Any], str]
Claimed = tuple[int, bytes, int]
"""Local id of the log, key, local id of the entry."""

CLAIMS: Final[dict[type[kinds.Record], Claim]] = {}
_BLOCK: Final = 500
_KEEP: Final = 'INSERT INTO "ledger_claim" ("log_id", "key", "entry_id") VALUES (%s, %s, %s) ON CONFLICT DO NOTHING'
_HOLDER: Final = 'SELECT "entry_id" FROM "ledger_claim" WHERE "log_id" = %s AND "key" = %s'
_MADE: Final = (
    'SELECT c."key" FROM "ledger_log" l CROSS JOIN "ledger_claim" c '
    'WHERE l."agency" = %s AND l."circle" = %s AND c."log_id" = l."id" AND c."key" IN '
)
_HIGHEST: Final = (
    'SELECT (SELECT c."key" FROM "ledger_claim" c WHERE c."log_id" = l."id" AND c."key" >= %s AND c."key" < %s '
    'ORDER BY c."key" DESC LIMIT 1) FROM "ledger_log" l WHERE l."agency" = %s'
)


def claims(record: type[R]) -> Callable[[Callable[[Header, R], str]], Claim]:
    """Decorator: the function gives what a fact of this record claims in its log, "" = nothing; by its header alone.

    All records of a domain claim in one space, so that two of them may claim the same.
    """

    def register(claim: Callable[[Header, R], str]) -> Claim:
        if CLAIMS.setdefault(record, claim) is not claim:
            raise ValueError(f"{record.__name__} has a claim already")
        return claim

    return register


def key_of(header: Header, record: kinds.Record) -> bytes:
    """What this fact claims, as the table holds it; empty for nothing."""
    claim = CLAIMS.get(type(record))
    text = "" if claim is None else claim(header, record)
    return _key(header.kind, text) if text else b""


def key_of_header(header: Header, registry: kinds.Registry) -> bytes:
    """The same of a header whose facts are not read yet; empty also for what is not understood."""
    newest = registry.newest(header.kind)
    if newest is None or newest.record not in CLAIMS:
        return b""
    try:
        _, record, _body = kinds.understand(header, None, registry=registry)
    except kinds.NotUnderstood:
        return b""
    return key_of(header, record)


class Kept:
    """The claims of the entries that one transaction offers, on the connection of the projected rows."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self._repeats: dict[int, bool] = {}  # by entry id, of the newest entries

    def keep(self, claimed: Sequence[Claimed]) -> None:
        """Keep what entries claim that are now first offered, those of each log in their order."""
        self._repeats = {entry_id: False for _log_id, _key, entry_id in claimed}
        if not claimed:
            return
        with sql.cursor(self.connection) as cursor:
            cursor.executemany(_KEEP, claimed)
            if cursor.rowcount == len(claimed):
                return
        for log_id, key, entry_id in claimed:
            self._repeats[entry_id] = self._is_repeated(log_id, key, entry_id)

    def repeats(self, log_id: int, entry_id: int, header: Header, record: kinds.Record) -> bool:
        """Whether an earlier entry of its log has what this one claims."""
        kept = self._repeats.get(entry_id)
        if kept is not None:
            return kept
        key = key_of(header, record)
        return bool(key) and self._is_repeated(log_id, key, entry_id)

    def _is_repeated(self, log_id: int, key: bytes, entry_id: int) -> bool:
        with sql.cursor(self.connection) as cursor:
            cursor.execute(_HOLDER, [log_id, key])
            found = cursor.fetchone()
        return found is not None and int(found[0]) < entry_id


def made(record: type[kinds.Record], texts: Collection[str], *, agency: str, circle: str) -> set[str]:
    """Those of these claims that entries of the agency made in the circle, in the domain of this record."""
    kind = kinds.REGISTRY.by_record[record].name
    keys = [_key(kind, text) for text in sorted(set(texts))]
    found: set[str] = set()
    with sql.cursor(connections[DEFAULT_DB_ALIAS]) as cursor:
        for start in range(0, len(keys), _BLOCK):
            block = keys[start : start + _BLOCK]
            places = ", ".join(["%s"] * len(block))
            cursor.execute(f"{_MADE}({places})", [agency, circle, *block])
            found.update(_text(kind, bytes(key)) for (key,) in cursor.fetchall())
    return found


def highest(record: type[kinds.Record], prefix: str, *, agency: str) -> list[str]:
    """Of each log of the agency the last, in the order of their bytes, of its claims that begin so."""
    kind = kinds.REGISTRY.by_record[record].name
    first = _key(kind, prefix)
    with sql.cursor(connections[DEFAULT_DB_ALIAS]) as cursor:
        cursor.execute(_HIGHEST, [first, first + b"\xff", agency])  # UTF-8 has no byte FF
        return [_text(kind, bytes(key)) for (key,) in cursor.fetchall() if key is not None]


def _key(kind: str, text: str) -> bytes:
    return f"{kind.partition('.')[0]} {text}".encode()


def _text(kind: str, key: bytes) -> str:
    return key.decode().removeprefix(f"{kind.partition('.')[0]} ")
