"""What all guarded tables of this domain share: the position of their entry, the door for readers."""

from datetime import datetime
from typing import Any, Self

from django.db import models

from accordant.accounts.subjects import Subject
from accordant.entries.envelope import EntryRef
from accordant.ledger import read
from accordant.ledger.models import Guarded


class GuardedQuerySet(models.QuerySet[Any]):
    """What every guarded table of this domain offers."""

    def at_position(self, origin: str, index: int) -> Self:
        """The row of that entry, if there is one."""
        return self.filter(origin=origin, index=index)


class Positioned(Guarded):
    """A guarded row that knows the position of its entry."""

    origin = models.CharField(max_length=255)
    index = models.BigIntegerField()
    leaf = models.CharField(max_length=64)

    class Meta:
        abstract = True

    @classmethod
    def visible_to(cls, subject: Subject, at: datetime) -> models.QuerySet[Self]:
        """The rows this person may read at that instant: the only door for views."""
        rows: models.QuerySet[Self] = cls._default_manager.all()
        return read.visible(rows, subject, at)

    @property
    def ref(self) -> EntryRef:
        """The position for a reference."""
        return EntryRef(self.origin, self.index, self.leaf)

    @property
    def agency(self) -> str:
        """The agency whose log the entry stands in."""
        return str(self.origin.partition("/")[0])
