"""Views: which labels an officer may read now, evaluated once for a state of facts and labels (access paper A6)."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from accordant.accounts.subjects import Subject
from accordant.ledger import writing
from accordant.ledger.models import OPEN_END, Label, Member, View, VisibleLabel
from accordant.ledger.read import clauses


@dataclass(frozen=True)
class CurrentView:
    """A view and the subject it was made for; `at` in milliseconds.

    The others say whether any row of the sort stands for the officer at that instant, so that lists need not ask.
    """

    id: int
    subject: Subject
    at: int
    supervises: bool
    in_teams: bool
    named: bool
    excluded: bool


_SPAN = 'WHERE "officer_id" = %s AND "from_at" <= %s AND "to_at" > %s'
_ASKED = (
    'SELECT EXISTS (SELECT 1 FROM "ledger_visiblelabel" '  # noqa: S608  # the span is a constant
    'WHERE "view_id" = %s AND "supervised"), '
    f'EXISTS (SELECT 1 FROM "ledger_teammember" {_SPAN}), '
    f'EXISTS (SELECT 1 FROM "ledger_namedreader" {_SPAN}), '
    f'EXISTS (SELECT 1 FROM "ledger_exclusion" {_SPAN})'
)


_ONE: ContextVar[dict[tuple[Subject, int], CurrentView] | None] = ContextVar("one_view", default=None)


@contextmanager
def one_view() -> Iterator[None]:
    """Inside, the officer's view at an instant is worked out once: for requests that only read."""
    token = _ONE.set({})
    try:
        yield
    finally:
        _ONE.reset(token)


def view_for(subject: Subject, at: datetime) -> CurrentView:
    """The officer's view at an instant: the kept one if its facts and labels are still the same, else a new one."""
    instant = int(at.timestamp() * 1000)
    held = _ONE.get()
    if held is None:
        return _view(subject, instant)
    key = (subject, instant)
    if key not in held:
        held[key] = _view(subject, instant)
    return held[key]


def _view(subject: Subject, instant: int) -> CurrentView:
    newest = _newest_label()
    digest = _digest(subject)
    held = View.objects.filter(officer_id=subject.officer_id).order_by("-id").first()
    fits = held is not None and held.digest == digest and held.labels_up_to == newest and instant < held.valid_until
    if held is not None and fits:
        return _current(held.pk, subject, instant)
    return _current(_make(subject, digest, instant), subject, instant)


def thing_of(label: Label, scopes: frozenset[str], *, reach: int = 0) -> clauses.Thing:
    """The attributes of a label as the clauses read them."""
    return clauses.Thing(
        circle=label.circle,
        scopes=scopes,
        owner=label.owner,
        addressees=tuple(label.addressees.split()),
        kind=label.kind,
        marking=label.marking,
        compartments=frozenset(label.compartments.split()),
        unit=label.unit,
        reach=reach,
    )


def scopes_of(circle: str) -> frozenset[str]:
    """The scopes of assignments that cover a circle: itself, its main circle, its regulation, or `private`."""
    return writing.scopes_of(circle) or frozenset((circle,))


def is_member(agency: str, circle: str, at: int) -> bool:
    """Whether the agency is in the circle at the instant (milliseconds)."""
    return Member.objects.filter(circle=circle, agency=agency, from_at__lte=at, to_at__gt=at).exists()


def _current(view: int, subject: Subject, at: int) -> CurrentView:
    span = (subject.officer_id, at, at)
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, [view, *span, *span, *span])
        supervises, in_teams, named, excluded = map(bool, cursor.fetchone())
    return CurrentView(view, subject, at, supervises, in_teams, named, excluded)


def _make(subject: Subject, digest: str, at: int) -> int:
    with transaction.atomic():  # around the labels too: a rebuild numbers them anew
        newest, rows = _newest_label(), list(_visible(subject, at))
        view = View.objects.create(
            officer_id=subject.officer_id, digest=digest, labels_up_to=newest, valid_until=_valid_until(subject, at)
        )
        old = View.objects.filter(officer_id=subject.officer_id, id__lt=view.pk).values_list("id", flat=True)
        kept = list(old.order_by("-id")[:1])
        stale = [i for i in old if i not in kept]  # a reader may still be on the one before
        VisibleLabel.objects.filter(view_id__in=stale).delete()
        View.objects.filter(id__in=stale).delete()
        VisibleLabel.objects.bulk_create(
            VisibleLabel(view_id=view.pk, label_id=label, reads=reads, supervised=supervised, sees=sees)
            for label, reads, supervised, sees in rows
        )
    return view.pk


def _visible(subject: Subject, at: int) -> Iterable[tuple[int, bool, bool, bool]]:
    scopes: dict[str, frozenset[str]] = {}
    members: dict[str, bool] = {}
    for label in Label.objects.order_by("id").iterator(2000):
        if label.circle not in scopes:
            scopes[label.circle] = scopes_of(label.circle)
            members[label.circle] = is_member(subject.agency, label.circle, at)
        thing = thing_of(label, scopes[label.circle])
        facts = clauses.Facts(member=members[label.circle])
        reads, sees = clauses.may_read(subject, thing, facts), clauses.may_see(subject, thing, facts)
        if reads or sees:
            yield label.pk, reads, reads and clauses.supervises(subject, thing), sees


def _valid_until(subject: Subject, at: int) -> int:
    ends = [
        *(a.to_at for a in subject.assignments),
        subject.valid_until,
        *Member.objects.filter(to_at__gt=at).values_list("to_at", flat=True),
        *Member.objects.filter(from_at__gt=at).values_list("from_at", flat=True),
    ]
    return min([end for end in ends if end > at], default=OPEN_END)


def _newest_label() -> int:
    with connection.cursor() as cursor:
        cursor.execute('SELECT COALESCE(MAX("id"), 0) FROM "ledger_label"')
        labels = int(cursor.fetchone()[0])
        cursor.execute('SELECT COUNT(*) FROM "ledger_member"')
        return labels * 4096 + int(cursor.fetchone()[0])


def _digest(subject: Subject) -> str:
    facts = (subject.agency, subject.clearance, tuple(sorted(subject.compartments)), tuple(subject.assignments))
    return hashlib.sha256(repr(facts).encode()).hexdigest()
