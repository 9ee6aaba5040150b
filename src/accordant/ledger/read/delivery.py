"""How far an entry of ours got at each party: the machine half of the receipt ladder."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.db import connection

from accordant.ledger import sql
from accordant.ledger.read import entries


@dataclass(frozen=True)
class Observed:
    """What the exchange observed of one log at one peer: when it was handed over (ms), and why it is stuck."""

    sent_at: int | None
    reason: str


@dataclass(frozen=True)
class Delivery:
    """One party: signed at and sent at (ms, ours), received at (s, its own time, proved), the reason if stuck."""

    agency: str
    signed_at: int
    sent_at: int | None
    received_at: int | None
    reason: str


Observer = Callable[[str, int, str], Observed]
_OBSERVERS: list[Observer] = []


def observe_with(observer: Observer) -> None:
    """The composition root hands in the exchange's observation: (origin, index, agency) to what was observed."""
    _OBSERVERS[:] = [observer]


def observed(origin: str, index: int, agency: str) -> Observed:
    """What the exchange observed of the log up to an entry at one agency; nothing where no exchange runs."""
    return _OBSERVERS[0](origin, index, agency) if _OBSERVERS else Observed(None, "")


def cosigned(origins: Collection[str], agencies: Collection[str]) -> Mapping[tuple[str, str], int]:
    """By log and agency, up to which size its cosignatures held here reach; pairs without one are left out."""
    if not origins or not agencies:
        return {}
    logs = ", ".join(["%s"] * len(origins))
    parties = ", ".join(["(%s)"] * len(agencies))
    with sql.cursor(connection) as cursor:
        cursor.execute(
            'SELECT l."origin", p."column1", (SELECT MAX(c."size") FROM "ledger_cosignature" c '  # noqa: S608  # places only
            'WHERE c."log_id" = l."id" AND c."agency" = p."column1") '
            f'FROM "ledger_log" l CROSS JOIN (VALUES {parties}) p WHERE l."origin" IN ({logs})',
            [*agencies, *origins],
        )
        return {(origin, agency): int(size) for origin, agency, size in cursor.fetchall() if size is not None}


def delivery(entry: entries.StoredEntry, parties: list[str]) -> Mapping[str, Delivery]:
    """By agency, how far the entry got."""
    header = entry.header
    receipts = entries.receipts(entry)
    found: dict[str, Delivery] = {}
    for agency in parties:
        seen = observed(header.log, header.seq, agency)
        receipt = receipts.get(agency)
        found[agency] = Delivery(
            agency,
            entry.stored_at,
            seen.sent_at,
            None if receipt is None else receipt.at,
            "" if receipt is not None else seen.reason,
        )
    return found
