"""How far an entry of ours got at each party: the machine half of the receipt ladder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

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


def delivery(entry: entries.StoredEntry, parties: list[str]) -> Mapping[str, Delivery]:
    """By agency, how far the entry got."""
    header = entry.header
    receipts = entries.receipts(entry)
    found: dict[str, Delivery] = {}
    for agency in parties:
        observed = _OBSERVERS[0](header.log, header.seq, agency) if _OBSERVERS else Observed(None, "")
        receipt = receipts.get(agency)
        found[agency] = Delivery(
            agency,
            entry.stored_at,
            observed.sent_at,
            None if receipt is None else receipt.at,
            "" if receipt is not None else observed.reason,
        )
    return found
