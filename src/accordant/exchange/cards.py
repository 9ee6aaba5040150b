"""Cards that travel in parcels: whatever road a newer card takes, it replaces the older one (wire paper 1).

Rules kept here: only a card under the root that a person here confirmed counts, and only one of a higher serial; of the
cards of one parcel only the highest of each agency, as each that is kept is an entry for good. Two cards of one serial
are an alarm: the talk with their agency stops, with the reason. Left to others: what a card must be (`entries.cards`),
keeping it (`regulations`).
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from accordant.entries import cards, envelope, limits
from accordant.exchange import partners
from accordant.regulations import actions


def newer_than_founding(circles: Iterable[str], us: str) -> list[bytes]:
    """Our newest card, and those of members whose card in force is newer than the one in the genesis."""
    found: dict[str, bytes] = {}
    for circle in circles:
        for agency, founding in partners.cards_of(circle).items():
            newest = partners.confirmed_card(agency)
            if newest is not None and newest.card.serial > founding.card.serial:
                found[agency] = newest.data
    found.pop(us, None)
    own = partners.confirmed_card(us)
    first = [] if own is None else [own.data]
    return [*first, *(found[agency] for agency in sorted(found))][: limits.PARCEL_CARDS]


def take(held: Sequence[bytes], *, sender: str, us: str, now: int) -> None:
    """Keep what is newer of these cards at an instant (milliseconds).

    Raises `BadCard` for bytes that are no card or too many, and `Refused` when the sender has two cards of one serial.
    """
    if len(held) > limits.PARCEL_CARDS:
        raise cards.BadCard(f"{len(held)} cards, at most {limits.PARCEL_CARDS}")
    by, instant = envelope.automatic(us), datetime.fromtimestamp(now / 1000, UTC)
    newest: dict[str, list[cards.SignedCard]] = {}
    for data in held:
        signed = cards.read(data)
        agency, serial = signed.card.agency, signed.card.serial
        known = partners.confirmed_card(agency)
        if agency == us or known is None or known.card.root != signed.card.root or known.data == data:
            continue
        alike = newest.get(agency, [known])
        if serial > alike[0].card.serial:
            newest[agency] = [signed]
        elif agency == sender and serial == known.card.serial:
            actions.accept_card(by=by, now=instant, card=data)
        elif agency == sender and serial == alike[0].card.serial:
            alike.append(signed)
    for found in newest.values():
        for signed in found:
            actions.accept_card(by=by, now=instant, card=signed.data)
