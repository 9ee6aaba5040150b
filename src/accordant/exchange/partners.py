"""Who we speak to and share circles with, read from the facts of `regulations`: the one place that joins the two."""

from collections.abc import Mapping

from accordant.entries.cards import SignedCard
from accordant.ledger.models import Circle, Log, Member
from accordant.regulations.models import AcceptedCard, Party
from accordant.tlog import note


def confirmed_card(agency: str) -> SignedCard | None:
    """The newest card of an agency whose root a person confirmed here; None for everybody else."""
    return AcceptedCard.objects.accepted_card(agency)


def confirmed_agencies(us: str) -> list[str]:
    """The other agencies whose root is confirmed here, sorted."""
    return [agency for agency in AcceptedCard.objects.trusted_agencies() if agency != us]


def cards_of(circle: str) -> Mapping[str, SignedCard]:
    """The members' cards as the circle's genesis holds them."""
    return Party.objects.cards(circle)


def log_key(origin: str) -> note.VerifierKey | None:
    """The log key of a log's owner from the genesis of its circle; None where it is no member."""
    agency, circle, _number = origin.split("/")
    signed = cards_of(circle).get(agency)
    return None if signed is None else signed.card.verifier("log", origin=origin)


def cosigners(circle: str) -> dict[str, note.VerifierKey]:
    """The receipt keys of the circle's members by agency."""
    return {agency: signed.card.verifier("m") for agency, signed in cards_of(circle).items()}


def circles_with(peer: str, us: str) -> list[str]:
    """The circles of which both are members and in which we have a log or hold the genesis."""
    theirs = set(Member.objects.filter(agency=peer).values_list("circle", flat=True))
    ours = set(Member.objects.filter(agency=us).values_list("circle", flat=True))
    held = set(Log.objects.values_list("circle", flat=True))
    return sorted(theirs & ours & held)


def is_shared(circle: str, peer: str, us: str) -> bool:
    """Whether both are members of a circle known here."""
    return Member.objects.filter(circle=circle, agency__in=(peer, us)).count() == 2


def is_known(circle: str) -> bool:
    """Whether the genesis of the circle is held here."""
    return Circle.objects.filter(id=circle).exists()


def proposals_of(peer: str, us: str) -> int:
    """How many circles the peer opened that we neither joined nor declined."""
    opened = Circle.objects.filter(id__in=Member.objects.filter(agency=peer, joined=True).values("circle"))
    return opened.filter(id__in=Member.objects.filter(agency=us, joined=False).values("circle")).count()
