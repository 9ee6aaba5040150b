"""Tables that people import: activities, delegations, events of this agency.

Rules kept here: the columns of the three files; a code once in a file; what is known already from the same file is left
alone, what is known otherwise refuses the whole file with its lines (issue 2, bad input); a programme that a row names
is this agency's own and open. Left to others: characters, days and cells (`entries.table_files`), what makes a row
right (`opening`, `recording`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Final, Generic, TypeVar

from accordant.domains.programmes.rules.opening import (
    CODE_CHARACTERS,
    SPECIAL_EVENT,
    TITLE_CHARACTERS,
    NewProgramme,
)
from accordant.domains.programmes.rules.recording import CATEGORIES, NewActivity, NewDelegation
from accordant.entries.errors import Malformed, Refusal, Sentence, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.entries.table_files import (
    AGENCIES,
    DAY,
    INSTANT,
    ISO,
    WHOLE,
    WORD,
    Column,
    Row,
    listed,
    read_table,
    refusals_to_repeat,
)

RowType = TypeVar("RowType")
_CODE: Final = Column("code", longest=CODE_CHARACTERS)
_SHARED: Final = (Column("with", AGENCIES, needed=False), Column("at", INSTANT, needed=False))
_PROGRAMME: Final = Column("programme", needed=False, longest=CODE_CHARACTERS)
ACTIVITY_COLUMNS: Final = (
    _CODE,
    Column("day", DAY),
    Column("class", WORD, words=CATEGORIES),
    Column("what", longest=TITLE_CHARACTERS),
    Column("place", needed=False),
    Column("leader_office", needed=False),
    _PROGRAMME,
    *_SHARED,
)
DELEGATION_COLUMNS: Final = (
    _CODE,
    Column("day", DAY),
    Column("heads", WHOLE),
    Column("name", longest=TITLE_CHARACTERS),
    Column("country", needed=False),
    Column("place", needed=False),
    _PROGRAMME,
    *_SHARED,
)
EVENT_COLUMNS: Final = (
    _CODE,
    Column("day", DAY),
    Column("day_end", DAY, needed=False),
    Column("title", longest=TITLE_CHARACTERS),
    Column("place", needed=False),
    *_SHARED,
)
COLUMNS: Final = {
    "activities": tuple(column.name for column in ACTIVITY_COLUMNS),
    "delegations": tuple(column.name for column in DELEGATION_COLUMNS),
    "events": tuple(column.name for column in EVENT_COLUMNS),
}


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity of a table; `programme` is the code of a programme of this agency, or "" for the standing one."""

    line: int
    new: NewActivity
    programme: str


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """A delegation of a table; `programme` is the code of a programme of this agency, or ""."""

    line: int
    new: NewDelegation
    programme: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event of a table: a programme of sort special event, itself in none."""

    line: int
    new: NewProgramme
    programme: str = ""


@dataclass(frozen=True, slots=True)
class File(Generic[RowType]):
    """The rows of one file and the mark that names it in the entries."""

    rows: tuple[RowType, ...]
    mark: str


def read_activities(data: bytes, *, zone: tzinfo, days: str = ISO) -> "File[ActivityRow]":
    """The activities of a table; raises `Malformed` with its lines."""
    return _read(data, ACTIVITY_COLUMNS, _activity, zone, days)


def read_delegations(data: bytes, *, zone: tzinfo, days: str = ISO) -> "File[DelegationRow]":
    """The delegations of a table; raises `Malformed` with its lines."""
    return _read(data, DELEGATION_COLUMNS, _delegation, zone, days)


def read_events(data: bytes, *, zone: tzinfo, days: str = ISO) -> "File[EventRow]":
    """The events of a table; an empty last day is the first one. Raises `Malformed` with its lines."""
    return _read(data, EVENT_COLUMNS, _event, zone, days)


def refusals_to_import(rows: Sequence[tuple[int, str]], known: Mapping[str, str], *, mark: str) -> list[Refusal]:
    """Empty when no row (line, code) is known from elsewhere.

    `known`: by code, the mark of the file a known fact came from; "" = written by hand.
    """
    foreign = [(line, code) for line, code in rows if known.get(code, mark) != mark]
    if not foreign:
        return []
    return [
        refusal(
            "programmes-imported",
            _("The file was not imported."),
            _("{count} of its rows are known from another file or were written by hand. Lines: {lines}. Rows: {rows}."),
            _("Take these rows out of the file, or import only what is new; nothing of this file was written."),
            count=len(foreign),
            lines=listed(line for line, _code in foreign),
            rows=listed(code for _line, code in foreign),
        )
    ]


def refusals_to_name_programmes(rows: Sequence[tuple[int, str]], held: Collection[str]) -> list[Refusal]:
    """Empty when each row (line, code or "") names a programme of this agency that is held, or none."""
    unknown = [(line, code) for line, code in rows if code and code not in held]
    if not unknown:
        return []
    return [
        refusal(
            "programmes-not-open",
            _("The file was not imported."),
            _("This agency has no such programme in this circle. Lines: {lines}. Programmes: {codes}."),
            _("Open these programmes or import the table of events first, or leave the cells empty."),
            lines=listed(line for line, _code in unknown),
            codes=listed(dict.fromkeys(code for _line, code in unknown)),
        )
    ]


def refusals_of_row(line: int, refusals: Sequence[Refusal]) -> list[Refusal]:
    """The rules that stand against one row, each saying which line it is."""
    message = Sentence(_("Line {line} was not imported, nor any other of the file."), {"line": line})
    return [replace(found, message=message) for found in refusals]


def _read(
    data: bytes, columns: Sequence[Column], make: Callable[[Row, str], RowType], zone: tzinfo, days: str
) -> "File[RowType]":
    table = read_table(data, columns, zone=zone, days=days)
    wrong = refusals_to_repeat(table.rows, lambda row: row["code"])
    if wrong:
        raise Malformed(wrong)
    return File(tuple(make(row, table.mark) for row in table.rows), table.mark)


def _activity(row: Row, mark: str) -> ActivityRow:
    new = NewActivity(
        code=row["code"],
        day=row["day"],
        what=row["what"],
        category=row["class"],
        place=row["place"],
        leader_office=row["leader_office"],
        partners=row.agencies("with"),
        at=row.instant("at"),
        file=mark,
    )
    return ActivityRow(row.line, new, row["programme"])


def _delegation(row: Row, mark: str) -> DelegationRow:
    new = NewDelegation(
        code=row["code"],
        day=row["day"],
        heads=row.whole("heads"),
        name=row["name"],
        country=row["country"],
        place=row["place"],
        partners=row.agencies("with"),
        at=row.instant("at"),
        file=mark,
    )
    return DelegationRow(row.line, new, row["programme"])


def _event(row: Row, mark: str) -> EventRow:
    new = NewProgramme(
        code=row["code"],
        sort=SPECIAL_EVENT,
        day=row["day"],
        day_end=row["day_end"] or row["day"],
        title=row["title"],
        place=row["place"],
        partners=row.agencies("with"),
        at=row.instant("at"),
        file=mark,
    )
    return EventRow(row.line, new)
