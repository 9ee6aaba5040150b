"""Bodies that come after their headers (wire paper 6): which are waited for, and what fills them.

Rules kept here: a body is waited for where its header came from another holder of the log than its owner; whoever
gives it later, it must open the commitment in that header; that it stays away for good (1, 2, 4) only its owner says;
what was projected without it is projected anew in the same transaction, so that no row tells how it came.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.db import connection

from accordant.entries import envelope, kinds
from accordant.entries.envelope import EntryRef, Header
from accordant.ledger import replay, sql
from accordant.ledger.models import State
from accordant.ledger.projector import HANDLERS, readable_body
from accordant.seal import payloads

# The rows that wait are few: they lead, or each question would walk all entries that are not cosigned yet.
_BODIES: Final = 'FROM "ledger_missingbody" m CROSS JOIN "ledger_entry" e'
_WAITS: Final = f'WHERE m."why" = {payloads.NOT_HELD} AND e."id" = m."entry_id"'
_WAITING: Final = f"{_BODIES} {_WAITS}"
_FIRST: Final = f'SELECT MIN(e."index") {_WAITING} AND e."log_id" = %s'
_ROWS: Final = (
    f'SELECT e."index", e."id", e."header", e."leaf", e."state" {_WAITING} AND e."log_id" = %s ORDER BY e."index"'
)
_PLACES: Final = (
    f'SELECT l."origin", e."index" {_BODIES} JOIN "ledger_log" l ON l."id" = e."log_id" {_WAITS} '
    'ORDER BY l."origin", e."index"'
)


@dataclass(frozen=True)
class Filled:
    """What came late: how many bodies, those of them that cannot be read, and whether all was projected anew."""

    bodies: int = 0
    unreadable: tuple[EntryRef, ...] = ()
    projected: bool = False


class Replayed(ValueError):
    """All would have to be projected anew once more for the same log of one parcel."""


def first_waiting(log_id: int) -> int | None:
    """The first entry of a log whose body is waited for: nothing from it on is cosigned; None when none is."""
    with sql.cursor(connection) as cursor:
        cursor.execute(_FIRST, [log_id])
        found = cursor.fetchone()[0]
    return None if found is None else int(found)


def waiting() -> dict[str, list[tuple[int, int]]]:
    """By log, the half-open runs of entries whose bodies are waited for."""
    with sql.cursor(connection) as cursor:
        cursor.execute(_PLACES)
        places = [(str(origin), int(index)) for origin, index in cursor.fetchall()]
    return {
        origin: list(_runs([index for _origin, index in found]))
        for origin, found in groupby(places, key=lambda place: place[0])
    }


def fill(
    origin: str,
    log_id: int,
    *,
    bodies: Mapping[int, tuple[bytes, bytes]],
    told: Mapping[int, int],
    ceiling: int,
    replayed: bool,
) -> Filled:
    """Store those of these bodies (salt, plaintext) that are waited for, and what the owner told of others.

    Within the caller's transaction. Raises `envelope.BadBody` for a body that does not open its commitment, `Replayed`
    when all was already `replayed` for this log and would have to be again.
    """
    if not bodies and not told:
        return Filled()
    stored = 0
    unreadable: list[EntryRef] = []
    projected = False
    for index, entry_id, data, leaf, state in _rows(log_id):
        if index not in bodies:
            if index in told:
                _tell(entry_id, told[index])
            continue
        salt, plaintext = bodies[index]
        header = envelope.decode_header(data)
        envelope.check_body(header, salt, plaintext)
        if header.mk > ceiling:
            _tell(entry_id, payloads.ABOVE_CEILING)
            continue
        _store(entry_id, salt, plaintext)
        stored += 1
        projected = projected or (state != State.HELD and _has_handler(header))
        if readable_body(plaintext) is None:
            unreadable.append(EntryRef(origin, index, leaf.hex()))
    if projected and replayed:
        raise Replayed(origin)
    if projected:
        replay.rebuild()
    return Filled(stored, tuple(unreadable), projected)


def _rows(log_id: int) -> Sequence[tuple[int, int, bytes, bytes, int]]:
    with sql.cursor(connection) as cursor:
        cursor.execute(_ROWS, [log_id])
        return [(i, entry_id, bytes(data), bytes(leaf), state) for i, entry_id, data, leaf, state in cursor.fetchall()]


def _tell(entry_id: int, why: int) -> None:
    with sql.cursor(connection) as cursor:
        cursor.execute('UPDATE "ledger_missingbody" SET "why" = %s WHERE "entry_id" = %s', [why, entry_id])


def _store(entry_id: int, salt: bytes, plaintext: bytes) -> None:
    with sql.cursor(connection) as cursor:
        cursor.execute('DELETE FROM "ledger_missingbody" WHERE "entry_id" = %s', [entry_id])
        cursor.execute(
            'INSERT INTO "ledger_body" ("entry_id", "salt", "plaintext") VALUES (%s, %s, %s)',
            [entry_id, salt, plaintext],
        )


def _has_handler(header: Header) -> bool:
    spec = kinds.REGISTRY.newest(header.kind)
    return spec is not None and spec.record in HANDLERS


def _runs(indexes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Consecutive indexes as half-open runs."""
    for _offset, run in groupby(enumerate(indexes), key=lambda pair: pair[1] - pair[0]):
        found = [index for _place, index in run]
        yield found[0], found[-1] + 1
