"""The facts of information: an item sent; opened, acknowledged or returned at an addressee.

The sender owns the item; each addressee agency attaches its own entries to it by `re`. Above marking 0 purpose and
class stand in the body alone (domain paper 3). `file` marks the table an entry was imported from, so that a second run
of the same table is known.
"""

import msgspec

from accordant.entries.kinds import Handling, Record, kind
from accordant.entries.kinds import gettext_noop as _


class Grading(msgspec.Struct, frozen=True, omit_defaults=True):
    """Reliability of the source, A to F, and credibility of the content, 1 to 6 (STANAG 2511); both or none."""

    reliability: str = ""
    credibility: str = ""


class ItemSentBody(Record, frozen=True, omit_defaults=True):
    """What the item says. `purpose` and `category` only where the header must not show them."""

    subject: str
    text: str = ""
    grading: Grading = Grading()
    purpose: str = ""
    category: str = msgspec.field(name="class", default="")
    handling: Handling = Handling()


@kind(
    "information.item-sent",
    headline=_("Item {number} from {agency} to {to}"),
    body=ItemSentBody,
    refs={"answers": ("information.item-sent",), "provision": ()},
)
class ItemSent(Record, frozen=True, omit_defaults=True):
    """An item of information: its number at the sender, its day, what it is for, its class, its urgency."""

    number: str
    day: str
    purpose: str = ""
    category: str = msgspec.field(name="class", default="")
    precedence: str = ""
    file: str = ""


@kind("information.item-opened", headline=_("{agency} opened an item"), refs={"item": ("information.item-sent",)})
class ItemOpened(Record, frozen=True, omit_defaults=True):
    """The first reading at an addressee agency, appended by its node from the read marks."""


class ItemAcknowledgedBody(Record, frozen=True, omit_defaults=True):
    """A note to the sender."""

    note: str


@kind(
    "information.item-acknowledged",
    headline=_("{agency} acknowledged an item"),
    body=ItemAcknowledgedBody,
    refs={"item": ("information.item-sent",)},
)
class ItemAcknowledged(Record, frozen=True, omit_defaults=True):
    """An officer of an addressee agency took the item in."""

    day: str
    file: str = ""


class ItemReturnedBody(Record, frozen=True, omit_defaults=True):
    """What the returning office adds for the sender."""

    note: str


@kind(
    "information.item-returned",
    headline=_("{agency} returned an item: {reason}"),
    body=ItemReturnedBody,
    refs={"item": ("information.item-sent",)},
)
class ItemReturned(Record, frozen=True, omit_defaults=True):
    """An addressee gave the item back (Decree 30/2020, Article 21.2(b)); `reason`: a word of `rules.RETURN_REASONS`."""

    day: str
    reason: str
