"""What we ask a peer for beyond its own logs: a silent party's entries, and bodies that we wait for (wire paper 6).

Rules kept here: a log is asked of another member only while its owner does not answer for a minute and that member
says that it holds more; bodies that came without their headers' owner are asked of the owner first of all. Nothing of
a third party's log is taken that we would not ask for now, so that nobody can put himself before its owner. Whoever
hands a log on may withhold, never alter: keys, leaves, roots and commitments are the owner's (`ledger.replica`).
"""

from collections.abc import Mapping
from typing import Final

from accordant.entries import limits, names
from accordant.entries.manifest import Want
from accordant.exchange import observing, partners
from accordant.ledger import late

SILENT_MILLISECONDS: Final = 60_000
LOGS: Final = 64


def wants(peer: str, *, us: str, now: int) -> tuple[Want, ...]:
    """What to ask the peer for at an instant (milliseconds), ordered by log."""
    held = {standing.log.origin: standing.log.size for standing in observing.standings(peer, us)}
    waiting = late.waiting()
    talks = observing.talks()
    found = []
    for origin, said in sorted({**dict.fromkeys(waiting, 0), **observing.said_sizes(peer)}.items()):
        owner = _owner(origin, peer, us)
        runs = tuple(waiting.get(origin, ())[: limits.WANT_RUNS])
        size = held.get(origin, 0)
        lacks = bool(runs) or (owner != peer and said > size)
        if owner is not None and lacks and (owner == peer or _is_silent(talks, owner, now)):
            found.append(Want(log=origin, start=size, bodies=runs))
    return tuple(found[:LOGS])


def takes(origin: names.Origin, *, now: int) -> bool:
    """Whether a log may be taken from another member than its owner at an instant (milliseconds)."""
    return _is_silent(observing.talks(), origin.agency, now)


def _owner(origin: str, peer: str, us: str) -> str | None:
    """The party whose log it is, in a circle that the peer is in with us; None for ours and for what is none."""
    if not partners.is_log(origin):
        return None
    agency, circle, _number = origin.split("/")
    return agency if agency != us and partners.is_shared(circle, peer, us) else None


def _is_silent(talks: Mapping[str, observing.Talk], owner: str, now: int) -> bool:
    """Whether the last try to reach the owner failed and nothing was heard of it for a minute."""
    talk = talks.get(owner)
    return talk is not None and not talk.stopped and talk.tries > 0 and now - talk.contact_at >= SILENT_MILLISECONDS
