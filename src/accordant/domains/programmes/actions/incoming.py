"""A table that somebody wants to import, held against what stands in the circle: rows to write, what forbids it.

The same look decides an import and shows what it would do beforehand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from accordant.domains.programmes import rules
from accordant.domains.programmes.actions.desk import TABLES, Desk, New
from accordant.domains.programmes.models import Programme
from accordant.entries.envelope import EntryRef, Officer
from accordant.entries.errors import Refusal

_Line = tuple[int, New]
File = rules.File[rules.ActivityRow] | rules.File[rules.DelegationRow] | rules.File[rules.EventRow]


@dataclass(frozen=True)
class Incoming:
    """`desk` has the rows to write, `known` counts those written before, `refusals` forbid the whole file."""

    desk: Desk
    known: int
    refusals: Sequence[Refusal]

    @classmethod
    def of(cls, file: File, *, by: Officer, now: datetime, circle: str) -> "Incoming":
        """The table beside what this agency wrote in the circle."""
        programmes = Programme.refs_by_code(agency=by.agency, circle=circle)
        lines: list[_Line] = [(row.line, _new(row, programmes)) for row in file.rows]
        table = TABLES[type(file.rows[0].new)]
        known = table.objects.known(agency=by.agency, circle=circle, codes={new.code for _line, new in lines})
        wanted = [(line, new) for line, new in lines if new.code not in known]
        desk = Desk(circle, by, now, [new for _line, new in wanted])
        refusals = [
            *rules.refusals_to_import([(line, new.code) for line, new in lines], known, mark=file.mark),
            *rules.refusals_to_name_programmes([(row.line, row.programme) for row in file.rows], programmes),
        ]
        return cls(desk, len(lines) - len(wanted), refusals or _of_rows(desk, wanted))


def _new(row: rules.ActivityRow | rules.DelegationRow | rules.EventRow, programmes: dict[str, EntryRef]) -> New:
    if isinstance(row, rules.EventRow):
        return row.new
    return replace(row.new, programme=programmes.get(row.programme))


def _of_rows(desk: Desk, lines: Sequence[_Line]) -> list[Refusal]:
    """What the rules say against single rows; a fresh look, since examining gives out codes."""
    looking = desk.anew()
    return [found for line, new in lines for found in rules.refusals_of_row(line, looking.examined(new)[0])]
