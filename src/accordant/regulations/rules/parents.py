"""The main circle that a circle names as its `parent`.

Rules kept here (wire paper 2): a smaller circle names a main circle; whoever opens or joins a circle with a parent has
joined that main circle, has not closed it and finds all parties in it, because entries of the one refer to entries of
the other and every party has to follow them. A party that does not hold the parent has nothing to judge this by, so
that a foreign genesis is not irregular for it: it stays a proposal that cannot be joined here.
Left to others: the rest of opening and joining (`circles`), which references are allowed (`ledger.projector`).
"""

from collections.abc import Collection, Sequence
from typing import Final

from accordant.entries.errors import Refusal, refusal
from accordant.entries.kinds import gettext_noop as _

SMALLER: Final = "smaller"


def refusals_to_share_parent(
    message: str, *, sort: str, parent: str, parties: Collection[str], known: Sequence[str]
) -> list[Refusal]:
    """Empty when all parties share the main circle named; `message` says what was not done.

    `known` are the parties of the circle `parent`, empty unless it is a main circle that is open to this agency.
    """
    if not parent:
        return [_no_parent(message)] if sort == SMALLER else []
    if not known:
        return [_not_held(message, parent)]
    strangers = sorted(set(parties) - set(known))
    return [_strangers(message, parent, strangers)] if strangers else []


def _no_parent(message: str) -> Refusal:
    return refusal(
        "circle-parent",
        message,
        _("A smaller circle names a main circle that all its agencies share."),
        _("Choose the main circle, or agencies that are parties of it."),
    )


def _not_held(message: str, parent: str) -> Refusal:
    return refusal(
        "circle-parent-unknown",
        message,
        _("The main circle {parent} that it names is none in which this agency takes part."),
        _("Join that main circle first; where it does not exist or is closed, ask for a circle under another one."),
        parent=parent,
    )


def _strangers(message: str, parent: str, agencies: Sequence[str]) -> Refusal:
    return refusal(
        "circle-parent-parties",
        message,
        _("These are no parties of the main circle {parent}: {agencies}."),
        _("Choose agencies that are parties of the main circle, or open another main circle with them."),
        parent=parent,
        agencies=", ".join(agencies),
    )
