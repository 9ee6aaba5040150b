"""Our cosignatures: receipts once everything a section brought is durable (wire paper 11.2, step 9), and as witness."""

from collections.abc import Iterable, Sequence

from django.db import connection, transaction

from accordant.accounts import keys
from accordant.entries.errors import Refused
from accordant.ledger import replica, sections, sql
from accordant.ledger.storing import load_log
from accordant.tlog import checkpoint, note, witness

_WITNESSED = (
    'INSERT INTO "exchange_witnessed" ("origin", "size", "note") VALUES (%s, %s, %s) '
    'ON CONFLICT ("origin") DO UPDATE SET "size" = excluded."size", "note" = excluded."note" '
    'WHERE "exchange_witnessed"."size" <= excluded."size"'
)


def cosign_logs(origins: Iterable[str], *, now: int) -> list[str]:
    """Cosign what is complete of these logs at an instant (milliseconds); gives the logs that got a new line."""
    ring = keys.keyring()
    return [
        origin
        for origin in sorted(set(origins))
        if replica.cosign(origin, ring=ring, now_seconds=now // 1000, stored_at=now)
    ]


def witness_checkpoint(
    submission: witness.Submission, log_keys: Sequence[note.VerifierKey], *, now: int
) -> note.NoteSignature:
    """Our witness's line over a submitted checkpoint, which is kept, at an instant (milliseconds).

    Raises `witness.NotCosigned`. What our witness cosigned last is the floor of its key: it is compared and moved in
    one step under the key's lock, also when another process or a crash came between.
    """
    ring = keys.keyring()
    new = submission.checkpoint
    floor = ring.floor_of("witnessed", new.origin)
    witness.judge(submission, log_keys, checkpoint.Checkpoint(new.origin, floor.size, floor.root))
    _compare_with_entries(new)
    head = keys.Head(new.size, new.root)
    try:
        line = ring.witness_head(new.origin, head, floor=floor, consistency=submission.hashes, seconds=now // 1000)
    except Refused as error:
        raise witness.NotCosigned(409, str(error), ring.floor_of("witnessed", new.origin).size) from error
    own = tuple(held for held in submission.signed.signatures if held.name == new.origin)
    kept = note.Note(submission.signed.text, (*own, line))
    with transaction.atomic(), sql.cursor(connection) as cursor:
        cursor.execute(_WITNESSED, [new.origin, new.size, kept.to_bytes()])
    return line


def _compare_with_entries(new: checkpoint.Checkpoint) -> None:
    """What we hold of the log itself must not contradict the checkpoint."""
    log = load_log(connection, new.origin)
    if log is not None and 0 < new.size <= log.size and sections.root_at(log, new.size) != new.root:
        raise witness.NotCosigned(422, "the entries held here give another root")
