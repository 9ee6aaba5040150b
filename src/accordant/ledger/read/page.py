"""The SQL form of reading: guarded rows by the officer's view, clauses 5 and 6 in the statement (access paper A6).

Only `Exists` and `~Exists` are used, never `NOT IN` or `.exclude()` across a relation: a NULL would hide or show rows.
"""

from datetime import datetime
from typing import TypeVar, cast

from django.db.models import BooleanField, Exists, ExpressionWrapper, Model, OuterRef, Q, QuerySet

from accordant.accounts.subjects import Subject
from accordant.ledger.models import Exclusion, NamedReader, TeamMember, VisibleLabel
from accordant.ledger.read.labels import CurrentView, view_for

M = TypeVar("M", bound=Model)


def visible(queryset: "QuerySet[M]", subject: Subject, at: datetime) -> "QuerySet[M]":
    """The rows of a guarded table that the officer may read at the instant."""
    view = view_for(subject, at)
    return _not_excluded(queryset.filter(_needed(view)), view)


def visible_with_stubs(queryset: "QuerySet[M]", subject: Subject, at: datetime) -> "QuerySet[M]":
    """The same with the rows of which the officer sees the stub only; each row says so in `stub`."""
    view = view_for(subject, at)
    needed = _needed(view)
    stub = ExpressionWrapper(~needed, output_field=BooleanField())
    marked = cast("QuerySet[M]", queryset.annotate(stub=stub))
    return _not_excluded(marked.filter(needed | Q(Exists(_labels(view, sees=True)))), view)


def _needed(view: CurrentView) -> Q:
    """Clauses 1 to 5. What the officer has no row for is not asked of each row: a list pays for what it needs."""
    readable = Exists(_labels(view, reads=True))
    needed = Q(reach=0) & Q(readable)
    if view.supervises:
        needed |= Q(reach=1) & Q(Exists(_labels(view, supervised=True)))
    if view.in_teams:
        team = _standing(TeamMember.objects.all(), view).filter(activity_id=OuterRef("activity_id"))
        needed |= Q(reach=1) & Q(readable, Exists(team))
    if view.named:
        named = _standing(NamedReader.objects.all(), view).filter(entry_id=OuterRef("entry_id"))
        needed |= Q(reach=2) & Q(readable, Exists(named))
    return needed


def _not_excluded(queryset: "QuerySet[M]", view: CurrentView) -> "QuerySet[M]":
    if not view.excluded:
        return queryset
    standing = _standing(Exclusion.objects.all(), view)
    return queryset.filter(
        ~Exists(standing.filter(activity_id=OuterRef("activity_id"))),
        ~Exists(standing.filter(entry_id=OuterRef("entry_id"))),
    )


def _labels(view: CurrentView, **bits: bool) -> "QuerySet[VisibleLabel]":
    return VisibleLabel.objects.filter(view_id=view.id, label_id=OuterRef("label_id"), **bits)


def _standing(rows: "QuerySet[M]", view: CurrentView) -> "QuerySet[M]":
    """Those rows of a table of spans that are the officer's and hold at the view's instant."""
    return rows.filter(officer_id=view.subject.officer_id, from_at__lte=view.at, to_at__gt=view.at)
