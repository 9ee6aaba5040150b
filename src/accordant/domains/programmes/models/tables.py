"""Tables of programmes: programmes, activities, delegations."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models

from accordant.accounts.subjects import Subject
from accordant.domains.programmes import entries as facts
from accordant.domains.programmes import rules
from accordant.entries.envelope import EntryRef
from accordant.ledger import claims, read
from accordant.ledger.models import Guarded
from accordant.pages.fold import fold

FEW = 2000


class RecordedQuerySet(models.QuerySet[Any]):
    """What the three tables share: codes, days, agencies."""

    def regular(self, *, agency: str, circle: str) -> Self:
        """The agency's facts in the circle that break no rule."""
        return self.filter(agency=agency, circle=circle, irregular="")

    def known(self, *, agency: str, circle: str, codes: Collection[str]) -> dict[str, str]:
        """By code, the mark of the file each of these facts came from ("" = by hand)."""
        found: dict[str, str] = {}
        wanted = sorted(codes)
        for start in range(0, len(wanted), 500):
            same = self.regular(agency=agency, circle=circle).filter(code__in=wanted[start : start + 500])
            found.update(same.values_list("code", "file"))
        return found

    def claimed(self, *, agency: str, circle: str, codes: Collection[str]) -> set[str]:
        """Those of these codes that facts of the agency in the circle have claimed, whatever became of the facts."""
        texts = {rules.code_claim(self.model.noun, code): code for code in codes}
        return {texts[text] for text in claims.made(facts.ProgrammeOpened, texts, agency=agency, circle=circle)}

    def next_code(self, *, agency: str, circle: str, year: str, beside: Collection[str]) -> str:
        """A code that the agency has not claimed in the circle and that is none of `beside`, such as 2026-0014."""
        serial = self.filter(agency=agency, circle=circle, code__startswith=f"{year}-").count()
        while True:
            serial += 1
            code = f"{year}-{serial:04d}"
            if code not in beside and not self.claimed(agency=agency, circle=circle, codes=(code,)):
                return code

    def between(self, first: str, last: str) -> Self:
        """Facts of the days from first to last, ISO, both included; an empty end is open."""
        found = self.filter(day__gte=first) if first else self
        return found.filter(day__lte=last) if last else found

    def taking_part(self, agency: str) -> Self:
        """Facts that the agency owns or takes part in."""
        return self._holding(models.Q(parties__contains=f" {agency} "))

    def saying(self, text: str) -> Self:
        """Facts whose code or shown text has these words, marks and capitals aside."""
        said = models.Q()
        for word in fold(text).split():
            said &= models.Q(folded__contains=word)
        return self._holding(said)

    def _holding(self, condition: models.Q) -> Self:
        """Rows that meet a condition no index knows; where they are few, they are taken by their ids.

        A scan in the order of the list would look up each row of the table for it: at 100,000 rows 300 ms against 40.
        """
        plain = type(self)(self.model).filter(condition).order_by().values_list("entry_id", flat=True)
        found = list(plain[: FEW + 1])
        return self.filter(condition) if len(found) > FEW else self.filter(entry_id__in=found)


class Recorded(Guarded):
    """What the three tables share. `parties`: owner and partners, each with a blank on both sides.

    `noun`: among which facts a code is claimed.
    """

    noun: ClassVar[str]
    circle = models.CharField(max_length=80)
    agency = models.CharField(max_length=100)
    code = models.CharField(max_length=64)
    day = models.CharField(max_length=10)
    parties = models.TextField()
    marking = models.SmallIntegerField()
    place = models.TextField(default="")
    folded = models.TextField(default="")  # code and shown texts without marks: what a search looks through
    file = models.CharField(max_length=64, default="")
    irregular = models.CharField(max_length=64, default="")  # the rule it breaks, or empty

    objects = RecordedQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def visible_to(cls, subject: Subject, at: datetime) -> Any:
        """The rows this person may read at that instant: the only door for views."""
        return read.visible(cls._default_manager.get_queryset(), subject, at)

    @classmethod
    def at_position(cls, ref: EntryRef) -> "Self | None":
        """The row of the entry that stands there, when it is held here with this leaf."""
        stored = read.entries.find(ref.origin, ref.index)
        if stored is None or stored.leaf.hex() != ref.leaf:
            return None
        return cls._default_manager.filter(entry_id=stored.entry_id).first()

    @property
    def partners(self) -> list[str]:
        """The agencies taking part beside the owner."""
        return [agency for agency in self.parties.split() if agency != self.agency]


def _indexes(name: str) -> list[models.Index]:
    return [
        *Guarded.guarded_indexes(name),
        models.Index(fields=["-day", "-entry_id"], name=f"{name}_day"),
        models.Index(fields=["agency", "code"], name=f"{name}_code"),
        models.Index(fields=["code", "entry_id"], name=f"{name}_coded"),
        models.Index(fields=["agency", "-day", "-entry_id"], name=f"{name}_agency"),
    ]


class Programme(Recorded):
    """A programme of the days `day` to `day_end`."""

    noun = rules.PROGRAMME
    sort = models.CharField(max_length=64)
    day_end = models.CharField(max_length=10)
    title = models.TextField(default="")

    class Meta:
        ordering = ("-day", "-entry_id")
        indexes: ClassVar = _indexes("programme")
        constraints: ClassVar = [Guarded.guarded_constraint("programme")]

    @property
    def held(self) -> rules.HeldProgramme:
        """What the rules need of it."""
        return rules.HeldProgramme(self.agency, self.sort, self.day, self.day_end)

    @classmethod
    def ref_of(cls, *, agency: str, circle: str, code: str) -> EntryRef | None:
        """Where the agency's programme of that code in the circle stands, if it is held here and breaks no rule."""
        row = cls.objects.regular(agency=agency, circle=circle).filter(code=code).first()
        return None if row is None else read.entries.refs_of([row.entry_id]).get(row.entry_id)

    @classmethod
    def refs_by_code(cls, *, agency: str, circle: str) -> dict[str, EntryRef]:
        """By code, where the agency's programmes in the circle stand."""
        rows = cls.objects.regular(agency=agency, circle=circle).values_list("entry_id", "code")
        codes = dict(rows)
        return {codes[entry_id]: ref for entry_id, ref in read.entries.refs_of(list(codes)).items()}


class Activity(Recorded):
    """A protected activity in a programme (`programme_id`: entry id, None only where it breaks the rule)."""

    noun = rules.ACTIVITY
    category = models.CharField(max_length=64)
    programme_id = models.BigIntegerField(null=True, default=None)
    what = models.TextField(default="")
    leader_office = models.TextField(default="")

    class Meta:
        ordering = ("-day", "-entry_id")
        indexes: ClassVar = [*_indexes("activity"), models.Index(fields=["programme_id"], name="activity_programme")]
        constraints: ClassVar = [Guarded.guarded_constraint("activity")]


class Delegation(Recorded):
    """A guarded delegation with its number of persons, in a programme or in none."""

    noun = rules.DELEGATION
    heads = models.IntegerField()
    programme_id = models.BigIntegerField(null=True, default=None)
    name = models.TextField(default="")
    country = models.TextField(default="")

    class Meta:
        ordering = ("-day", "-entry_id")
        indexes: ClassVar = [
            *_indexes("delegation"),
            models.Index(fields=["programme_id"], name="delegation_programme"),
        ]
        constraints: ClassVar = [Guarded.guarded_constraint("delegation")]
