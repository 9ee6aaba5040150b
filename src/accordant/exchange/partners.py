"""Who we speak to and share circles with, read from the facts of `regulations`: the one place that joins the two.

Every request and every parcel asks these questions and the answers change only when a card is accepted, a root
confirmed or a circle opened, joined or declined. So they are kept per connection for as long as the counts of those
facts stay the same, which are counted again after each change; what is read inside an open transaction is not kept, as
it may be rolled back. Nor is kept who is not there: strangers may name any number of agencies and circles.
"""

import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from accordant.entries.cards import SignedCard, read
from accordant.ledger import sql
from accordant.ledger.models import Log, Member
from accordant.regulations.models import AcceptedCard, Party
from accordant.tlog import note

_STAMP: Final = (
    'SELECT (SELECT COALESCE(SUM(l."size"), 0) FROM "ledger_log" l JOIN "ledger_circle" c ON c."id" = l."circle" '
    'WHERE c."sort" = \'private\'), COUNT(*), SUM(CASE WHEN "joined" THEN 1 ELSE 0 END), '
    '(SELECT COUNT(*) FROM "ledger_circle"), (SELECT COUNT(*) FROM "ledger_log") FROM "ledger_member"'
)
Stamp = tuple[int, ...]


@dataclass(frozen=True)
class _Circle:
    """A circle's members as its genesis names them."""

    cards: Mapping[str, SignedCard]

    @cached_property
    def cosigners(self) -> dict[str, note.VerifierKey]:
        return {agency: signed.card.verifier("m") for agency, signed in self.cards.items()}


@dataclass
class _Known:
    """What was read at one state of the facts."""

    stamp: Stamp
    mark: sql.Mark | None = None
    accepted: dict[str, SignedCard] = field(default_factory=dict)
    circles: dict[str, _Circle] = field(default_factory=dict)
    hosts: dict[str, frozenset[str]] = field(default_factory=dict)
    log_keys: dict[str, note.VerifierKey] = field(default_factory=dict)

    @cached_property
    def trusted(self) -> list[str]:
        return AcceptedCard.objects.trusted_agencies()

    @cached_property
    def members(self) -> Mapping[str, frozenset[str]]:
        """By agency, the circles it is a member of."""
        found: dict[str, set[str]] = {}
        for agency, circle in Member.objects.values_list("agency", "circle"):
            found.setdefault(agency, set()).add(circle)
        return {agency: frozenset(circles) for agency, circles in found.items()}

    @cached_property
    def parties(self) -> frozenset[tuple[str, str]]:
        """Circle and agency of everybody who has a log there: members but for witnesses."""
        return frozenset(Member.objects.filter(role="party").values_list("circle", "agency"))

    @cached_property
    def held(self) -> frozenset[str]:
        """The circles of which a log is held here."""
        return frozenset(Log.objects.values_list("circle", flat=True))


_KEPT: Final[weakref.WeakKeyDictionary[BaseDatabaseWrapper, _Known]] = weakref.WeakKeyDictionary()


def _known() -> _Known:
    database = connections[DEFAULT_DB_ALIAS]
    mark = sql.change_mark(database)
    kept = _KEPT.get(database)
    if kept is not None and mark is not None and kept.mark == mark:
        return kept
    with sql.cursor(database) as cursor:
        cursor.execute(_STAMP)
        stamp: Stamp = tuple(int(count or 0) for count in cursor.fetchone())
    if kept is None or kept.stamp != stamp:
        kept = _Known(stamp)
    if not database.in_atomic_block:
        kept.mark = mark
        _KEPT[database] = kept
    return kept


def confirmed_card(agency: str) -> SignedCard | None:
    """The newest card of an agency whose root a person confirmed here; None for everybody else."""
    known = _known()
    found = known.accepted.get(agency) or AcceptedCard.objects.accepted_card(agency)
    if found is not None:
        known.accepted[agency] = found
    return found


def hosts_of(agency: str) -> frozenset[str]:
    """Host and port of every address on the cards of an agency, older ones too: a peer may hold one of these."""
    known = _known()
    if agency not in known.hosts:
        held = AcceptedCard.objects.filter(subject=agency).values_list("card", flat=True)
        known.hosts[agency] = frozenset(urlsplit(url).netloc for card in held for url in read(card.encode()).card.urls)
    return known.hosts[agency]


def confirmed_agencies(us: str) -> list[str]:
    """The other agencies whose root is confirmed here, sorted."""
    return [agency for agency in _known().trusted if agency != us]


def cards_of(circle: str) -> Mapping[str, SignedCard]:
    """The members' cards as the circle's genesis holds them."""
    return _circle(_known(), circle).cards


def log_key(origin: str) -> note.VerifierKey | None:
    """The log key of a log's owner from the genesis of its circle; None where it is no member."""
    known = _known()
    if origin not in known.log_keys:
        agency, circle, _number = origin.split("/")
        signed = _circle(known, circle).cards.get(agency)
        if signed is None:
            return None
        known.log_keys[origin] = signed.card.verifier("log", origin=origin)
    return known.log_keys[origin]


def cosigners(circle: str) -> Mapping[str, note.VerifierKey]:
    """The receipt keys of the circle's members by agency."""
    return _circle(_known(), circle).cosigners


def circles_with(peer: str, us: str) -> list[str]:
    """The circles of which both are members and in which we have a log or hold the genesis."""
    known = _known()
    nowhere: frozenset[str] = frozenset()
    return sorted(known.members.get(peer, nowhere) & known.members.get(us, nowhere) & known.held)


def is_shared(circle: str, peer: str, us: str) -> bool:
    """Whether both are members of a circle known here."""
    members = _known().members
    return circle in members.get(peer, ()) and circle in members.get(us, ())


def is_party(circle: str, agency: str) -> bool:
    """Whether the agency has a log in a circle known here."""
    return (circle, agency) in _known().parties


def is_log(origin: str) -> bool:
    """Whether a party of a circle known here has the log of this name."""
    agency, _, rest = origin.partition("/")
    circle, _, number = rest.partition("/")
    return number == "1" and (circle, agency) in _known().parties


def is_known(circle: str) -> bool:
    """Whether the genesis of the circle is held here."""
    return any(circle in circles for circles in _known().members.values())


def proposals_of(peer: str, us: str) -> int:
    """How many circles the peer opened that we neither joined nor declined."""
    opened = Member.objects.filter(agency=peer, joined=True).values("circle")
    return Member.objects.filter(agency=us, joined=False, circle__in=opened).values("circle").distinct().count()


def _circle(known: _Known, circle: str) -> _Circle:
    found = known.circles.get(circle)
    if found is None:
        found = _Circle(Party.objects.cards(circle))
        if found.cards:
            known.circles[circle] = found
    return found
