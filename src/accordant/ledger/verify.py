"""Re-derives everything from the stored bytes: hashes, trees, signatures, cosignatures, commitments, references.

Rules kept here: nothing stored is believed; keys come from the genesis, whose hash is the circle's id. Memory is flat:
entries are read in blocks. Left to others: whether projections follow from the entries (`replay`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db import connection

from accordant.entries import circles, envelope
from accordant.entries.cards import SignedCard
from accordant.ledger import sql, trees
from accordant.tlog import checkpoint, cosignature, merkle, note

BLOCK: Final = 1024
_ENTRIES: Final = (
    'SELECT e."index", e."header", e."leaf", b."salt", b."plaintext" FROM "ledger_entry" e '
    'LEFT JOIN "ledger_body" b ON b."entry_id" = e."id" '
    'WHERE e."log_id" = %s AND e."index" >= %s AND e."index" < %s ORDER BY e."index"'
)
_CHECKPOINTS: Final = (
    'SELECT "size", "note" FROM "ledger_checkpoint" WHERE "log_id" = %s AND "size" > %s ORDER BY "size" LIMIT 500'
)
_LINES: Final = (
    'SELECT "agency", "line" FROM "ledger_cosignature" WHERE "log_id" = %s AND "size" = %s ORDER BY "agency"'
)


@dataclass
class Report:
    """What was verified; `problems` are sentences that name log and index."""

    logs: int = 0
    entries: int = 0
    receipts: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Nothing was found."""
        return not self.problems


@dataclass(frozen=True)
class _Log:
    id: int
    origin: str
    circle: str
    agency: str
    size: int
    tree: bytes


def verify(*, progress: Callable[[int], None] = lambda entries: None) -> Report:
    """Verify every log held here. `progress` is called with the number of entries done."""
    report = Report()
    keys = _Keys(report)
    for log in _logs():
        report.logs += 1
        _LogCheck(log, keys.of(log.circle), report, progress).run()
    return report


def _logs() -> list[_Log]:
    with sql.cursor(connection) as cursor:
        cursor.execute('SELECT "id", "origin", "circle", "agency", "size", "tree" FROM "ledger_log" ORDER BY "origin"')
        return [
            _Log(i, origin, circle, agency, size, _octets(tree)) for i, origin, circle, agency, size, tree in cursor
        ]


class _Keys:
    """The founding keys of each circle, from the genesis in the opener's entry 0."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._circles: dict[str, circles.Circle | None] = {}

    def of(self, circle: str) -> circles.Circle | None:
        """The circle with its members' cards; None, and a problem, when no genesis held here founds it."""
        if circle not in self._circles:
            self._circles[circle] = self._find(circle)
            if self._circles[circle] is None:
                self.report.problems.append(f"{circle}: no genesis here founds this circle")
        return self._circles[circle]

    def _find(self, circle: str) -> circles.Circle | None:
        with sql.cursor(connection) as cursor:
            cursor.execute(
                'SELECT b."plaintext" FROM "ledger_log" l '
                'JOIN "ledger_entry" e ON e."log_id" = l."id" AND e."index" = 0 '
                'JOIN "ledger_kind" k ON k."id" = e."kind_id" JOIN "ledger_body" b ON b."entry_id" = e."id" '
                'WHERE l."circle" = %s AND k."name" = %s',
                [circle, "regulations.circle-opened"],
            )
            bodies = [_octets(plaintext) for (plaintext,) in cursor.fetchall()]
        for plaintext in bodies:
            try:
                found = circles.circle_of(envelope.decode_body(plaintext)["d"])
            except (envelope.BadBody, circles.BadGenesis):
                continue
            if found.id == circle:
                return found
        return None


class _LogCheck:
    """One log from its first entry to its last."""

    def __init__(
        self, log: _Log, circle: circles.Circle | None, report: Report, progress: Callable[[int], None]
    ) -> None:
        self.log = log
        self.circle = circle
        self.report = report
        self.progress = progress
        self.tree = merkle.EMPTY
        self.references = _References(self._problem)

    def run(self) -> None:
        """Check all entries, and the root at each checkpoint on the way."""
        checkpoints = self._checkpoints()
        following = next(checkpoints, None)
        while self.tree.size < self.log.size:
            stop = min(self.tree.size + BLOCK, self.log.size)
            if following is not None and following[0] < stop:
                stop = following[0]
            if not self._block(self.tree.size, stop):
                return
            while following is not None and following[0] <= self.tree.size:
                self._check_checkpoint(*following)
                following = next(checkpoints, None)
        if following is not None:
            self._problem(following[0], "a checkpoint beyond the entries held")
        if self.log.size and self.tree.to_bytes() != self.log.tree:
            self._problem(self.log.size, "the stored tree differs from the entries")

    def _block(self, start: int, stop: int) -> bool:
        with sql.cursor(connection) as cursor:
            cursor.execute(_ENTRIES, [self.log.id, start, stop])
            rows = cursor.fetchall()
        if [row[0] for row in rows] != list(range(start, stop)):
            self._problem(start, "entries are missing or doubled")
            return False
        leaves = [
            self._entry(index, _octets(data), _octets(leaf), salt, text) for index, data, leaf, salt, text in rows
        ]
        self._check_nodes(start, leaves)
        self.tree = self.tree.extend(leaves)
        self.report.entries += len(rows)
        self.progress(self.report.entries)
        return True

    def _entry(self, index: int, data: bytes, leaf: bytes, salt: bytes | None, plaintext: bytes | None) -> bytes:
        actual = envelope.leaf_hash(data)
        if actual != leaf:
            self._problem(index, "the header is not the one that was stored: its leaf hash differs")
        try:
            header = envelope.decode_header(data)
            envelope.check_position(header, origin=self.log.origin, index=index)
            if plaintext is not None:
                envelope.check_body(header, _octets(salt or b""), _octets(plaintext))
        except (envelope.BadHeader, envelope.BadBody) as error:
            self._problem(index, str(error))
            return actual
        for reference in header.re:
            self.references.check(index, reference)
        return actual

    def _check_nodes(self, start: int, leaves: Sequence[bytes]) -> None:
        stored = trees.StoredTree(connection, self.log.id)
        for found in merkle.completed_nodes(start, leaves, leaves=stored.leaves, stored=stored.nodes):
            if list(stored.nodes(found.level, found.index, found.index + 1)) != [found.hash]:
                self._problem(start, f"stored node {found.index} of level {found.level} differs from the entries")

    def _checkpoints(self) -> Iterator[tuple[int, bytes]]:
        after = 0
        while True:
            with sql.cursor(connection) as cursor:
                cursor.execute(_CHECKPOINTS, [self.log.id, after])
                rows = cursor.fetchall()
            if not rows:
                return
            for size, data in rows:
                yield int(size), _octets(data)
            after = int(rows[-1][0])

    def _check_checkpoint(self, size: int, data: bytes) -> None:
        if self.circle is None:
            return
        try:
            parsed = note.parse(data)
            owner = self.circle.cards[self.log.agency].card.verifier("log", origin=self.log.origin)
            signed = checkpoint.verify(parsed, [owner])
        except (KeyError, note.BadNote, checkpoint.BadCheckpoint) as error:
            self._problem(size, f"checkpoint: {error}")
            return
        if (signed.origin, signed.size) != (self.log.origin, size) or self.tree.size != size:
            self._problem(size, "a checkpoint stands at another size than it says")
        elif signed.root != self.tree.root():
            self._problem(size, "the entries do not give the root that was signed")
        self._check_lines(size, signed)

    def _check_lines(self, size: int, signed: checkpoint.Checkpoint) -> None:
        with sql.cursor(connection) as cursor:
            cursor.execute(_LINES, [self.log.id, size])
            rows = cursor.fetchall()
        cards: Mapping[str, SignedCard] = self.circle.cards if self.circle else {}
        for agency, line in rows:
            try:
                (parsed,) = note.parse_lines(line.encode())
                cosignature.verify_line(signed, cards[agency].card.verifier("m"), parsed)
            except (KeyError, ValueError) as error:
                self._problem(size, f"receipt of {agency}: {error}")
            else:
                self.report.receipts += 1

    def _problem(self, index: int, what: str) -> None:
        self.report.problems.append(f"{self.log.origin} {index}: {what}")


def _octets(value: bytes | str) -> bytes:
    """A blob as it is stored; text that somebody put in its place is looked at as its bytes."""
    return value.encode() if isinstance(value, str) else bytes(value)


class _References:
    """Compares the leaf that a reference names with the one held here."""

    def __init__(self, problem: Callable[[int, str], None]) -> None:
        self.problem = problem
        self._logs: dict[str, int | None] = {}

    def check(self, index: int, reference: envelope.Reference) -> None:
        """Report a reference that names another leaf than the one held at that position."""
        log_id = self._log(reference.o)
        if log_id is None:
            return
        with sql.cursor(connection) as cursor:
            cursor.execute(
                'SELECT "leaf" FROM "ledger_entry" WHERE "log_id" = %s AND "index" = %s', [log_id, reference.s]
            )
            found = cursor.fetchone()
        if found is not None and _octets(found[0]).hex() != reference.h:
            self.problem(index, f"refers to {reference.o} {reference.s} by another leaf hash")

    def _log(self, origin: str) -> int | None:
        if origin not in self._logs:
            with sql.cursor(connection) as cursor:
                cursor.execute('SELECT "id" FROM "ledger_log" WHERE "origin" = %s', [origin])
                found = cursor.fetchone()
            self._logs[origin] = None if found is None else int(found[0])
        return self._logs[origin]
