"""Our receipts: called once everything a section brought is durable (wire paper 11.2, step 9)."""

from collections.abc import Iterable

from accordant.accounts import keys
from accordant.ledger import replica


def cosign_logs(origins: Iterable[str], *, now: int) -> list[str]:
    """Cosign what is complete of these logs at an instant (milliseconds); gives the logs that got a new line."""
    ring = keys.keyring()
    return [
        origin
        for origin in sorted(set(origins))
        if replica.cosign(origin, ring=ring, now_seconds=now // 1000, stored_at=now)
    ]
