"""Who may write which fact of regulations.

Rules kept here (access paper A4, A5): the roles of the acting office decide our own acts; a foreign agency's roles are
not known here, so its facts are not judged by them; what the node writes by itself is named one by one. Left to others:
the roles themselves (`accounts.roles`), what the fact rests on (the other modules), who may read it (`ledger.read`).
"""

from collections.abc import Sequence
from typing import Final

from accordant.accounts.roles import ROLES
from accordant.entries.envelope import Officer
from accordant.entries.errors import Refusal, refusal
from accordant.entries.kinds import gettext_noop as _

NODE: Final = "node"
AUTOMATIC: Final = frozenset(
    ("regulations.circle-opened", "regulations.card-accepted", "regulations.body-missed", "regulations.body-garbled")
)


def refusals_to_write(kind: str, by: Officer | None) -> Sequence[Refusal]:
    """Empty when the acting office may write facts of this kind; `by` None = a foreign act, not judged here.

    Access paper A4, WRITE, clause 4 with writes(role) of the acting office.
    """
    if by is None or (is_node(by) and kind in AUTOMATIC):
        return []
    if any(ROLES[role].writes_kind(kind) for role in by.roles & ROLES.keys()):
        return []
    writers = sorted(role.code for role in ROLES.values() if role.writes_kind(kind))
    return [
        refusal(
            "regulations-office",
            _("Nothing was written."),
            _("The office {office} may not do this; it takes one of the roles: {roles}."),
            _("Act in an office that holds such a role, or ask its holder."),
            office=by.office,
            roles=", ".join(writers) or NODE,
        )
    ]


def is_node(by: Officer) -> bool:
    """Whether the node itself acts, nobody having signed in."""
    return by.office == NODE and not by.id
