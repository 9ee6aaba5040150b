"""What the pages of this domain show, read through the readers' door and handed on as plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from accordant.accounts.roles import ROLES
from accordant.accounts.subjects import Subject
from accordant.entries import cards
from accordant.entries.envelope import EntryRef
from accordant.entries.errors import Refusal
from accordant.regulations.models.bodies import BodyNotice
from accordant.regulations.models.cards import AcceptedCard, ConfirmedRoot
from accordant.regulations.models.circles import Closing, Opening, Party
from accordant.regulations.models.texts import Confirmation, Provision, Regulation, Signature, Text
from accordant.regulations.rules.circles import INVITED, JOINED, refusals_to_join_closed
from accordant.regulations.rules.closing import still_open
from accordant.regulations.rules.signing import CONFIRMED, IMPORTED, missing_signatures


@dataclass(frozen=True)
class SignatureShown:
    """One party's line beside the text: its names, when it signed (ms) and the entry, or None while it is awaited.

    `missed`: it says that the content of the text was not given to it.
    """

    agency: str
    name_vi: str
    name_en: str
    signed_at: int | None
    ref: EntryRef | None
    missed: bool = False


@dataclass(frozen=True)
class ComponentShown:
    """A numbering run or annex with its units."""

    name: str
    title: str
    text: str
    conclusions: str
    units: list[Provision]


@dataclass(frozen=True)
class RegulationShown:
    """A regulation as its page shows it; `text` is the expression in the language asked for, or the original.

    `unsound` are its texts that cannot be relied on here, the original or translations of it.
    """

    regulation: Regulation
    text: Text
    components: list[ComponentShown]
    signatures: list[SignatureShown]
    missing: list[str]
    confirmation: Confirmation | None
    translated: bool
    unsound: list[Text]


@dataclass(frozen=True)
class SigningShown:
    """How far a regulation is signed: its parties, and those whose signatures are missing; both sorted."""

    regulation: Regulation
    parties: list[str]
    missing: list[str]


@dataclass(frozen=True)
class CircleShown:
    """A circle with its agencies; `unconfirmed` are those whose root has to be confirmed before we join.

    `ours`: our answer. `closings`: who closed it, oldest first; `still_open`: who may still write in it.
    `hindered`: why it cannot be joined here, beside roots to be confirmed.
    """

    opening: Opening
    parties: list[Party]
    unconfirmed: list[str]
    awaited: list[str]
    ours: str
    closings: list[Closing]
    still_open: list[str]
    hindered: list[Refusal]

    def may_close(self, agency: str) -> bool:
        """Whether the agency takes part and has not closed its log here."""
        return self.ours == JOINED and agency in self.still_open


@dataclass(frozen=True)
class Fingerprint:
    """A root's fingerprint in the three forms people compare."""

    hex: str

    @property
    def digits(self) -> str:
        """8 groups of 5 digits."""
        return cards.fingerprint_digits(bytes.fromhex(self.hex))

    @property
    def words(self) -> str:
        """12 words."""
        return cards.fingerprint_words(bytes.fromhex(self.hex))


@dataclass(frozen=True)
class CardShown:
    """A card as pages show it: the agency's names, its serial, its own bytes."""

    name_vi: str
    name_en: str
    serial: int
    data: bytes

    @classmethod
    def of(cls, row: AcceptedCard | Party) -> "CardShown":
        """From either table that holds cards."""
        return cls(row.name_vi, row.name_en, row.serial, row.card.encode())


@dataclass(frozen=True)
class PeerShown:
    """An agency whose card is held: its newest card, its fingerprint, who confirmed it how, the circles shared."""

    agency: str
    card: CardShown
    fingerprint: Fingerprint
    confirmed: ConfirmedRoot | None
    circles: list[str] = field(default_factory=list)


def show_regulation(
    subject: Subject, at: datetime, *, origin: str, index: int, language: str
) -> RegulationShown | None:
    """The regulation at that position, when this person may read it."""
    regulation = Regulation.visible_to(subject, at).filter(origin=origin, index=index).first()
    if regulation is None:
        return None
    texts = Text.visible_to(subject, at).filter(entry_id__in=(regulation.entry_id, regulation.translation_id))
    by_language = {text.language: text for text in texts}
    text = by_language.get(language) or by_language.get(regulation.language)
    if text is None:
        return None
    signatures = _signatures(subject, at, regulation)
    return RegulationShown(
        regulation=regulation,
        text=text,
        components=_components(text),
        signatures=signatures,
        missing=missing_signatures([s.agency for s in signatures], [s.agency for s in signatures if s.ref]),
        confirmation=Confirmation.visible_to(subject, at).filter(text_id=regulation.entry_id).order_by("at").first(),
        translated=len(by_language) > 1,
        unsound=_unsound(subject, at, regulation),
    )


def show_signing(subject: Subject, at: datetime, regulations: Iterable[Regulation]) -> list[SigningShown]:
    """How far each of these regulations is signed, in their order, by two queries for all."""
    rows = list(regulations)
    signed: dict[int, list[str]] = {row.entry_id: [] for row in rows}
    for signature in Signature.visible_to(subject, at).filter(text_id__in=list(signed)):
        signed[signature.text_id].append(signature.agency)
    parties: dict[str, list[str]] = {row.circle: [] for row in rows}
    for party in Party.objects.filter(circle__in=list(parties), role="party").order_by("agency"):
        parties[party.circle].append(party.agency)
    return [
        SigningShown(row, parties[row.circle], missing_signatures(parties[row.circle], signed[row.entry_id]))
        for row in rows
    ]


def show_unsigned(subject: Subject, at: datetime) -> list[SigningShown]:
    """The confirmed regulations that not every party has signed, oldest first."""
    rows = Regulation.visible_to(subject, at).filter(state=CONFIRMED).order_by("at", "entry_id")
    return show_signing(subject, at, rows)


def unconfirmed_texts(subject: Subject, at: datetime, *, us: str) -> list[Regulation]:
    """Sound regulations that we imported and have not confirmed article by article, oldest first."""
    rows = Regulation.visible_to(subject, at).filter(state=IMPORTED, fault="").order_by("at", "entry_id")
    return [row for row in rows if row.agency == us]


def provisions_of(shown: RegulationShown) -> QuerySet[Provision]:
    """The units of the text that is shown."""
    return shown.text.units()


def show_circles(subject: Subject, at: datetime, *, agency: str) -> list[CircleShown]:
    """The circles with other agencies, newest first, each genesis once."""
    shown: dict[str, CircleShown] = {}
    for opening in Opening.visible_to(subject, at).exclude(sort="private").order_by("-at", "-entry_id"):
        parties = list(opening.parties())
        answers = {party.agency: party.state for party in parties if party.role == "party"}
        closings = list(Closing.visible_to(subject, at).filter(circle=opening.circle).order_by("at", "entry_id"))
        ours = answers.get(agency, INVITED)
        shown.setdefault(
            opening.circle,
            CircleShown(
                opening=opening,
                parties=parties,
                unconfirmed=ConfirmedRoot.objects.unconfirmed(Party.objects.cards(opening.circle)),
                awaited=[party for party, state in answers.items() if state == INVITED],
                ours=ours,
                closings=closings,
                still_open=still_open(answers, [closing.agency for closing in closings]),
                hindered=_hindered(opening.circle, agency, closings) if ours == INVITED else [],
            ),
        )
    return list(shown.values())


def _hindered(circle: str, agency: str, closings: Sequence[Closing]) -> list[Refusal]:
    closed = [closing.agency for closing in closings]
    return [*refusals_to_join_closed(closed), *Party.objects.refusals_under_parent(circle, agency)]


def show_circle(subject: Subject, at: datetime, *, agency: str, circle: str) -> CircleShown | None:
    """One circle, when this person may read of it."""
    return next((shown for shown in show_circles(subject, at, agency=agency) if shown.opening.circle == circle), None)


def importable_circles(subject: Subject, at: datetime) -> list[tuple[str, str]]:
    """Main circles whose parties have all joined and that we have not closed: id and regulation, for a choice."""
    ours = Party.objects.open_to(subject.agency)
    openings = Opening.visible_to(subject, at).filter(sort__in=("main", "exercise")).order_by("regulation", "circle")
    return [
        (opening.circle, f"{opening.regulation} ({opening.name})")
        for opening in openings
        if opening.circle in ours and set(Party.objects.answers(opening.circle).values()) == {JOINED}
    ]


def translatable_texts(subject: Subject, at: datetime) -> list[tuple[str, str]]:
    """Originals that a text can translate: position and name, for a choice."""
    regulations = Regulation.visible_to(subject, at).order_by("-at", "-entry_id")
    return [(str(row.ref), f"{row.number} {row.title_vi or row.title_en}"[:120]) for row in regulations]


def original_at(subject: Subject, at: datetime, position: str) -> EntryRef | None:
    """The original behind a choice of `translatable_texts`."""
    origin, _, index = position.partition(" ")
    if not index.isdigit():
        return None
    row = Regulation.visible_to(subject, at).filter(origin=origin, index=int(index)).first()
    return None if row is None else row.ref


def show_peers(subject: Subject, at: datetime, *, us: str) -> list[PeerShown]:
    """Every other agency whose card this person may read: accepted, or held in the genesis of a circle."""
    if not reads_cards(subject):
        return []
    confirmed = {root.subject: root for root in ConfirmedRoot.visible_to(subject, at)}
    held: dict[str, list[AcceptedCard | Party]] = {}
    for card in AcceptedCard.visible_to(subject, at):
        held.setdefault(card.subject, []).append(card)
    for party in Party.objects.all():
        held.setdefault(party.agency, []).append(party)
    return [_peer(agency, held[agency], confirmed.get(agency)) for agency in sorted(held) if agency != us]


def show_peer(subject: Subject, at: datetime, agency: str, *, us: str) -> PeerShown | None:
    """One agency whose card is held; our own is for everybody here."""
    if agency == us:
        return show_own_card(us)
    return next((peer for peer in show_peers(subject, at, us=us) if peer.agency == agency), None)


def show_own_card(us: str) -> PeerShown | None:
    """Our own card, which is made to be given away; None before the private circle is opened."""
    party = Party.objects.filter(circle=Opening.objects.private_circle(), agency=us).first()
    return None if party is None else _peer(us, [party], None)


def trusted_agencies(*, us: str) -> list[tuple[str, str]]:
    """The other agencies with a confirmed root: id and Vietnamese name, for a choice."""
    cards_in_force = ((agency, AcceptedCard.objects.accepted_card(agency)) for agency in _others(us))
    return [(agency, f"{signed.card.name.vi} ({agency})") for agency, signed in cards_in_force if signed is not None]


def _others(us: str) -> list[str]:
    return [agency for agency in AcceptedCard.objects.trusted_agencies() if agency != us]


def reads_cards(subject: Subject) -> bool:
    """Whether an office held reads the cards in the private circle (access paper A3, clause 4)."""
    return any(
        held.scope == "private" and held.role in ROLES and ROLES[held.role].reads_kind("regulations.card-accepted")
        for held in subject.assignments
    )


def _peer(agency: str, held: Sequence[AcceptedCard | Party], confirmed: ConfirmedRoot | None) -> PeerShown:
    """The newest card under the confirmed root, or the newest of all while none is confirmed."""
    under = [row for row in held if confirmed is not None and row.fingerprint == confirmed.fingerprint]
    newest = max(under or held, key=lambda row: row.serial)
    shared = Party.objects.shared_with(agency)
    return PeerShown(agency, CardShown.of(newest), Fingerprint(newest.fingerprint), confirmed, shared)


def _signatures(subject: Subject, at: datetime, regulation: Regulation) -> list[SignatureShown]:
    rows = Signature.visible_to(subject, at).filter(text_id=regulation.entry_id).order_by("-index")
    signed = {row.agency: row for row in rows}  # of two by one party the first in its log counts
    notices = BodyNotice.visible_to(subject, at).filter(circle=regulation.circle)
    missed = {notice.agency for notice in notices if str(regulation.ref) in notice.entries}
    shown = []
    for party in Party.objects.filter(circle=regulation.circle, role="party").order_by("agency"):
        signature = signed.get(party.agency)
        at_ms, ref = (None, None) if signature is None else (signature.at, signature.ref)
        names = (party.agency, party.name_vi, party.name_en)
        shown.append(SignatureShown(*names, at_ms, ref, missed=party.agency in missed))
    return shown


def _unsound(subject: Subject, at: datetime, regulation: Regulation) -> list[Text]:
    texts = Text.visible_to(subject, at).exclude(fault="").order_by("original_id", "at", "entry_id")
    return list(texts.filter(Q(entry_id=regulation.entry_id) | Q(original_id=regulation.entry_id)))


def _components(text: Text) -> list[ComponentShown]:
    units: dict[str, list[Provision]] = {}
    for unit in text.units():
        units.setdefault(unit.component, []).append(unit)
    return [ComponentShown(**component, units=units.get(component["name"], [])) for component in text.components]
