"""What addressees did with items: opened, acknowledged, answered, returned."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, ClassVar, Final

from django.db import models

from accordant.accounts.subjects import Subject
from accordant.domains.information import rules
from accordant.ledger import read
from accordant.ledger.models import Guarded

WAITING: Final = "waiting"
ANSWERED: Final = "answered"
STATES: Final = (WAITING, rules.OPENED, rules.ACKNOWLEDGED, ANSWERED, rules.RETURNED)


class AddresseeQuerySet(models.QuerySet["Addressee"]):
    """What addressees did."""

    def held_by(self, agency: str, item_id: int) -> rules.Held | None:
        """What this agency did with the item so far; None when it is no addressee."""
        row = self.filter(item_id=item_id, agency=agency).values().first()
        return None if row is None else held(row)

    def standing(self, state: str) -> "AddresseeQuerySet":
        """Addressees by what they did: a step of the rules, `answered`, or `waiting` for whoever did nothing final."""
        if state == WAITING:
            return self.filter(settled=False)
        return self.filter(**{f"{state}_at__isnull": False})

    def of_items(self, item_ids: Collection[int]) -> dict[int, list["Addressee"]]:
        """By item, its addressees, sorted."""
        found: dict[int, list[Addressee]] = {}
        for row in self.filter(item_id__in=item_ids).order_by("item_id", "agency"):
            found.setdefault(row.item_id, []).append(row)
        return found


class Addressee(models.Model):
    """An agency that an item is addressed to; instants are the header times of its own entries, in milliseconds."""

    item_id = models.BigIntegerField()
    agency = models.CharField(max_length=100)
    opened_at = models.BigIntegerField(null=True, default=None)
    acknowledged_at = models.BigIntegerField(null=True, default=None)
    returned_at = models.BigIntegerField(null=True, default=None)
    return_reason = models.CharField(max_length=64, default="")
    answered_at = models.BigIntegerField(null=True, default=None)
    settled = models.BooleanField(default=False)

    objects = AddresseeQuerySet.as_manager()

    class Meta:
        ordering = ("item_id", "agency")
        indexes: ClassVar = [
            models.Index(fields=["agency", "item_id"], name="addressee_waits", condition=models.Q(settled=False))
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item_id", "agency"], name="addressee_once"),
            models.CheckConstraint(
                condition=models.Q(returned_at__isnull=True, return_reason="")
                | models.Q(returned_at__isnull=False) & ~models.Q(return_reason=""),
                name="addressee_returned_with_reason",
            ),
        ]


def held(row: Mapping[str, Any]) -> rules.Held:
    """What the rules need of a row of `Addressee`."""
    return rules.Held(
        opened=row["opened_at"] is not None,
        acknowledged=row["acknowledged_at"] is not None,
        returned=row["returned_at"] is not None,
    )


class ItemStep(Guarded):
    """An entry of an addressee about an item: opened, acknowledged, returned."""

    item_id = models.BigIntegerField()
    agency = models.CharField(max_length=100)
    step = models.CharField(max_length=20)
    file = models.CharField(max_length=64, default="")

    class Meta:
        ordering = ("at", "entry_id")
        indexes: ClassVar = [
            *Guarded.guarded_indexes("itemstep"),
            models.Index(fields=["item_id"], name="itemstep_item"),
        ]
        constraints: ClassVar = [Guarded.guarded_constraint("itemstep")]

    @classmethod
    def visible_to(cls, subject: Subject, at: datetime) -> models.QuerySet["ItemStep"]:
        """The steps whose notes this person may read at that instant."""
        return read.visible(cls._default_manager.get_queryset(), subject, at)
