"""Entries as figures see them: headers and header facts of some kinds, log by log, up to a cutoff. No bodies."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from django.db import connection

from accordant.entries import kinds
from accordant.entries.envelope import stored_header
from accordant.entries.indicators import Counted
from accordant.entries.manifest import Head
from accordant.ledger import sections, sql
from accordant.ledger.models import State
from accordant.ledger.storing import load_log

BLOCK: Final = 2000


def counted(cutoff: Sequence[Head], wanted: Iterable[str]) -> Iterator[Counted]:
    """The entries of these kinds below the cutoff's sizes, ordered by log and index; held ones are left out.

    So is what is not understood, whatever its author did: a foreign entry stops no figure. At a complete cutoff
    nothing of a known kind waits, so that equal checkpoints give equal entries.
    """
    names = sorted(set(wanted))
    for head in sorted(cutoff, key=lambda h: h.log):
        yield from _log(head, names)


def lacking(cutoff: Sequence[Head]) -> dict[str, int]:
    """By log, how many entries below the cutoff are not held here; logs that are complete are left out."""
    missing = {}
    for head in cutoff:
        log = load_log(connection, head.log)
        size = 0 if log is None else log.size
        if size < head.size:
            missing[head.log] = head.size - size
    return missing


def differing(cutoff: Sequence[Head]) -> list[str]:
    """The logs that are held here with another root at the cutoff's size."""
    found = []
    for head in cutoff:
        log = load_log(connection, head.log)
        if log is not None and log.size >= head.size > 0 and sections.root_at(log, head.size).hex() != head.root:
            found.append(head.log)
    return found


def cosigned(cutoff: Sequence[Head], agency: str) -> dict[str, int]:
    """By log, up to which size the agency's receipt is held here."""
    found = {}
    for head in cutoff:
        log = load_log(connection, head.log)
        if log is not None:
            found[head.log] = log.size if log.origin.startswith(f"{agency}/") else sections.cosigned_size(log, agency)
    return found


def _log(head: Head, names: Sequence[str]) -> Iterator[Counted]:
    places = ", ".join(["%s"] * len(names))
    statement = (
        'SELECT e."index", e."header", e."leaf", e."state" FROM "ledger_entry" e '  # noqa: S608  # places only
        'JOIN "ledger_log" l ON l."id" = e."log_id" JOIN "ledger_kind" k ON k."id" = e."kind_id" '
        f'WHERE l."origin" = %s AND e."index" >= %s AND e."index" < %s AND k."name" IN ({places}) ORDER BY e."index"'
    )
    for start in range(0, head.size, BLOCK):
        with sql.cursor(connection) as cursor:
            cursor.execute(statement, [head.log, start, min(start + BLOCK, head.size), *names])
            rows = cursor.fetchall()
        for _index, data, leaf, state in rows:
            if state == State.HELD:
                continue
            header = stored_header(bytes(data))
            try:
                _spec, record, _body = kinds.understand(header, None)
            except kinds.NotUnderstood:
                continue  # held by every node of this version, however it stands here
            yield Counted(header, record, bytes(leaf).hex(), state == State.IRREGULAR)
