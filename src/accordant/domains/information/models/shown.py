"""What pages show of items: how far each one got, its content for whoever may read it, its thread."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from accordant.accounts.subjects import Subject
from accordant.domains.information import rules
from accordant.domains.information.entries import ItemSentBody
from accordant.domains.information.models.items import Item, ItemQuerySet
from accordant.domains.information.models.steps import ANSWERED, WAITING, Addressee, ItemStep
from accordant.entries import kinds
from accordant.entries.envelope import EntryRef, Officer
from accordant.ledger import read
from accordant.ledger.read import Delivery, Observed, entries, labels
from accordant.ledger.read.entries import StoredEntry
from accordant.regulations.models import Closing, Opening, Party

IN, OUT, REGISTER = "in", "out", "register"  # tabs of the list, beside `WAITING`
SIGNED, SENT, RECEIVED = "signed", "sent", "received"
RUNGS: Final = (SIGNED, SENT, RECEIVED, rules.OPENED, rules.RETURNED, rules.ACKNOWLEDGED, ANSWERED)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an item got at one addressee: the highest rung reached, since when (ms), why it is stuck."""

    agency: str
    rung: str
    at: int
    reason: str = ""

    @property
    def settled(self) -> bool:
        """Whether the addressee owes nothing more."""
        return self.rung in (rules.RETURNED, rules.ACKNOWLEDGED, ANSWERED)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item in a list. `standing`: here when it came to us, at its slowest addressee when it is `ours`, else None.

    `closed`: this agency closed the circle of the item, so it does nothing more with it.
    """

    item: Item
    ref: EntryRef
    stub: bool
    ours: bool
    standing: Standing | None
    closed: bool


@dataclass(frozen=True, slots=True)
class Way:
    """An addressee with all it did, and how the entry travelled to it."""

    done: Addressee
    delivery: Delivery | None


@dataclass(frozen=True, slots=True)
class Step:
    """What an addressee did, by which office, with the note if it is for this reader."""

    agency: str
    step: str
    at: int
    ref: EntryRef
    author: str
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class CircleShown:
    """A circle one can write to: its regulation, its other parties, the highest marking it takes."""

    id: str
    regulation: str
    parties: tuple[str, ...]
    ceiling: int


@dataclass(frozen=True, slots=True)
class ItemShown:
    """One item. Of a stub `body`, `answers`, `replies` tell nothing that the header does not; `closed` as in a list."""

    row: Item
    ref: EntryRef
    stored: StoredEntry
    stub: bool
    body: ItemSentBody | None
    circle: CircleShown
    ways: tuple[Way, ...]
    steps: tuple[Step, ...]
    answers: ItemRow | None
    replies: tuple[ItemRow, ...]
    ours: rules.Held | None
    settled: bool
    in_scope: bool
    closed: bool


def listed(subject: Subject, at: datetime, *, us: str, tab: str) -> ItemQuerySet:
    """What one tab of the list holds for this person."""
    among: Mapping[str, Callable[[], ItemQuerySet | None]] = {
        IN: lambda: Item.objects.received(us),
        OUT: lambda: Item.objects.sent(us),
        WAITING: lambda: Item.objects.waiting_at(us),
        REGISTER: lambda: None,
    }
    return Item.seen_by(subject, at, among=among[tab]())


def rows_of(items: Sequence[Item], *, us: str) -> list[ItemRow]:
    """Items of one page, read together: positions, addressees, deliveries."""
    ids = [item.entry_id for item in items]
    refs, addressees = entries.refs_of(ids), Addressee.objects.of_items(ids)
    sent = [item.entry_id for item in items if item.agency == us]
    agencies = {one.agency for entry_id in sent for one in addressees.get(entry_id, ())}
    roads = _Roads([refs[entry_id] for entry_id in sent], sorted(agencies))
    closed = Closing.objects.by_agency(us)
    return [
        ItemRow(
            item,
            refs[item.entry_id],
            getattr(item, "stub", False),
            item.agency == us,
            _standing(item, refs[item.entry_id], addressees.get(item.entry_id, []), roads, us=us),
            item.circle in closed,
        )
        for item in items
    ]


def show_item(
    *, subject: Subject, officer: Officer, at: datetime, origin: str, index: int, content: bool = True
) -> ItemShown | None:
    """The item at a position as this person may see it; None when there is nothing for it.

    With `content` its body is opened, which is recorded; without, `body` is None.
    """
    stored = entries.find(origin, index)
    row = None if stored is None else Item.seen_by(subject, at).filter(entry_id=stored.entry_id).first()
    if stored is None or row is None:
        return None
    us = officer.agency
    stub: bool = getattr(row, "stub", False)
    done = Addressee.objects.of_items([row.entry_id]).get(row.entry_id, [])
    travelled = read.delivery(stored, [one.agency for one in done]) if row.agency == us else {}
    seen = Item.seen_by(subject, at)
    linked = list(seen.filter(entry_id=row.answers_id)) if row.answers_id else []
    replies = list(seen.filter(answers_id=row.entry_id).order_by("at", "entry_id"))
    return ItemShown(
        row=row,
        ref=stored.ref,
        stored=stored,
        stub=stub,
        body=_body(row, stored, subject, officer, at) if content and not stub else None,
        circle=show_circle(row.circle, us=us),
        ways=tuple(Way(one, travelled.get(one.agency)) for one in done),
        steps=_steps(row, done, subject, officer, at) if content else (),
        answers=next(iter(rows_of(linked, us=us)), None),
        replies=tuple(rows_of(replies, us=us)),
        ours=Addressee.objects.held_by(us, row.entry_id),
        settled=any(one.settled for one in done if one.agency == us),
        in_scope=bool(_scopes(subject, officer) & labels.scopes_of(row.circle)),
        closed=row.circle in Closing.objects.by_agency(us),
    )


def item_of(subject: Subject, at: datetime, ref: EntryRef) -> EntryRef | None:
    """The item that stands at a position, or that the step there is about, when this person may read it."""
    stored = entries.find(ref.origin, ref.index)
    if stored is None:
        return None
    about = ItemStep.objects.filter(entry_id=stored.entry_id).values_list("item_id", flat=True).first()
    wanted = stored.entry_id if about is None else about
    found = Item.visible_to(subject, at).filter(entry_id=wanted).exists()
    return entries.refs_of([wanted]).get(wanted) if found else None


def naming(ref: EntryRef) -> list[EntryRef]:
    """The entries that name the item at a position: steps and replies, oldest first."""
    stored = entries.find(ref.origin, ref.index)
    if stored is None:
        return []
    steps = ItemStep.objects.filter(item_id=stored.entry_id).values_list("entry_id", flat=True)
    replies = Item.objects.filter(answers_id=stored.entry_id).values_list("entry_id", flat=True)
    found = sorted((*steps, *replies))
    refs = entries.refs_of(found)
    return [refs[entry_id] for entry_id in found]


def show_circle(circle: str, *, us: str) -> CircleShown:
    """A circle of this agency as the forms need it."""
    opening = Opening.objects.filter(circle=circle).order_by("-at", "-entry_id").first()
    others = tuple(agency for agency in Party.objects.parties(circle) if agency != us)
    regulation = "" if opening is None else opening.regulation
    return CircleShown(circle, regulation, others, 0 if opening is None else opening.ceiling)


def writable_circles(subject: Subject, officer: Officer) -> list[CircleShown]:
    """The circles in whose scope the acting office sends items, with other parties in them; not what we closed."""
    held = _scopes(subject, officer, roles=rules.WRITERS["information.item-sent"])
    shown = [
        show_circle(circle, us=officer.agency)
        for circle in Party.objects.open_to(officer.agency)
        if held & labels.scopes_of(circle)
    ]
    return [circle for circle in shown if circle.parties]


def _scopes(subject: Subject, officer: Officer, *, roles: Collection[str] = rules.TAKERS) -> set[str]:
    """Where the acting office holds one of these roles."""
    return {one.scope for one in subject.assignments if one.office == officer.office and one.role in roles}


def agencies_known() -> list[str]:
    """The agencies of all circles held here, sorted."""
    return sorted(set(Party.objects.values_list("agency", flat=True)))


def waiting_here(subject: Subject, at: datetime, *, us: str, most: int) -> list[ItemRow]:
    """What waits for this agency: what has a deadline first, by deadline, then the newest; not where we closed."""
    waiting = Item.visible_to(subject, at).waiting_at(us)
    closed = Closing.objects.by_agency(us)
    return _by_deadline(waiting.exclude(circle__in=closed) if closed else waiting, us=us, most=most)


def owed_to_us(subject: Subject, at: datetime, *, us: str, most: int) -> list[ItemRow]:
    """Items of this agency that others have not settled, in the same order, each with its lowest rung."""
    return _by_deadline(Item.visible_to(subject, at).waiting_elsewhere(us), us=us, most=most)


def _by_deadline(items: ItemQuerySet, *, us: str, most: int) -> list[ItemRow]:
    regular = items.filter(irregular="")
    found = list(regular.filter(due__isnull=False).order_by("due", "-at", "-entry_id")[:most])
    if len(found) < most:
        found += regular.filter(due__isnull=True).order_by("-at", "-entry_id")[: most - len(found)]
    return rows_of(found, us=us)


class _Roads:
    """Up to where addressees cosigned our logs, and what stops the rest: one question for a whole page.

    A log travels in one run, so what stops its newest entry on the page stops the others too: that is asked once for
    each log and each agency that did not cosign all of the page.
    """

    def __init__(self, refs: Iterable[EntryRef], agencies: Collection[str]) -> None:
        self._newest: dict[str, int] = {}
        for ref in refs:
            self._newest[ref.origin] = max(ref.index, self._newest.get(ref.origin, 0))
        self._cosigned = read.cosigned(self._newest, agencies)
        self._observed: dict[tuple[str, str], Observed] = {}

    def received(self, ref: EntryRef, agency: str) -> bool:
        """Whether a cosignature of the agency covers the entry."""
        return ref.index < self._cosigned.get((ref.origin, agency), 0)

    def observed(self, ref: EntryRef, agency: str) -> Observed:
        """How the newest entry of its log on this page travelled to the agency."""
        key = (ref.origin, agency)
        if key not in self._observed:
            self._observed[key] = read.observed(ref.origin, self._newest[ref.origin], agency)
        return self._observed[key]


def _standing(item: Item, ref: EntryRef, addressees: Sequence[Addressee], roads: _Roads, *, us: str) -> Standing | None:
    if item.agency == us:
        found = [_reached(item, ref, one, roads) for one in addressees]
        return min(found, key=lambda one: RUNGS.index(one.rung), default=None)
    ours = next((one for one in addressees if one.agency == us), None)
    return None if ours is None else _done(ours) or Standing(us, RECEIVED, item.at)


def _done(one: Addressee) -> Standing | None:
    """The highest rung that the addressee's own entries show."""
    if one.answered_at is not None:
        return Standing(one.agency, ANSWERED, one.answered_at)
    if one.acknowledged_at is not None:
        return Standing(one.agency, rules.ACKNOWLEDGED, one.acknowledged_at)
    if one.returned_at is not None:
        return Standing(one.agency, rules.RETURNED, one.returned_at, one.return_reason)
    return None if one.opened_at is None else Standing(one.agency, rules.OPENED, one.opened_at)


def _reached(item: Item, ref: EntryRef, one: Addressee, roads: _Roads) -> Standing:
    done = _done(one)
    if done is not None:
        return done
    if roads.received(ref, one.agency):
        return Standing(one.agency, RECEIVED, item.at)
    seen = roads.observed(ref, one.agency)
    return Standing(one.agency, SIGNED if seen.sent_at is None else SENT, item.at, seen.reason)


def _body(row: Item, stored: StoredEntry, subject: Subject, officer: Officer, at: datetime) -> ItemSentBody | None:
    plain = read.body(row, subject=subject, officer=officer, at=at)
    if plain is None:
        return None
    _spec, _record, body = kinds.understand(stored.header, plain)
    return body if isinstance(body, ItemSentBody) else None


def _steps(row: Item, done: Sequence[Addressee], subject: Subject, officer: Officer, at: datetime) -> tuple[Step, ...]:
    """What addressees did, oldest first; a note is read only where it is for this reader."""
    readable = {step.entry_id for step in ItemStep.visible_to(subject, at).filter(item_id=row.entry_id)}
    reasons = {one.agency: one.return_reason for one in done}
    shown = []
    for step in ItemStep.objects.filter(item_id=row.entry_id).order_by("at", "entry_id"):
        stored = entries.by_id(step.entry_id)
        if stored is None:
            continue
        wanted = step.entry_id in readable and stored.header.b is not None
        note = read.body(step, subject=subject, officer=officer, at=at) if wanted else None
        shown.append(
            Step(
                agency=step.agency,
                step=step.step,
                at=step.at,
                ref=stored.ref,
                author=stored.header.by.partition("~")[0],
                reason=reasons[step.agency] if step.step == rules.RETURNED else "",
                note=str((note or {}).get("note", "")),
            )
        )
    return tuple(shown)
