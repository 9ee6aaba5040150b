"""Why the talk with a peer stands still, in words that stand behind a state: "signed, the node does not answer".

Rules kept here: the peer's own words, in whatever language its node speaks, are for this node's administrators; others
read those of the code, in their language. Left to others: why a single log is refused (`refusals`).
"""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext

from accordant.entries.errors import Sentence
from accordant.entries.kinds import gettext_noop as _
from accordant.pages import formats

_REFUSED: Final = _("{agency} does not take this log, the page Links says why")
_UNKNOWN: Final = _("the node of {agency} gives the reason {code}")
WORDS: Final[Mapping[str, str]] = {
    "unreachable": _("the node of {agency} does not answer"),
    "broken": _("the connection to {agency} broke before an answer came"),
    "tls": _("no secure connection to {agency} came about"),
    "wrong-certificate": _("the node at the address of {agency} shows a key that is not on its card"),
    "forbidden-address": _("the address of {agency} leads to this machine itself"),
    "answer-too-large": _("the answer of {agency} is larger than a parcel may be"),
    "no-peer": _("{agency} has not confirmed the card of this agency"),
    "stopped": _("{agency} has stopped the exchange with this agency"),
    "wrong-key": _("{agency} holds another card of this agency"),
    "clock": _("the clocks here and at {agency} differ by more than five minutes"),
    "another-receiver": _("the address on the card of {agency} is not one that its node knows as its own"),
    "sealed-to-another": _("{agency} no longer opens what is sealed to the card of it that is held here"),
    "malformed": _("a parcel between this node and {agency} cannot be read"),
    "unknown-sender": _("a parcel of {agency} does not bear a sender whose card is confirmed here"),
    "card-same-serial": _("{agency} has two different cards of one number"),
}


def of_talk(agency: str, code: str) -> str:
    """Why the talk with the agency stands still."""
    return _say(WORDS.get(code, _UNKNOWN), agency=agency, code=code)


def of_log(agency: str) -> str:
    """That the agency refuses the log in which the entry stands."""
    return _say(_REFUSED, agency=agency)


def _say(text: str, **places: str) -> str:
    named = {**places, "agency": formats.agency_name(places["agency"])}
    return str(Sentence(gettext(text), named))
