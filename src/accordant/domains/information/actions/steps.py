"""What this agency does with items it got: reads, acknowledges, returns them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from accordant.domains.information import entries as facts
from accordant.domains.information import rules
from accordant.domains.information.local.models import ReadMark
from accordant.domains.information.models import Addressee, Item, ItemStep
from accordant.entries.envelope import EntryRef, Officer, Reference
from accordant.entries.errors import Refusal, refuse_if
from accordant.entries.kinds import Fact
from accordant.entries.limits import GROUP_ENTRIES
from accordant.ledger import claims
from accordant.ledger.append import append
from accordant.ledger.read import entries
from accordant.regulations.models import Party


def acknowledge_item(*, by: Officer, now: datetime, item: EntryRef, day: str, note: str = "") -> EntryRef:
    """Acknowledge an item on that ISO day, with or without a note to its sender."""
    fact = partial(_acknowledgement, by, item, day, note)
    return append(circle=_circle(item), by=by, now=now, facts=[fact])[0]


def acknowledge_items(*, by: Officer, now: datetime, items: Sequence[EntryRef], day: str) -> list[EntryRef]:
    """Acknowledge several items on that ISO day: in each circle all of them or none."""
    refs: list[EntryRef] = []
    for circle in sorted({_circle(item) for item in items}):
        group = [partial(_acknowledgement, by, item, day, "") for item in items if _circle(item) == circle]
        refs += append(circle=circle, by=by, now=now, facts=group)
    return refs


def return_item(*, by: Officer, now: datetime, item: EntryRef, day: str, reason: str, note: str = "") -> EntryRef:
    """Give an item back to its sender with a reason of the table."""

    def fact() -> Fact:
        refuse_if(rules.refusals_to_return_item(_held(item, by), day=day, reason=reason, note=note, by=by))
        body = facts.ItemReturnedBody(note=note.strip()) if note.strip() else None
        return Fact(facts.ItemReturned(day=day, reason=reason), body, to=_sender(item), refs=_about(item))

    return append(circle=_circle(item), by=by, now=now, facts=[fact])[0]


def mark_read(*, by: Officer, now: datetime, item: EntryRef) -> None:
    """Remember that this officer opened the item; only the first time counts."""
    held = _held(item, by)
    at = int(now.timestamp() * 1000)
    ReadMark.objects.get_or_create(
        officer_id=by.id,
        origin=item.origin,
        index=item.index,
        defaults={"at": at, "reported": held is None or held.opened},
    )


def append_openings(*, by: Officer, now: datetime) -> list[EntryRef]:
    """What the node does by itself: tell senders the first reading of their items at this agency.

    Each circle has its turn; the first failure is raised afterwards. A circle that this agency closed is told nothing.
    """
    logs = ReadMark.objects.filter(reported=False).order_by().values_list("origin", flat=True).distinct()
    circles: dict[str, list[str]] = {}
    for origin in sorted(logs):
        circles.setdefault(origin.split("/")[1], []).append(origin)
    for circle in circles.keys() - set(Party.objects.open_to(by.agency) if circles else ()):
        ReadMark.objects.filter(origin__in=circles.pop(circle)).update(reported=True)
    refs: list[EntryRef] = []
    failed: list[Exception] = []
    for circle, origins in circles.items():
        try:
            refs += _append_openings(by, now, circle, origins)
        except Exception as error:  # noqa: BLE001  # raised below: one circle must not starve the others
            failed.append(error)
    if failed:
        raise failed[0]
    return refs


def _append_openings(by: Officer, now: datetime, circle: str, origins: Sequence[str]) -> list[EntryRef]:
    first: dict[tuple[str, int], int] = {}
    for mark in ReadMark.objects.filter(reported=False, origin__in=origins).order_by("at")[:GROUP_ENTRIES]:
        first.setdefault((mark.origin, mark.index), mark.at)
    untold: list[tuple[EntryRef, int]] = []
    for (origin, index), at in first.items():
        stored = entries.find(origin, index)
        held = None if stored is None else _held(stored.ref, by)
        if stored is not None and held is not None and not held.opened:
            untold.append((stored.ref, at))
    openings = [partial(_opening, by, ref, at) for ref, at in untold]
    refs = append(circle=circle, by=by, now=now, facts=openings) if openings else []
    for origin, index in first:
        ReadMark.objects.filter(origin=origin, index=index).update(reported=True)
    return refs


def import_acknowledgements(
    *,
    by: Officer,
    now: datetime,
    circle: str,
    file: rules.File[rules.AcknowledgementRow],
    progress: Callable[[int], object] = int,
) -> list[EntryRef]:
    """Acknowledge the items of a table that are not acknowledged yet; refused whole as `import_items` is."""
    held = _items_named(file.rows, circle)
    known = _known(file.rows, held, by.agency)
    rows = [(row.line, str(row.item)) for row in file.rows]
    refuse_if(rules.refusals_to_import(rows, known, mark=file.mark))
    wanted = [row for row in file.rows if str(row.item) not in known]
    refuse_if(_refusals_to_rows(wanted, held, by))
    positions = entries.refs_of([held[str(row.item)] for row in wanted])
    refs: list[EntryRef] = []
    for start in range(0, len(wanted), GROUP_ENTRIES):
        group = [
            partial(_imported, by, positions[held[str(row.item)]], row, file.mark)
            for row in wanted[start : start + GROUP_ENTRIES]
        ]
        refs += append(circle=circle, by=by, now=now, facts=group)
        progress(len(refs))
    return refs


def _acknowledgement(by: Officer, item: EntryRef, day: str, note: str) -> Fact:
    refuse_if(rules.refusals_to_acknowledge_item(_held(item, by), day=day, note=note, by=by))
    body = facts.ItemAcknowledgedBody(note=note.strip()) if note.strip() else None
    return Fact(facts.ItemAcknowledged(day=day), body, to=_sender(item), refs=_about(item))


def _imported(by: Officer, item: EntryRef, row: rules.AcknowledgementRow, mark: str) -> Fact:
    refuse_if(rules.refusals_to_acknowledge_item(_held(item, by), day=row.day, note=row.note, by=by))
    body = facts.ItemAcknowledgedBody(note=row.note) if row.note else None
    record = facts.ItemAcknowledged(day=row.day, file=mark)
    return Fact(record, body, to=_sender(item), refs=_about(item), at=row.at)


def _opening(by: Officer, item: EntryRef, at: int) -> Fact:
    refuse_if(rules.refusals_to_open_item(_held(item, by), by=by))
    return Fact(facts.ItemOpened(), to=_sender(item), refs=_about(item), at=at)


def _items_named(rows: Sequence[rules.AcknowledgementRow], circle: str) -> dict[str, int]:
    """By sender, number and year, the local ids of the items that the rows name."""
    numbers = sorted({row.item.number for row in rows})
    found: dict[str, int] = {}
    for start in range(0, len(numbers), GROUP_ENTRIES):
        same = Item.objects.filter(circle=circle, irregular="", number__in=numbers[start : start + GROUP_ENTRIES])
        for entry_id, agency, number, day in same.values_list("entry_id", "agency", "number", "day"):
            found[str(rules.Named(agency, number, day[:4]))] = entry_id
    return found


def _known(rows: Sequence[rules.AcknowledgementRow], held: Mapping[str, int], agency: str) -> dict[str, str]:
    """By item, the file that this agency's acknowledgement came from, or "" where it was given by hand."""
    item_ids = {held[str(row.item)] for row in rows if str(row.item) in held}
    done = ItemStep.objects.filter(agency=agency, step=rules.ACKNOWLEDGED).values_list("item_id", "file")
    files = {item_id: file for item_id, file in done.iterator(2000) if item_id in item_ids}
    return {key: files[item_id] for key, item_id in held.items() if item_id in files}


def _refusals_to_rows(rows: Sequence[rules.AcknowledgementRow], held: Mapping[str, int], by: Officer) -> list[Refusal]:
    found: list[Refusal] = []
    for row in rows:
        item_id = held.get(str(row.item))
        done = None if item_id is None else Addressee.objects.held_by(by.agency, item_id)
        refusals = rules.refusals_to_acknowledge_item(done, day=row.day, note=row.note, by=by)
        found.extend(rules.refusals_of_row(row.line, refusals))
    return found


def _held(item: EntryRef, by: Officer) -> rules.Held | None:
    row = Item.at_position(item)
    held = None if row is None else Addressee.objects.held_by(by.agency, row.entry_id)
    if held is None:
        return None
    opening, settling = rules.opening_claim(item.leaf), rules.settling_claim(item.leaf)
    made = claims.made(facts.ItemOpened, (opening, settling), agency=by.agency, circle=_circle(item))
    return replace(held, opened=held.opened or opening in made, settled=settling in made)


def _about(item: EntryRef) -> tuple[Reference, ...]:
    return (item.as_reference("item"),)


def _sender(item: EntryRef) -> tuple[str, ...]:
    return (item.origin.partition("/")[0],)


def _circle(item: EntryRef) -> str:
    return item.origin.split("/")[1]
