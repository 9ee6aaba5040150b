"""Circles and their parties. The ledger's own tables of circles and members are filled by the same handlers."""

from functools import lru_cache
from typing import ClassVar, Self

from django.db import models

from accordant.entries import cards
from accordant.entries.cards import SignedCard
from accordant.entries.errors import Refusal
from accordant.ledger import sections
from accordant.ledger.models import Guarded
from accordant.regulations.entries import LastHead
from accordant.regulations.models.positioned import GuardedQuerySet, Positioned
from accordant.regulations.rules.circles import (
    DECLINED,
    INVITED,
    JOINED,
    Invitation,
    refusals_to_join_under_parent,
)
from accordant.regulations.rules.places import Place


@lru_cache(maxsize=512)
def read_card(text: str) -> SignedCard:
    """The card in a stored statement; its signature was checked when it was stored and is checked again here."""
    return cards.read(text.encode())


class OpeningQuerySet(GuardedQuerySet):
    """Circles by what they are for."""

    def private_circle(self) -> str:
        """The id of this agency's own circle, or "" before it is opened."""
        return self.filter(sort="private").values_list("circle", flat=True).order_by("circle").first() or ""

    def main_circle(self, regulation: str) -> str:
        """The newest main circle of the regulation with this name, or ""."""
        mains = self.filter(sort="main", regulation=regulation)
        return mains.values_list("circle", flat=True).order_by("-at", "circle").first() or ""

    def shared(self) -> Self:
        """The circles with other agencies."""
        return self.exclude(sort="private").order_by("-at", "-entry_id")


class Opening(Positioned):
    """A genesis: entry 0 of the log of whoever opened the circle."""

    circle = models.CharField(max_length=80)
    name = models.CharField(max_length=40)
    sort = models.CharField(max_length=10)
    regulation = models.CharField(max_length=200)
    ceiling = models.SmallIntegerField()
    parent = models.CharField(max_length=80)

    objects = OpeningQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-entry_id")
        indexes: ClassVar = [
            *Guarded.guarded_indexes("opening"),
            models.Index(fields=["circle"], name="opening_circle"),
        ]
        constraints: ClassVar = [
            Guarded.guarded_constraint("opening"),
            models.UniqueConstraint(fields=["origin", "index"], name="opening_position"),
        ]

    def parties(self) -> models.QuerySet["Party"]:
        """Its agencies, sorted, with their cards and answers."""
        return Party.objects.filter(circle=self.circle).order_by("agency")


class ClosingQuerySet(GuardedQuerySet):
    """Who closed which circle."""

    def closers(self, circle: str) -> list[str]:
        """The agencies that closed the circle, sorted."""
        return sorted(closing.agency for closing in self.filter(circle=circle))

    def by_agency(self, agency: str) -> list[str]:
        """The circles that the agency closed."""
        return list(self.filter(origin__startswith=f"{agency}/").values_list("circle", flat=True))


class Closing(Positioned):
    """A party's last entry in a circle, with the heads of all its logs that the party holds.

    `fault`: the body is not here, or gives another digest; then `heads` is empty.
    """

    circle = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    heads = models.JSONField(default=list)  # log, root, size each
    fault = models.CharField(max_length=10, default="")

    objects = ClosingQuerySet.as_manager()

    class Meta:
        ordering = ("at", "entry_id")
        indexes: ClassVar = [
            *Guarded.guarded_indexes("closing"),
            models.Index(fields=["circle"], name="closing_circle"),
        ]
        constraints: ClassVar = [
            Guarded.guarded_constraint("closing"),
            models.UniqueConstraint(fields=["origin", "index"], name="closing_position"),
        ]

    @property
    def entries(self) -> int:
        """How many entries of all logs the party held."""
        return sum(head["size"] for head in self.heads)


def held_heads(circle: str) -> tuple[LastHead, ...]:
    """The heads of all logs of the circle that are held here, sorted by log."""
    heads = map(sections.head, sections.logs_of(circle))
    return tuple(LastHead(head.log, head.root, head.size) for head in heads)


class PartyQuerySet(models.QuerySet["Party"]):
    """Who shares a circle, with which keys; read by the exchange for every parcel."""

    def cards(self, circle: str) -> dict[str, SignedCard]:
        """Each agency's card in the genesis of the circle."""
        return {agency: read_card(card) for agency, card in self.filter(circle=circle).values_list("agency", "card")}

    def parties(self, circle: str) -> list[str]:
        """The agencies that have a log in the circle, sorted."""
        return sorted(self.filter(circle=circle, role="party").values_list("agency", flat=True))

    def shared_with(self, agency: str) -> list[str]:
        """The circles that this agency is in, sorted; those of which a party declined are left out."""
        given_up = self.filter(state=DECLINED).values("circle")
        mine = self.filter(agency=agency).filter(~models.Q(circle__in=given_up))
        return sorted(mine.values_list("circle", flat=True))

    def open_to(self, agency: str) -> list[str]:
        """The circles in which the agency may still write, sorted: those shared that it has not closed."""
        return sorted(set(self.shared_with(agency)) - set(Closing.objects.by_agency(agency)))

    def main_parties(self, circle: str, agency: str) -> list[str]:
        """The parties of a main circle that is open to the agency, sorted; none of any other circle."""
        main = Opening.objects.filter(circle=circle, sort="main").exists()
        joined = self.answers(circle).get(agency) == JOINED and circle not in Closing.objects.by_agency(agency)
        return self.parties(circle) if main and joined else []

    def refusals_under_parent(self, circle: str, agency: str) -> list[Refusal]:
        """What stands against the agency's joining the circle as far as its `parent` goes."""
        opening, invitation = Opening.objects.filter(circle=circle).first(), self.invitation(circle)
        if opening is None or invitation is None:
            return []
        known = self.main_parties(opening.parent, agency)
        return refusals_to_join_under_parent(invitation, parent=opening.parent, parent_parties=known)

    def answers(self, circle: str) -> dict[str, str]:
        """By party of the circle its answer to the proposal: invited, joined, declined."""
        return dict(self.filter(circle=circle, role="party").values_list("agency", "state"))

    def place(self, circle: str) -> Place:
        """The circle as the rules of places see it."""
        opening = Opening.objects.filter(circle=circle).first()
        roles = dict(self.filter(circle=circle).values_list("agency", "role"))
        return Place(circle, "" if opening is None else opening.sort, roles)

    def invitation(self, circle: str) -> Invitation | None:
        """The circle as the rules of joining see it; None while no genesis is held."""
        opening = Opening.objects.filter(circle=circle).first()
        rows = list(self.filter(circle=circle))
        if opening is None:
            return None
        return Invitation(
            circle, opening.sort, {row.agency: row.role for row in rows}, {row.agency: row.state for row in rows}
        )


class Party(models.Model):
    """An agency in a circle: its card there, and whether it joined. `entry_id` is its own entry 0, else 0."""

    circle = models.CharField(max_length=80)
    agency = models.CharField(max_length=100)
    entry_id = models.BigIntegerField(default=0)
    role = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default=INVITED)
    reason = models.TextField(default="")
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    serial = models.BigIntegerField()
    fingerprint = models.CharField(max_length=32)
    card = models.TextField()

    objects = PartyQuerySet.as_manager()

    class Meta:
        ordering = ("circle", "agency")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["circle", "agency"], name="party_once"),
            models.CheckConstraint(condition=models.Q(state__in=(INVITED, JOINED, DECLINED)), name="party_state"),
        ]
