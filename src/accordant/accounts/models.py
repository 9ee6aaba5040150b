"""Tables of accounts. Officers are ended, never deleted; instants are milliseconds since 1970 UTC, spans half-open."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

OPEN_END = 2**53 - 1


def _new_id() -> str:
    return uuid.uuid4().hex


class Unit(models.Model):
    """A part of the agency; its path ends in a slash, so that no unit covers another by accident."""

    path = models.CharField(max_length=200, unique=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    from_at = models.BigIntegerField()
    to_at = models.BigIntegerField(default=OPEN_END)

    class Meta:
        ordering = ("path",)


class OfficerManager(BaseUserManager["Officer"]):
    """Finds officers by sign-in name, as Django's sign-in asks."""

    def get_by_natural_key(self, username: str | None) -> "Officer":
        """The officer with this sign-in name."""
        return self.get(sign_in=username)


class Officer(AbstractBaseUser):
    """A person acting for the agency. No flag gives rights: offices do."""

    id = models.CharField(max_length=32, primary_key=True, default=_new_id)
    sign_in = models.CharField(max_length=60, unique=True)
    full_name = models.CharField(max_length=120)
    language = models.CharField(max_length=2, default="vi")
    theme = models.CharField(max_length=5, default="auto")
    density = models.CharField(max_length=11, default="compact")
    keys = models.BooleanField(default=True)  # single keys act outside fields (WCAG 2.1.4: can be turned off)
    must_change_password = models.BooleanField(default=False)
    ended_at = models.BigIntegerField(default=OPEN_END)

    USERNAME_FIELD = "sign_in"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]
    objects = OfficerManager()

    class Meta:
        ordering = ("sign_in",)

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django's field is a property here: an end, not a flag
        """Whether the officer was not ended."""
        return self.ended_at == OPEN_END


class Office(models.Model):
    """A position: its code stands in the entries its holders write."""

    code = models.CharField(max_length=40, unique=True)
    title_vi = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    unit = models.CharField(max_length=200, default="")

    class Meta:
        ordering = ("code",)


class Assignment(models.Model):
    """An office held with a role, within a scope (a circle, a regulation's number or `private`) and a unit."""

    officer_id = models.CharField(max_length=32, db_index=True)
    office = models.CharField(max_length=40)
    role = models.CharField(max_length=40)
    scope = models.CharField(max_length=200)
    unit = models.CharField(max_length=200, default="")
    from_at = models.BigIntegerField()
    to_at = models.BigIntegerField(default=OPEN_END)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ("id",)


class Clearance(models.Model):
    """What an officer may read: level 0 to 3 and compartments, from a written source."""

    officer_id = models.CharField(max_length=32, db_index=True)
    level = models.SmallIntegerField()
    compartments: Any = models.JSONField(default=list)
    from_at = models.BigIntegerField()
    to_at = models.BigIntegerField(default=OPEN_END)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ("id",)


class SignInFailure(models.Model):
    """A failed try: by name (hashed) and address, for the doubling waits."""

    name = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    at = models.BigIntegerField(db_index=True)

    class Meta:
        ordering = ("at",)


class AuditRecord(models.Model):
    """What was done by whom, written in the act's own transaction (for readings: committed before the answer)."""

    at = models.BigIntegerField(db_index=True)
    who = models.CharField(max_length=40)
    office = models.CharField(max_length=40)
    session = models.CharField(max_length=64, default="")
    act = models.CharField(max_length=60)
    thing = models.CharField(max_length=400)
    decision = models.CharField(max_length=20)
    clause = models.CharField(max_length=60, default="")

    class Meta:
        ordering = ("at", "id")
