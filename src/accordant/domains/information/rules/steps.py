"""What an addressee does with an item: opens it, acknowledges it, returns it.

Rules kept here (Decree 30/2020, Articles 21 to 23; style paper 6): only an addressee agency, about an item of the same
circle that is held here; opened once, by the node; acknowledged once and not after a return; returned once, with a
reason of the table, and not after an acknowledgement. What came first is told by the order in the agency's log, where
also an irregular or waiting entry has its place (`opening_claim`, `settling_claim`). Left to others: the office
(`writers`), receipts by machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from accordant.domains.information.rules.writers import refusals_to_write
from accordant.entries.envelope import Officer
from accordant.entries.errors import Refusal, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.entries.table_files import is_day

OPENED, ACKNOWLEDGED, RETURNED = "opened", "acknowledged", "returned"
RETURN_REASONS: Final = ("wrong-addressee", "unreadable", "above-ceiling")
NOTE_CHARACTERS: Final = 2000
_NOT_OPENED: Final = _("The opening was not recorded.")
_NOT_ACKNOWLEDGED: Final = _("The item was not acknowledged.")
_NOT_RETURNED: Final = _("The item was not returned.")


@dataclass(frozen=True, slots=True)
class Held:
    """An item at the agency that acts: what it did with it so far. No `Held` = the agency is no addressee of it.

    `settled`: an earlier entry of the agency's log acknowledges or returns it, whatever became of that entry.
    """

    opened: bool = False
    acknowledged: bool = False
    returned: bool = False
    settled: bool = False


def opening_claim(leaf: str) -> str:
    """What the first reading claims in the log of the addressee; `leaf` is the item's, in hex."""
    return f"opened {leaf}"


def settling_claim(leaf: str) -> str:
    """What an acknowledgement or a return claims in the log of the addressee; `leaf` is the item's, in hex."""
    return f"settled {leaf}"


def refusals_to_open_item(held: Held | None, *, by: Officer | None = None) -> list[Refusal]:
    """Empty when the first reading at this agency may be recorded."""
    found = [*refusals_to_write("information.item-opened", by), *_no_addressee(_NOT_OPENED, held)]
    if held is not None and held.opened:
        found.append(_opened())
    return found


def refusals_to_acknowledge_item(
    held: Held | None, *, day: str, note: str = "", by: Officer | None = None
) -> list[Refusal]:
    """Empty when this agency may acknowledge the item on that ISO day."""
    return [
        *refusals_to_write("information.item-acknowledged", by),
        *_no_addressee(_NOT_ACKNOWLEDGED, held),
        *_settled(_NOT_ACKNOWLEDGED, held),
        *_of_day_and_note(_NOT_ACKNOWLEDGED, day, note),
    ]


def refusals_to_return_item(
    held: Held | None, *, day: str, reason: str, note: str = "", by: Officer | None = None
) -> list[Refusal]:
    """Empty when this agency may return the item (Decree 30/2020, Article 21.2(b)) on that ISO day for that reason."""
    found = [
        *refusals_to_write("information.item-returned", by),
        *_no_addressee(_NOT_RETURNED, held),
        *_settled(_NOT_RETURNED, held),
        *_of_day_and_note(_NOT_RETURNED, day, note),
    ]
    if reason not in RETURN_REASONS:
        found.append(_no_reason())
    return found


def refusals_in_closed_circle(circle: str) -> list[Refusal]:
    """What stands against acknowledging an item of a circle that this agency closed; the ledger refuses it too."""
    return [
        refusal(
            "circle-closed",
            _NOT_ACKNOWLEDGED,
            _("This agency has closed the circle {circle} and writes nothing more in it."),
            _("To go on working together, open a new circle with the same parties."),
            circle=circle,
        )
    ]


def refusals_when_not_shown() -> list[Refusal]:
    """What is said to whoever asks for an item that is not there for it."""
    return [
        refusal(
            "item-not-found",
            _("Nothing is shown."),
            _("There is no such item, or it is not for this office."),
            _("Check the address, or look for its number in the list."),
        )
    ]


def _no_addressee(message: str, held: Held | None) -> Sequence[Refusal]:
    if held is not None:
        return ()
    return [
        refusal(
            "step-no-addressee",
            message,
            _("This agency is no addressee of the item, or the item is not held here."),
            _("Only an addressee does this; the list shows the items sent to this agency."),
        )
    ]


def _settled(message: str, held: Held | None) -> Sequence[Refusal]:
    if held is not None and held.acknowledged:
        return [
            refusal(
                "step-acknowledged",
                message,
                _("This agency has acknowledged the item already."),
                _("Nothing needs to be done; the page of the item shows when and by which office."),
            )
        ]
    if held is not None and held.returned:
        return [
            refusal(
                "step-returned",
                message,
                _("This agency has returned the item already."),
                _("Ask the sender to send it anew."),
            )
        ]
    if held is not None and held.settled:
        return [
            refusal(
                "step-settled",
                message,
                _("An earlier entry of this agency acknowledges or returns the item."),
                _("Nothing needs to be done; the page of the item shows what counts."),
            )
        ]
    return ()


def _of_day_and_note(message: str, day: str, note: str) -> Sequence[Refusal]:
    found = []
    if not is_day(day):
        found.append(
            refusal(
                "step-day",
                message,
                _("{day} is no day of the calendar."),
                _("Write the day as 2025-12-06."),
                day=day or "–",
            )
        )
    if len(note) > NOTE_CHARACTERS:
        found.append(
            refusal(
                "step-note",
                message,
                _("The note has more than {limit} characters."),
                _("Shorten it, or send a reply."),
                limit=NOTE_CHARACTERS,
            )
        )
    return found


def _opened() -> Refusal:
    return refusal(
        "step-opened",
        _NOT_OPENED,
        _("The first reading at this agency is recorded already."),
        _("Nothing needs to be done."),
    )


def _no_reason() -> Refusal:
    return refusal(
        "step-return-reason",
        _NOT_RETURNED,
        _("No reason of the table was given."),
        _("Choose one: wrong addressee, unreadable, above the ceiling of this node."),
    )
