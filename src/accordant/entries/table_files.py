"""Reading CSV files that people made in other programs: rows of checked text, or every reason why not.

Rules kept here (RFC 4180; security paper 3.6, 3.7): UTF-8 with or without BOM and nothing else; 10 MiB, 100,000 rows;
the named columns, each once, in any order; cells trimmed and NFC, the `'` of our own exports before a formula sign
removed; ISO days, day-first ones only where the caller declares them; instants with their zone, else in the caller's.
A file is taken whole or refused whole, with lines. Left to others: what a row means, whether it is known already.
"""

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Final

import msgspec

from accordant.entries import limits, names
from accordant.entries.errors import Malformed, Refusal, refusal
from accordant.entries.kinds import gettext_noop as _

ISO: Final = "iso"
DAY_FIRST: Final = "day-first"
TEXT, DAY, INSTANT, WHOLE, WORD, AGENCIES = "text", "day", "instant", "whole", "word", "agencies"
CELL_BYTES: Final = 32 * 1024
SHOWN: Final = 20
FIRST_YEAR, LAST_YEAR = 1900, 2200
_FORMULA: Final = tuple("=+-@\t\r\x00＝＋－＠")
_SLASHED: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NOT_IMPORTED: Final = _("The file was not imported.")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what its cells hold, whether each row fills it, the longest text, the words allowed."""

    name: str
    sort: str = TEXT
    needed: bool = True
    longest: int = 300
    words: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line of the file it starts on, and its cells by column; empty text where nothing was given."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def whole(self, column: str) -> int:
        """The whole number in a cell; 0 where it is empty."""
        return int(self.cells[column] or 0)

    def instant(self, column: str) -> int | None:
        """The instant in a cell, in milliseconds since 1970 UTC; None where it is empty."""
        return int(self.cells[column]) if self.cells[column] else None

    def agencies(self, column: str) -> tuple[str, ...]:
        """The agency ids in a cell, sorted."""
        return tuple(sorted(set(self.cells[column].split())))


@dataclass(frozen=True, slots=True)
class Table:
    """All rows, in the file's order, and `mark`: 16 hex that stay the same when the same rows are saved once more."""

    rows: tuple[Row, ...]
    mark: str


def is_day(text: str) -> bool:
    """Whether `text` is a day of the calendar written as 2025-12-06, of the years 1900 to 2199."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        return False
    try:
        return FIRST_YEAR <= date.fromisoformat(text).year < LAST_YEAR
    except ValueError:
        return False


def read_table(data: bytes, columns: Sequence[Column], *, zone: tzinfo, days: str = ISO) -> Table:
    """The rows of a CSV file with these columns; raises `Malformed` with every line that is wrong (the first 20).

    `days` says how the file writes its days, `zone` where its clock stood. Columns not marked needed may be missing.
    """
    if len(data) > limits.CSV_BYTES:
        raise Malformed([_too_big(len(data))])
    lines = _lines(_decoded(data))
    head = next(lines, None)
    if head is None:
        raise Malformed([_empty()])
    places = _places(head[1], columns)
    rows: list[Row] = []
    wrong: list[Refusal] = []
    for count, (line, cells) in enumerate(lines):
        if count >= limits.CSV_ROWS:
            raise Malformed([_too_many_rows()])
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(head[1]):
            wrong.append(_wrong_width(line, len(cells), len(head[1])))
            continue
        row, refusals = _row(line, cells, places, columns, days=days, zone=zone)
        rows.append(row)
        wrong.extend(refusals)
    if wrong or not rows:
        raise Malformed(_first(wrong) or [_empty()])
    return Table(tuple(rows), _mark(rows))


def refusals_to_repeat(rows: Sequence[Row], key: Callable[[Row], str]) -> list[Refusal]:
    """Empty when no two rows have the same key; else each later line with the line it repeats (the first 20)."""
    first: dict[str, int] = {}
    found = []
    for row in rows:
        text = key(row)
        if text in first:
            found.append(_repeated(row.line, first[text], text))
        else:
            first[text] = row.line
    return _first(found)


def listed(values: Iterable[object]) -> str:
    """The first values of a list as text, with an ellipsis when there are more than twenty."""
    shown = [str(value) for value in values]
    return ", ".join(shown[:SHOWN]) + (" …" if len(shown) > SHOWN else "")


def _first(wrong: Sequence[Refusal]) -> list[Refusal]:
    if len(wrong) <= SHOWN:
        return list(wrong)
    return [*wrong[:SHOWN], _and_more(len(wrong) - SHOWN)]


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in data[:512]:
        raise Malformed([_utf_16()])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed([_not_utf_8(data.count(b"\n", 0, error.start) + 1)]) from error


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it starts on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Malformed([_bad_quotes(start, str(error))]) from error
        yield start, cells
        start = reader.line_num + 1


def _places(head: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    """Where each column stands in the file."""
    given = [unicodedata.normalize("NFC", cell.strip().casefold()) for cell in head]
    wanted = ",".join(column.name for column in columns)
    if len(given) == 1 and len(columns) > 1 and re.search(r"[;\t|]", given[0]):
        raise Malformed([_other_separator(wanted)])
    known = {column.name for column in columns}
    missing = [column.name for column in columns if column.needed and column.name not in given]
    unknown = [name for name in given if name not in known]
    twice = sorted({name for name in given if given.count(name) > 1} & known)
    if missing or unknown or twice:
        raise Malformed([_wrong_columns(missing, unknown, twice, wanted)])
    return {name: place for place, name in enumerate(given)}


def _row(
    line: int, cells: Sequence[str], places: Mapping[str, int], columns: Sequence[Column], *, days: str, zone: tzinfo
) -> tuple[Row, list[Refusal]]:
    read: dict[str, str] = {}
    wrong: list[Refusal] = []
    for column in columns:
        text = _cleaned(cells[places[column.name]]) if column.name in places else ""
        value = _value(text, column, days, zone) if text else (None if column.needed else "")
        read[column.name] = value or ""
        if value is None:
            wrong.append(_wrong_cell(line, column, text))
    return Row(line, read), wrong


def _cleaned(cell: str) -> str:
    text = unicodedata.normalize("NFC", cell.strip())
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def _value(text: str, column: Column, days: str, zone: tzinfo) -> str | None:
    """The cell as it is kept, or None when it is wrong."""
    if len(text.encode()) > CELL_BYTES or _CONTROL.search(text):
        return None
    if column.sort == DAY:
        return _day(text, days)
    if column.sort == INSTANT:
        return _instant(text, zone)
    if column.sort == WHOLE:
        return str(int(text)) if text.isascii() and text.isdigit() and len(text) <= 9 else None
    if column.sort == WORD:
        return text.casefold() if text.casefold() in column.words else None
    if column.sort == AGENCIES:
        ids = re.split(r"[;,\s]+", text.casefold())
        return " ".join(ids) if all(map(names.is_agency_id, ids)) else None
    return text.replace("\r\n", "\n").replace("\r", "\n") if len(text) <= column.longest else None


def _day(text: str, days: str) -> str | None:
    if days == DAY_FIRST:
        found = _SLASHED.fullmatch(text)
        text = f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}" if found else ""
    return text if is_day(text) else None


def _instant(text: str, zone: tzinfo) -> str | None:
    if not is_day(text[:10]):
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    instant = instant if instant.tzinfo is not None else instant.replace(tzinfo=zone)
    return str(int(instant.timestamp() * 1000))


def _mark(rows: Sequence[Row]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        digest.update(msgspec.json.encode({name: cell for name, cell in sorted(row.cells.items()) if cell}))
    return digest.hexdigest()[:16]


def _too_big(size: int) -> Refusal:
    return refusal(
        "table-too-big",
        _NOT_IMPORTED,
        _("It has {size} bytes; a table may have {limit}."),
        _("Split it into several files, each with the line of column names."),
        size=size,
        limit=limits.CSV_BYTES,
    )


def _too_many_rows() -> Refusal:
    return refusal(
        "table-too-many-rows",
        _NOT_IMPORTED,
        _("It has more than {limit} rows."),
        _("Split it into several files, each with the line of column names."),
        limit=limits.CSV_ROWS,
    )


def _empty() -> Refusal:
    return refusal(
        "table-empty",
        _NOT_IMPORTED,
        _("It holds no row."),
        _("Put the column names into the first line and one row into each line after it."),
    )


def _utf_16() -> Refusal:
    return refusal(
        "table-utf-16",
        _NOT_IMPORTED,
        _("Its characters are stored as UTF-16, or it is no text file."),
        _("Save it again as CSV in UTF-8; in spreadsheet programs the choice is called CSV UTF-8."),
    )


def _not_utf_8(line: int) -> Refusal:
    return refusal(
        "table-not-utf-8",
        _NOT_IMPORTED,
        _("Line {line} is not UTF-8: the file uses another character code, such as Windows-1258, TCVN3 or VNI."),
        _("Save it again as CSV in UTF-8; in spreadsheet programs the choice is called CSV UTF-8."),
        line=line,
    )


def _bad_quotes(line: int, why: str) -> Refusal:
    return refusal(
        "table-bad-quotes",
        _NOT_IMPORTED,
        _("The record that starts on line {line} is no CSV: {why}."),
        _("Close each quotation mark and double those inside a cell, then try again."),
        line=line,
        why=why,
    )


def _other_separator(wanted: str) -> Refusal:
    return refusal(
        "table-separator",
        _NOT_IMPORTED,
        _("Its cells are not separated by commas."),
        _("Save it again with commas between the cells; the first line is {wanted}."),
        wanted=wanted,
    )


def _wrong_columns(missing: Sequence[str], unknown: Sequence[str], twice: Sequence[str], wanted: str) -> Refusal:
    return refusal(
        "table-columns",
        _NOT_IMPORTED,
        _("Its columns are wrong. Missing: {missing}. Unknown: {unknown}. Given twice: {twice}."),
        _("Name the columns in the first line, in any order: {wanted}."),
        missing=listed(missing) or "–",
        unknown=listed(repr(name[:40]) for name in unknown) or "–",
        twice=listed(twice) or "–",
        wanted=wanted,
    )


def _wrong_width(line: int, given: int, wanted: int) -> Refusal:
    return refusal(
        "table-width",
        _NOT_IMPORTED,
        _("Line {line} has {given} cells; the first line names {wanted} columns."),
        _("Put cells that hold commas between quotation marks, and keep empty cells."),
        line=line,
        given=given,
        wanted=wanted,
    )


def _repeated(line: int, first: int, key: str) -> Refusal:
    return refusal(
        "table-repeats",
        _NOT_IMPORTED,
        _("Line {line} repeats {key} of line {first}."),
        _("Keep one of the two lines, or give the second its own number."),
        line=line,
        first=first,
        key=key,
    )


def _and_more(count: int) -> Refusal:
    return refusal(
        "table-and-more",
        _NOT_IMPORTED,
        _("{count} more places are wrong in the same file."),
        _("Mend those listed and try again; the rest is named then."),
        count=count,
    )


def _wrong_cell(line: int, column: Column, text: str) -> Refusal:
    if not text:
        return refusal(
            "table-cell-empty",
            _NOT_IMPORTED,
            _("Line {line}: the column {column} is empty."),
            _("Fill the cell; every row needs it."),
            line=line,
            column=column.name,
        )
    if column.sort == DAY and _SLASHED.fullmatch(text):
        return refusal(
            "table-day-form",
            _NOT_IMPORTED,
            _("Line {line}: {value} in the column {column} may be read in two ways, or is not the form chosen."),
            _("Write days as 2025-12-06, or choose that the file writes day/month/year."),
            line=line,
            column=column.name,
            value=text[:60],
        )
    repair = {
        DAY: _("Write days as 2025-12-06."),
        INSTANT: _("Write instants as 2025-12-06T08:30+07:00."),
        WHOLE: _("Write a whole number in digits alone, without points or blanks."),
        WORD: _("Write one of these words: {words}."),
        AGENCIES: _("Write agency ids such as province.example, with blanks between them."),
    }.get(column.sort, _("Shorten the text to {longest} characters and remove control characters."))
    return refusal(
        "table-cell",
        _NOT_IMPORTED,
        _("Line {line}: {value} is not what the column {column} holds."),
        repair,
        line=line,
        column=column.name,
        value=text[:60],
        words=", ".join(sorted(column.words)),
        longest=column.longest,
    )
