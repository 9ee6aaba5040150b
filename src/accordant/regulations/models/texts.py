"""Texts of regulations, their units, confirmations and signatures."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.db import models

from accordant.ledger.models import Guarded
from accordant.regulations.models.positioned import GuardedQuerySet, Positioned
from accordant.regulations.rules.signing import CONFIRMED, IMPORTED, IN_FORCE
from accordant.regulations.rules.texts import HeldText


class Text(Positioned):
    """A text of a regulation in one language: an original, or a translation of one (`original_id`).

    `fault`: what its body lacks (`rules.faults`); then title, components, doubts and units are left empty.
    """

    circle = models.CharField(max_length=80)
    number = models.CharField(max_length=64)
    day = models.CharField(max_length=10)
    title = models.TextField()
    language = models.CharField(max_length=2)
    root = models.CharField(max_length=64)
    source = models.CharField(max_length=64)
    parts = models.IntegerField()
    articles = models.IntegerField()
    original_id = models.BigIntegerField(default=0)  # 0 = it is an original
    components = models.JSONField(default=list)  # name, title, text, conclusions each
    doubts = models.JSONField(default=list)
    fault = models.CharField(max_length=16, default="")

    objects = GuardedQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-entry_id")
        indexes: ClassVar = [
            *Guarded.guarded_indexes("text"),
            models.Index(fields=["circle", "source"], name="text_source"),
            models.Index(fields=["original_id"], name="text_original"),
        ]
        constraints: ClassVar = [
            Guarded.guarded_constraint("text"),
            models.UniqueConstraint(fields=["origin", "index"], name="text_position"),
        ]

    def units(self) -> models.QuerySet["Provision"]:
        """Its units in the order of the text."""
        return Provision.objects.filter(entry_id=self.entry_id).order_by("position")

    def facts(self) -> HeldText:
        """What the rules need of it."""
        return held_text({name: getattr(self, name) for name in HELD_COLUMNS})


HELD_COLUMNS = ("circle", "origin", "root", "language", "parts", "articles", "original_id")


def held_text(row: Mapping[str, Any]) -> HeldText:
    """The text as the rules see it, from a row of `Text`."""
    return HeldText(
        circle=row["circle"],
        owner=row["origin"].partition("/")[0],
        root=row["root"],
        language=row["language"],
        parts=row["parts"],
        articles=row["articles"],
        original=row["original_id"] == 0,
    )


class Provision(models.Model):
    """One unit of a text (`entry_id`), in the order of the text."""

    entry_id = models.BigIntegerField()
    position = models.IntegerField()
    component = models.TextField()
    wid = models.TextField()
    eid = models.TextField()
    level = models.TextField()
    num = models.TextField()
    heading = models.TextField()
    text = models.TextField()
    depth = models.SmallIntegerField()

    class Meta:
        ordering = ("entry_id", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry_id", "position"], name="provision_position"),
        ]


class Confirmation(Positioned):
    """The owner's word that the text (`text_id`) was compared article by article."""

    text_id = models.BigIntegerField()
    root = models.CharField(max_length=64)

    objects = GuardedQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-entry_id")
        indexes: ClassVar = [
            *Guarded.guarded_indexes("confirmation"),
            models.Index(fields=["text_id"], name="confirmation_text"),
        ]
        constraints: ClassVar = [Guarded.guarded_constraint("confirmation")]


class RegulationQuerySet(GuardedQuerySet):
    """Regulations by circle and state."""

    def in_force(self) -> Self:
        """Those that every party signed."""
        return self.filter(state=IN_FORCE).order_by("-in_force_at", "-entry_id")

    def circle_of(self, number: str) -> str:
        """The circle of the regulation with this number that is in force, or ""."""
        return self.in_force().filter(number=number).values_list("circle", flat=True).first() or ""


class Regulation(Positioned):
    """A regulation: its original text with its `fault`, the title in both languages, and how far its signing is."""

    circle = models.CharField(max_length=80)
    number = models.CharField(max_length=64)
    day = models.CharField(max_length=10)
    language = models.CharField(max_length=2)
    title_vi = models.TextField()
    title_en = models.TextField()
    root = models.CharField(max_length=64)
    articles = models.IntegerField()
    translation_id = models.BigIntegerField(default=0)
    fault = models.CharField(max_length=16, default="")
    state = models.CharField(max_length=10, default=IMPORTED)
    in_force_at = models.BigIntegerField(null=True, default=None)

    objects = RegulationQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-entry_id")
        indexes: ClassVar = [
            *Guarded.guarded_indexes("regulation"),
            models.Index(fields=["circle"], name="regulation_circle"),
        ]
        constraints: ClassVar = [
            Guarded.guarded_constraint("regulation"),
            models.UniqueConstraint(fields=["origin", "index"], name="regulation_position"),
            models.CheckConstraint(
                condition=models.Q(state=IN_FORCE, in_force_at__isnull=False)
                | models.Q(state__in=(IMPORTED, CONFIRMED), in_force_at__isnull=True),
                name="regulation_in_force",
            ),
        ]


class Signature(Positioned):
    """A party's signature over the root hash of a regulation (`text_id`: the original text)."""

    text_id = models.BigIntegerField()
    root = models.CharField(max_length=64)

    objects = GuardedQuerySet.as_manager()

    class Meta:
        ordering = ("at", "entry_id")
        indexes: ClassVar = [
            *Guarded.guarded_indexes("signature"),
            models.Index(fields=["text_id"], name="signature_text"),
        ]
        constraints: ClassVar = [Guarded.guarded_constraint("signature")]
