"""Tables of information: items, what each addressee did with them, the numbers given."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models

from accordant.accounts.subjects import Subject
from accordant.domains.information import rules
from accordant.entries.envelope import EntryRef
from accordant.ledger import read
from accordant.ledger.models import Guarded


class ItemQuerySet(models.QuerySet["Item"]):
    """Items by number, direction and state."""

    def taken(self, *, agency: str, circle: str, number: str, year: str) -> bool:
        """Whether the agency has a regular item of this number and year in the circle."""
        same = self.filter(agency=agency, number=number, circle=circle, irregular="")
        return same.filter(day__startswith=year).exists()

    def known(self, *, agency: str, circle: str, numbers: Collection[str]) -> dict[str, str]:
        """By sender, number and year, the mark of the file each of these items came from ("" = by hand)."""
        found: dict[str, str] = {}
        wanted = sorted(numbers)
        for start in range(0, len(wanted), 500):
            same = self.filter(agency=agency, circle=circle, irregular="", number__in=wanted[start : start + 500])
            for number, day, file in same.values_list("number", "day", "file"):
                found[str(rules.Named(agency, number, day[:4]))] = file
        return found

    def sent(self, agency: str) -> Self:
        """Items that this agency sent."""
        return self.filter(agency=agency)

    def received(self, agency: str) -> Self:
        """Items addressed to this agency."""
        return self.filter(models.Exists(_addressed(agency)))

    def waiting_at(self, agency: str) -> Self:
        """Items that this agency has neither acknowledged, answered nor returned."""
        return self.filter(entry_id__in=Addressee.objects.filter(agency=agency, settled=False).values("item_id"))

    def waiting_elsewhere(self, agency: str) -> Self:
        """Items of this agency that an addressee has neither acknowledged, answered nor returned."""
        waits = Addressee.objects.filter(item_id=models.OuterRef("entry_id"), settled=False)
        return self.filter(models.Exists(waits), agency=agency)

    def between(self, first: str, last: str) -> Self:
        """Items of the days from first to last, ISO, both included; an empty end is open."""
        found = self.filter(day__gte=first) if first else self
        return found.filter(day__lte=last) if last else found


class Item(Guarded):
    """An item of information. `subject` stays empty for marked items: those are found by number and date."""

    circle = models.CharField(max_length=80)
    agency = models.CharField(max_length=100)
    number = models.CharField(max_length=64)
    day = models.CharField(max_length=10)
    purpose = models.CharField(max_length=64)
    category = models.CharField(max_length=64)
    precedence = models.CharField(max_length=64)
    marking = models.SmallIntegerField()
    due = models.BigIntegerField(null=True, default=None)
    addressees = models.JSONField(default=list)
    subject = models.TextField(default="")
    grading = models.CharField(max_length=4, default="")
    answers_id = models.BigIntegerField(null=True, default=None)
    file = models.CharField(max_length=64, default="")
    irregular = models.CharField(max_length=64, default="")  # the rule it breaks, or empty

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-entry_id")
        indexes: ClassVar = [
            *Guarded.guarded_indexes("item"),
            models.Index(fields=["agency", "number"], name="item_number"),
            models.Index(fields=["answers_id"], name="item_answers", condition=models.Q(answers_id__isnull=False)),
        ]
        constraints: ClassVar = [Guarded.guarded_constraint("item")]

    @classmethod
    def visible_to(cls, subject: Subject, at: datetime) -> ItemQuerySet:
        """The items this person may read at that instant: the only door for views."""
        return read.visible(cls.objects.get_queryset(), subject, at)

    @classmethod
    def at_position(cls, ref: EntryRef) -> "Item | None":
        """The item that stands there, when it is held here with this leaf."""
        stored = read.entries.find(ref.origin, ref.index)
        if stored is None or stored.leaf.hex() != ref.leaf:
            return None
        return cls.objects.filter(entry_id=stored.entry_id).first()


def _addressed(agency: str) -> models.QuerySet["Addressee"]:
    return Addressee.objects.filter(item_id=models.OuterRef("entry_id"), agency=agency)


class AddresseeQuerySet(models.QuerySet["Addressee"]):
    """What addressees did."""

    def held_by(self, agency: str, item_id: int) -> rules.Held | None:
        """What this agency did with the item so far; None when it is no addressee."""
        row = self.filter(item_id=item_id, agency=agency).values().first()
        return None if row is None else held(row)

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


class Numbering(models.Model):
    """The highest serial that a log gave in a year, and the item that has it."""

    id = models.CharField(max_length=270, primary_key=True)  # origin, blank, year
    agency = models.CharField(max_length=100)
    year = models.CharField(max_length=4)
    last = models.IntegerField()
    entry_id = models.BigIntegerField()

    class Meta:
        ordering = ("id",)

    @classmethod
    def next_serial(cls, agency: str, year: str) -> int:
        """The serial after the highest that this agency gave in the year, in any circle (Decree 30/2020, 15)."""
        highest = cls._default_manager.filter(agency=agency, year=year).aggregate(models.Max("last"))["last__max"]
        return int(highest or 0) + 1
