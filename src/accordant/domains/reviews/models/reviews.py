"""Tables of reviews: the review, who agreed to its cutoff, what each party stated."""

from datetime import datetime
from typing import Any, ClassVar, Self

import msgspec
from django.db import models

from accordant.accounts.subjects import Subject
from accordant.domains.reviews.entries import CutoffHead
from accordant.entries.envelope import EntryRef
from accordant.ledger import read
from accordant.ledger.models import Guarded


class ReviewQuerySet(models.QuerySet[Any]):
    """The views' only door to guarded rows."""

    def visible_to(self, subject: Subject, at: datetime) -> Self:
        """The rows this person may read at that instant."""
        return read.visible(self, subject, at)  # type: ignore[return-value]  # filtering keeps the class of a queryset

    def first_by_agency(self) -> dict[str, Any]:
        """Of rows of one cutoff, by agency the first in its log: what a party says twice counts once."""
        return {row.agency: row for row in self.order_by("-index")}


class Review(Guarded):
    """A review of the days [start, stop). `cutoff_id` is the entry of its cutoff, 0 before one is proposed.

    Of several cutoffs it is the first in the opener's log.
    """

    origin = models.CharField(max_length=255)
    index = models.BigIntegerField()
    leaf = models.CharField(max_length=64)
    circle = models.CharField(max_length=80)
    agency = models.CharField(max_length=100)
    code = models.CharField(max_length=40)
    start = models.CharField(max_length=10)
    stop = models.CharField(max_length=10)
    sort = models.CharField(max_length=20)
    title_vi = models.TextField(default="")
    title_en = models.TextField(default="")
    cutoff_id = models.BigIntegerField(default=0)
    cutoff_at = models.BigIntegerField(null=True, default=None)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-entry_id")
        indexes: ClassVar = Guarded.guarded_indexes("review")
        constraints: ClassVar = [
            Guarded.guarded_constraint("review"),
            models.UniqueConstraint(fields=["origin", "index"], name="review_position"),
        ]

    @classmethod
    def visible_to(cls, subject: Subject, at: datetime) -> models.QuerySet["Review"]:
        """The reviews this person may read at that instant: what the list shows."""
        rows: models.QuerySet[Review] = cls.objects.visible_to(subject, at)
        return rows

    @property
    def ref(self) -> EntryRef:
        """The position for a reference."""
        return EntryRef(self.origin, self.index, self.leaf)


class Cutoff(Guarded):
    """A proposed cutoff of a review (`review_id`); heads are [{log, root, size}], none where it has a `fault`."""

    origin = models.CharField(max_length=255)
    index = models.BigIntegerField()
    leaf = models.CharField(max_length=64)
    review_id = models.BigIntegerField()
    agency = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    heads = models.JSONField(default=list)
    fault = models.CharField(max_length=10, default="")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-entry_id")
        indexes: ClassVar = [
            *Guarded.guarded_indexes("cutoff"),
            models.Index(fields=["review_id"], name="cutoff_review"),
        ]
        constraints: ClassVar = [
            Guarded.guarded_constraint("cutoff"),
            models.UniqueConstraint(fields=["origin", "index"], name="cutoff_position"),
        ]

    @property
    def ref(self) -> EntryRef:
        """The position for a reference."""
        return EntryRef(self.origin, self.index, self.leaf)

    @property
    def sizes(self) -> list[CutoffHead]:
        """Its checkpoints, sorted by log."""
        return msgspec.convert(self.heads, list[CutoffHead])


class CutoffConsent(Guarded):
    """A party said, at `index` of its log, that it holds everything up to a cutoff."""

    cutoff_id = models.BigIntegerField()
    agency = models.CharField(max_length=100)
    index = models.BigIntegerField()

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ("at", "entry_id")
        indexes: ClassVar = [
            *Guarded.guarded_indexes("consent"),
            models.Index(fields=["cutoff_id"], name="consent_cutoff"),
        ]
        constraints: ClassVar = [Guarded.guarded_constraint("consent")]


class FigureStatement(Guarded):
    """A party's stated figures over a cutoff; `figures` as in the body, empty where the body is not here.

    `index`: where in its log; `fault`: the body is not here, or gives another digest.
    """

    cutoff_id = models.BigIntegerField()
    agency = models.CharField(max_length=100)
    index = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    figures = models.JSONField(default=list)
    fault = models.CharField(max_length=10, default="")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ("at", "entry_id")
        indexes: ClassVar = [
            *Guarded.guarded_indexes("statement"),
            models.Index(fields=["cutoff_id"], name="statement_cutoff"),
        ]
        constraints: ClassVar = [Guarded.guarded_constraint("statement")]
