"""Five years of invented work as tables: the same seed gives the same rows.

The days are spread as such work is: more towards the weekend, in the weeks of great anniversaries and before the lunar
new year, fewer in its first days. Each agency gets its own files; importing them makes the facts.
"""

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Final

from accordant.node.demo.cast import DemoAgency, agencies, words

ACTIVITIES: Final = 1898
DELEGATIONS: Final = 42
EVENTS: Final = 13
ITEMS: Final = 1100
FIRST: Final = date(2019, 12, 2)
LAST: Final = date(2024, 6, 28)
UNSETTLED: Final = date(2024, 5, 13)  # from here on half of the items wait, so that every desk has work
ZONE: Final = timezone(timedelta(hours=7))
WEEK: Final = (1.0, 1.0, 1.1, 1.2, 1.6, 1.3, 0.6)
ANNIVERSARIES: Final = ((4, 30), (5, 19), (9, 2), (12, 22), (2, 3), (8, 19))
LUNAR_NEW_YEARS: Final = (
    date(2020, 1, 25),
    date(2021, 2, 12),
    date(2022, 2, 1),
    date(2023, 1, 22),
    date(2024, 2, 10),
)
PURPOSES: Final = ("information",) * 7 + ("request", "warning", "notice")
ITEM_COLUMNS: Final = ("number", "day", "at", "to", "purpose", "class", "precedence", "subject", "text")
ANSWER_COLUMNS: Final = ("sender", "number", "year", "day", "at")
ACTIVITY_COLUMNS: Final = ("code", "day", "at", "class", "what", "place", "with")
DELEGATION_COLUMNS: Final = ("code", "day", "at", "heads", "name", "country", "place", "with")
EVENT_COLUMNS: Final = ("code", "day", "day_end", "at", "title", "place", "with")


@dataclass(frozen=True)
class Table:
    """One file to import: whose, what `accordant import` calls it, columns, rows."""

    agency: DemoAgency
    kind: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def csv(self) -> bytes:
        """The file: UTF-8, comma, one head line."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self.rows)
        return text.getvalue().encode()


@dataclass(frozen=True)
class Counts:
    """How many facts the example has."""

    activities: int
    delegations: int
    events: int
    items: int

    @classmethod
    def of(cls, *, small: bool) -> "Counts":
        """The full example, or a tenth of it."""
        return cls(190, 5, 2, 110) if small else cls(ACTIVITIES, DELEGATIONS, EVENTS, ITEMS)


def tables(seed: int, counts: Counts) -> list[Table]:
    """All files of the example, acknowledgements last; an agency without rows of a sort has no file of it."""
    chance = random.Random(seed)  # noqa: S311  # invents examples, keeps no secret
    found = [*work_tables(chance, counts), *item_tables(chance, counts.items)]
    return sorted((table for table in found if table.rows), key=lambda table: table.kind == "acknowledgements")


def late_item(number: str, receivers: Sequence[DemoAgency]) -> Table:
    """The one item that a stopped node does not get in time."""
    sender = agencies()[0]
    sent = datetime(LAST.year, LAST.month, LAST.day, 17, 5, tzinfo=ZONE)
    to = " ".join(sorted(receiver.agency for receiver in receivers))
    text = (words()["late_subject"], words()["late_text"])
    row = (number, LAST.isoformat(), sent.isoformat(), to, "notice", "leaders-programme", "express", *text)
    return Table(sender, "items", ITEM_COLUMNS, (row,))


def days(chance: random.Random, count: int) -> list[date]:
    """So many days, drawn by weight, in order."""
    every = _weights()
    return sorted(chance.choices([day for day, _ in every], [weight for _, weight in every], k=count))


def split(count: int) -> list[int]:
    """A count shared out over the agencies by their shares; the first takes the rest."""
    parts = [count * agency.share // 1000 for agency in agencies()]
    parts[0] += count - sum(parts)
    return parts


def _weights() -> list[tuple[date, float]]:
    found = []
    day = FIRST
    while day <= LAST:
        weight = WEEK[day.weekday()]
        if any(abs((day - date(day.year, month, number)).days) <= 3 for month, number in ANNIVERSARIES):
            weight *= 2.5
        if any(0 < (new_year - day).days <= 10 for new_year in LUNAR_NEW_YEARS):
            weight *= 2.0
        if any(0 <= (day - new_year).days <= 4 for new_year in LUNAR_NEW_YEARS):
            weight *= 0.3
        found.append((day, weight))
        day += timedelta(days=1)
    return found


def work_tables(chance: random.Random, counts: Counts) -> list[Table]:
    """Activities, delegations and events, each agency's own in its own files."""
    makers = (
        ("events", EVENT_COLUMNS, counts.events, _event_row),
        ("activities", ACTIVITY_COLUMNS, counts.activities, _activity_row),
        ("delegations", DELEGATION_COLUMNS, counts.delegations, _delegation_row),
    )
    found = []
    for kind, columns, count, make in makers:
        used = 0
        for agency, part in zip(agencies(), split(count), strict=True):
            drawn = days(chance, part)
            rows = tuple(make(chance, agency, used + place, day) for place, day in enumerate(drawn))
            found.append(Table(agency, kind, columns, rows))
            used += part
    return found


def _activity_row(chance: random.Random, agency: DemoAgency, serial: int, day: date) -> tuple[str, ...]:
    category, what = chance.choice(words()["what"])
    shared = _with(chance, agency, 0.6)
    return (
        f"HD-{serial + 1:04d}",
        day.isoformat(),
        _instant(chance, day).isoformat(),
        category,
        what,
        chance.choice(words()["places"]),
        shared,
    )


def _delegation_row(chance: random.Random, agency: DemoAgency, serial: int, day: date) -> tuple[str, ...]:
    country = words()["countries"][serial % len(words()["countries"])]
    return (
        f"DK-{serial + 1:03d}",
        day.isoformat(),
        _instant(chance, day).isoformat(),
        str(chance.randint(6, 60)),
        words()["delegation"].format(country=country),
        country,
        chance.choice(words()["places"]),
        _with(chance, agency, 0.9),
    )


def _event_row(chance: random.Random, agency: DemoAgency, serial: int, day: date) -> tuple[str, ...]:
    return (
        f"SK-{serial + 1:02d}",
        day.isoformat(),
        min(day + timedelta(days=chance.randint(0, 2)), LAST).isoformat(),
        _instant(chance, day).isoformat(),
        words()["events"][serial],
        chance.choice(words()["places"]),
        _with(chance, agency, 1.0),
    )


def _with(chance: random.Random, agency: DemoAgency, share: float) -> str:
    """Who takes part beside the owner: so large a share of the work is done together."""
    others = [other.agency for other in agencies() if other is not agency]
    if chance.random() >= share:
        return ""
    return " ".join(sorted(others if chance.random() < 0.5 else [chance.choice(others)]))


def item_tables(chance: random.Random, count: int) -> list[Table]:
    """Items in all directions and their acknowledgements, a sender's and a receiver's file for each agency."""
    items: dict[str, list[tuple[str, ...]]] = {agency.folder: [] for agency in agencies()}
    answers: dict[str, list[tuple[str, ...]]] = {agency.folder: [] for agency in agencies()}
    for agency, part in zip(agencies(), split(count), strict=True):
        numbers: dict[int, int] = {}
        for day in days(chance, part):
            numbers[day.year] = numbers.get(day.year, 0) + 1
            number = f"{numbers[day.year]:02d}/TB-{agency.code}"
            receivers = _receivers(chance, agency)
            sent = _instant(chance, day)
            items[agency.folder].append(_item_row(chance, number, day, sent, receivers))
            for receiver in receivers:
                if day >= UNSETTLED and chance.random() < 0.5:
                    continue
                taken = sent + timedelta(minutes=chance.randint(4, 600))
                answers[receiver.folder].append(_answer_row(agency, number, day, taken))
    return [
        table
        for agency in agencies()
        for table in (
            Table(agency, "items", ITEM_COLUMNS, tuple(items[agency.folder])),
            Table(agency, "acknowledgements", ANSWER_COLUMNS, tuple(answers[agency.folder])),
        )
    ]


def _receivers(chance: random.Random, sender: DemoAgency) -> Sequence[DemoAgency]:
    others = [agency for agency in agencies() if agency is not sender]
    return others if chance.random() < 0.25 else [chance.choice(others)]


def _item_row(
    chance: random.Random, number: str, day: date, sent: datetime, receivers: Sequence[DemoAgency]
) -> tuple[str, ...]:
    category, subject = chance.choice(words()["subjects"])
    return (
        number,
        day.isoformat(),
        sent.isoformat(),
        " ".join(sorted(receiver.agency for receiver in receivers)),
        chance.choice(PURPOSES),
        category,
        chance.choices(("", "urgent", "very-urgent"), (90, 8, 2))[0],
        subject,
        words()["text"].format(subject=subject, place=chance.choice(words()["places"])),
    )


def _answer_row(sender: DemoAgency, number: str, day: date, taken: datetime) -> tuple[str, ...]:
    return (sender.agency, number, str(day.year), taken.date().isoformat(), taken.isoformat())


def _instant(chance: random.Random, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, chance.randint(7, 16), chance.randint(0, 59), tzinfo=ZONE)
