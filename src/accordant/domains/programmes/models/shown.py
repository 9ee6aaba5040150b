"""What pages show: rows with their positions and the programmes they name, looked up a page at a time."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Count

from accordant.accounts.subjects import Subject
from accordant.domains.programmes import rules
from accordant.domains.programmes.models.tables import Activity, Delegation, Programme, Recorded
from accordant.entries.envelope import EntryRef, Officer
from accordant.ledger import read
from accordant.ledger.models import Member

CHOICES = 200
NEWEST = 25
TEXTS = ("what", "title", "name", "country", "place", "leader_office")
R = TypeVar("R", bound=Recorded)


@dataclass(frozen=True, slots=True)
class Named:
    """A programme by name: where it stands, its code, sort, title and days."""

    ref: EntryRef
    code: str
    sort: str
    title: str
    day: str
    day_end: str

    @classmethod
    def of(cls, row: Programme, ref: EntryRef) -> "Named":
        """The name of the programme that stands there."""
        return cls(ref, row.code, row.sort, row.title, row.day, row.day_end)


@dataclass(frozen=True, slots=True)
class ActivityShown:
    """An activity, where it stands, and its programme where this person may read it."""

    row: Activity
    ref: EntryRef
    programme: Named | None


@dataclass(frozen=True, slots=True)
class DelegationShown:
    """A delegation, where it stands, and its programme where this person may read it."""

    row: Delegation
    ref: EntryRef
    programme: Named | None


@dataclass(frozen=True, slots=True)
class ProgrammeShown:
    """A programme and where it stands."""

    row: Programme
    ref: EntryRef


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a month at one agency: how many activities, counted alike for every reader of the same rows."""

    iso: str
    count: int


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month: its days, by agency the activities on each, the programmes that touch it."""

    month: str
    before: str
    after: str
    days: Sequence[date]
    agencies: Sequence[tuple[str, Sequence[Day]]]
    programmes: Sequence[ProgrammeShown]


def show_activities(rows: Sequence[Activity], subject: Subject, at: datetime) -> list[ActivityShown]:
    """Rows this person may read, as lists show them."""
    refs = _refs(rows)
    named = _named([row.programme_id for row in rows], subject, at)
    return [ActivityShown(row, refs[row.entry_id], named.get(row.programme_id or 0)) for row in rows]


def show_delegations(rows: Sequence[Delegation], subject: Subject, at: datetime) -> list[DelegationShown]:
    """Rows this person may read, as lists show them."""
    refs = _refs(rows)
    named = _named([row.programme_id for row in rows], subject, at)
    return [DelegationShown(row, refs[row.entry_id], named.get(row.programme_id or 0)) for row in rows]


def show_programmes(rows: Sequence[Programme]) -> list[ProgrammeShown]:
    """Rows this person may read, as lists show them."""
    refs = _refs(rows)
    return [ProgrammeShown(row, refs[row.entry_id]) for row in rows]


def show_activity(subject: Subject, at: datetime, origin: str, index: int) -> ActivityShown | None:
    """The activity at that position, when this person may read it."""
    row = _row(Activity, subject, at, origin, index)
    return None if row is None else show_activities([row], subject, at)[0]


def show_delegation(subject: Subject, at: datetime, origin: str, index: int) -> DelegationShown | None:
    """The delegation at that position, when this person may read it."""
    row = _row(Delegation, subject, at, origin, index)
    return None if row is None else show_delegations([row], subject, at)[0]


def show_programme(subject: Subject, at: datetime, origin: str, index: int) -> ProgrammeShown | None:
    """The programme at that position, when this person may read it."""
    row = _row(Programme, subject, at, origin, index)
    return None if row is None else show_programmes([row])[0]


def agencies_known() -> list[str]:
    """The parties of all circles held here, sorted."""
    return sorted(set(Member.objects.filter(role="party").values_list("agency", flat=True)))


def open_programmes(subject: Subject, at: datetime, *, circle: str, since: str) -> list[Named]:
    """The circle's programmes that end on the day `since` (ISO) or later and take every party's facts, newest first."""
    rows = Programme.visible_to(subject, at).filter(circle=circle, irregular="", day_end__gte=since)
    found = [row for row in rows.order_by("-day", "-entry_id")[:CHOICES] if row.sort != rules.STANDING]
    return [Named.of(row, ref) for row, ref in zip(found, _in_order(found), strict=True)]


def activities_of_days(subject: Subject, at: datetime, *, first: str, last: str) -> list[ActivityShown]:
    """The activities of the days from first to last, ISO, that this person may read, by day."""
    rows = Activity.visible_to(subject, at).between(first, last).filter(irregular="").order_by("day", "entry_id")
    return show_activities(list(rows[:NEWEST]), subject, at)


def delegations_in(subject: Subject, at: datetime, programme_id: int) -> list[DelegationShown]:
    """The programme's delegations that this person may read, newest first."""
    rows = Delegation.visible_to(subject, at).filter(programme_id=programme_id).order_by("-day", "-entry_id")
    return show_delegations(list(rows[:CHOICES]), subject, at)


def newest_in(subject: Subject, at: datetime, programme_id: int) -> list[EntryRef]:
    """Where the newest activities and delegations stand that name the programme."""
    found: list[EntryRef] = []
    for model in (Activity, Delegation):
        rows = model.visible_to(subject, at).filter(programme_id=programme_id).order_by("-day", "-entry_id")
        found += _in_order(rows[:NEWEST])
    return found


def month_of(subject: Subject, at: datetime, month: str) -> Month:
    """The activities and programmes of a month, written 2026-01, that this person may read."""
    first = date.fromisoformat(f"{month}-01")
    last = first.replace(day=monthrange(first.year, first.month)[1])
    days = [first + timedelta(days=number) for number in range(last.day)]
    counted = (
        Activity.visible_to(subject, at)
        .between(first.isoformat(), last.isoformat())
        .filter(irregular="")
        .order_by()
        .values_list("agency", "day")
        .annotate(count=Count("entry_id"))
    )
    counts = {(agency, day): count for agency, day, count in counted}
    touching = Programme.visible_to(subject, at).filter(day__lte=last.isoformat(), day_end__gte=first.isoformat())
    programmes = [row for row in touching.order_by("day", "entry_id")[:CHOICES] if row.sort != rules.STANDING]
    return Month(
        month=month,
        before=f"{first - timedelta(days=1):%Y-%m}",
        after=f"{last + timedelta(days=1):%Y-%m}",
        days=days,
        agencies=[
            (agency, [Day(day.isoformat(), counts.get((agency, day.isoformat()), 0)) for day in days])
            for agency in sorted({agency for agency, _day in counts})
        ],
        programmes=show_programmes(programmes),
    )


def words_of(row: Recorded, subject: Subject, officer: Officer, at: datetime) -> Mapping[str, str]:
    """The body's texts by name. Those of a marked entry are read from its body, and the reading is recorded."""
    if not row.marking:
        return {name: getattr(row, name) for name in TEXTS if hasattr(row, name)}
    body = read.body(row, subject=subject, officer=officer, at=at) or {}
    return {name: str(body[name]) for name in TEXTS if name in body}


def _row(model: type[R], subject: Subject, at: datetime, origin: str, index: int) -> R | None:
    stored = read.entries.find(origin, index)
    if stored is None:
        return None
    found: R | None = model.visible_to(subject, at).filter(entry_id=stored.entry_id).first()
    return found


def _refs(rows: Sequence[Any]) -> dict[int, EntryRef]:
    return read.entries.refs_of([row.entry_id for row in rows])


def _in_order(rows: Sequence[Any]) -> list[EntryRef]:
    refs = _refs(rows)
    return [refs[row.entry_id] for row in rows]


def _named(ids: Sequence[int | None], subject: Subject, at: datetime) -> dict[int, Named]:
    wanted = {entry_id for entry_id in ids if entry_id is not None}
    rows = list(Programme.visible_to(subject, at).filter(entry_id__in=wanted)) if wanted else []
    return {row.entry_id: Named.of(row, ref) for row, ref in zip(rows, _in_order(rows), strict=True)}
