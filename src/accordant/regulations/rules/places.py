"""In which circle a fact of regulations may stand.

Rules kept here (wire paper 1, 2): which cards are kept and which roots are trusted is an agency's own affair, written
in its private circle, whose only member it is: the same words in a circle that others share bind nobody; texts and
notices about bodies are for the other parties, so they stand in a shared circle and come from one of its parties.
Left to others: answers to a proposal (`circles`), confirming and signing a text that stands (`texts`, `signing`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from accordant.entries.errors import Refusal, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.regulations.rules.circles import PARTY

PRIVATE: Final = "private"


@dataclass(frozen=True)
class Place:
    """The circle an entry stands in: its sort and the role of each member; empty where no genesis is held."""

    circle: str
    sort: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)


def refusals_outside_private_circle(place: Place, *, author: str) -> list[Refusal]:
    """Empty when the place is the author's own private circle."""
    alone = place.sort == PRIVATE and set(place.roles) == {author}
    return [] if alone else [_wrong_circle(place, author)]


def refusals_outside_shared_circle(place: Place, *, author: str) -> list[Refusal]:
    """Empty when the place is a circle of several agencies and the author one of its parties."""
    shared = place.sort not in ("", PRIVATE) and place.roles.get(author) == PARTY
    return [] if shared else [_wrong_circle(place, author)]


def _wrong_circle(place: Place, author: str) -> Refusal:
    return refusal(
        "wrong-circle",
        _("Nothing was written."),
        _("{agency} may not write this fact in the circle {circle}."),
        _("Cards and roots stand in an agency's own circle, everything for other agencies in one shared with them."),
        agency=author,
        circle=place.circle,
    )
