"""Signs our logs' new heads after the commit: read back, recompute, floor, sign, store (wire paper 11.1, 6 to 8)."""

from collections.abc import Callable

from django.db import connection

from accordant.accounts import keys
from accordant.entries.errors import Refusal, Refused, Unavailable, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.ledger import sql, trees
from accordant.ledger.storing import LogRow, load_log
from accordant.tlog import merkle, proof

SIGNED: list[Callable[[str, int], None]] = []
"""Called with (origin, size) after a head is signed and stored: the composition root wakes the exchange with it."""


def sign_new_head(origin: str, *, ring: keys.Keyring, committed: LogRow | None = None) -> int:
    """Sign what is committed of our log and not yet signed; gives the signed size. Another process may do it first.

    `committed` is the log row just committed, if the caller has it; it is read again when it turns out to be old.
    """
    for attempt in range(4):
        log = committed if attempt == 0 and committed is not None else load_log(connection, origin)
        if log is None or log.size == log.signed_tree.size:
            return 0 if log is None else log.size
        # As a rule the floor is the head that was signed and stored last; only if it is not, it is read first.
        floor = keys.Head(log.signed_tree.size, log.signed_tree.root())
        if attempt:
            floor = ring.floor_of("head", origin)
        try:
            note, tree = _signed_note(log, floor, ring)
        except Refused:
            # Another process signed a later head between our reading and the key lock, or before a crash: look again.
            if attempt == 3 or ring.floor_of("head", origin) == floor:
                raise
            continue
        _store(log, tree, note)
        for wake in SIGNED:
            wake(origin, tree.size)
        return tree.size
    raise Unavailable([_busy(origin)])


def sign_stored(*, ring: keys.Keyring) -> list[str]:
    """Sign whatever is committed of our logs and not signed: after a crash nobody may write to a log any more.

    Gives the logs that were behind. A serving node does it at its start, after each change, and each half minute. Each
    log has its turn; the first failure is raised afterwards.
    """
    with sql.cursor(connection) as cursor:
        cursor.execute('SELECT "origin" FROM "ledger_log" WHERE "ours" AND "size" > "signed_size" ORDER BY "origin"')
        behind = [origin for (origin,) in cursor.fetchall()]
    failed: list[Exception] = []
    for origin in behind:
        try:
            sign_new_head(origin, ring=ring)
        except Exception as error:  # noqa: BLE001  # raised below: one log must not starve the others
            failed.append(error)
    if failed:
        raise failed[0]
    return behind


def _signed_note(log: LogRow, floor: keys.Head, ring: keys.Keyring) -> tuple[bytes, merkle.CompactRange]:
    stored = trees.StoredTree(connection, log.id)
    leaves = stored.leaves(log.signed_tree.size, log.size)
    tree, consistency = trees.growth(log.signed_tree, leaves)
    if tree.size != log.size or tree != log.tree:
        raise Unavailable([_damaged(log.origin)])
    root = tree.root()
    if floor.size != log.signed_tree.size and 0 < floor.size <= tree.size:
        # Signed before a crash, or by another process that has not stored it yet: prove growth from there instead.
        consistency = proof.make_consistency(floor.size, tree.size, stored.source())
    note = ring.sign_head(log.origin, keys.Head(tree.size, root), floor=floor, consistency=consistency)
    return note, tree


def _store(log: LogRow, tree: merkle.CompactRange, note: bytes) -> None:
    # After a power cut the same bytes are signed again: entries and floor are flushed, and Ed25519 knows no chance.
    with sql.may_be_lost(), sql.cursor(connection) as cursor:
        cursor.execute(
            'UPDATE "ledger_log" SET "signed_size" = %s, "signed_tree" = %s WHERE "id" = %s AND "signed_size" < %s',
            [tree.size, tree.to_bytes(), log.id, tree.size],
        )
        cursor.execute(
            'INSERT INTO "ledger_checkpoint" ("log_id", "size", "note") VALUES (%s, %s, %s) '
            'ON CONFLICT ("log_id", "size") DO NOTHING',
            [log.id, tree.size, note],
        )


def _busy(origin: str) -> Refusal:
    return refusal(
        "signing-busy",
        _("The entries are stored but not yet signed."),
        _("Other processes of this node keep signing the log {origin}."),
        _("Nothing needs to be entered again: the node signs them by itself within half a minute."),
        origin=origin,
    )


def _damaged(origin: str) -> Refusal:
    return refusal(
        "log-damaged",
        _("The log {origin} was not signed."),
        _("Its entries as read back do not give the root that was just computed."),
        _("Stop the node and run accordant verify."),
        origin=origin,
    )
