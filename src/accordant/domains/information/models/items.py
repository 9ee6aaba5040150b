"""Items and the numbers given to them."""

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar, Final, Self, cast

from django.db import models

from accordant.accounts.subjects import Subject
from accordant.domains.information import entries as facts
from accordant.domains.information import rules
from accordant.domains.information.models.steps import Addressee, AddresseeQuerySet
from accordant.entries.envelope import EntryRef
from accordant.ledger import claims, read
from accordant.ledger.models import Guarded
from accordant.pages.fold import fold

FEW: Final = 500  # up to so many items are found by their ids, more in the order of the list (access paper A6)


class ItemQuerySet(models.QuerySet["Item"]):
    """Items by number, direction and state."""

    def taken(self, *, agency: str, circle: str, number: str, day: str) -> bool:
        """Whether an item of the agency in the circle has claimed this number in the year of the day."""
        return bool(claims.made(facts.ItemSent, [rules.number_claim(number, day)], agency=agency, circle=circle))

    def next_serial(self, *, agency: str, year: str) -> int:
        """The serial after the highest that this agency claimed in the year, in any circle (Decree 30/2020, 15)."""
        last = claims.highest(facts.ItemSent, rules.numbers_of(year), agency=agency)
        return max((rules.serial_claimed(claim, year) for claim in last), default=0) + 1

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
        return self.concerning(Addressee.objects.filter(agency=agency))

    def waiting_at(self, agency: str) -> Self:
        """Items that this agency has neither acknowledged, answered nor returned."""
        return self.concerning(Addressee.objects.filter(agency=agency, settled=False))

    def waiting_elsewhere(self, agency: str) -> Self:
        """Items of this agency that an addressee has neither acknowledged, answered nor returned."""
        return self.concerning(Addressee.objects.filter(settled=False)).filter(agency=agency)

    def concerning(self, rows: AddresseeQuerySet) -> Self:
        """The items of these rows of addressees."""
        few = list(rows.order_by().values_list("item_id", flat=True)[: FEW + 1])
        if len(few) <= FEW:
            return self.filter(entry_id__in=few)
        return self.filter(models.Exists(rows.filter(item_id=models.OuterRef("entry_id"))))

    def standing(self, state: str, *, agency: str = "") -> Self:
        """Items that stand so at this agency, or at any addressee where none is named."""
        rows = Addressee.objects.standing(state)
        return self.concerning(rows.filter(agency=agency) if agency else rows)

    def shown_with(self, **values: str) -> Self:
        """Items whose columns equal these values, which stubs do not show. For querysets of `Item.seen_by`."""
        return self.filter(models.Q(stub=False), **values)

    def between(self, first: str, last: str) -> Self:
        """Items of the days from first to last, ISO, both included; an empty end is open."""
        found = self.filter(day__gte=first) if first else self
        return found.filter(day__lte=last) if last else found

    def saying(self, text: str) -> Self:
        """Items with these words in number or subject, marks and capitals aside; of stubs the number alone is searched.

        For querysets of `Item.seen_by`.
        """
        words = fold(text).split()
        if not words:
            return self
        said, open_to_search = models.Q(), models.Q()
        for word in words:
            said &= models.Q(folded__contains=word)
            open_to_search &= models.Q(number__icontains=word)
        few = list(Item.objects.filter(said).order_by().values_list("entry_id", flat=True)[: FEW + 1])
        found = self.filter(said) if len(few) > FEW else self.filter(entry_id__in=few)
        return found.filter(models.Q(stub=False) | open_to_search)


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
    folded = models.TextField(default="")  # number and shown subject without marks: what a search looks through
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
            models.Index(fields=["agency", "-at", "-entry_id"], name="item_agency"),
            models.Index(
                fields=["agency", "due", "-at", "-entry_id"],
                name="item_agency_due",
                condition=models.Q(due__isnull=False),
            ),
            models.Index(fields=["due", "-at", "-entry_id"], name="item_due", condition=models.Q(due__isnull=False)),
            models.Index(fields=["answers_id"], name="item_answers", condition=models.Q(answers_id__isnull=False)),
        ]
        constraints: ClassVar = [Guarded.guarded_constraint("item")]

    @classmethod
    def visible_to(cls, subject: Subject, at: datetime) -> ItemQuerySet:
        """The items this person may read at that instant: the only door for views."""
        return cast(ItemQuerySet, read.visible(cls.objects.get_queryset(), subject, at))

    @classmethod
    def seen_by(cls, subject: Subject, at: datetime, *, among: ItemQuerySet | None = None) -> ItemQuerySet:
        """The same with the items of which this person sees the headline alone: those have `stub` set.

        What narrows the list most is asked of each row first: it is handed in as `among`.
        """
        items = cls.objects.get_queryset() if among is None else among
        return cast(ItemQuerySet, read.visible_with_stubs(items, subject, at))

    @classmethod
    def at_position(cls, ref: EntryRef) -> "Item | None":
        """The item that stands there, when it is held here with this leaf."""
        stored = read.entries.find(ref.origin, ref.index)
        if stored is None or stored.leaf.hex() != ref.leaf:
            return None
        return cls.objects.filter(entry_id=stored.entry_id).first()
