"""The only way facts of ours get into a log (wire paper 11.1). Imported by `*.actions` alone.

Who meets a busy writer joins its next group: one transaction, one commit, one signature for up to 500 entries.
"""

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction

from accordant.accounts import keys
from accordant.entries import codec, envelope, kinds, limits
from accordant.entries.codec import BadJson
from accordant.entries.envelope import EntryRef, Header, Officer
from accordant.entries.errors import AccordantError, Malformed, Refusal, Refused, Unavailable, refusal, refuse_if
from accordant.entries.kinds import Fact
from accordant.entries.kinds import gettext_noop as _
from accordant.ledger import founding, signing, sql, writing
from accordant.ledger.models import Circle
from accordant.ledger.projector import CLOSED, WRONG_CIRCLE, may_refer, readable_body
from accordant.ledger.storing import Incoming, LogRow, Storing, create_log, load_log

FactOrBuilder = Fact | Callable[[], Fact]


@dataclass
class _Request:
    """One call that waits for its group."""

    circle: str
    by: Officer
    now: datetime
    facts: Sequence[FactOrBuilder]
    ring: keys.Keyring
    done: threading.Event = field(default_factory=threading.Event)
    refs: list[EntryRef] = field(default_factory=list)
    error: BaseException | None = None


class _Group:
    """Requests that wait while another thread of this process writes."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.writing = threading.Lock()
        self.waiting: list[_Request] = []

    def take(self) -> list[_Request]:
        """The next requests to write together: same keys, at most 500 facts."""
        with self.lock:
            taken: list[_Request] = []
            facts = 0
            while self.waiting and self.waiting[0].ring is (taken or self.waiting)[0].ring:
                facts += len(self.waiting[0].facts)
                if taken and facts > limits.GROUP_ENTRIES:
                    break
                taken.append(self.waiting.pop(0))
            return taken


_GROUP = _Group()


def append(*, circle: str, by: Officer, now: datetime, facts: Sequence[FactOrBuilder]) -> list[EntryRef]:
    """Append facts to this agency's log in the circle; gives their positions once they are durable and signed.

    A builder runs inside the transaction, so that its rules see what is written; whatever it raises refuses this call
    alone. `facts` are written together or not at all. Raises `Refused` when the circle does not take entries,
    `Malformed` when a fact breaks a limit, `Unavailable` with the positions when they are stored and not yet signed.
    """
    request = _Request(circle, by, now, facts, keys.keyring())
    if connection.in_atomic_block:
        raise RuntimeError("append opens its own transaction: call it outside of one")
    founding.of(circle)  # read outside the transaction it is kept
    with _GROUP.lock:
        _GROUP.waiting.append(request)
    with _GROUP.writing:
        if not request.done.is_set():
            _write_group(_GROUP.take())
    while not request.done.is_set():
        with _GROUP.writing:
            if not request.done.is_set():
                _write_group(_GROUP.take())
    if request.error is not None:
        raise request.error
    return request.refs


def _write_group(requests: list[_Request]) -> None:
    """Write requests in one transaction, sign each log once; every request is answered."""
    try:
        with transaction.atomic():
            storing = Storing(connections[DEFAULT_DB_ALIAS], stored_at=max(_milliseconds(r.now) for r in requests))
            written = [_write(storing, request) for request in requests]
            storing.finish()
        _sign(requests, {log.origin: log for log in written if log is not None})
    except BaseException as error:
        for request in requests:
            request.error = request.error or error
        if not isinstance(error, Exception):
            raise
    finally:
        for request in requests:
            request.done.set()


def _sign(requests: Sequence[_Request], logs: Mapping[str, LogRow]) -> None:
    """Sign what was committed, log by log; who wrote to a log that cannot be signed is told that all is stored."""
    for request in requests:
        if request.refs:
            request.error = Unavailable([_unsigned(request.refs)])
    for origin, log in logs.items():
        stored = [request for request in requests if request.refs and request.refs[0].origin == origin]
        error: Exception | None = None
        try:
            signing.sign_new_head(origin, ring=requests[0].ring, committed=log)
        except Exception as failure:  # noqa: BLE001  # raised to those who wrote to this log, and to nobody else
            error = failure
        for request in stored:
            request.error = None if error is None else _stored_only(request.refs, error)


def _stored_only(refs: Sequence[EntryRef], error: Exception) -> Unavailable:
    why = error.refusals if isinstance(error, AccordantError) else ()
    unsigned = Unavailable([_unsigned(refs), *why])
    unsigned.__cause__ = error
    return unsigned


def _write(storing: Storing, request: _Request) -> LogRow | None:
    """Store one request's facts; gives the grown log, or None when the request was refused."""
    origin = f"{request.ring.agency}/{request.circle}/1"
    try:
        if any(callable(fact) for fact in request.facts):
            storing.finish()
        facts = [fact() if callable(fact) else fact for fact in request.facts]
        for kind in {_kind(fact).name for fact in facts}:
            refuse_if(writing.refusals_to_append(request.by, kind, request.circle))
        log = _open_log(storing, origin, request.circle, facts)
        headers = _entries(origin, 0 if log is None else log.size, request, facts)
    except DatabaseError:
        raise  # the transaction may be lost with it
    except Exception as error:  # noqa: BLE001  # raised to whoever asked for this act
        request.error = error
        return None
    if log is None:
        log = create_log(storing.connection, origin, ours=True)
        storing.positions.add_circle()
    grown, _outcomes = storing.add(log, headers)
    request.refs = [EntryRef(log.origin, item.header.seq, item.leaf.hex()) for item in headers]
    return grown


def _open_log(storing: Storing, origin: str, circle: str, facts: Sequence[Fact]) -> LogRow | None:
    """This agency's log in the circle; None when the first fact opens or joins it."""
    log = load_log(storing.connection, origin)
    starts = all(_kind(fact).name.startswith("regulations.circle-") for fact in facts)
    if log is None and not starts:
        raise Refused([_not_a_member(circle)])
    if log is not None and log.frozen:
        raise Refused([_frozen(origin, log.frozen)])
    held = storing.tables.get(Circle, circle)
    if held is not None and origin.partition("/")[0] in held["closed"]:
        raise Refused([_closed(circle)])
    missing = _not_joined(storing, circle)
    if missing and not starts:
        raise Refused([_waits_for(circle, missing)])
    for reference in (reference for fact in facts for reference in fact.refs):
        if not may_refer(storing.tables, circle, reference):
            raise Refused([_another_circle(circle, reference)])
    return log


def _not_joined(storing: Storing, circle: str) -> list[str]:
    with sql.cursor(storing.connection) as cursor:
        cursor.execute(
            'SELECT "agency" FROM "ledger_member" '
            'WHERE "circle" = %s AND "role" = %s AND NOT "joined" ORDER BY "agency"',
            [circle, "party"],
        )
        return [agency for (agency,) in cursor.fetchall()]


def _entries(origin: str, size: int, request: _Request, facts: Sequence[Fact]) -> list[Incoming]:
    author = request.by.office
    if request.by.id:
        author = f"{author}~{request.ring.pseudonym(request.circle, request.by.id)}"
    at = _milliseconds(request.now)
    return [_entry(origin, size + i, author, at, fact) for i, fact in enumerate(facts)]


def _entry(origin: str, index: int, author: str, at: int, fact: Fact) -> Incoming:
    spec = _kind(fact)
    salt, plaintext, committed = b"", None, None
    if fact.body is not None:
        salt, plaintext = os.urandom(envelope.SALT_BYTES), encode_body(fact.body)
        committed = envelope.BodyCommitment(envelope.commitment(salt, plaintext), len(plaintext))
    header = Header(
        v=1,
        log=origin,
        seq=index,
        at=at if fact.at is None else fact.at,
        kind=spec.name,
        kv=spec.version,
        by=author,
        to=tuple(sorted(fact.to)),
        mk=fact.marking,
        re=tuple(sorted(fact.refs, key=lambda r: (r.as_, r.o, r.s))),
        due=fact.due,
        b=committed,
        d=_header_facts(fact.record),
    )
    try:
        data = envelope.encode_header(header)
    except envelope.BadHeader as error:
        raise Malformed([_bad_fact(spec.name, str(error))]) from error
    return Incoming(data, header, envelope.leaf_hash(data), salt, plaintext, record=readable_body(plaintext))


def encode_body(body: kinds.Record) -> bytes:
    """The plaintext of a body; raises `Malformed` when it breaks the profile."""
    try:
        return codec.encode_checked({"d": msgspec.to_builtins(body)}, codec.BODY)
    except BadJson as error:
        raise Malformed([_bad_fact(type(body).__name__, str(error))]) from error


def _header_facts(record: kinds.Record) -> dict[str, envelope.FactValue]:
    plain: dict[str, envelope.FactValue | tuple[envelope.Scalar, ...]] = msgspec.to_builtins(record)
    return {key: list(v) if isinstance(v, tuple) else v for key, v in plain.items() if v not in ((), [])}


def _kind(fact: Fact) -> kinds.KindSpec:
    return kinds.REGISTRY.by_record[type(fact.record)]


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def _not_a_member(circle: str) -> Refusal:
    return refusal(
        "unknown-circle",
        _("Nothing was written."),
        _("This agency has not joined the circle {circle}."),
        _("Join the circle on the page of its regulation first."),
        circle=circle,
    )


def _frozen(origin: str, why: str) -> Refusal:
    return refusal(
        "frozen",
        _("Nothing was written."),
        _("The log {origin} is frozen: {why}."),
        _("The security administrator opens the next log under the agency's root key."),
        origin=origin,
        why=why,
    )


def _closed(circle: str) -> Refusal:
    return refusal(
        CLOSED,
        _("Nothing was written."),
        _("This agency has closed the circle {circle} and writes nothing more in it."),
        _("To go on working together, open a new circle with the same parties."),
        circle=circle,
    )


def _waits_for(circle: str, missing: Sequence[str]) -> Refusal:
    return refusal(
        "not-joined",
        _("Nothing was written."),
        _("The circle {circle} is not complete: {agencies} did not join yet."),
        _("Ask them to open the proposal on their regulation page and join."),
        circle=circle,
        agencies=", ".join(missing),
    )


def _bad_fact(kind: str, why: str) -> Refusal:
    return refusal(
        "bad-fact",
        _("Nothing was written."),
        _("A fact of kind {kind} breaks a limit: {why}."),
        _("Shorten or correct the text and try again."),
        kind=kind,
        why=why,
    )


def _another_circle(circle: str, reference: envelope.Reference) -> Refusal:
    return refusal(
        WRONG_CIRCLE,
        _("Nothing was written."),
        _("An entry of the circle {circle} cannot refer to {place}: not every party could follow it."),
        _("Refer to entries of the same circle or of its main circle."),
        circle=circle,
        place=f"{reference.o} {reference.s}",
    )


def _unsigned(refs: Sequence[EntryRef]) -> Refusal:
    return refusal(
        "stored-unsigned",
        _("The entries are stored but not yet signed."),
        _("This node could not sign the head of their log."),
        _("Nothing needs to be entered again: the node signs them by itself within half a minute."),
        refs=[str(ref) for ref in refs],
    )
