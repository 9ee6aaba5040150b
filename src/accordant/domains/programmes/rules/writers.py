"""Who may write facts of programmes.

Rules kept here (access paper A4, A5): the roles of the acting office decide our own acts; a foreign agency's roles are
not known here; whoever has the node's directory may import tables. Left to others: what a fact rests on (`opening`,
`recording`), who may read it (`ledger.read`).
"""

from collections.abc import Sequence
from typing import Final

from accordant.entries.envelope import Officer
from accordant.entries.errors import Refusal, refusal
from accordant.entries.kinds import gettext_noop as _

KEYBOARD: Final = "node-keyboard"
WRITERS: Final = frozenset(("liaison-officer", "planner"))


def refusals_to_write(by: Officer | None) -> Sequence[Refusal]:
    """Empty when the acting office may write facts of programmes; `by` None = a foreign act, not judged here."""
    if by is None or WRITERS & by.roles or (by.office == KEYBOARD and not by.id):
        return ()
    return [
        refusal(
            "programmes-office",
            _("Nothing was written."),
            _("The office {office} may not do this; it takes one of the roles: {roles}."),
            _("Act in an office that holds such a role, or ask its holder."),
            office=by.office,
            roles=", ".join(sorted(WRITERS)),
        )
    ]
