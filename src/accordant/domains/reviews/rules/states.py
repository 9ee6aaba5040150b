"""How far each party of a review has come, from what is known here.

Rules kept here: a party that agreed holds everything up to the cutoff; one that did not is incomplete, and what it
lacks is named log by log, as far as its receipts reach; all parties agree once each stated the same digest (domain
paper 7). Left to others: receipts held here (`ledger.read.fold`), why something does not arrive (`pages.frame`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from accordant.domains.reviews.entries import CutoffHead

NO_CUTOFF: Final = "no-cutoff"
INCOMPLETE: Final = "incomplete"
AGREED: Final = "agreed"
STATED: Final = "stated"
UNSOUND: Final = "unsound"

OPEN: Final = "open"
WAITING: Final = "waiting"
EQUAL: Final = "equal"
DIFFERENT: Final = "different"


@dataclass(frozen=True)
class Lack:
    """Entries of one log that a party has not confirmed to hold: positions [start, stop)."""

    log: str
    start: int
    stop: int

    @property
    def count(self) -> int:
        """How many."""
        return self.stop - self.start

    @property
    def agency(self) -> str:
        """Whose log it is."""
        return self.log.partition("/")[0]


def lacks(heads: Sequence[CutoffHead], reached: Mapping[str, int]) -> list[Lack]:
    """What lies between the sizes that a party's receipts reach and the cutoff, by log."""
    return [
        Lack(head.log, reached.get(head.log, 0), head.size) for head in heads if reached.get(head.log, 0) < head.size
    ]


def party_state(*, cutoff: bool, agreed: bool, stated: bool, sound: bool = True) -> str:
    """Where one party stands; not `sound`: the figures it stated give another digest than it stated."""
    if not cutoff:
        return NO_CUTOFF
    if stated and not sound:
        return UNSOUND
    if stated:
        return STATED
    return AGREED if agreed else INCOMPLETE


def review_state(
    *, cutoff: bool, parties: Sequence[str], digests: Mapping[str, str], unsound: Collection[str] = ()
) -> str:
    """Where the review stands: open, waiting for statements, all equal, or different. `digests` by agency."""
    if not cutoff:
        return OPEN
    if len(set(digests.values())) > 1 or unsound:
        return DIFFERENT
    return EQUAL if set(parties) <= digests.keys() else WAITING
