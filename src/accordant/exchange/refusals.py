"""Logs of ours that a peer refuses, in words: which log, from which size on, why, and what is to be done.

Rules kept here: each section code of wire paper 8 has its two sentences; one that this program does not know is shown
as it came; a log is named to who has a role in its circle, and to this node's administrators. Left to others: when a
log is tried again (`sync`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from accordant.entries import names
from accordant.entries.envelope import EntryRef
from accordant.entries.kinds import gettext_noop as _
from accordant.exchange.models import PeerLog
from accordant.ledger.founding import PRIVATE
from accordant.ledger.writing import scopes_of
from accordant.pages.acting import ActingRequest

_TRIED: Final = _("Nothing needs to be done: this node tries again by itself.")
_PROVED: Final = _("Run accordant verify here and ask the node administrator of the other agency to do the same.")
_CALLED: Final = _("Call the other agency at once and compare the log: two versions of it were seen.")
_VERSIONS: Final = _("Compare the versions of the program on both nodes and bring the older one up to date.")
WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "gap": (_("It lacks entries before those that were sent."), _TRIED),
    "fork": (_("It holds another entry or another root in this log."), _CALLED),
    "signature": (
        _("It does not accept the signature under this log."),
        _("Compare this agency's card there with the one in the circle's founding record."),
    ),
    "root": (_("To it, the entries do not give the root that was signed."), _PROVED),
    "commitment": (_("To it, the content of an entry is not the one its header promises."), _PROVED),
    "body-absent": (
        _("The content of an entry for it was not given, and it cannot note that in a log of its own."),
        _("Give the content in a new entry; where the other agency has closed the circle, open a new one for it."),
    ),
    "not-canonical": (_("To it, an entry is not written in the form that all nodes keep."), _VERSIONS),
    "not-member": (
        _("To it, this agency or its own is no party of the circle."),
        _("Ask its node administrator whether the proposal of the circle is held there."),
    ),
    "not-joined": (
        _("The circle is not complete there: not every party has joined."),
        _("Ask the parties that the page of circles names to join or to decline."),
    ),
    "frozen": (_("It takes nothing more of this log, which it has frozen."), _CALLED),
    "ceiling": (
        _("An entry is marked higher than it may hold."),
        _("Hand the content over by courier or on paper."),
    ),
    "limit": (_("Something is over a limit there, such as the number of open proposals."), _TRIED),
    "newer-format": (_("It does not know the format of an entry."), _VERSIONS),
    "space": (_("It has no space left to store entries."), _("Tell its node administrator; this node tries again.")),
}


@dataclass(frozen=True)
class RefusedLog:
    """A log of ours at a peer that refuses it: the size held there, the code, why in words, what is to be done."""

    agency: str
    origin: str
    size: int
    code: str
    why: str
    repair: str

    @property
    def circle(self) -> str:
        """The circle of the log."""
        return names.parse_origin(self.origin).circle


def shown_to(request: ActingRequest, ref: EntryRef | None) -> Sequence[RefusedLog]:
    """Those of the circles in the scope of an office held; all of them for this node's administrators."""
    held = {one.scope for one in request.subject.assignments}
    return [log for log in _refused() if PRIVATE in held or held & scopes_of(log.circle)]


def _refused() -> list[RefusedLog]:
    unknown = _("It gives a reason that this program does not know.")
    return [
        RefusedLog(row.agency, row.origin, row.have, row.refused, *WORDS.get(row.refused, (unknown, _VERSIONS)))
        for row in PeerLog.objects.exclude(refused="").order_by("agency", "origin")
    ]
