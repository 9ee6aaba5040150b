"""Turns entries into rows: each is offered in order, projected once all it refers to is projected, held until then.

Rules kept here: a handler is called once per entry, in the transaction that stores it; a handler that answers with
refusals marks the entry irregular; an unknown kind or header facts that do not fit are held, whatever else is wrong; a
body that does not fit is as one that is not here, or its addressees would count otherwise than the others; what an
entry claims in its log is kept before it is held or projected (`claims`); an entry refers to its own circle or that
one's parent, and stands before its log was closed (wire paper 2); what was held for a position is offered again when
that position is projected. Left to others: storing (`append`, `replica`), replay.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar

from accordant.entries import envelope, kinds
from accordant.entries.envelope import EntryRef, Header, Reference
from accordant.entries.errors import Refusal
from accordant.ledger.claims import Kept, key_of_header
from accordant.ledger.models import Circle, State
from accordant.ledger.tables import Tables

R = TypeVar("R", bound=kinds.Record)
B = TypeVar("B")

SHARED: Final = "shared"
"""The role of a reference to an entry of another circle that is told again (wire paper 2)."""
WRONG_CIRCLE: Final = "wrong-circle"
WRONG_REFERENCE: Final = "wrong-reference"
CLOSED: Final = "circle-closed"


@dataclass(frozen=True, slots=True)
class Entry(Generic[R]):
    """An entry as a handler sees it. `body` is None where it is not addressed to us, erased or unreadable.

    `repeats`: an earlier entry of its log claims the same, be it regular, irregular or held.
    """

    entry_id: int
    ref: EntryRef
    header: Header
    record: R
    body: Any
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry as it is stored: local ids, header, leaf, and the record of its body if that is here and readable."""

    entry_id: int
    log_id: int
    header: Header
    leaf: bytes
    record: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an offered entry."""

    state: State
    code: str = ""


Handler = Callable[[Entry[Any], Tables], Sequence[Refusal]]
HANDLERS: Final[dict[type[kinds.Record], Handler]] = {}


def handles(record: type[R]) -> Callable[[Callable[[Entry[R], Tables], Sequence[Refusal]]], Handler]:
    """Decorator: the function projects facts of this record; it answers with refusals, empty when the rule is kept."""

    def register(handler: Callable[[Entry[R], Tables], Sequence[Refusal]]) -> Handler:
        if HANDLERS.setdefault(record, handler) is not handler:
            raise ValueError(f"{record.__name__} has a handler already")
        return handler

    return register


class Positions(Protocol):
    """What the projector must know of other entries; the live and the replay form keep the same rules."""

    def state_of(self, origin: str, index: int) -> tuple[State | None, bytes] | None:
        """State (None: not offered yet) and leaf of a position; None when it is not here."""

    def concerns_us(self, origin: str) -> bool:
        """Whether the log belongs to a circle of ours, so that an entry waits for it."""

    def record(self, entry: Stored, outcome: Outcome) -> None:
        """Keep an entry's outcome."""

    def hold(self, entry: Stored, missing: Sequence[tuple[str, int]]) -> None:
        """Keep that an entry waits for these positions."""

    def released_by(self, origin: str, index: int) -> Iterable[Stored]:
        """The entries that waited for a position, which no longer wait."""


class Projector:
    """Offers entries within one transaction."""

    def __init__(self, tables: Tables, positions: Positions, *, registry: kinds.Registry = kinds.REGISTRY) -> None:
        self.tables = tables
        self.positions = positions
        self.registry = registry
        self.claims = Kept(tables.connection)

    def offer(self, entries: Sequence[Stored]) -> list[Outcome]:
        """Keep what these entries claim, then project each or hold it; gives what became of each."""
        keyed = [(entry, key_of_header(entry.header, self.registry)) for entry in entries]
        self.claims.keep([(entry.log_id, key, entry.entry_id) for entry, key in keyed if key])
        return [self._offer(entry) for entry in entries]

    def _offer(self, entry: Stored) -> Outcome:
        """Project the entry or hold it; then offer again whatever waited for it. Gives this entry's own outcome."""
        outcome = self._offer_one(entry)
        waiting = deque([entry] if outcome.state != State.HELD else [])
        while waiting:
            done = waiting.popleft()
            for released in self.positions.released_by(done.header.log, done.header.seq):
                if self._offer_one(released).state != State.HELD:
                    waiting.append(released)
        return outcome

    def _offer_one(self, entry: Stored) -> Outcome:
        missing, fault = self._references(entry.header)
        if missing:
            self.positions.hold(entry, missing)
            outcome = Outcome(State.HELD, "waits")
        else:
            outcome = self._project(entry, fault)
        self.positions.record(entry, outcome)
        return outcome

    def _references(self, header: Header) -> tuple[list[tuple[str, int]], str]:
        """The positions that the entry waits for, and the rule that its place or a reference breaks, or empty."""
        if _is_behind_closing(self.tables, header):
            return [], CLOSED
        if not all(may_refer(self.tables, header.circle, reference) for reference in header.re):
            return [], WRONG_CIRCLE
        missing: dict[tuple[str, int], None] = {}  # each once: an entry may refer to one position in several roles
        fault = ""
        for reference in header.re:
            if _is_reserved(header.circle, reference) or not self.positions.concerns_us(reference.o):
                continue
            held = self.positions.state_of(reference.o, reference.s)
            if held is None or held[0] is None or held[0] == State.HELD:
                missing[reference.o, reference.s] = None
            elif held[1].hex() != reference.h:
                fault = WRONG_REFERENCE
        return list(missing), fault

    def _project(self, entry: Stored, fault: str) -> Outcome:
        try:
            record, body = self._understood(entry)
        except kinds.NotUnderstood as error:
            return Outcome(State.HELD, error.code)
        if fault:
            return Outcome(State.IRREGULAR, fault)
        handler = HANDLERS.get(type(record))
        if handler is None:
            return Outcome(State.PROJECTED)
        ref = EntryRef(entry.header.log, entry.header.seq, entry.leaf.hex())
        repeats = self.claims.repeats(entry.log_id, entry.entry_id, entry.header, record)
        refusals = handler(Entry(entry.entry_id, ref, entry.header, record, body, repeats), self.tables)
        return Outcome(State.IRREGULAR, refusals[0].code) if refusals else Outcome(State.PROJECTED)

    def _understood(self, entry: Stored) -> tuple[kinds.Record, kinds.Record | None]:
        try:
            _, record, body = kinds.understand(entry.header, entry.record, registry=self.registry)
        except kinds.NotUnderstood:
            _, record, body = kinds.understand(entry.header, None, registry=self.registry)
        return record, body


def may_refer(tables: Tables, circle: str, reference: Reference) -> bool:
    """Whether an entry of the circle may refer there: every party of the circle can judge it from the genesis alone.

    What stands in a private circle nobody else judges, so it may refer anywhere.
    """
    other = _circle_of(reference)
    if other == circle or reference.as_ == SHARED:
        return True
    own = tables.get(Circle, circle)
    return own is not None and (own["sort"] == "private" or own["parent"] == other)


def _is_behind_closing(tables: Tables, header: Header) -> bool:
    """Whether the entry stands in its log behind the one that closed it, which never waits for anything."""
    held = tables.get(Circle, header.circle)
    return held is not None and header.seq > held["closed"].get(header.agency, header.seq)


def _is_reserved(circle: str, reference: Reference) -> bool:
    """A shared entry stands in a circle that not all parties hold: it is neither waited for nor compared."""
    return reference.as_ == SHARED and _circle_of(reference) != circle


def _circle_of(reference: Reference) -> str:
    return reference.o.split("/", 2)[1]


def readable_body(plaintext: bytes | None) -> dict[str, Any] | None:
    """The record `d` of a body, or None when it is not here or no body at all."""
    if plaintext is None:
        return None
    try:
        record = envelope.decode_body(plaintext)["d"]
    except envelope.BadBody:
        return None
    return record if isinstance(record, dict) else None
