"""Which entries a cutoff holds whole: what they rest on lies below it too (domain paper 7).

Rules kept here: whether an entry counts depends on the cutoff alone, so that every node that holds it counts the same,
whatever else it holds; an entry that refers outside the cutoff, or to one that does, is left out; the cutoff we propose
is the largest one of signed checkpoints in which nothing is left out for want of another log's entries.
Left to others: reading the entries that count (`fold`), who proposes and agrees (`reviews`).
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

import msgspec
from django.db import connection

from accordant.entries.manifest import Head
from accordant.ledger import sections, sql
from accordant.ledger.read.fold import differing, lacking
from accordant.ledger.storing import LogRow, load_log
from accordant.tlog import checkpoint, merkle

BLOCK: Final = 5000
CUTOFFS: Final = 32
Position = tuple[str, int]
Sizes = tuple[tuple[str, int, str], ...]


class _Named(msgspec.Struct):
    o: str
    s: int


class _Header(msgspec.Struct):
    re: tuple[_Named, ...] = ()


_decode: Final = msgspec.json.Decoder(_Header).decode


def held_heads(cutoff: Sequence[Head]) -> list[Head]:
    """The cutoff as far as its logs are held here: sizes that nobody holds cost nothing."""
    heads = []
    for head in cutoff:
        log = load_log(connection, head.log)
        size = 0 if log is None else min(head.size, log.size)
        heads.append(Head(log=head.log, size=size, root=head.root))
    return heads


def outside(cutoff: Sequence[Head]) -> frozenset[Position]:
    """The entries below the cutoff, as far as held here, that refer outside of it, themselves or through others."""
    return _found(cutoff, "")


def unmet(cutoff: Sequence[Head], circle: str) -> list[Position]:
    """The entries below the cutoff that rest on entries of the circle above it; sorted, empty for a whole cutoff."""
    return sorted(_found(cutoff, circle))


def whole_heads(circle: str) -> list[Head]:
    """The largest cutoff of a circle that our copies give, of signed checkpoints, in which no entry is unmet."""
    logs = {log.origin: log for log in sections.logs_of(circle)}
    heads = {origin: newest_head(log, log.size) for origin, log in logs.items()}
    while True:
        first: dict[str, int] = {}
        for origin, index in unmet(list(heads.values()), circle):
            first.setdefault(origin, index)
        if not first:
            return [heads[origin] for origin in sorted(heads)]
        for origin, index in first.items():
            heads[origin] = newest_head(logs[origin], index)


def newest_head(log: LogRow, limit: int) -> Head:
    """The newest signed checkpoint of a log up to a size, or the empty log."""
    with sql.cursor(connection) as cursor:
        cursor.execute(
            'SELECT "note" FROM "ledger_checkpoint" WHERE "log_id" = %s AND "size" <= %s ORDER BY "size" DESC LIMIT 1',
            [log.id, limit],
        )
        found = cursor.fetchone()
    if found is None:
        return Head(log=log.origin, size=0, root=merkle.EMPTY_ROOT.hex())
    signed = checkpoint.parse(bytes(found[0]))[0]
    return Head(log=log.origin, size=signed.size, root=signed.root.hex())


def _found(cutoff: Sequence[Head], circle: str) -> frozenset[Position]:
    sizes = tuple((head.log, head.size, head.root) for head in held_heads(cutoff))
    if lacking(cutoff) or differing(cutoff):
        return _outside({log: size for log, size, _root in sizes}, circle)
    return _outside_whole(sizes, circle)


@lru_cache(maxsize=CUTOFFS)
def _outside_whole(sizes: Sizes, circle: str) -> frozenset[Position]:
    """As `_outside`, kept: at a cutoff that is held whole, its roots say which entries these are, for good."""
    return _outside({log: size for log, size, _root in sizes}, circle)


def _outside(sizes: Mapping[str, int], circle: str) -> frozenset[Position]:
    """With a circle, references into other circles are not looked at."""
    left: set[Position] = set()
    for place, named in _referring(sizes):
        if any(index >= sizes.get(origin, 0) and _concerns(origin, circle) for origin, index in named):
            left.add(place)
    if left:
        _spread(left, sizes)
    return frozenset(left)


def _concerns(origin: str, circle: str) -> bool:
    return not circle or origin.split("/")[1] == circle


def _spread(left: set[Position], sizes: Mapping[str, int]) -> None:
    """Adds what refers to one of these, and so on."""
    naming: dict[Position, list[Position]] = {}
    for place, named in _referring(sizes):
        for other in named:
            naming.setdefault(other, []).append(place)
    waiting = list(left)
    while waiting:
        for place in naming.get(waiting.pop(), ()):
            if place not in left:
                left.add(place)
                waiting.append(place)


def _referring(sizes: Mapping[str, int]) -> Iterator[tuple[Position, list[Position]]]:
    """Each entry below the sizes that refers to others, with what it refers to."""
    for origin in sorted(sizes):
        for start in range(0, sizes[origin], BLOCK):
            for index, data in _headers(origin, start, min(start + BLOCK, sizes[origin])):
                if b'"re":' in data:
                    yield (origin, index), [(named.o, named.s) for named in _decode(data).re]


def _headers(origin: str, start: int, stop: int) -> list[tuple[int, bytes]]:
    with sql.cursor(connection) as cursor:
        cursor.execute(
            'SELECT e."index", e."header" FROM "ledger_entry" e JOIN "ledger_log" l ON l."id" = e."log_id" '
            'WHERE l."origin" = %s AND e."index" >= %s AND e."index" < %s ORDER BY e."index"',
            [origin, start, stop],
        )
        return [(index, bytes(data)) for index, data in cursor.fetchall()]
