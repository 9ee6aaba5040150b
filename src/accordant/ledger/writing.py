"""The right to write (access paper A4, clause 4): the last question before a fact of ours is stored, for every domain.

Rules kept here: one role of the acting office writes the kind, and is held in a scope that covers the circle: itself,
its main circle, its regulation, or `private`. A circle that is not held yet has no scope, so whoever may open, join or
decline circles does so. Left to others: the trade's own rules (`refusals_to_…` of each domain).
"""

from typing import Final

from accordant.accounts.roles import ROLES
from accordant.entries.envelope import Officer
from accordant.entries.errors import Refusal, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.ledger import founding
from accordant.ledger.founding import PRIVATE

OPENING: Final = "regulations.circle-"


def refusals_to_append(by: Officer, kind: str, circle: str) -> list[Refusal]:
    """Empty when the acting office may write facts of `kind` in the circle; the node's own acts are not asked."""
    if by.grants is None:
        return []
    held = {scope for role, scope in by.grants if role in ROLES and ROLES[role].writes_kind(kind)}
    covering = scopes_of(circle)
    if held & covering or (held and not covering and kind.startswith(OPENING)):
        return []
    return [
        refusal(
            "role-scope",
            _("Nothing was written."),
            _("The office {office} holds no role that writes entries of kind {kind} in the circle {circle}."),
            _("Choose another acting office, or ask the security administrator for the role in this regulation."),
            office=by.office,
            kind=kind,
            circle=circle,
        )
    ]


def scopes_of(circle: str) -> frozenset[str]:
    """The scopes of roles that cover a circle; none while the circle is not held here."""
    held = founding.of(circle)
    if held is None:
        return frozenset()
    scopes = (circle, PRIVATE) if held.sort == PRIVATE else (circle, held.parent, held.regulation)
    return frozenset(filter(None, scopes))
