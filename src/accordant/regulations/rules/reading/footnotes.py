"""Step 7: footnotes of consolidated texts.

Rules kept here (regulations paper 4.7): digits glued to a word, or in square brackets, are a marker only if a note
with that number stands at the foot of a page or at the end of the text; then the marker is taken out of the text and
the note becomes a footnote with its own bytes. Anything else stays as it is (`K01`, `m2`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from accordant.regulations.rules import cues
from accordant.regulations.rules.reading.normal import Row
from accordant.regulations.rules.tree import ByteRange

_MARKER: Final = re.compile(r"(?<=[^\W\d_])(?P<glued>\d{1,3})(?![\w/])|\[(?P<bracket>\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class Footnote:
    """A note: its number, its text, the line of its marker, its bytes."""

    num: str
    text: str
    line: int
    ranges: tuple[ByteRange, ...]


def take_out(rows: Sequence[Row]) -> tuple[list[Row], list[Footnote]]:
    """The rows without notes and markers, and the notes."""
    if not any(cues.FOOT_NOTE.fullmatch(row.text) for row in rows):
        return list(rows), []
    markers = _markers(rows)
    blocks = _blocks(rows, markers)
    if not blocks:
        return list(rows), []
    noted = {index for first, last in blocks.values() for index in range(first, last)}
    kept = [_without_markers(row, set(blocks)) for index, row in enumerate(rows) if index not in noted]
    return kept, [_note(number, rows[first:last], markers[number]) for number, (first, last) in blocks.items()]


def _markers(rows: Sequence[Row]) -> dict[str, int]:
    """Number of a possible marker: the line where it first stands."""
    found: dict[str, int] = {}
    for row in rows:
        for match in _MARKER.finditer(row.text):
            if match["glued"] is None or row.text[match.start() - 1].islower():
                found.setdefault(match["glued"] or match["bracket"], row.number)
    return found


def _blocks(rows: Sequence[Row], markers: dict[str, int]) -> dict[str, tuple[int, int]]:
    """For each number the rows of its note: from the foot of a page upwards, numbers falling by one."""
    ends = [index for index in range(1, len(rows)) if rows[index].page] + [len(rows)]
    found: dict[str, tuple[int, int]] = {}
    begin = 0
    for end in ends:
        starts: list[tuple[int, int]] = []
        for index in range(end - 1, begin - 1, -1):
            match = cues.FOOT_NOTE.fullmatch(rows[index].text)
            number = (match["bracket"] or match["plain"]) if match else ""
            if number and markers.get(number, rows[index].number) < rows[index].number:
                starts.append((int(number), index))
        following, last = None, end
        for value, index in starts:
            if following is not None and value != following - 1:
                break
            found.setdefault(str(value), (index, last))
            following, last = value, index
        begin = end
    return found


def _without_markers(row: Row, numbers: set[str]) -> Row:
    def drop(match: re.Match[str]) -> str:
        number = match["glued"] or match["bracket"]
        glued_to_capital = match["glued"] and not row.text[match.start() - 1].islower()
        return match[0] if number not in numbers or glued_to_capital else ""

    text = _MARKER.sub(drop, row.text)
    return row if text == row.text else row.with_text(text.strip())


def _note(number: str, rows: Sequence[Row], line: int) -> Footnote:
    match = cues.FOOT_NOTE.fullmatch(rows[0].text)
    first = match["text"] if match else rows[0].text
    text = " ".join([first, *(row.text for row in rows[1:])])
    return Footnote(number, text, line, tuple((row.start, row.end) for row in rows))
