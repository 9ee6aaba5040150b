"""Who may read which entry here: the ledger's filters over the guarded rows, the clauses where an entry has none.

An entry is read when every guarded row that shows it is readable: a row of another label never lowers a marking. An
entry without rows (held, of an unknown kind) is judged by its header.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from accordant.accounts.subjects import Subject
from accordant.entries.envelope import Header
from accordant.ledger import read
from accordant.ledger.models import Guarded
from accordant.ledger.read import clauses, labels
from accordant.ledger.read.entries import StoredEntry


def guarded_models(kind: str) -> list[type[Guarded]]:
    """The guarded tables of the domain that owns a kind."""
    domain = kind.partition(".")[0]
    if domain not in apps.app_configs:
        return []
    return [model for model in apps.get_app_config(domain).get_models() if issubclass(model, Guarded)]


def guarded_row(entry: StoredEntry) -> Guarded | None:
    """The row that shows an entry: what the ledger's door to bodies asks for."""
    for model in guarded_models(entry.header.kind):
        found: Guarded | None = _rows(model).filter(entry_id=entry.entry_id).first()
        if found is not None:
            return found
    return None


def readable(entries: Sequence[StoredEntry], subject: Subject, at: datetime) -> set[int]:
    """The local ids of those entries that the officer may read at the instant."""
    shown, hidden = _by_rows(entries, subject, at)
    circles: dict[str, tuple[frozenset[str], bool]] = {}
    by_rows = shown | hidden
    for entry in entries:
        if entry.entry_id not in by_rows and clauses.may_read(subject, *_question(entry.header, subject, at, circles)):
            shown.add(entry.entry_id)
    return shown - hidden


def seen(entry: StoredEntry, subject: Subject, at: datetime) -> bool:
    """Whether the officer may see that the entry exists: position, kind, time, parties, marking, no words."""
    row = guarded_row(entry)
    if row is not None:
        rows = read.visible_with_stubs(_rows(type(row)).filter(entry_id=entry.entry_id), subject, at)
        return rows.exists()
    return clauses.may_see(subject, *_question(entry.header, subject, at, {}))


def _rows(model: type[Guarded]) -> "QuerySet[Any]":
    return QuerySet(model)


def _by_rows(entries: Sequence[StoredEntry], subject: Subject, at: datetime) -> tuple[set[int], set[int]]:
    """Which entries a readable row shows, and which a row that is not readable shows."""
    by_kind: dict[str, list[int]] = {}
    for entry in entries:
        by_kind.setdefault(entry.header.kind.partition(".")[0], []).append(entry.entry_id)
    shown: set[int] = set()
    hidden: set[int] = set()
    for domain, ids in by_kind.items():
        for model in guarded_models(domain):
            rows = _rows(model).filter(entry_id__in=ids)
            held = set(rows.values_list("entry_id", flat=True))
            if held:
                open_to_us = set(read.visible(rows, subject, at).values_list("entry_id", flat=True))
                shown |= open_to_us
                hidden |= held - open_to_us
    return shown, hidden


def _question(
    header: Header, subject: Subject, at: datetime, circles: dict[str, tuple[frozenset[str], bool]]
) -> tuple[clauses.Thing, clauses.Facts]:
    """The header as the clauses read it; `circles` remembers scopes and membership."""
    if header.circle not in circles:
        member = labels.is_member(subject.agency, header.circle, int(at.timestamp() * 1000))
        circles[header.circle] = labels.scopes_of(header.circle), member
    scopes, member = circles[header.circle]
    thing = clauses.Thing(header.circle, scopes, header.agency, header.to, header.kind, header.mk)
    return thing, clauses.Facts(member=member)
