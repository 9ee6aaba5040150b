"""Cards and roots to rows."""

from collections.abc import Sequence
from typing import Any

from accordant.entries import cards
from accordant.entries.cards import SignedCard
from accordant.entries.errors import Refusal
from accordant.ledger.projector import Entry, handles
from accordant.ledger.tables import Tables
from accordant.regulations import entries as facts
from accordant.regulations.models import AcceptedCard, ConfirmedRoot, Opening, Party
from accordant.regulations.projections.positions import place_of, position_of, row_named
from accordant.regulations.rules import cards as trust
from accordant.regulations.rules import places

NAME_CHARACTERS = 200


@handles(facts.CardAccepted)
def on_card_accepted(entry: Entry[facts.CardAccepted], tables: Tables) -> Sequence[Refusal]:
    misplaced = places.refusals_outside_private_circle(place_of(entry, tables), author=entry.header.agency)
    if misplaced or entry.body is None:
        return misplaced
    try:
        signed = cards.read(entry.body.card.encode())
    except cards.BadCard:
        return [trust.no_card()]
    held = [
        trust.HeldCard(row["serial"], row["fingerprint"], row["card"].encode())
        for row in tables.find(AcceptedCard, subject=signed.card.agency)
    ]
    confirmed = _confirmed_root(tables, signed.card.agency)
    refusals = trust.refusals_to_accept_card(signed, held=held, confirmed=confirmed)
    if not refusals:
        _keep_card(entry, signed, tables)
    return refusals


@handles(facts.RootConfirmed)
def on_root_confirmed(entry: Entry[facts.RootConfirmed], tables: Tables) -> Sequence[Refusal]:
    misplaced = places.refusals_outside_private_circle(place_of(entry, tables), author=entry.header.agency)
    if misplaced or entry.body is None:
        return misplaced
    agency, record = entry.body.agency, entry.record
    refusals = trust.refusals_to_confirm_root(
        agency=agency,
        fingerprint=record.fingerprint,
        how=record.how,
        channel=entry.body.channel,
        fingerprints=_fingerprints_named(entry, agency, tables),
        confirmed=_confirmed_root(tables, agency),
    )
    if not refusals:
        _keep_root(entry, agency, record.fingerprint, record.how, entry.body.channel, tables)
    return refusals


def keep_own_card(entry: Entry[facts.CircleOpened], signed: SignedCard, tables: Tables) -> None:
    """The private genesis holds our own card, whose root nobody has to confirm."""
    if _confirmed_root(tables, signed.card.agency) is None:
        _keep_card(entry, signed, tables)
        _keep_root(entry, signed.card.agency, trust.fingerprint_of(signed), trust.IN_PERSON, "", tables)


def card_columns(signed: SignedCard) -> dict[str, object]:
    card = signed.card
    return {
        "name_vi": card.name.vi[:NAME_CHARACTERS],
        "name_en": card.name.en[:NAME_CHARACTERS],
        "serial": card.serial,
        "fingerprint": trust.fingerprint_of(signed),
    }


def _keep_card(entry: Entry[Any], signed: SignedCard, tables: Tables) -> None:
    guard = tables.guard(entry.entry_id, entry.header)
    columns = card_columns(signed)
    tables.insert(
        AcceptedCard, **guard, **position_of(entry), **columns, subject=signed.card.agency, card=signed.data.decode()
    )


def _keep_root(entry: Entry[Any], agency: str, fingerprint: str, how: str, channel: str, tables: Tables) -> None:
    guard = tables.guard(entry.entry_id, entry.header)
    tables.insert(
        ConfirmedRoot,
        **guard,
        **position_of(entry),
        subject=agency,
        fingerprint=fingerprint,
        how=how,
        second_channel=channel,
    )


def _fingerprints_named(entry: Entry[Any], agency: str, tables: Tables) -> list[str]:
    """The root of the agency's card in the entry that is named: an accepted card, or the genesis of a circle."""
    card = row_named(entry, "card", AcceptedCard, tables)
    if card is not None:
        return [card["fingerprint"]] if card["subject"] == agency else []
    opening = row_named(entry, "card", Opening, tables)
    parties = [] if opening is None else tables.find(Party, circle=opening["circle"], agency=agency)
    return [party["fingerprint"] for party in parties]


def _confirmed_root(tables: Tables, agency: str) -> str | None:
    rows = tables.find(ConfirmedRoot, subject=agency)
    return rows[0]["fingerprint"] if rows else None
