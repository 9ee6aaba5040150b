"""The doors to what is guarded: bodies for readers and for peers, and refusals for acts. Deny by default."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accordant.accounts import audit
from accordant.accounts.roles import ROLES
from accordant.accounts.subjects import Subject
from accordant.entries import envelope, kinds
from accordant.entries.envelope import Header, Officer
from accordant.entries.errors import NotVisible, Refusal, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.ledger import sections
from accordant.ledger.models import Exclusion, Guarded, Label, MissingBody, NamedReader, TeamMember
from accordant.ledger.read import clauses, labels
from accordant.ledger.read import entries as positions
from accordant.seal import payloads


@dataclass(frozen=True)
class ForPeer:
    """A body as it may go to a peer: salt and plaintext, or why it does not go (0: nothing is due)."""

    salt: bytes = b""
    plaintext: bytes | None = None
    missing: int = 0


def may(officer: Officer, act: str, kind: str) -> list[Refusal]:
    """Refusals against writing a fact of `kind` in the acting office: empty when one of its roles writes it."""
    if any(ROLES[role].writes_kind(kind) for role in officer.roles if role in ROLES):
        return []
    return [
        refusal(
            "role",
            _("The act was not done: {act}."),
            _("No role of the acting office {office} writes entries of kind {kind}."),
            _("Choose another acting office, or ask an officer who holds such a role."),
            act=act,
            office=officer.office,
            kind=kind,
        )
    ]


def why(row: Guarded, subject: Subject, at: datetime) -> Sequence[clauses.Clause]:
    """The six clauses for a guarded row, in order, with the facts that made them true or false."""
    return clauses.why(subject, *_question(row, subject, at))


def may_read(row: Guarded, subject: Subject, at: datetime) -> bool:
    """Whether the officer may read what a guarded row shows."""
    return clauses.may_read(subject, *_question(row, subject, at))


def body(row: Guarded, *, subject: Subject, officer: Officer, at: datetime) -> dict[str, Any] | None:
    """The record of the body behind a guarded row, once the reading is recorded; None when it is not here or unfit.

    Raises `NotVisible` for whoever may not read it. The record is committed before anything is given.
    """
    if not may_read(row, subject, at):
        raise NotVisible([_not_found()])
    entry = positions.by_id(row.entry_id)
    if entry is None:
        raise NotVisible([_not_found()])
    with transaction.atomic():
        audit.record(
            at=at, who=officer.id, office=officer.office, act="read-body", thing=str(entry.ref), decision="allowed"
        )
    held = sections.bodies_of([row.entry_id]).get(row.entry_id)
    if held is None:
        return None
    try:
        record = envelope.decode_body(held[1])["d"]
    except envelope.BadBody:
        return None
    return record if isinstance(record, dict) and not _is_unfit(entry.header, record) else None


def _is_unfit(header: Header, record: dict[str, Any]) -> bool:
    """Whether the body alone breaks the shape of its kind: its entry is projected as if the body were not here."""
    try:
        kinds.understand(header, record)
    except kinds.NotUnderstood:
        try:
            kinds.understand(header, None)
        except kinds.NotUnderstood:
            return False  # the entry is held, and shown as it came
        return True
    return False


def for_peer(
    entries: Sequence[tuple[int, Header | envelope.Addressing]], peer: str, *, ceiling: int, author: bool = False
) -> dict[int, ForPeer]:
    """By local id, the bodies that may be sealed to a peer: addressed to it, marked at most `ceiling`, held here.

    `author`: the peer wrote these entries itself and asks for what it lost; every body is its own. Of a body that is
    not here, what its owner told us of it (1 erased), else 3: the peer asks the owner (wire paper 6).
    """
    wanted = [i for i, h in entries if h.b is not None and (author or not h.to or peer in h.to) and h.mk <= ceiling]
    held = sections.bodies_of(wanted)
    erased = _erased([i for i in wanted if i not in held])
    found: dict[int, ForPeer] = {}
    for entry_id, header in entries:
        if header.b is None or (header.to and peer not in header.to and not author):
            continue
        if header.mk > ceiling:
            found[entry_id] = ForPeer(missing=payloads.ABOVE_CEILING)
        elif entry_id in held:
            found[entry_id] = ForPeer(*held[entry_id])
        else:
            found[entry_id] = ForPeer(missing=payloads.ERASED if entry_id in erased else payloads.NOT_HELD)
    return found


def _erased(entry_ids: Sequence[int]) -> set[int]:
    """Which of these bodies their owner said to be erased."""
    found: set[int] = set()
    for start in range(0, len(entry_ids), 500):
        part = MissingBody.objects.filter(entry_id__in=entry_ids[start : start + 500], why=payloads.ERASED)
        found.update(part.values_list("entry_id", flat=True))
    return found


def _question(row: Guarded, subject: Subject, at: datetime) -> tuple[clauses.Thing, clauses.Facts]:
    instant = int(at.timestamp() * 1000)
    label = Label.objects.get(id=row.label_id)
    thing = labels.thing_of(label, labels.scopes_of(label.circle), reach=row.reach)
    standing = {"officer_id": subject.officer_id, "from_at__lte": instant, "to_at__gt": instant}
    excluded = Exclusion.objects.filter(**standing)
    facts = clauses.Facts(
        member=labels.is_member(subject.agency, label.circle, instant),
        in_team=row.activity_id is not None
        and TeamMember.objects.filter(**standing, activity_id=row.activity_id).exists(),
        named=NamedReader.objects.filter(**standing, entry_id=row.entry_id).exists(),
        excluded=excluded.filter(entry_id=row.entry_id).exists()
        or (row.activity_id is not None and excluded.filter(activity_id=row.activity_id).exists()),
    )
    return thing, facts


def _not_found() -> Refusal:
    return refusal(
        "not-found",
        _("Nothing is shown."),
        _("There is no such entry, or it is not for this office."),
        _("Check the address, or ask whoever gave it."),
    )
