"""The facts of regulations: circles, cards, roots, texts, signatures, bodies that did not arrive.

A record is what all parties of the circle read in the header; a body is for its addressees. Agency ids may have 100
bytes, a header fact 64 characters: where a record names an agency, the body is what counts (`agency_fact`).
"""

import msgspec
from msgspec import UNSET, UnsetType

from accordant.entries.kinds import Record, kind
from accordant.entries.kinds import gettext_noop as _
from accordant.entries.limits import HEADER_FACT_CHARACTERS


def agency_fact(agency: str) -> str:
    """The agency as a header fact: empty where the id is longer than a fact may be."""
    return agency if len(agency) <= HEADER_FACT_CHARACTERS else ""


class GenesisParty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An agency of a circle: its role `party` or `witness`, its whole card statement."""

    agency: str
    role: str
    card: str


class LastHead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Size and root (hex) of a log: where it was left, or how far it is held."""

    log: str
    root: str
    size: int


class Predecessor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The circle that this one goes on from."""

    circle: str
    heads: tuple[LastHead, ...]


class CircleOpenedBody(Record, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The genesis: its canonical bytes give the circle its id, so nothing may be added, left out or defaulted."""

    v: int
    label: str
    sort: str
    regulation: str
    at: int
    nonce: str
    members: tuple[GenesisParty, ...]
    cipher: str | UnsetType = UNSET
    quorum: str | UnsetType = UNSET
    part: int | UnsetType = UNSET
    ceiling: int | UnsetType = UNSET
    parent: str | UnsetType = UNSET
    pq: bool | UnsetType = UNSET
    follows: Predecessor | UnsetType = UNSET


@kind(
    "regulations.circle-opened",
    headline=_("{agency} opened the circle {label}"),
    body=CircleOpenedBody,
    retention="permanent",
)
class CircleOpened(Record, frozen=True, omit_defaults=True):
    """Entry 0 of the opener's log; label and sort as in the genesis."""

    label: str
    sort: str


@kind(
    "regulations.circle-joined",
    headline=_("{agency} joined the circle"),
    refs={"genesis": ("regulations.circle-opened",)},
    retention="permanent",
)
class CircleJoined(Record, frozen=True, omit_defaults=True):
    """Entry 0 of another party's log."""


class CircleDeclinedBody(Record, frozen=True, omit_defaults=True):
    """Why the agency does not join."""

    reason: str


@kind(
    "regulations.circle-declined",
    headline=_("{agency} declined to join the circle"),
    body=CircleDeclinedBody,
    refs={"genesis": ("regulations.circle-opened",)},
    retention="permanent",
)
class CircleDeclined(Record, frozen=True, omit_defaults=True):
    """Entry 0 of a party that will not join: a circle without it is opened instead."""


class CircleClosedBody(Record, frozen=True, omit_defaults=True):
    """The heads that the agency holds of all logs of the circle, its own before this entry among them."""

    heads: tuple[LastHead, ...]


@kind(
    "regulations.circle-closed",
    headline=_("{agency} closed the circle and writes nothing more in it"),
    body=CircleClosedBody,
    retention="permanent",
)
class CircleClosed(Record, frozen=True, omit_defaults=True):
    """The last entry of a party's log; `digest` (hex) is that of the heads in the body."""

    digest: str


class CardAcceptedBody(Record, frozen=True, omit_defaults=True):
    """The whole card statement."""

    card: str


@kind(
    "regulations.card-accepted",
    headline=_("Card {serial} of {subject} was accepted"),
    body=CardAcceptedBody,
    retention="permanent",
)
class CardAccepted(Record, frozen=True, omit_defaults=True):
    """Private circle: an agency's card is kept here; nothing is trusted before its root is confirmed."""

    serial: int
    subject: str = ""


class RootConfirmedBody(Record, frozen=True, omit_defaults=True):
    """Whose root, and with whom over which second channel it was compared."""

    agency: str
    channel: str


@kind(
    "regulations.root-confirmed",
    headline=_("The root key of {subject} was confirmed"),
    body=RootConfirmedBody,
    refs={"card": ("regulations.card-accepted", "regulations.circle-opened")},
    retention="permanent",
)
class RootConfirmed(Record, frozen=True, omit_defaults=True):
    """Private circle: a person compared the fingerprint (32 hex) of the card that `re` names; in-person or voice."""

    fingerprint: str
    how: str
    subject: str = ""


@kind(
    "regulations.body-missed",
    headline=_("{agency} did not get the content of some entries"),
    refs={"body": ()},
)
class BodyMissed(Record, frozen=True, omit_defaults=True):
    """The bodies that `re` names were not given to their addressee; `why` as in the parcel: 1, 2 or 4."""

    why: int


@kind(
    "regulations.body-garbled",
    headline=_("{agency} cannot read the content of some entries"),
    refs={"body": ()},
)
class BodyGarbled(Record, frozen=True, omit_defaults=True):
    """The bodies that `re` names keep their commitment but are no readable content."""


class TextProvision(msgspec.Struct, frozen=True, omit_defaults=True):
    """One unit in the order of the text; `depth` below its component; `eid` is left out where it equals `wid`."""

    wid: str
    level: str
    num: str = ""
    heading: str = ""
    text: str = ""
    eid: str = ""
    depth: int = 0


class TextComponent(msgspec.Struct, frozen=True, omit_defaults=True):
    """One numbering run or annex: what stands before its first unit and after its last."""

    name: str
    title: str = ""
    text: str = ""
    conclusions: str = ""
    provisions: tuple[TextProvision, ...] = ()


class TextDoubt(msgspec.Struct, frozen=True, omit_defaults=True):
    """A diagnostic of the reader: line of the source, code, what was found, what was expected."""

    line: int
    code: str
    found: str = ""
    expected: str = ""


class TextImportedBody(Record, frozen=True, omit_defaults=True):
    """The whole text. `source` is the SHA-256 (hex) of the file it was read from; `day` ISO or empty."""

    number: str
    day: str
    title: str
    language: str
    source: str
    issuers: tuple[str, ...] = ()
    components: tuple[TextComponent, ...] = ()
    doubts: tuple[TextDoubt, ...] = ()


@kind(
    "regulations.text-imported",
    headline=_("Text {number} of {day} was imported by {agency}"),
    body=TextImportedBody,
    refs={
        "genesis": ("regulations.circle-opened",),
        "translation-of": ("regulations.text-imported",),
    },
    retention="permanent",
)
class TextImported(Record, frozen=True, omit_defaults=True):
    """A text for all parties: its number, day, size and the root hash (hex) of its tree."""

    number: str
    language: str
    parts: int
    articles: int
    root: str
    day: str = ""


@kind(
    "regulations.text-confirmed",
    headline=_("{agency} confirmed the text article by article"),
    refs={"text": ("regulations.text-imported",)},
    retention="permanent",
)
class TextConfirmed(Record, frozen=True, omit_defaults=True):
    """A person compared source and units; `root` is the root hash (hex) that was read."""

    root: str


@kind(
    "regulations.regulation-signed",
    headline=_("{agency} signed the regulation"),
    refs={
        "text": ("regulations.text-imported",),
        "confirmation": ("regulations.text-confirmed",),
    },
    retention="permanent",
)
class RegulationSigned(Record, frozen=True, omit_defaults=True):
    """A party's signature over the root hash (hex) of the confirmed text."""

    root: str
