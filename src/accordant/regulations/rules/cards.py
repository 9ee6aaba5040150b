"""Accepting agency cards and confirming roots.

Rules kept here (wire paper 1, First trust): a card is kept as soon as it is whole, trusted once a person confirmed the
fingerprint of its root; then a card of higher serial under the same root replaces the older, whatever road it took;
the same serial with other bytes is an alarm, neither is used; a root is confirmed in person or by voice, by a person.
Left to others: the card's own shape and signature (`entries.cards`), who may act (`writers`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from accordant.entries import cards
from accordant.entries.cards import SignedCard
from accordant.entries.envelope import Officer
from accordant.entries.errors import Malformed, Refusal, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.regulations.rules.writers import is_node, refusals_to_write

IN_PERSON: Final = "in-person"
VOICE: Final = "voice"
WAYS: Final = (IN_PERSON, VOICE)
_NOT_KEPT: Final = _("The card was not accepted.")
_NOT_CONFIRMED: Final = _("The root key was not confirmed.")


@dataclass(frozen=True)
class HeldCard:
    """A card kept here: its serial, fingerprint (hex) of its root, its exact bytes."""

    serial: int
    fingerprint: str
    data: bytes


def fingerprint_of(signed: SignedCard) -> str:
    """The fingerprint of a card's root, 32 hex (wire paper 1)."""
    return cards.fingerprint(signed.card.root).hex()


def newest(held: Sequence[HeldCard], confirmed: str | None) -> HeldCard | None:
    """The card in force: the highest serial under the confirmed root of which no other bytes are held; else None."""
    by_serial: dict[int, dict[bytes, HeldCard]] = {}
    for card in held:
        if card.fingerprint == confirmed:
            by_serial.setdefault(card.serial, {})[card.data] = card
    whole = [next(iter(same.values())) for same in by_serial.values() if len(same) == 1]
    return max(whole, key=lambda card: card.serial, default=None)


def refusals_to_accept_card(
    signed: SignedCard, *, held: Sequence[HeldCard], confirmed: str | None, by: Officer | None = None
) -> list[Refusal]:
    """Empty when the card may be kept beside those held of the same agency; `confirmed` is the confirmed root."""
    refusals = list(refusals_to_write("regulations.card-accepted", by))
    card, mark = signed.card, fingerprint_of(signed)
    if confirmed is not None and mark != confirmed:
        refusals.append(_other_root(card.agency))
    same = [other for other in held if other.fingerprint == mark]
    if any(other.serial == card.serial and other.data != signed.data for other in same):
        refusals.append(_two_cards(card.agency, card.serial))
    highest = max((other.serial for other in same), default=0)
    if card.serial < highest or any(other.data == signed.data for other in same):
        refusals.append(_older(card.agency, card.serial, highest))
    return refusals


def refusals_to_confirm_root(
    *,
    agency: str,
    fingerprint: str,
    how: str,
    channel: str,
    fingerprints: Sequence[str],
    confirmed: str | None,
    by: Officer | None = None,
) -> list[Refusal]:
    """Empty when a person may confirm this root: a card under it is held and no other root is confirmed."""
    refusals = list(refusals_to_write("regulations.root-confirmed", by))
    if by is not None and is_node(by):
        refusals.append(_no_person())
    if fingerprint not in fingerprints:
        refusals.append(_no_such_root(agency))
    if confirmed is not None:
        refusals.append(_confirmed_already(agency))
    if how not in WAYS or not channel.strip():
        refusals.append(_no_second_channel())
    return refusals


def read_card(data: bytes) -> SignedCard:
    """The card in a file's bytes; raises `Malformed` when it is none."""
    try:
        return cards.read(data)
    except cards.BadCard as error:
        raise Malformed([no_card()]) from error


def refusals_without_card(agency: str) -> list[Refusal]:
    """What stands against acting on an agency whose card is not kept here, or not for this office."""
    return [_no_such_root(agency)]


def no_card() -> Refusal:
    """What stands against bytes that are no card."""
    return refusal(
        "card-unreadable",
        _NOT_KEPT,
        _("It is no agency card, or its root signature does not hold."),
        _("Ask the agency for its card file again, and take the file itself, not a copy of what a page shows."),
    )


def _other_root(agency: str) -> Refusal:
    return refusal(
        "card-other-root",
        _NOT_KEPT,
        _("It is signed by another root key than the one confirmed for {agency}."),
        _("Call {agency} on a known number: either somebody pretends to be it, or its root key was replaced."),
        agency=agency,
    )


def _two_cards(agency: str, serial: int) -> Refusal:
    return refusal(
        "card-same-serial",
        _NOT_KEPT,
        _("Another card {serial} of {agency}, with other content, is held here."),
        _("Do not use either: call {agency} and ask for a card with a higher serial."),
        agency=agency,
        serial=serial,
    )


def _older(agency: str, serial: int, highest: int) -> Refusal:
    return refusal(
        "card-not-newer",
        _NOT_KEPT,
        _("Card {highest} of {agency} is held here; this is card {serial}."),
        _("Nothing needs to be done, or ask {agency} for its newest card."),
        agency=agency,
        serial=serial,
        highest=highest,
    )


def _no_person() -> Refusal:
    return refusal(
        "root-by-person",
        _NOT_CONFIRMED,
        _("The node cannot compare a fingerprint; a person does."),
        _("Sign in, compare the words with the other agency and confirm on the page of peers."),
    )


def _no_such_root(agency: str) -> Refusal:
    return refusal(
        "root-without-card",
        _NOT_CONFIRMED,
        _("No card of {agency} held here has this fingerprint."),
        _("Import the agency's card, then compare the fingerprint that is shown."),
        agency=agency,
    )


def _confirmed_already(agency: str) -> Refusal:
    return refusal(
        "root-confirmed-already",
        _NOT_CONFIRMED,
        _("A root key of {agency} is confirmed already."),
        _("Nothing needs to be done; a new root key takes the procedure for lost keys."),
        agency=agency,
    )


def _no_second_channel() -> Refusal:
    return refusal(
        "root-second-channel",
        _NOT_CONFIRMED,
        _("It is not said whether the words were compared in person or by voice, and with whom."),
        _("Choose the way and enter the person, the office and the place or number."),
    )
