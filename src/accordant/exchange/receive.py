"""Takes parcels in: opens, checks sender and members, stores section by section, cosigns, answers (wire paper 11.2).

Rules kept here: nothing is taken from whom no person confirmed; a party's log is taken under its owner's signature
alone, and from another member only what we ask for while the owner is silent; each section is verified whole and
committed before the next; one bad section does not stop the others; what we hold without its body is named in our log
before we cosign, also after a crash; a repeat changes nothing and gets the stored receipt.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from accordant.accounts import keys
from accordant.entries import circles, envelope, limits, manifest, names
from accordant.entries.cards import BadCard
from accordant.entries.envelope import EntryRef
from accordant.entries.errors import Malformed, Refusal, Refused, Untrusted, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.exchange import cards, cosign, partners, push, wanting
from accordant.ledger import projector, replica
from accordant.regulations import actions
from accordant.regulations.models import BodyNotice
from accordant.seal import parcel
from accordant.seal.errors import BadSealed, CutParcel, NoMatch
from accordant.tlog import note

PROPOSALS = 16


@dataclass
class Received:
    """What a parcel left here."""

    statement: manifest.Manifest
    refused: list[manifest.RefusedSection] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    replayed: set[str] = field(default_factory=set)
    unreadable: list[EntryRef] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    stored: bool = False
    cut: bool = False

    @property
    def sender(self) -> str:
        """The agency that sent it."""
        return self.statement.sender


def receive(data: bytes, *, now: int, ceiling: int, sender: str) -> Received:
    """Take a parcel in at an instant (milliseconds). `sender` is who handed it over, as authenticated.

    Raises `Malformed` when it cannot be opened or read, `Untrusted` when its sender is not confirmed or not the one.
    """
    ring = keys.keyring()
    try:
        groups = ring.open_parcel(data)
        preface = next(groups)
    except NoMatch as error:
        raise Malformed([_sealed_to_another()]) from error
    except (BadSealed, StopIteration) as error:
        raise Malformed([_unreadable(str(error))]) from error
    if not isinstance(preface, parcel.Preface):
        raise Malformed([_unreadable("no preface")])
    received = Received(_manifest(preface.manifest, ring.agency, sender))
    try:
        cards.take(preface.cards, sender=sender, us=ring.agency, now=now)
    except BadCard as error:
        raise Malformed([_unreadable(str(error))]) from error
    _take_notes(preface, received, now)
    _take_sections(groups, received, ring.agency, now, ceiling)
    for origin in sorted(received.touched):
        _acknowledge(origin, received, ring.agency, now)
    return received


def answer(received: Received, *, now: int, ceiling: int) -> push.Outgoing:
    """The parcel that answers: receipts for what we now hold, refusals, and what the sender lacks by its heads."""
    answering = push.Answering(
        id=received.statement.id,
        have={head.log: head.size for head in received.statement.have},
        receipts_for=frozenset(mark.log for mark in received.statement.sections),
        refused=tuple(received.refused),
    )
    asked = received.statement.want
    return push.build(received.sender, now=now, ceiling=ceiling, answering=answering, asked=asked)


def _manifest(data: bytes, us: str, sender: str) -> manifest.Manifest:
    try:
        unverified = manifest.read(data)
        card = partners.confirmed_card(unverified.manifest.sender)
        if card is None or unverified.manifest.sender != sender:
            raise Untrusted([_unknown_sender(unverified.manifest.sender)])
        checked = unverified.verify(card.card.verifier("link"))
    except manifest.BadManifest as error:
        raise Malformed([_unreadable(str(error))]) from error
    if us not in checked.to:
        raise Malformed([_sealed_to_another()])
    return checked


def _take_notes(preface: parcel.Preface, received: Received, now: int) -> None:
    for data in preface.cosigned:
        try:
            signed = note.parse(data)
            origin = names.parse_origin(signed.text.partition("\n")[0])
        except (note.BadNote, names.BadName) as error:
            raise Malformed([_unreadable(str(error))]) from error
        if not partners.is_log(str(origin)):
            continue
        try:
            cosigners = partners.cosigners(origin.circle)
            if replica.take_cosignature(signed, cosigners=cosigners, stored_at=now):
                received.receipts.append(str(origin))
        except replica.SectionRefused as error:
            received.refused.append(manifest.RefusedSection(error.code, str(origin), error.size))


def _take_sections(groups: Iterator[parcel.Group], received: Received, us: str, now: int, ceiling: int) -> None:
    try:
        for group in groups:
            if isinstance(group, parcel.Section):
                _take_section(group, received, us, now, ceiling)
    except CutParcel:
        received.cut = True
    except BadSealed as error:
        raise Malformed([_unreadable(str(error))]) from error


def _take_section(group: parcel.Section, received: Received, us: str, now: int, ceiling: int) -> None:
    section = _section(group)
    try:
        parts = names.parse_origin(section.origin)
        key = _log_key(parts, section, received.sender, us, now)
        relayed = parts.agency != received.sender
        taken = replica.take_section(
            section,
            log_key=key,
            us=us,
            above_ceiling=ceiling,
            relayed=relayed,
            replayed=section.origin in received.replayed,
            stored_at=now,
        )
    except names.BadName:
        received.refused.append(manifest.RefusedSection("signature", section.origin[:255], 0))
        return
    except replica.SectionRefused as error:
        received.refused.append(manifest.RefusedSection(error.code, section.origin, error.size))
        return
    if section.origin not in received.touched and taken.cosigned < taken.held:
        # Stored before a crash, or by another thread that did not cosign yet.
        received.unreadable += replica.unreadable_between(section.origin, taken.cosigned, taken.held)
    received.unreadable += taken.unreadable
    received.touched.add(section.origin)
    if taken.replayed:
        received.replayed.add(section.origin)
    received.stored = received.stored or taken.size > taken.held or taken.filled > 0


def _acknowledge(origin: str, received: Received, us: str, now: int) -> None:
    """Name what we hold without a body that can be read, then cosign (wire paper 5, cosignature of `m`)."""
    try:
        _name_bodies(origin, [ref for ref in received.unreadable if ref.origin == origin], us, now)
    except Refused as error:
        # Our log takes nothing: the circle is not complete yet, or we closed it. Without the name there is no receipt.
        code = "body-absent" if error.code == projector.CLOSED else "not-joined"
        received.refused.append(manifest.RefusedSection(code, origin, 0))
        return
    try:
        received.stored = bool(cosign.cosign_logs([origin], now=now)) or received.stored
    except replica.SectionRefused as error:
        received.refused.append(manifest.RefusedSection(error.code, origin, error.size))


def _name_bodies(origin: str, unreadable: Sequence[EntryRef], us: str, now: int) -> None:
    circle = names.parse_origin(origin).circle
    by, instant = envelope.automatic(us), datetime.fromtimestamp(now / 1000, UTC)
    missing = replica.missing_before_cosigning(origin)
    for why in replica.NAMED:
        missed = [ref for ref, reason in missing if reason == why]
        for part in _not_named(missed, circle, us, garbled=False):
            actions.miss_body(by=by, now=instant, circle=circle, entries=part, why=why)
    for part in _not_named(unreadable, circle, us, garbled=True):
        actions.garble_body(by=by, now=instant, circle=circle, entries=part)


def _not_named(refs: Sequence[EntryRef], circle: str, us: str, *, garbled: bool) -> Iterator[list[EntryRef]]:
    """Those that no entry of ours names yet, in parts of what one entry may name."""
    if not refs:
        return
    notices = BodyNotice.objects.filter(circle=circle, garbled=garbled, origin__startswith=f"{us}/")
    named = {place for listed in notices.values_list("entries", flat=True) for place in listed}
    fresh = [ref for ref in dict.fromkeys(refs) if str(ref) not in named]
    for start in range(0, len(fresh), limits.HEADER_REFERENCES):
        yield fresh[start : start + limits.HEADER_REFERENCES]


def _log_key(origin: names.Origin, section: replica.Section, sender: str, us: str, now: int) -> note.VerifierKey:
    if not partners.is_known(origin.circle):
        return _proposed_key(origin, section, sender, us)
    if not partners.is_shared(origin.circle, sender, us):
        raise replica.SectionRefused("not-member", 0, f"{sender} or {us} is no member of {origin.circle}")
    if origin.agency == us or origin.number != 1 or not partners.is_party(origin.circle, origin.agency):
        raise replica.SectionRefused("not-member", 0, f"{origin} is no log of another party")
    # Unasked, another holder of the log could come before its owner and leave out the bodies meant for us.
    if origin.agency != sender and not wanting.takes(origin, now=now):
        raise replica.SectionRefused("not-member", 0, f"{origin} is no log of the party {sender}")
    key = partners.log_key(str(origin))
    if key is None:
        raise replica.SectionRefused("not-member", 0, f"{origin.agency} is no member of {origin.circle}")
    return key


def _proposed_key(origin: names.Origin, section: replica.Section, sender: str, us: str) -> note.VerifierKey:
    """The log key of a circle not known here: the opener's, from the genesis in its own entry 0 (wire paper 2)."""
    if origin.agency != sender or origin.number != 1 or section.start != 0 or 0 not in section.bodies:
        raise replica.SectionRefused("not-member", 0, f"the circle {origin.circle} is not known here")
    if partners.proposals_of(sender, us) >= PROPOSALS:
        raise replica.SectionRefused("limit", 0, f"{sender} has {PROPOSALS} open proposals here")
    try:
        circle = circles.circle_of(envelope.decode_body(section.bodies[0][1])["d"])
    except (envelope.BadBody, circles.BadGenesis) as error:
        raise replica.SectionRefused("not-canonical", 0, str(error)) from error
    pinned = partners.confirmed_card(sender)
    opener = circle.cards.get(sender)
    if circle.id != origin.circle or not {us, sender} <= set(circle.parties) or opener is None or pinned is None:
        raise replica.SectionRefused("not-member", 0, "the genesis does not found this circle with us in it")
    if opener.card.root != pinned.card.root:
        raise replica.SectionRefused("signature", 0, "the genesis names another root of its opener")
    return opener.card.verifier("log", origin=str(origin))


def _section(group: parcel.Section) -> replica.Section:
    headers: list[bytes] = []
    bodies = {index: (body.salt, body.plaintext) for index, body in group.late.bodies.items()}
    missing = dict(group.late.missing)
    late = bool(bodies or missing)
    for run in group.runs:
        headers.extend(run.headers)
        bodies.update({index: (body.salt, body.plaintext) for index, body in run.beside.bodies.items()})
        missing.update(run.beside.missing)
    origin = group.checkpoint.note.split(b"\n", 1)[0].decode(errors="replace")
    hashes = None if group.consistency is None else group.consistency.hashes
    return replica.Section(
        origin, group.checkpoint.start, group.checkpoint.note, headers, hashes, bodies, missing, late
    )


def _unreadable(why: str) -> Refusal:
    return refusal(
        "malformed",
        _("The parcel was not taken."),
        _("It cannot be read: {why}."),
        _("Nothing was stored of it. The sender's node sends again by itself; if this repeats, compare versions."),
        why=why,
    )


def _sealed_to_another() -> Refusal:
    return refusal(
        "sealed-to-another",
        _("The parcel was not taken."),
        _("It is sealed to another agency, or to a key of ours that is no longer used."),
        _("The sender fetches our newest card and sends again."),
    )


def _unknown_sender(agency: str) -> Refusal:
    return refusal(
        "unknown-sender",
        _("The parcel was not taken."),
        _("The card of {agency} is not confirmed here, or another agency handed the parcel over."),
        _("Exchange cards, compare the fingerprints by voice or in person, and confirm them on both sides."),
        agency=agency,
    )
