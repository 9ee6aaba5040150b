"""Acts on officers and their rights: each asks its clauses, writes and leaves an audit record in one transaction."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accordant.accounts import audit
from accordant.accounts.clauses import refusals_to_grant_role
from accordant.accounts.models import OPEN_END, Assignment, Clearance, Office, Officer, Unit
from accordant.entries.envelope import Officer as Acting
from accordant.entries.errors import Refusal, Refused, refusal, refuse_if
from accordant.entries.kinds import gettext_noop as _


def add_unit(*, by: Acting, now: datetime, path: str, name_vi: str, name_en: str) -> Unit:
    """A part of the agency; the path gets its closing slash."""
    with transaction.atomic():
        unit = Unit.objects.create(
            path=path.rstrip("/") + "/", name_vi=name_vi, name_en=name_en, from_at=_milliseconds(now)
        )
        _record(by, now, "unit-added", unit.path)
    return unit


def add_officer(
    *, by: Acting, now: datetime, sign_in: str, full_name: str, password: str = "", language: str = "vi"
) -> tuple[Officer, str]:
    """An officer, and the first secret: the password given, or a random one that must be changed at first sign-in."""
    if Officer.objects.filter(sign_in=sign_in).exists():
        raise Refused([_taken(sign_in)])
    secret = password or secrets.token_urlsafe(15)
    officer = Officer(sign_in=sign_in, full_name=full_name, language=language, must_change_password=not password)
    if password:
        _check_password(password, officer)
    officer.set_password(secret)
    with transaction.atomic():
        officer.save()
        _record(by, now, "officer-added", officer.id)
    return officer, secret


def end_officer(*, by: Acting, now: datetime, officer: Officer) -> None:
    """End an officer: no sign-in, no rights, from now on; what it wrote stays."""
    instant = _milliseconds(now)
    with transaction.atomic():
        Officer.objects.filter(id=officer.id).update(ended_at=instant)
        Assignment.objects.filter(officer_id=officer.id, to_at__gt=instant).update(to_at=instant)
        _record(by, now, "officer-ended", officer.id)


def define_office(*, by: Acting, now: datetime, code: str, title_vi: str, title_en: str, unit: str = "") -> Office:
    """A position with titles in both languages; the same code again changes its titles."""
    with transaction.atomic():
        office, _created = Office.objects.update_or_create(
            code=code, defaults={"title_vi": title_vi, "title_en": title_en, "unit": unit}
        )
        _record(by, now, "office-defined", code)
    return office


def office_titles(codes: Sequence[str], *, vietnamese: bool) -> dict[str, str]:
    """By code, the titles of offices in one language."""
    rows = Office.objects.filter(code__in=codes).values_list("code", "title_vi", "title_en")
    return {code: in_vietnamese if vietnamese else in_english for code, in_vietnamese, in_english in rows}


@dataclass(frozen=True, slots=True)
class Listed:
    """An officer in a list: sign-in name, full name, the titles of the offices held."""

    sign_in: str
    full_name: str
    offices: str


def listed(*, vietnamese: bool) -> list[Listed]:
    """The officers who were not ended, in the order they were added."""
    held = list(Assignment.objects.filter(to_at=OPEN_END).order_by("id").values_list("officer_id", "office"))
    titles = office_titles([office for _officer, office in held], vietnamese=vietnamese)
    people = Officer.objects.filter(id__in=[officer for officer, _office in held], ended_at=OPEN_END).in_bulk()
    offices = {
        person: dict.fromkeys(titles.get(code, code) for one, code in held if one == person) for person in people
    }
    return [
        Listed(people[person].sign_in, people[person].full_name, ", ".join(offices[person]))
        for person in dict.fromkeys(officer for officer, _office in held)
        if person in people
    ]


def grant_role(
    *,
    by: Acting,
    now: datetime,
    officer: Officer,
    office: str,
    role: str,
    scope: str,
    source: str,
    unit: str = "",
    until: int = OPEN_END,
) -> Assignment:
    """Let an officer hold an office with a role in a scope; refused by static separation, and never to oneself."""
    instant = _milliseconds(now)
    with transaction.atomic():
        held = Assignment.objects.filter(officer_id=officer.id, to_at__gt=instant)
        refuse_if(
            refusals_to_grant_role(
                role=role,
                held=[row.role for row in held],
                office_known=Office.objects.filter(code=office).exists(),
                office=office,
                to_oneself=bool(by.id) and by.id == officer.id,
            )
        )
        assignment = Assignment.objects.create(
            officer_id=officer.id,
            office=office,
            role=role,
            scope=scope,
            unit=unit,
            from_at=instant,
            to_at=until,
            source=source,
        )
        _record(by, now, "role-granted", f"{officer.id} {role} {scope}")
    return assignment


def set_clearance(
    *, by: Acting, now: datetime, officer: Officer, level: int, compartments: tuple[str, ...], source: str
) -> Clearance:
    """What an officer may read from now on; the clearance before ends."""
    instant = _milliseconds(now)
    with transaction.atomic():
        Clearance.objects.filter(officer_id=officer.id, to_at__gt=instant).update(to_at=instant)
        clearance = Clearance.objects.create(
            officer_id=officer.id, level=level, compartments=sorted(compartments), from_at=instant, source=source
        )
        _record(by, now, "clearance-set", f"{officer.id} {level}")
    return clearance


def change_password(*, by: Acting, now: datetime, officer: Officer, password: str) -> None:
    """A new password of 12 to 128 characters that is not common and holds no word of the context."""
    _check_password(password, officer)
    officer.set_password(password)
    with transaction.atomic():
        Officer.objects.filter(id=officer.id).update(password=officer.password, must_change_password=False)
        _record(by, now, "password-changed", officer.id)


def _check_password(password: str, officer: Officer) -> None:
    try:
        validate_password(password, officer)
    except ValidationError as error:
        raise Refused([_weak(" ".join(error.messages))]) from error


def _record(by: Acting, now: datetime, act: str, thing: str) -> None:
    audit.record(at=now, who=by.id, office=by.office, act=act, thing=thing, decision="done")


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def _taken(sign_in: str) -> Refusal:
    return refusal(
        "sign-in-taken",
        _("The officer was not added."),
        _("The sign-in name {sign_in} belongs to another officer."),
        _("Choose another sign-in name."),
        sign_in=sign_in,
    )


def _weak(why: str) -> Refusal:
    return refusal(
        "weak-password",
        _("The password was not taken."),
        _("{why}"),
        _("Choose 12 to 128 characters that no list of common passwords holds."),
        why=why,
    )
