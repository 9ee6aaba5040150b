"""Who may write which fact of information.

Rules kept here (access paper A4, A5): the roles of the acting office decide our own acts; a foreign agency's roles are
not known here, so its facts are not judged by them; a first reading is written by the node alone; whoever has the
node's directory may import tables. Left to others: what the fact rests on (`items`, `steps`), who may read
it (`ledger.read`).
"""

from collections.abc import Mapping, Sequence
from typing import Final

from accordant.entries.envelope import Officer
from accordant.entries.errors import Refusal, refusal
from accordant.entries.kinds import gettext_noop as _

NODE: Final = "node"
KEYBOARD: Final = "node-keyboard"
TAKERS: Final = frozenset(("liaison-officer", "commander", "duty-officer"))
WRITERS: Final[Mapping[str, frozenset[str]]] = {
    "information.item-sent": frozenset(("liaison-officer",)),
    "information.item-acknowledged": TAKERS,
    "information.item-returned": TAKERS,
    "information.item-opened": frozenset(),
}


def refusals_to_write(kind: str, by: Officer | None) -> Sequence[Refusal]:
    """Empty when the acting office may write facts of this kind; `by` None = a foreign act, not judged here."""
    if by is None or WRITERS[kind] & by.roles:
        return ()
    if not by.id and by.office == (KEYBOARD if WRITERS[kind] else NODE):
        return ()
    return [
        refusal(
            "information-office",
            _("Nothing was written."),
            _("The office {office} may not do this; it takes one of the roles: {roles}."),
            _("Act in an office that holds such a role, or ask its holder."),
            office=by.office,
            roles=", ".join(sorted(WRITERS[kind])) or NODE,
        )
    ]


def refusals_to_act(*, office: str, regulation: str, in_scope: bool) -> Sequence[Refusal]:
    """Empty when the acting office holds its role in the scope of the circle."""
    if in_scope:
        return ()
    return [
        refusal(
            "information-scope",
            _("Nothing was written."),
            _("The office {office} holds no role under the regulation {regulation}."),
            _("Act in an office that holds a role there, or ask the security administrator."),
            office=office,
            regulation=regulation or "–",
        )
    ]
