"""Logs that a cutoff cuts short, because an entry in them rests on one of the circle that has not come."""

from dataclasses import dataclass

from accordant.domains.reviews.models.reviews import Cutoff
from accordant.domains.reviews.rules import Position
from accordant.ledger import sections
from accordant.ledger.models import Entry, Hold, State
from accordant.ledger.read import closure


@dataclass(frozen=True)
class Cut:
    """A log that counts up to `size` only: its entry `index` rests on the one at `missing`.

    `held`: that one is here, but lies above the size up to which its own log counts.
    """

    log: str
    size: int
    index: int
    missing: Position
    held: bool


def cuts_in(circle: str) -> list[Cut]:
    """The logs of a circle that a cutoff proposed now would cut short, as `closure.whole_heads` does, sorted."""
    logs = {log.origin: log for log in sections.logs_of(circle)}
    waiting = _waiting(circle)
    found: dict[str, Cut] = {}
    grown = True
    while grown:
        grown = False
        for (origin, index), (owner, place) in waiting:
            held = owner in logs and place < logs[owner].size
            counts = found[owner].size if owner in found else logs[owner].size if owner in logs else 0
            if place >= counts and (origin not in found or index < found[origin].index):
                size = closure.newest_head(logs[origin], index).size
                found[origin] = Cut(origin, size, index, (owner, place), held)
                grown = True
    return [found[origin] for origin in sorted(found)]


def cuts_of(circle: str, cutoff: Cutoff | None) -> list[Cut]:
    """Those that hold a cutoff where it stands; without one, those that would."""
    sizes = None if cutoff is None else {head.log: head.size for head in cutoff.sizes}
    return [cut for cut in cuts_in(circle) if sizes is None or sizes.get(cut.log) == cut.size]


def _waiting(circle: str) -> list[tuple[Position, Position]]:
    """The entries of the circle that wait, each with the positions of the circle that it waits for; sorted."""
    rows = Entry.objects.filter(log__circle=circle, state=State.HELD, code="waits")
    places = {pk: (origin, index) for pk, origin, index in rows.values_list("id", "log__origin", "index")}
    holds = Hold.objects.filter(origin__contains=f"/{circle}/")
    return sorted((places[hold.entry_id], (hold.origin, hold.index)) for hold in holds if hold.entry_id in places)
