"""Re-derives everything from the stored bytes: hashes, trees, signatures, cosignatures, commitments, references.

Rules kept here: nothing stored is believed; keys come from the genesis, whose hash is the circle's id; what our keys
remember of their signatures is here; a body that is ours or addressed to us is here, or was missing when it came and is
named so in our log before we cosigned. Memory is flat but for a number for each body so named: entries are read in
blocks. Left to others: whether projections follow from the entries (`replay`).
"""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from django.db import connection

from accordant.entries import circles, envelope
from accordant.entries.cards import SignedCard
from accordant.ledger import sql, trees
from accordant.ledger.standing import Head, Signer, Standing, octets, standings
from accordant.tlog import checkpoint, cosignature, merkle, note

BLOCK: Final = 1024
BODY_MISSED: Final = "regulations.body-missed"
_ENTRIES: Final = (
    'SELECT e."index", e."id", e."header", e."leaf", b."salt", b."plaintext" FROM "ledger_entry" e '
    'LEFT JOIN "ledger_body" b ON b."entry_id" = e."id" '
    'WHERE e."log_id" = %s AND e."index" >= %s AND e."index" < %s ORDER BY e."index"'
)
_CHECKPOINTS: Final = (
    'SELECT "size", "note" FROM "ledger_checkpoint" WHERE "log_id" = %s AND "size" > %s AND "size" <= %s '
    'ORDER BY "size" LIMIT 500'
)
_LINES: Final = (
    'SELECT "agency", "line" FROM "ledger_cosignature" WHERE "log_id" = %s AND "size" = %s ORDER BY "agency"'
)
_LOOSE_LINES: Final = (
    'SELECT r."size", r."agency" FROM "ledger_cosignature" r WHERE r."log_id" = %s AND NOT EXISTS '
    '(SELECT 1 FROM "ledger_checkpoint" c WHERE c."log_id" = r."log_id" AND c."size" = r."size") '
    'ORDER BY r."size", r."agency"'
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

    def add(self, origin: str, index: int, what: str) -> None:
        """Keep a problem."""
        self.problems.append(f"{origin} {index}: {what}")


def verify(signer: Signer, *, progress: Callable[[int], None] = lambda entries: None) -> Report:
    """Verify every log held here as it stands now; a node at work may go on appending.

    `signer` are this node's keys. `progress` is called with the number of entries done.
    """
    report = Report()
    keys = _Keys(report)
    bodies = _Bodies(signer.agency)
    for log, floor in standings(signer, report.add):
        report.logs += 1
        _LogCheck(log, floor, keys.of(log.circle), bodies, report, progress).run()
    return report


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
            bodies = [octets(plaintext) for (plaintext,) in cursor.fetchall()]
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
        self,
        log: Standing,
        floor: Head | None,
        circle: circles.Circle | None,
        bodies: "_Bodies",
        report: Report,
        progress: Callable[[int], None],
    ) -> None:
        self.log = log
        self.floor = floor
        self.circle = circle
        self.bodies = bodies
        self.report = report
        self.progress = progress
        self.tree = merkle.EMPTY
        self.references = _References(self._problem)

    def run(self) -> None:
        """Check all entries, and on the way what is known of each size that was signed."""
        self._check_loose_lines()
        for size, check in self._marks():
            while self.tree.size < size:
                if not self._block(self.tree.size, min(self.tree.size + BLOCK, size)):
                    return
            check()
        if self.log.size and self.tree.to_bytes() != self.log.tree:
            self._problem(self.log.size, "the stored tree differs from the entries")

    def _marks(self) -> Iterator[tuple[int, Callable[[], None]]]:
        """Sizes in order, with what to check once the tree has grown so far; the last is the log's size."""
        checks: list[tuple[int, Callable[[], None]]] = [(self.log.size, lambda: None)]
        if 0 < self.log.signed_size <= self.log.size:
            checks.append((self.log.signed_size, self._check_signed_tree))
        if self.floor is not None and 0 < self.floor.size <= self.log.size:
            checks.append((self.floor.size, partial(self._check_floor, self.floor)))
        notes = ((size, partial(self._check_checkpoint, size, data)) for size, data in self._checkpoints())
        return heapq.merge(notes, sorted(checks, key=_size), key=_size)

    def _check_signed_tree(self) -> None:
        if self.tree.to_bytes() != self.log.signed_tree:
            self._problem(self.log.signed_size, "the tree stored as signed differs from the entries")

    def _check_floor(self, floor: Head) -> None:
        if self.tree.root() != floor.root:
            self._problem(floor.size, "this node signed another root than the entries give")

    def _block(self, start: int, stop: int) -> bool:
        with sql.cursor(connection) as cursor:
            cursor.execute(_ENTRIES, [self.log.id, start, stop])
            rows = cursor.fetchall()
        if [row[0] for row in rows] != list(range(start, stop)):
            self._problem(start, "entries are missing or doubled")
            return False
        leaves = [self._entry(*row) for row in rows]
        self._check_nodes(start, leaves)
        self.tree = self.tree.extend(leaves)
        self.report.entries += len(rows)
        self.progress(self.report.entries)
        return True

    def _entry(
        self, index: int, entry_id: int, stored: bytes, leaf: bytes, salt: bytes | None, plaintext: bytes | None
    ) -> bytes:
        data = octets(stored)
        actual = envelope.leaf_hash(data)
        if actual != octets(leaf):
            self._problem(index, "the header is not the one that was stored: its leaf hash differs")
        try:
            header = envelope.decode_header(data)
            envelope.check_position(header, origin=self.log.origin, index=index)
            if plaintext is not None:
                envelope.check_body(header, octets(salt or b""), octets(plaintext))
        except (envelope.BadHeader, envelope.BadBody) as error:
            self._problem(index, str(error))
            return actual
        if plaintext is None:
            lost = self.bodies.lost(self.log, header, entry_id)
            if lost:
                self._problem(index, lost)
        if self.log.ours and header.kind == BODY_MISSED:
            self.bodies.say_missed(header.re)
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
                cursor.execute(_CHECKPOINTS, [self.log.id, after, self.log.size])
                rows = cursor.fetchall()
            if not rows:
                return
            for size, data in rows:
                yield int(size), octets(data)
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

    def _check_loose_lines(self) -> None:
        with sql.cursor(connection) as cursor:
            cursor.execute(_LOOSE_LINES, [self.log.id])
            rows = cursor.fetchall()
        for size, agency in rows:
            self._problem(size, f"receipt of {agency}: its checkpoint is not here")

    def _problem(self, index: int, what: str) -> None:
        self.report.add(self.log.origin, index, what)


def _size(mark: tuple[int, Callable[[], None]]) -> int:
    return mark[0]


class _Bodies:
    """Which bodies must be here. Our logs are looked at first: what they name as missed is known when others come."""

    def __init__(self, us: str) -> None:
        self.us = us
        self._missed: dict[str, set[int]] = {}

    def say_missed(self, references: Sequence[envelope.Reference]) -> None:
        """Keep what a `body-missed` entry of ours names."""
        for reference in references:
            self._missed.setdefault(reference.o, set()).add(reference.s)

    def lost(self, log: Standing, header: envelope.Header, entry_id: int) -> str:
        """What does not hold about a body that is not here; empty when it need not be."""
        if header.b is None or not (log.ours or not header.to or self.us in header.to):
            return ""
        with sql.cursor(connection) as cursor:
            cursor.execute('SELECT 1 FROM "ledger_missingbody" WHERE "entry_id" = %s', [entry_id])
            if cursor.fetchone() is None:
                return "its body is lost: it belongs to this agency and is not here"
        if header.seq < log.signed_size and header.seq not in self._missed.get(log.origin, ()):
            return "its body is missing, and no body-missed entry of ours names it though we cosigned"
        return ""


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
        if found is not None and octets(found[0]).hex() != reference.h:
            self.problem(index, f"refers to {reference.o} {reference.s} by another leaf hash")

    def _log(self, origin: str) -> int | None:
        if origin not in self._logs:
            with sql.cursor(connection) as cursor:
                cursor.execute('SELECT "id" FROM "ledger_log" WHERE "origin" = %s', [origin])
                found = cursor.fetchone()
            self._logs[origin] = None if found is None else int(found[0])
        return self._logs[origin]
