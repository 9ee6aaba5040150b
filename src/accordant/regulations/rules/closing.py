"""Closing a circle.

Rules kept here (wire paper 2, Close): each party closes its own log once and names the heads of all logs of the circle
that it holds; behind that entry nothing of it counts (`ledger.projector`) and our own node writes nothing
(`ledger.append`); the circle is closed when every party that did not decline has closed; a private circle never is.
A closing refers to nothing, so that it waits for nothing, and is judged by its header and the genesis: all parties come
to the same, in whatever order logs arrive. What only its body shows, the heads, is told beside it (`heads_fault`).
Left to others: who may act (`writers`).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from accordant.entries import names
from accordant.entries.envelope import Officer
from accordant.entries.errors import Refusal, refusal
from accordant.entries.heads import heads_digest
from accordant.entries.kinds import gettext_noop as _
from accordant.regulations.entries import LastHead
from accordant.regulations.rules.circles import DECLINED, JOINED
from accordant.regulations.rules.places import Place, refusals_outside_shared_circle
from accordant.regulations.rules.writers import refusals_to_write

ABSENT: Final = "absent"
UNLIKE: Final = "unlike"
_DIGEST: Final = re.compile("[0-9a-f]{64}")
NOT_CLOSED: Final = _("The circle was not closed.")


def refusals_to_close_circle(
    place: Place,
    *,
    author: str,
    index: int,
    digest: str,
    whole: bool,
    by: Officer | None = None,
    state: str = JOINED,
) -> list[Refusal]:
    """Empty when this party may close its log with the entry at this index.

    `whole`: the header promises its content to all parties and refers to nothing. `state`, its answer to the proposal,
    is known for our own act alone.
    """
    refusals = [
        *refusals_to_write("regulations.circle-closed", by),
        *refusals_outside_shared_circle(place, author=author),
    ]
    if index < 1 or state != JOINED:
        refusals.append(_not_joined(author))
    if not whole or _DIGEST.fullmatch(digest) is None:
        refusals.append(_bad_heads())
    return refusals


def heads_fault(heads: Sequence[LastHead] | None, *, digest: str, circle: str) -> str:
    """What the body of a closing lacks: `absent`, `unlike` its digest or the circle's logs, or empty."""
    if heads is None:
        return ABSENT
    ours = all(head.size >= 0 and names.is_log_of(head.log, circle=circle) for head in heads)
    return "" if ours and heads_digest(heads) == digest else UNLIKE


def still_open(states: Mapping[str, str], closed: Collection[str]) -> list[str]:
    """The parties that have neither declined nor closed the circle, sorted: without any it is closed."""
    return sorted(agency for agency, state in states.items() if state != DECLINED and agency not in closed)


def _not_joined(agency: str) -> Refusal:
    return refusal(
        "closing-not-joined",
        NOT_CLOSED,
        _("{agency} has no part in this circle yet."),
        _("Nothing needs to be done: who has not joined writes nothing here; a proposal is declined instead."),
        agency=agency,
    )


def _bad_heads() -> Refusal:
    return refusal(
        "closing-heads",
        NOT_CLOSED,
        _("It does not name the sizes held here for all parties, and nothing else."),
        _("Open the page again and close the circle from there."),
    )
