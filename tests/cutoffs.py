"""Cutoffs that tests propose themselves, closed under references or not."""

from accordant.entries.manifest import Head
from accordant.ledger import sections


def heads_of(circle: str) -> list[Head]:
    """The newest signed checkpoint of each log of a circle that is complete here."""
    heads = []
    for log in sections.logs_of(circle):
        signed = sections.newest_checkpoint(log)
        if signed is not None:
            heads.append(Head(log=log.origin, size=signed.size, root=signed.root.hex()))
    return heads
