"""The only writers of facts of regulations: each asks its rule inside the append and gives the entry's position."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from accordant.entries import names
from accordant.entries.cards import SignedCard
from accordant.entries.circles import BadGenesis
from accordant.entries.envelope import EntryRef, Officer
from accordant.entries.errors import Malformed, NotVisible, Refusal, refuse_if
from accordant.entries.heads import heads_digest
from accordant.entries.kinds import Fact
from accordant.ledger.append import append
from accordant.regulations import entries as facts
from accordant.regulations.models import (
    AcceptedCard,
    Closing,
    Confirmation,
    ConfirmedRoot,
    Opening,
    Party,
    Signature,
    Text,
    held_heads,
)
from accordant.regulations.rules import bodies, circles, closing, faults, places, signing, texts
from accordant.regulations.rules import cards as trust
from accordant.regulations.rules.circles import Founding, Invitation
from accordant.regulations.rules.reading import Reading


def open_private_circle(*, by: Officer, now: datetime, card: bytes, nonce: bytes) -> EntryRef:
    """Open this agency's own circle with its own card: the first act of a node. `nonce`: 16 random bytes."""
    founding = Founding("private", "private", "", _milliseconds(now), nonce, ceiling=3)
    found = {by.agency: trust.read_card(card)}
    circle, body = _genesis(founding, found)

    def fact() -> Fact:
        refuse_if(
            [
                *_refusals_to_found(founding, [], found, by),
                *circles.refusals_to_open_circle(body, circle=circle, author=by.agency, index=0),
                *circles.refusals_to_found_second_private_circle(_private_circle()),
            ]
        )
        return Fact(facts.CircleOpened(label=founding.label, sort=founding.sort), body)

    return append(circle=circle, by=by, now=now, facts=[fact])[0]


def open_circle(
    *,
    by: Officer,
    now: datetime,
    label: str,
    sort: str,
    regulation: str,
    members: Sequence[str],
    nonce: bytes,
    ceiling: int = 0,
    quorum: str = "all",
    parent: str = "",
) -> EntryRef:
    """Open a circle with these agencies and our own; the circle's id stands in the position's origin.

    `nonce`: 16 random bytes. Only agencies whose root a person confirmed here: the refusal names the others.
    """
    founding = Founding(label, sort, regulation, _milliseconds(now), nonce, ceiling, quorum, parent)
    found = _trusted_cards({*members, by.agency})
    refuse_if(_refusals_to_found(founding, members, found, by))
    circle, body = _genesis(founding, found)

    def fact() -> Fact:
        refuse_if(
            [
                *_refusals_to_found(founding, members, _trusted_cards({*members, by.agency}), by),
                *circles.refusals_to_open_circle(body, circle=circle, author=by.agency, index=0),
            ]
        )
        return Fact(facts.CircleOpened(label=label, sort=sort), body)

    return append(circle=circle, by=by, now=now, facts=[fact])[0]


def join_circle(*, by: Officer, now: datetime, circle: str) -> EntryRef:
    """Join a circle that another party opened, by this agency's own entry 0."""

    def fact() -> Fact:
        invitation, genesis = _proposal(circle)
        in_circle = Party.objects.cards(circle)
        own = AcceptedCard.objects.accepted_card(by.agency)
        refuse_if(
            [
                *circles.refusals_to_join_circle(
                    invitation,
                    author=by.agency,
                    index=0,
                    by=by,
                    own_card_current=own is not None and in_circle.get(by.agency) == own,
                    unconfirmed=ConfirmedRoot.objects.unconfirmed(in_circle),
                ),
                *circles.refusals_to_join_closed(Closing.objects.closers(circle)),
                *Party.objects.refusals_under_parent(circle, by.agency),
            ]
        )
        return Fact(facts.CircleJoined(), refs=(genesis.as_reference("genesis"),))

    return append(circle=circle, by=by, now=now, facts=[fact])[0]


def decline_circle(*, by: Officer, now: datetime, circle: str, reason: str) -> EntryRef:
    """Decline to join, with the reason: a circle without this agency can be opened instead."""

    def fact() -> Fact:
        invitation, genesis = _proposal(circle)
        refuse_if(circles.refusals_to_decline_circle(invitation, author=by.agency, index=0, by=by, reason=reason))
        body = facts.CircleDeclinedBody(reason=reason.strip())
        return Fact(facts.CircleDeclined(), body, refs=(genesis.as_reference("genesis"),))

    return append(circle=circle, by=by, now=now, facts=[fact])[0]


def close_circle(*, by: Officer, now: datetime, circle: str) -> EntryRef:
    """Close this agency's log in the circle, naming the heads held of all its logs: it writes nothing more there."""
    if not Opening.objects.filter(circle=circle).exists():
        raise NotVisible(circles.refusals_without_proposal(closing.NOT_CLOSED))

    def fact() -> Fact:
        heads = held_heads(circle)
        digest = heads_digest(heads)
        refuse_if(
            closing.refusals_to_close_circle(
                Party.objects.place(circle),
                author=by.agency,
                index=max((head.size for head in heads if head.log.startswith(f"{by.agency}/")), default=0),
                digest=digest,
                whole=True,
                by=by,
                state=Party.objects.answers(circle).get(by.agency, circles.INVITED),
            )
        )
        return Fact(facts.CircleClosed(digest=digest), facts.CircleClosedBody(heads=heads))

    return append(circle=circle, by=by, now=now, facts=[fact])[0]


def accept_card(*, by: Officer, now: datetime, card: bytes) -> EntryRef:
    """Keep an agency's card, trusted once its root is confirmed; the same card again gives the position it has."""
    signed = trust.read_card(card)
    held: AcceptedCard | None = AcceptedCard.objects.filter(
        subject=signed.card.agency, card=signed.data.decode()
    ).first()
    if held is not None:
        return held.ref
    circle = _private_circle()

    def fact() -> Fact:
        agency = signed.card.agency
        refuse_if(
            [
                *places.refusals_outside_private_circle(Party.objects.place(circle), author=by.agency),
                *trust.refusals_to_accept_card(
                    signed,
                    held=AcceptedCard.objects.kept(agency),
                    confirmed=ConfirmedRoot.objects.confirmed_root(agency),
                    by=by,
                ),
            ]
        )
        record = facts.CardAccepted(serial=signed.card.serial, subject=facts.agency_fact(agency))
        return Fact(record, facts.CardAcceptedBody(card=signed.data.decode()))

    return append(circle=circle, by=by, now=now, facts=[fact])[0]


def confirm_root(*, by: Officer, now: datetime, agency: str, fingerprint: str, how: str, channel: str) -> EntryRef:
    """Pin the root that a person compared: `fingerprint` 32 hex, `how` in-person or voice, `channel` with whom."""
    circle = _private_circle()

    def fact() -> Fact:
        refuse_if(
            [
                *places.refusals_outside_private_circle(Party.objects.place(circle), author=by.agency),
                *trust.refusals_to_confirm_root(
                    agency=agency,
                    fingerprint=fingerprint,
                    how=how,
                    channel=channel,
                    fingerprints=[card.fingerprint for card in AcceptedCard.objects.held(agency)],
                    confirmed=ConfirmedRoot.objects.confirmed_root(agency),
                    by=by,
                ),
            ]
        )
        card = AcceptedCard.objects.entry_with(agency, fingerprint)
        record = facts.RootConfirmed(fingerprint=fingerprint, how=how, subject=facts.agency_fact(agency))
        body = facts.RootConfirmedBody(agency=agency, channel=channel.strip())
        return Fact(record, body, refs=(card.as_reference("card"),) if card is not None else ())

    return append(circle=circle, by=by, now=now, facts=[fact])[0]


def miss_body(*, by: Officer, now: datetime, circle: str, entries: Sequence[EntryRef], why: int) -> EntryRef:
    """Say that these bodies, addressed to us, were not given: at most 64 entries of one reason (1, 2 or 4)."""

    def fact() -> Fact:
        refuse_if(
            [
                *places.refusals_outside_shared_circle(Party.objects.place(circle), author=by.agency),
                *bodies.refusals_to_miss_body(entries, why=why, circle=circle, author=by.agency, by=by),
            ]
        )
        return Fact(facts.BodyMissed(why=why), refs=tuple(entry.as_reference("body") for entry in entries))

    return append(circle=circle, by=by, now=now, facts=[fact])[0]


def garble_body(*, by: Officer, now: datetime, circle: str, entries: Sequence[EntryRef]) -> EntryRef:
    """Say that these bodies, at most 64, keep their commitment but cannot be read."""

    def fact() -> Fact:
        refuse_if(
            [
                *places.refusals_outside_shared_circle(Party.objects.place(circle), author=by.agency),
                *bodies.refusals_to_garble_body(entries, circle=circle, author=by.agency, by=by),
            ]
        )
        return Fact(facts.BodyGarbled(), refs=tuple(entry.as_reference("body") for entry in entries))

    return append(circle=circle, by=by, now=now, facts=[fact])[0]


def import_text(
    *,
    by: Officer,
    now: datetime,
    circle: str,
    reading: Reading,
    language: str,
    translation_of: EntryRef | None = None,
) -> EntryRef:
    """Put a text before all parties of the main circle; the same file again gives the position it already has."""
    held = _imported(circle, by.agency, reading.sha256, language)
    if held is not None:
        return held
    body = texts.body_of(reading, language=language)
    header = facts.TextImported(
        number=body.number,
        day=body.day,
        language=body.language,
        parts=texts.parts_of(body),
        articles=texts.articles_of(body),
        root=texts.root_of(body),
    )
    refuse_if(
        [
            *texts.refusals_to_send_body(body),
            *faults.refusals_to_rely_on_text(faults.text_fault(header, body), owner=by.agency),
        ]
    )

    def fact() -> Fact:
        opening = Opening.objects.filter(circle=circle).order_by("origin").first()
        original = _text_at(translation_of) if translation_of is not None else None
        refuse_if(
            [
                *texts.refusals_to_import_text(
                    header,
                    main=opening is not None and opening.sort in texts.SORTS,
                    original=original.facts() if original is not None and original.circle == circle else None,
                    translates=translation_of is not None,
                    by=by,
                ),
                *_faults(original),
            ]
        )
        refs = [opening.ref.as_reference("genesis")] if opening is not None else []
        if translation_of is not None:
            refs.append(translation_of.as_reference("translation-of"))
        return Fact(header, body, refs=tuple(refs))

    return append(circle=circle, by=by, now=now, facts=[fact])[0]


def confirm_text(*, by: Officer, now: datetime, text: EntryRef, root_hash: str) -> EntryRef:
    """Say that source and units were compared article by article; `root_hash` is what the page showed."""

    def fact() -> Fact:
        held = _text_at(text)
        confirmed = held is not None and Confirmation.objects.filter(text_id=held.entry_id).exists()
        refuse_if(
            [
                *texts.refusals_to_confirm_text(
                    None if held is None else held.facts(), author=by.agency, root=root_hash, by=by, confirmed=confirmed
                ),
                *_faults(held),
            ]
        )
        return Fact(facts.TextConfirmed(root=root_hash), refs=(text.as_reference("text"),))

    return append(circle=_circle_of(text), by=by, now=now, facts=[fact])[0]


def sign_regulation(*, by: Officer, now: datetime, regulation: EntryRef, root_hash: str) -> EntryRef:
    """Sign the regulation for this agency over the root hash that the page showed."""

    def fact() -> Fact:
        held = _text_at(regulation)
        text_id = 0 if held is None else held.entry_id
        confirmation = Confirmation.objects.filter(text_id=text_id).order_by("origin", "index").first()
        party = Party.objects.filter(circle=_circle_of(regulation), agency=by.agency).first()
        refuse_if(
            [
                *signing.refusals_to_sign_regulation(
                    None if held is None else held.facts(),
                    author=by.agency,
                    root=root_hash,
                    confirmed_root=None if confirmation is None else confirmation.root,
                    role=None if party is None else party.role,
                    signed=[signature.agency for signature in Signature.objects.filter(text_id=text_id)],
                    by=by,
                ),
                *_faults(held),
            ]
        )
        refs = [regulation.as_reference("text")]
        if confirmation is not None:
            refs.append(confirmation.ref.as_reference("confirmation"))
        return Fact(facts.RegulationSigned(root=root_hash), refs=tuple(refs))

    return append(circle=_circle_of(regulation), by=by, now=now, facts=[fact])[0]


def _trusted_cards(agencies: Iterable[str]) -> dict[str, SignedCard]:
    found = ((agency, AcceptedCard.objects.accepted_card(agency)) for agency in agencies)
    return {agency: card for agency, card in found if card is not None}


def _refusals_to_found(
    founding: Founding, members: Sequence[str], found: Mapping[str, SignedCard], by: Officer
) -> Sequence[Refusal]:
    return circles.refusals_to_found_circle(
        founding,
        by=by,
        members=members,
        own_card=by.agency in found,
        unconfirmed=sorted({*members} - found.keys() - {by.agency}),
        parent_parties=Party.objects.main_parties(founding.parent, by.agency),
    )


def _genesis(founding: Founding, found: Mapping[str, SignedCard]) -> tuple[str, facts.CircleOpenedBody]:
    """The id and genesis of a new circle; raises `Malformed` when a part of it breaks its format."""
    body = circles.genesis_of(founding, found)
    try:
        return circles.circle_from(body).id, body
    except BadGenesis as error:
        raise Malformed(circles.refusals_to_malformed_genesis(str(error))) from error


def _proposal(circle: str) -> tuple[Invitation | None, EntryRef]:
    """The invitation and the genesis to refer to; without a genesis there is nothing to answer."""
    opening = Opening.objects.filter(circle=circle).order_by("origin").first()
    if opening is None:
        raise NotVisible(circles.refusals_without_proposal())
    return Party.objects.invitation(circle), opening.ref


def _private_circle() -> str:
    return Opening.objects.private_circle()


def _text_at(ref: EntryRef) -> Text | None:
    found: Text | None = Text.objects.at_position(ref.origin, ref.index).filter(leaf=ref.leaf).first()
    return found


def _faults(text: Text | None) -> list[Refusal]:
    return [] if text is None else faults.refusals_to_rely_on_text(text.fault, owner=text.agency)


def _imported(circle: str, agency: str, source: str, language: str) -> EntryRef | None:
    rows = Text.objects.filter(circle=circle, source=source, language=language, origin__startswith=f"{agency}/")
    held = rows.order_by("entry_id").first()
    return None if held is None else held.ref


def _circle_of(ref: EntryRef) -> str:
    return names.parse_origin(ref.origin).circle


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
