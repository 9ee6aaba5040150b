"""Tables that people import: items sent by this agency, and its acknowledgements of others' items.

Rules kept here: the columns of both files; a number once in a file; what is known already from the same file is left
alone, what is known otherwise refuses the whole file with its lines (issue 2, bad input). Left to others: characters,
days and cells (`entries.table_files`), what makes an item right (`items`, `steps`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Final, Generic, TypeVar

from accordant.domains.information.rules.items import (
    CATEGORIES,
    CREDIBILITY,
    PRECEDENCES,
    PURPOSES,
    RELIABILITY,
    NewItem,
)
from accordant.domains.information.rules.steps import NOTE_CHARACTERS
from accordant.entries.errors import Malformed, Refusal, Sentence, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.entries.limits import HEADER_FACT_CHARACTERS
from accordant.entries.table_files import (
    AGENCIES,
    DAY,
    INSTANT,
    ISO,
    WORD,
    Column,
    Row,
    listed,
    read_table,
    refusals_to_repeat,
)

RowType = TypeVar("RowType")
TEXT_CHARACTERS: Final = 20_000
ITEM_COLUMNS: Final = (
    Column("number", longest=HEADER_FACT_CHARACTERS),
    Column("day", DAY),
    Column("at", INSTANT, needed=False),
    Column("to", AGENCIES),
    Column("purpose", WORD, words=PURPOSES),
    Column("class", WORD, words=CATEGORIES),
    Column("precedence", WORD, needed=False, words=PRECEDENCES[1:]),
    Column("subject"),
    Column("text", needed=False, longest=TEXT_CHARACTERS),
    Column("reliability", WORD, needed=False, words=tuple(w.casefold() for w in RELIABILITY[1:])),
    Column("credibility", WORD, needed=False, words=CREDIBILITY[1:]),
    Column("due", INSTANT, needed=False),
    Column("answers", needed=False, longest=200),
)
ACKNOWLEDGEMENT_COLUMNS: Final = (
    Column("sender", AGENCIES),
    Column("number", longest=HEADER_FACT_CHARACTERS),
    Column("year", longest=4),
    Column("day", DAY),
    Column("at", INSTANT, needed=False),
    Column("note", needed=False, longest=NOTE_CHARACTERS),
)


@dataclass(frozen=True, slots=True)
class Named:
    """An item by its sender, number and year."""

    sender: str
    number: str
    year: str

    def __str__(self) -> str:
        return f"{self.sender} {self.number} {self.year}"


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item of a table, and the item it answers."""

    line: int
    new: NewItem
    answers: Named | None

    def key(self, sender: str) -> str:
        """What names it: sender, number, year."""
        return str(Named(sender, self.new.number, self.new.day[:4]))


@dataclass(frozen=True, slots=True)
class AcknowledgementRow:
    """An acknowledgement of a table."""

    line: int
    item: Named
    day: str
    at: int | None
    note: str


@dataclass(frozen=True, slots=True)
class File(Generic[RowType]):
    """The rows of one file and the mark that names it in the entries."""

    rows: tuple[RowType, ...]
    mark: str


def read_items(data: bytes, *, zone: tzinfo, days: str = ISO) -> "File[ItemRow]":
    """The items of a table; raises `Malformed` with its lines. `answers` reads: sender, number, year."""
    table = read_table(data, ITEM_COLUMNS, zone=zone, days=days)
    wrong = refusals_to_repeat(table.rows, lambda row: f"{row['number']} {row['day'][:4]}")
    wrong.extend(_bad_answers(row) for row in table.rows if row["answers"] and _answers(row) is None)
    if wrong:
        raise Malformed(wrong)
    return File(tuple(_item(row, table.mark) for row in table.rows), table.mark)


def read_acknowledgements(data: bytes, *, zone: tzinfo, days: str = ISO) -> "File[AcknowledgementRow]":
    """The acknowledgements of a table; raises `Malformed` with its lines."""
    table = read_table(data, ACKNOWLEDGEMENT_COLUMNS, zone=zone, days=days)
    rows = tuple(
        AcknowledgementRow(
            row.line, Named(row["sender"], row["number"], row["year"]), row["day"], row.instant("at"), row["note"]
        )
        for row in table.rows
    )
    wrong = refusals_to_repeat(table.rows, lambda row: f"{row['sender']} {row['number']} {row['year']}")
    if wrong:
        raise Malformed(wrong)
    return File(rows, table.mark)


def refusals_to_import(rows: Sequence[tuple[int, str]], known: Mapping[str, str], *, mark: str) -> list[Refusal]:
    """Empty when no row (line, key) is known from elsewhere.

    `known`: by key, the mark of the file a known fact came from; "" = written by hand.
    """
    foreign = [(line, key) for line, key in rows if known.get(key, mark) != mark]
    if not foreign:
        return []
    return [
        refusal(
            "information-imported",
            _("The file was not imported."),
            _("{count} of its rows are known from another file or were written by hand. Lines: {lines}. Rows: {rows}."),
            _("Take these rows out of the file, or import only what is new; nothing of this file was written."),
            count=len(foreign),
            lines=listed(line for line, _key in foreign),
            rows=listed(key for _line, key in foreign),
        )
    ]


def refusals_of_row(line: int, refusals: Sequence[Refusal]) -> list[Refusal]:
    """The rules that stand against one row, each saying which line it is."""
    message = Sentence(_("Line {line} was not imported, nor any other of the file."), {"line": line})
    return [replace(found, message=message) for found in refusals]


def _item(row: Row, mark: str) -> ItemRow:
    new = NewItem(
        to=row.agencies("to"),
        day=row["day"],
        subject=row["subject"],
        text=row["text"],
        number=row["number"],
        purpose=row["purpose"],
        category=row["class"],
        precedence=row["precedence"],
        reliability=row["reliability"].upper(),
        credibility=row["credibility"],
        due=row.instant("due"),
        at=row.instant("at"),
        file=mark,
    )
    return ItemRow(row.line, new, _answers(row))


def _answers(row: Row) -> Named | None:
    """`province.example 12/TB 2024`: the number may hold blanks."""
    words = row["answers"].split()
    return Named(words[0], " ".join(words[1:-1]), words[-1]) if len(words) >= 3 else None


def _bad_answers(row: Row) -> Refusal:
    return refusal(
        "information-answers",
        _("The file was not imported."),
        _("Line {line}: {value} does not name the item that is answered."),
        _("Write sender, number and year, such as province.example 12/TB 2024."),
        line=row.line,
        value=row["answers"][:60],
    )
