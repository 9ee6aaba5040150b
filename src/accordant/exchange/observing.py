"""What this node keeps of its peers' nodes from one talk to the next: its own rows, written in few statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection

from accordant.entries.manifest import Head
from accordant.exchange import partners
from accordant.ledger import sections, sql
from accordant.ledger.storing import LogRow

_HAVE: Final = (
    'INSERT INTO "exchange_peerlog" ("agency", "origin", "have", "told", "refused", "tries", "next_try_at") '
    "VALUES (%s, %s, %s, 0, '', 0, 0) "
    'ON CONFLICT ("agency", "origin") DO UPDATE SET "have" = excluded."have"'
)
_TOLD: Final = (
    'INSERT INTO "exchange_peerlog" ("agency", "origin", "have", "told", "refused", "tries", "next_try_at") '
    "VALUES (%s, %s, 0, %s, '', 0, 0) "
    'ON CONFLICT ("agency", "origin") DO UPDATE SET "told" = excluded."told" '
    'WHERE "exchange_peerlog"."told" < excluded."told"'
)
_REFUSED: Final = (
    'INSERT INTO "exchange_peerlog" ("agency", "origin", "have", "told", "refused", "tries", "next_try_at") '
    "VALUES (%s, %s, 0, 0, %s, %s, %s) "
    'ON CONFLICT ("agency", "origin") DO UPDATE SET "refused" = excluded."refused", "tries" = excluded."tries", '
    '"next_try_at" = excluded."next_try_at"'
)
_SAID: Final = 'SELECT "origin", "have", "told", "tries", "next_try_at" FROM "exchange_peerlog" WHERE "agency" = %s'
_CONTACT: Final = (
    'INSERT INTO "exchange_peer" ("agency", "stopped", "contact_at", "tried_at", "tries", "next_try_at", "code", '
    '"reason", "skew") VALUES (%s, %s, %s, 0, 0, 0, %s, %s, 0) '
    'ON CONFLICT ("agency") DO UPDATE SET "contact_at" = excluded."contact_at", "tries" = 0, "next_try_at" = 0, '
    "\"code\" = '', \"reason\" = ''"
)
_SENT: Final = (
    'INSERT INTO "exchange_sent" ("agency", "origin", "size", "at") VALUES (%s, %s, %s, %s) '
    'ON CONFLICT ("agency", "origin", "size") DO NOTHING'
)
_NONCE: Final = (
    'INSERT INTO "exchange_nonce" ("agency", "nonce", "at") VALUES (%s, %s, %s) '
    'ON CONFLICT ("agency", "nonce") DO NOTHING'
)
_PEERS: Final = (
    'SELECT "agency", "stopped", "contact_at", "tries", "next_try_at", EXISTS(SELECT 1 FROM "exchange_peerlog" l '
    'WHERE l."agency" = p."agency" AND l."tries" > 0) FROM "exchange_peer" p'
)


@dataclass(frozen=True, slots=True)
class Talk:
    """How the talk with one peer stands: what `models.Peer` says of it, and whether it refuses a log of ours."""

    stopped: bool
    contact_at: int
    tries: int
    next_try_at: int
    refuses: bool


@dataclass(frozen=True)
class Standing:
    """One log and one peer: our row of it, what the peer cosigned, said it holds, and which receipt it was told.

    `tries` counts its refusals of this log in a row; until `next_try_at` nothing of it is sent.
    """

    log: LogRow
    cosigned: int
    have: int
    told: int
    tries: int = 0
    next_try_at: int = 0

    def lags(self, peer: str, now: int) -> bool:
        """Whether the peer lacks entries of this log of ours, or our receipt of this log of its own."""
        signed = self.log.signed_tree.size
        if self.log.ours:
            return signed > self.cosigned and now >= self.next_try_at
        return signed > self.told and self.log.origin.startswith(f"{peer}/")


def talks() -> dict[str, Talk]:
    """By agency, how the talk with it stands."""
    with sql.cursor(connection) as cursor:
        cursor.execute(_PEERS)
        return {agency: _talk(rest) for agency, *rest in cursor.fetchall()}


def talk_with(peer: str) -> Talk | None:
    """How the talk with one peer stands; None before the first."""
    with sql.cursor(connection) as cursor:
        cursor.execute(f'{_PEERS} WHERE p."agency" = %s', [peer])
        return next((_talk(rest) for _agency, *rest in cursor.fetchall()), None)


def _talk(row: Sequence[int]) -> Talk:
    stopped, contact_at, tries, next_try_at, refuses = row
    return Talk(bool(stopped), contact_at, tries, next_try_at, bool(refuses))


def standings(peer: str, us: str) -> list[Standing]:
    """How the logs of the circles shared with the peer stand towards it, ordered by circle and origin."""
    circles = partners.circles_with(peer, us)
    if not circles:
        return []
    said = _said(peer)
    return [
        Standing(log, cosigned, *said.get(log.origin, (0, 0))) for log, cosigned in sections.logs_towards(peer, circles)
    ]


def said_sizes(peer: str) -> dict[str, int]:
    """By log, the size that the peer said it holds."""
    return {origin: rest[0] for origin, rest in _said(peer).items()}


def _said(peer: str) -> Mapping[str, tuple[int, ...]]:
    """By log, what the peer said it holds, which of our receipts it was told, its refusals, when it is tried again."""
    with sql.cursor(connection) as cursor:
        cursor.execute(_SAID, [peer])
        return {origin: tuple(rest) for origin, *rest in cursor.fetchall()}


def remember_heads(peer: str, heads: Sequence[Head]) -> None:
    """Keep what the peer says it holds, of logs that there are: it may name any number of others."""
    known = _said(peer)
    fresh = [
        (peer, head.log, head.size)
        for head in heads
        if known.get(head.log, (-1,))[0] != head.size and partners.is_log(head.log)
    ]
    if fresh:
        with sql.cursor(connection) as cursor:
            cursor.executemany(_HAVE, fresh)


def remember_told(peer: str, receipts: Iterable[tuple[str, int]]) -> None:
    """Keep which of our receipts (log, size) the peer was told."""
    rows = [(peer, origin, size) for origin, size in receipts]
    if rows:
        with sql.cursor(connection) as cursor:
            cursor.executemany(_TOLD, rows)


def remember_refused(peer: str, logs: Iterable[tuple[str, str, int, int]]) -> None:
    """Keep why the peer refused logs, how often in a row, when they are tried again; an empty code: taken."""
    rows = [(peer, *log) for log in logs]
    if rows:
        with sql.cursor(connection) as cursor:
            cursor.executemany(_REFUSED, rows)


def remember_sent(peer: str, marks: Iterable[tuple[str, int]], now: int) -> None:
    """Keep that logs were handed to the peer's node up to sizes, at an instant (milliseconds)."""
    rows = [(peer, origin, size, now) for origin, size in marks]
    if rows:
        with sql.cursor(connection) as cursor:
            cursor.executemany(_SENT, rows)


def remember_contact(peer: str, now: int) -> None:
    """The peer spoke to us or answered: whatever waited for it may be tried at once."""
    with sql.cursor(connection) as cursor:
        cursor.execute(_CONTACT, [peer, False, now, "", ""])


def use_nonce(peer: str, nonce: str, now: int, oldest: int) -> bool:
    """Take a request's nonce; False when it was taken before. Those older than `oldest` are forgotten."""
    with sql.cursor(connection) as cursor:
        cursor.execute('DELETE FROM "exchange_nonce" WHERE "at" < %s', [oldest])
        cursor.execute(_NONCE, [peer, nonce, now])
        return bool(cursor.rowcount == 1)
