"""What each log says of itself at one instant, and what this node's keys remember of it: where `verify` starts.

Rules kept here: one statement reads all logs, so that a node at work is seen at one instant; what is appended later is
not looked at. A head is signed after its entries are committed and before its note is stored, so a floor read before
that statement lies within the entries, and one read after it is not behind the notes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from django.db import connection

from accordant.entries import names
from accordant.entries.errors import Refused
from accordant.ledger import sql

_LOGS: Final = (
    'SELECT l."id", l."origin", l."circle", l."agency", l."ours", l."size", l."tree", l."signed_size", '
    'l."signed_tree", '
    '(SELECT MAX(e."index") FROM "ledger_entry" e WHERE e."log_id" = l."id"), '
    '(SELECT MAX(c."size") FROM "ledger_checkpoint" c WHERE c."log_id" = l."id"), '
    '(SELECT MAX(r."size") FROM "ledger_cosignature" r WHERE r."log_id" = l."id" AND r."agency" = %s) '
    'FROM "ledger_log" l ORDER BY l."ours" DESC, l."origin"'
)

Problem = Callable[[str, int, str], None]
"""Takes origin, index or size, and what does not hold."""


class Head(Protocol):
    """A log's size and root."""

    @property
    def size(self) -> int:
        """Number of entries."""

    @property
    def root(self) -> bytes:
        """Root of their tree."""


class Signer(Protocol):
    """What this node's keys tell of what they signed; handed in, because few may open them."""

    agency: str

    def floor_of(self, verb: str, origin: str) -> Head:
        """The newest head signed (`head`) or cosigned (`cosigned`) for a log."""

    def floor_names(self) -> frozenset[str]:
        """The names of all floors that are kept."""

    def floor_name(self, verb: str, origin: str) -> str:
        """The name of one."""


@dataclass(frozen=True)
class Standing:
    """A log as its row says, with the newest entry, checkpoint and receipt of ours that stand beside it (0 = none)."""

    id: int
    origin: str
    circle: str
    agency: str
    ours: bool
    size: int
    tree: bytes
    signed_size: int
    signed_tree: bytes
    entries: int
    checkpoint: int
    cosigned: int

    @property
    def verb(self) -> str:
        """Which of our keys signs this log's heads."""
        return "head" if self.ours else "cosigned"


def standings(signer: Signer, problem: Problem) -> list[tuple[Standing, Head | None]]:
    """Every log, ours first, with the newest head that our keys signed of it before; None when that is unreadable.

    What rows and floors contradict each other in is told to `problem`.
    """
    kept = signer.floor_names()
    floors = {log.origin: _floor(signer, log, problem) for log in _read(signer.agency)}
    logs = list(_read(signer.agency))
    for name in sorted(kept - {signer.floor_name(log.verb, log.origin) for log in logs}):
        problem(name, 0, "this node signed a head of a log that is not here")
    for log in logs:
        _check(log, signer, problem)
        floor = floors.get(log.origin)
        if floor is not None:
            _check_floor(log, floor, signer, problem)
    return [(log, floors.get(log.origin)) for log in logs]


def octets(value: bytes | str) -> bytes:
    """A blob as it is stored; text that somebody put in its place is looked at as its bytes."""
    return value.encode() if isinstance(value, str) else bytes(value)


def _read(us: str) -> Iterator[Standing]:
    with sql.cursor(connection) as cursor:
        cursor.execute(_LOGS, [us])
        rows = cursor.fetchall()
    for log_id, origin, circle, agency, ours, size, tree, signed, signed_tree, newest, checkpoint, cosigned in rows:
        yield Standing(
            id=log_id,
            origin=origin,
            circle=circle,
            agency=agency,
            ours=bool(ours),
            size=size,
            tree=octets(tree),
            signed_size=signed,
            signed_tree=octets(signed_tree),
            entries=0 if newest is None else newest + 1,
            checkpoint=checkpoint or 0,
            cosigned=cosigned or 0,
        )


def _floor(signer: Signer, log: Standing, problem: Problem) -> Head | None:
    try:
        return signer.floor_of(log.verb, log.origin)
    except Refused:
        problem(log.origin, log.size, "the file that keeps the newest signed size is damaged")
        return None


def _check(log: Standing, signer: Signer, problem: Problem) -> None:
    try:
        named = names.parse_origin(log.origin)
    except names.BadName as error:
        problem(log.origin, 0, str(error))
        return
    if (named.agency, named.circle, named.agency == signer.agency) != (log.agency, log.circle, log.ours):
        problem(log.origin, 0, "the row of this log names another agency or circle")
    if log.entries > log.size:
        problem(log.origin, log.size, "entries stand beyond the size of the log")
    if log.checkpoint > log.size:
        problem(log.origin, log.checkpoint, "a checkpoint beyond the entries held")
    if log.signed_size > log.size:
        problem(log.origin, log.signed_size, "a size is signed that the entries held do not reach")
    newest = log.checkpoint if log.ours else log.cosigned
    if newest != log.signed_size:
        what = "checkpoint" if log.ours else "receipt of ours"
        problem(log.origin, log.signed_size, f"the newest {what} here is of size {newest}")


def _check_floor(log: Standing, before: Head, signer: Signer, problem: Problem) -> None:
    if before.size > log.size:
        problem(log.origin, log.size, f"this node has signed size {before.size}: entries are lost")
    after = _floor(signer, log, problem)
    if after is not None and after.size < log.signed_size:
        problem(log.origin, log.signed_size, f"the file that keeps the newest signed size says {after.size}")
