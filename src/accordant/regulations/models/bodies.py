"""Bodies that did not arrive, or cannot be read."""

from typing import ClassVar

from django.db import models

from accordant.ledger.models import Guarded
from accordant.regulations.models.positioned import GuardedQuerySet, Positioned


class BodyNotice(Positioned):
    """An addressee's word that bodies were not given to it (`why`), or cannot be read (`garbled`)."""

    circle = models.CharField(max_length=80)
    garbled = models.BooleanField()
    why = models.SmallIntegerField(default=0)
    entries = models.JSONField(default=list)  # "origin index" each

    objects = GuardedQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-entry_id")
        indexes: ClassVar = Guarded.guarded_indexes("body_notice")
        constraints: ClassVar = [Guarded.guarded_constraint("body_notice")]
