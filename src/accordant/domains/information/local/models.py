"""Read marks: who opened which item first when. They prove nothing; the first at the agency becomes an entry."""

from typing import ClassVar

from django.db import models


class ReadMark(models.Model):
    """An officer's first reading of an item, `at` in milliseconds.

    `reported`: nothing is left to tell the sender, because the agency's first reading is an entry or the item is ours.
    """

    officer_id = models.CharField(max_length=40)
    origin = models.CharField(max_length=255)
    index = models.BigIntegerField()
    at = models.BigIntegerField()
    reported = models.BooleanField(default=False)

    class Meta:
        ordering = ("at", "id")
        indexes: ClassVar = [
            models.Index(fields=["at"], name="readmark_unreported", condition=models.Q(reported=False))
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["officer_id", "origin", "index"], name="readmark_once")
        ]
