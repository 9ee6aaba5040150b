"""Cards of agencies and the roots that a person here confirmed: facts of the private circle."""

from typing import ClassVar

from django.db import models

from accordant.entries.cards import SignedCard
from accordant.entries.envelope import EntryRef
from accordant.ledger.models import Guarded
from accordant.regulations.models.circles import Opening, Party, read_card
from accordant.regulations.models.positioned import GuardedQuerySet, Positioned
from accordant.regulations.rules.cards import HeldCard, fingerprint_of, newest


class AcceptedCardQuerySet(GuardedQuerySet):
    """Cards kept here, trusted or not."""

    def kept(self, agency: str) -> list[HeldCard]:
        """The cards of the agency that were accepted, oldest first."""
        rows = self.filter(subject=agency).order_by("serial", "entry_id").values_list("serial", "fingerprint", "card")
        return [HeldCard(serial, mark, card.encode()) for serial, mark, card in rows]

    def held(self, agency: str) -> list[HeldCard]:
        """All cards of the agency: accepted ones, then those in the genesis of circles."""
        rows = Party.objects.filter(agency=agency).order_by("serial", "circle")
        founding = rows.values_list("serial", "fingerprint", "card")
        return [*self.kept(agency), *(HeldCard(serial, mark, card.encode()) for serial, mark, card in founding)]

    def entry_with(self, agency: str, fingerprint: str) -> EntryRef | None:
        """The entry that holds a card of the agency under this root: what its confirmation refers to."""
        kept: AcceptedCard | None = self.filter(subject=agency, fingerprint=fingerprint).order_by("entry_id").first()
        if kept is not None:
            return kept.ref
        circles = Party.objects.filter(agency=agency, fingerprint=fingerprint).values("circle")
        opening: Opening | None = Opening.objects.filter(circle__in=circles).order_by("entry_id").first()
        return None if opening is None else opening.ref

    def accepted_card(self, agency: str) -> SignedCard | None:
        """The card in force of the agency: highest serial under its confirmed root; None before a person confirmed."""
        card = newest(self.held(agency), ConfirmedRoot.objects.confirmed_root(agency))
        return None if card is None else read_card(card.data.decode())

    def trusted_agencies(self) -> list[str]:
        """All agencies with a card in force, sorted, our own among them."""
        confirmed = ConfirmedRoot.objects.values_list("subject", flat=True)
        return sorted(agency for agency in confirmed if self.accepted_card(agency) is not None)


class AcceptedCard(Positioned):
    """A card of an agency (`subject`), kept in the private circle; our own is the one in the private genesis."""

    subject = models.CharField(max_length=100)
    serial = models.BigIntegerField()
    fingerprint = models.CharField(max_length=32)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    card = models.TextField()

    objects = AcceptedCardQuerySet.as_manager()

    class Meta:
        ordering = ("subject", "-serial", "-entry_id")
        indexes: ClassVar = [
            *Guarded.guarded_indexes("accepted_card"),
            models.Index(fields=["subject", "serial"], name="accepted_card_subject"),
        ]
        constraints: ClassVar = [Guarded.guarded_constraint("accepted_card")]


class ConfirmedRootQuerySet(GuardedQuerySet):
    """Roots that a person compared."""

    def confirmed_root(self, agency: str) -> str | None:
        """The fingerprint (32 hex) of the agency's confirmed root, or None."""
        return self.filter(subject=agency).values_list("fingerprint", flat=True).first()

    def unconfirmed(self, cards: dict[str, SignedCard]) -> list[str]:
        """The agencies of these cards whose root nobody here confirmed, or confirmed otherwise; sorted."""
        confirmed = dict(self.filter(subject__in=list(cards)).values_list("subject", "fingerprint"))
        return sorted(a for a, signed in cards.items() if confirmed.get(a) != fingerprint_of(signed))


class ConfirmedRoot(Positioned):
    """The root of an agency (`subject`) that a person here confirmed: how, and over which second channel."""

    subject = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=32)
    how = models.CharField(max_length=10)
    second_channel = models.TextField()

    objects = ConfirmedRootQuerySet.as_manager()

    class Meta:
        ordering = ("subject",)
        indexes: ClassVar = Guarded.guarded_indexes("confirmed_root")
        constraints: ClassVar = [
            Guarded.guarded_constraint("confirmed_root"),
            models.UniqueConstraint(fields=["subject"], name="confirmed_root_once"),
        ]
