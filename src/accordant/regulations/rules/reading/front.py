"""The head of a text: number, date, title, what it rests on.

Rules kept here (regulations paper 1, 4.2 and 5): number and date are those that stand before the first article, never
those of an instrument that is cited there or of the day of effect; dates are ISO; an impossible or later date is a
doubt. The state title and motto of the first page are furniture.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from accordant.regulations.rules import cues
from accordant.regulations.rules.numbers import DocumentNumber, UnreadableNumber, parse_number
from accordant.regulations.rules.reading import lines
from accordant.regulations.rules.reading.drafts import Draft
from accordant.regulations.rules.reading.errors import Diagnostic
from accordant.regulations.rules.reading.normal import Row

_LOOKED_AT: Final = 2_000  # characters of a line in which number and date are looked for


@dataclass(slots=True)
class Front:
    """What the rows before the first unit say; `rows` are those of title and text, `letterhead` the furniture."""

    title: str = ""
    text: str = ""
    rows: list[Row] = field(default_factory=list)
    letterhead: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date that was read: ISO, and whether it is a day of effect or of a cited instrument."""

    iso: str
    aside: bool
    effect: bool
    line: int


def read(rows: Sequence[Row], column: int) -> Front:
    """Title and text of the rows before the first unit of a component."""
    front = Front()
    kept: list[Row] = []
    for row in rows:
        is_letterhead = cues.STATE_TITLE.search(row.text) or cues.MOTTO.search(row.text)
        (front.letterhead if is_letterhead else kept).append(row)
    front.rows = kept
    first, used = _title(kept, front)
    body = Draft("article", "", "")
    for index, row in enumerate(kept):
        if not (first <= index < used) and not cues.NUMBER_LINE.match(row.text):
            body.add(row, column)
    front.text = body.text
    return front


def _title(rows: Sequence[Row], front: Front) -> tuple[int, int]:
    """Set the title; the range of rows that carry it."""
    index = next((place for place, row in enumerate(rows) if cues.TITLE_WORDS.fullmatch(row.text)), None)
    if index is None:
        front.title = rows[0].text if rows else ""
        return (0, 1) if rows else (0, 0)
    words, last = [rows[index].text], index + 1
    while last < len(rows) and not (rows[last].gap and len(words) > 1) and not _ends_abstract(rows[last].text):
        if not cues.NUMBER_LINE.match(rows[last].text):
            words.append(rows[last].text)
        last += 1
    front.title = cues.ABSTRACT_END.sub("", " ".join(words)).strip(" ,")
    return index, last


def _ends_abstract(text: str) -> bool:
    return bool(cues.BASIS.match(text)) or text.startswith("(") or lines.looks_like_unit(text)


def number_of(rows: Sequence[Row], doubts: list[Diagnostic]) -> DocumentNumber | None:
    """The number of the instrument: of its number line, else the first complete one."""
    for pattern in (cues.NUMBER_LINE, cues.ANY_NUMBER):
        for row in rows:
            text = row.text[:_LOOKED_AT]
            match = pattern.search(text) if pattern is cues.ANY_NUMBER else pattern.match(text)
            if not match:
                continue
            try:
                number = parse_number(match["number"])
            except UnreadableNumber:
                continue
            doubts += [Diagnostic(row.number, "number-unusual", match["number"], code) for code in number.warnings]
            return number
    doubts.append(Diagnostic(rows[0].number if rows else 1, "number-missing", "", ""))
    return None


def date_of(rows: Sequence[Row], doubts: list[Diagnostic]) -> str:
    """The ISO date of the instrument, empty when none is found; doubts about it are added."""
    dates = [date for row in rows for date in _dates(row, doubts)]
    own = next((date for date in dates if not date.aside), None)
    if own is None:
        doubts.append(Diagnostic(rows[0].number if rows else 1, "date-missing", "", ""))
        return ""
    effect = next((date for date in dates if date.effect), None)
    if effect and effect.iso < own.iso:
        doubts.append(Diagnostic(own.line, "date-after-effect", own.iso, effect.iso))
    return own.iso


def _dates(row: Row, doubts: list[Diagnostic]) -> Iterator[Dated]:
    if cues.BASIS.match(row.text):
        return
    found: list[tuple[int, Dated]] = []
    for pattern in (cues.DATE_LONG, cues.DATE_SHORT, cues.DATE_ENGLISH, cues.DATE_AMERICAN):
        for match in pattern.finditer(row.text[:_LOOKED_AT]):
            month = match["month"]
            number = cues.MONTHS.index(month) + 1 if month in cues.MONTHS else int(month)
            try:
                iso = dt.date(int(match["year"]), number, int(match["day"])).isoformat()
            except ValueError:
                doubts.append(Diagnostic(row.number, "date-impossible", match[0][len(match["before"]) :], ""))
                continue
            if pattern is cues.DATE_AMERICAN and int(match["day"]) <= 12:
                doubts.append(Diagnostic(row.number, "date-ambiguous", match[0][len(match["before"]) :], iso))
            before = row.text[: match.start("day")][-60:]
            aside = bool(
                cues.CITED_BEFORE.search(match["before"]) or cues.NO_LONGER.search(row.text[: match.start("day")])
            )
            effect = not aside and bool(cues.EFFECT_BEFORE.search(before))
            found.append((match.start("day"), Dated(iso, effect or aside, effect, row.number)))
    yield from (date for _, date in sorted(found, key=lambda pair: pair[0]))
