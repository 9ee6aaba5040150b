"""Sending items: one, several, a table of them, a reply. Each asks its rule inside the append."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from accordant.domains.information import rules
from accordant.domains.information.models import Item
from accordant.entries.envelope import EntryRef, Officer
from accordant.entries.errors import Refusal, refuse_if
from accordant.entries.kinds import Fact
from accordant.entries.limits import GROUP_ENTRIES
from accordant.ledger.append import append
from accordant.ledger.read import entries
from accordant.ledger.read import rows as projected


@dataclass
class _Desk:
    """What one call knows of the circle it writes to, and the numbers it gave.

    Facts of one append do not see each other, so that numbers given in it are kept here.
    """

    circle: str
    by: Officer
    now: datetime
    given: set[tuple[str, str]] = field(default_factory=set)
    next_serial: dict[str, int] = field(default_factory=dict)
    parties: frozenset[str] | None = None
    ceiling: int = 0

    def look(self) -> None:
        """Read the circle once."""
        if self.parties is None:
            self.parties = projected.parties(self.circle)
            self.ceiling = projected.ceiling(self.circle)

    def number(self, new: rules.NewItem) -> str:
        """The item's own number, or the next one of its year."""
        if new.number.strip():
            return new.number.strip()
        year = new.day[:4]
        serial = self.next_serial.get(year) or Item.objects.next_serial(agency=self.by.agency, year=year)
        self.next_serial[year] = serial + 1
        return rules.numbered(serial, new.day)

    def taken(self, number: str, day: str) -> bool:
        """Whether this agency has another item of that number and year here."""
        return (number, day[:4]) in self.given or Item.objects.taken(
            agency=self.by.agency, circle=self.circle, number=number, day=day
        )

    def examined(self, new: rules.NewItem, answers: EntryRef | None) -> tuple[list[Refusal], Fact]:
        """What stands against the item, and its fact."""
        self.look()
        record, body = rules.records_of(new, self.number(new))
        instant = int(self.now.timestamp() * 1000) if new.at is None else new.at
        to = tuple(sorted(set(new.to)))
        sending = rules.Sending(record, self.by.agency, to, instant, body, new.marking, new.due)
        around = rules.Surroundings(
            taken=self.taken(record.number, record.day),
            answers=answers is not None,
            answered=None if answers is None else _answered(answers, self.circle),
            parties=self.parties,
            ceiling=self.ceiling,
        )
        self.given.add((record.number, record.day[:4]))
        refs = () if answers is None else (answers.as_reference("answers"),)
        fact = Fact(record=record, body=body, to=to, marking=new.marking, refs=refs, due=new.due, at=new.at)
        return rules.refusals_to_send_item(sending, around, by=self.by), fact

    def builder(self, new: rules.NewItem, answers: EntryRef | None = None) -> Callable[[], Fact]:
        """Builds the fact inside the append; raises what the rule says."""

        def fact() -> Fact:
            refusals, built = self.examined(new, answers)
            refuse_if(refusals)
            return built

        return fact


def send_item(*, by: Officer, now: datetime, circle: str, new: rules.NewItem) -> EntryRef:
    """Send an item to parties of the circle; without a number it gets the next one of its year."""
    return append(circle=circle, by=by, now=now, facts=[_Desk(circle, by, now).builder(new)])[0]


def send_items(*, by: Officer, now: datetime, circle: str, new: Sequence[rules.NewItem]) -> list[EntryRef]:
    """Send several items in one write: all of them or none."""
    desk = _Desk(circle, by, now)
    return append(circle=circle, by=by, now=now, facts=[desk.builder(item) for item in new])


def answer_item(*, by: Officer, now: datetime, item: EntryRef, new: rules.NewItem) -> EntryRef:
    """Reply to an item, in its circle; the reply settles the item at this agency."""
    circle = item.origin.split("/")[1]
    return append(circle=circle, by=by, now=now, facts=[_Desk(circle, by, now).builder(new, item)])[0]


def import_items(
    *,
    by: Officer,
    now: datetime,
    circle: str,
    file: "rules.File[rules.ItemRow]",
    progress: Callable[[int], object] = int,
) -> list[EntryRef]:
    """Send the items of a table that are not sent yet; gives the new positions, none when the file was imported before.

    The whole file is refused when a row is known from elsewhere or breaks a rule. `progress` is told after each
    write how many rows are done.
    """
    known = Item.objects.known(agency=by.agency, circle=circle, numbers={row.new.number for row in file.rows})
    rows = [(row.line, row.key(by.agency)) for row in file.rows]
    refuse_if(rules.refusals_to_import(rows, known, mark=file.mark))
    wanted = [row for row in file.rows if row.key(by.agency) not in known]
    named = [_position(row.answers, circle) for row in wanted]
    refuse_if(_refusals_to_rows(_Desk(circle, by, now), wanted, named))
    refs: list[EntryRef] = []
    for start in range(0, len(wanted), GROUP_ENTRIES):
        desk = _Desk(circle, by, now)
        group = zip(wanted[start : start + GROUP_ENTRIES], named[start : start + GROUP_ENTRIES], strict=True)
        facts = [desk.builder(row.new, answers) for row, answers in group]
        refs += append(circle=circle, by=by, now=now, facts=facts)
        progress(len(refs))
    return refs


def _refusals_to_rows(desk: _Desk, rows: Sequence[rules.ItemRow], named: Sequence[EntryRef | None]) -> list[Refusal]:
    found: list[Refusal] = []
    for row, answers in zip(rows, named, strict=True):
        refusals, _fact = desk.examined(row.new, answers)
        if row.answers is not None and answers is None and row.new.purpose != rules.REPLY:
            refusals = [*refusals, rules.answers_nothing()]
        found.extend(rules.refusals_of_row(row.line, refusals))
    return found


def _position(named: rules.Named | None, circle: str) -> EntryRef | None:
    """Where the item stands that a row names."""
    if named is None:
        return None
    same = Item.objects.filter(agency=named.sender, number=named.number, circle=circle, irregular="")
    row = same.filter(day__startswith=named.year).first()
    return None if row is None else entries.refs_of([row.entry_id]).get(row.entry_id)


def _answered(ref: EntryRef, circle: str) -> rules.Answered | None:
    row = Item.at_position(ref)
    if row is None or row.circle != circle:
        return None
    return rules.Answered(row.agency, row.addressees, row.marking)
