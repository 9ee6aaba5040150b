"""Heads: what both sides hold, asked every minute, so that a gap is known though nobody speaks (wire paper 8).

The answer is a parcel without sections: newer cards, the newest heads of the shared circles' logs, what is held here,
what we want of the asker.
"""

import os
from collections.abc import Iterable
from typing import Final

from accordant.entries import limits, manifest, names
from accordant.exchange import cards, observing, partners, push, wanting
from accordant.ledger import sections

LEAST_BYTES: Final = 16 * 1024  # so that its length tells nothing of how many circles are shared


def build(peer: str, *, now: int) -> bytes:
    """The sealed answer for a peer at an instant (milliseconds); raises `LookupError` when it is not confirmed here."""
    us = push.our_agency()
    card = partners.confirmed_card(peer)
    if card is None:
        raise LookupError(peer)
    logs = [standing.log for standing in observing.standings(peer, us)]
    circles = partners.circles_with(peer, us)
    statement = manifest.Manifest(
        v=1,
        id=os.urandom(16).hex(),
        sender=us,
        to=(peer,),
        circles=tuple(circles),
        cipher="age",
        at=now,
        have=tuple([sections.head(log) for log in logs][: limits.PARCEL_HAVE]),
        want=wanting.wants(peer, us=us, now=now),
    )
    return push.seal(
        statement,
        card.card.recipient,
        cards=cards.newer_than_founding(circles, us),
        cosigned=[
            note for log in logs for note in sections.newest_heads(log, us, for_owner=log.origin.startswith(f"{peer}/"))
        ],
        least=LEAST_BYTES,
    )


def larger(peer: str, have: Iterable[manifest.Head]) -> bool:
    """Whether the peer holds more of its own logs than we do, those of circles that we do not know yet among them."""
    held = {standing.log.origin: standing.log.size for standing in observing.standings(peer, push.our_agency())}
    return any(names.is_log_of(head.log, agency=peer) and head.size > held.get(head.log, 0) for head in have)
