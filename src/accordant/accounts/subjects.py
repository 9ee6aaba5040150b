"""What an officer is at an instant: the only reader of offices, roles and clearances (access paper A1, A2)."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from accordant.accounts import models
from accordant.entries.envelope import Officer
from accordant.entries.errors import Refusal, Refused, refusal
from accordant.entries.kinds import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Held:
    """An office held with a role: scope (circle, regulation's number or `private`), unit, until when (ms)."""

    office: str
    role: str
    scope: str
    unit: str
    from_at: int
    to_at: int


@dataclass(frozen=True, slots=True)
class Subject:
    """An officer's attributes; `valid_until` (ms) is when the next of them ends or begins."""

    officer_id: str
    agency: str
    clearance: int
    compartments: tuple[str, ...]
    assignments: tuple[Held, ...]
    valid_until: int

    @property
    def offices(self) -> tuple[str, ...]:
        """The codes of the offices held, in the order they were given, each once."""
        return tuple(dict.fromkeys(held.office for held in self.assignments))


def subject_at(officer_id: str, at: datetime) -> Subject:
    """The officer's attributes at an instant; whoever ended, or is unknown, holds nothing."""
    instant = int(at.timestamp() * 1000)
    known = models.Officer.objects.filter(id=officer_id, ended_at__gt=instant).exists()
    rows = list(models.Assignment.objects.filter(officer_id=officer_id, to_at__gt=instant)) if known else []
    clearances = list(models.Clearance.objects.filter(officer_id=officer_id, to_at__gt=instant)) if known else []
    now = [row for row in clearances if row.from_at <= instant]
    changes = [
        *(row.from_at if row.from_at > instant else row.to_at for row in rows),
        *(row.from_at if row.from_at > instant else row.to_at for row in clearances),
    ]
    return Subject(
        officer_id=officer_id,
        agency=settings.ACCORDANT_AGENCY,
        clearance=max((row.level for row in now), default=0),
        compartments=tuple(sorted({name for row in now for name in row.compartments})),
        assignments=tuple(
            Held(row.office, row.role, row.scope, row.unit, row.from_at, row.to_at)
            for row in rows
            if row.from_at <= instant
        ),
        valid_until=min(changes, default=models.OPEN_END),
    )


def acting_officer(officer: models.Officer, office: str, at: datetime) -> Officer:
    """The officer in one of its offices, as actions take it; raises `Refused` when it does not hold that office."""
    return acting_in(subject_at(officer.id, at), office)


def acting_in(subject: Subject, office: str) -> Officer:
    """The same for attributes that are known already."""
    grants = frozenset((held.role, held.scope) for held in subject.assignments if held.office == office)
    if not grants:
        raise Refused([_not_held(office)])
    roles = frozenset(role for role, _scope in grants)
    return Officer(id=subject.officer_id, office=office, agency=subject.agency, roles=roles, grants=grants)


def _not_held(office: str) -> Refusal:
    return refusal(
        "office-not-held",
        _("The act was not done."),
        _("The office {office} is not held by this officer now."),
        _("Choose another acting office, or ask the security administrator."),
        office=office,
    )
