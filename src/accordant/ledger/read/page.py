"""The SQL form of reading: guarded rows by the officer's view, clauses 5 and 6 in the statement (access paper A6).

Only `Exists` and `~Exists` are used, never `NOT IN` or `.exclude()` across a relation: a NULL would hide or show rows.
"""

from datetime import datetime
from typing import TypeVar, cast

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

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
    stub = Exists(VisibleLabel.objects.filter(view_id=view.id, label_id=OuterRef("label_id"), stub=True))
    marked = cast("QuerySet[M]", queryset.annotate(stub=stub))
    return _not_excluded(marked.filter(_needed(view) | Q(stub=True)), view)


def _needed(view: CurrentView) -> Q:
    label = VisibleLabel.objects.filter(view_id=view.id, label_id=OuterRef("label_id"), stub=False)
    team = TeamMember.objects.filter(
        officer_id=view.subject.officer_id,
        activity_id=OuterRef("activity_id"),
        from_at__lte=view.at,
        to_at__gt=view.at,
    )
    named = NamedReader.objects.filter(
        officer_id=view.subject.officer_id, entry_id=OuterRef("entry_id"), from_at__lte=view.at, to_at__gt=view.at
    )
    return (
        Q(Exists(label), reach=0)
        | Q(Exists(label.filter(supervised=True)), reach=1)
        | Q(Exists(label), Exists(team), reach=1)
        | Q(Exists(label), Exists(named), reach=2)
    )


def _not_excluded(queryset: "QuerySet[M]", view: CurrentView) -> "QuerySet[M]":
    standing = Exclusion.objects.filter(officer_id=view.subject.officer_id, from_at__lte=view.at, to_at__gt=view.at)
    return queryset.filter(
        ~Exists(standing.filter(activity_id=OuterRef("activity_id"))),
        ~Exists(standing.filter(entry_id=OuterRef("entry_id"))),
    )
