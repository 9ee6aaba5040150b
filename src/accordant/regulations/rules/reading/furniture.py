"""Step 2: furniture, the lines that are no text of the instrument.

Rules kept here (regulations paper 4.2): blank lines, lone page numbers, lines of a gazette that repeat but for a page
number that grows, dotted leaders and drawn rules, the line that names where a test text was found. All of it is
listed with its bytes. A number alone is taken for a page number only when it counts on from the one before, or stands
at a form feed: a wrapped citation may leave a number alone on its line. Left to others: the two columns of the first
page (`front`).
"""

import re
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import Final

from accordant.regulations.rules import cues
from accordant.regulations.rules.reading import weights
from accordant.regulations.rules.reading.normal import Piece, Row

_DIGITS: Final = re.compile(r"\d+")
_PAGE_RUN: Final = 3
_GAZETTE_SPACING: Final = 10
_PAGE_KINDS: Final = frozenset({"page-number", "gazette-line"})


def clear(rows: list[Row]) -> tuple[list[Row], list[Piece]]:
    """The rows that are text, each knowing whether a blank line or a page end stands before it; and the furniture."""
    kinds = _kinds(rows)
    kept: list[Row] = []
    pieces: list[Piece] = []
    gap = page = False
    for index, row in enumerate(rows):
        page = page or row.page
        kind = kinds.get(index, "")
        if not kind:
            kept.append(replace(row, gap=gap and not page, page=page))
            gap = page = False
            continue
        pieces.append(Piece(kind, row.start, row.end))
        gap = gap or kind in {"blank", "leader"}
        page = page or kind in _PAGE_KINDS
    return kept, pieces


def _kinds(rows: list[Row]) -> dict[int, str]:
    kinds: dict[int, str] = {}
    for index, row in enumerate(rows):
        if not row.text:
            kinds[index] = "blank"
        elif cues.LEADER.fullmatch(row.text):
            kinds[index] = "leader"
        elif index == 0 and cues.SOURCE_LINE.match(row.text):
            kinds[index] = "source-line"
    kinds.update(_page_numbers(rows))
    kinds.update(_gazette_lines(rows))
    return kinds


def _page_numbers(rows: list[Row]) -> dict[int, str]:
    """Lone numbers that form the longest run counting by one, and lone numbers at a form feed."""
    lone: list[tuple[int, int]] = []
    for index, row in enumerate(rows):
        match = cues.PAGE_NUMBER.fullmatch(row.text) if len(row.text) <= 20 else None
        if match:
            lone.append((index, int(match["number"] or match["of"])))
    ending: dict[int, tuple[int, int | None]] = {}  # page number: length of the best run to it, index before it
    before: dict[int, int | None] = {}
    best, last = 0, None
    for index, number in lone:
        length, previous = ending.get(number - 1, (0, None))
        before[index] = previous
        if length + 1 > ending.get(number, (0, None))[0]:
            ending[number] = (length + 1, index)
        if length + 1 > best:
            best, last = length + 1, index
    found = {index: "page-number" for index, _ in lone if rows[index].page}
    while best >= _PAGE_RUN and last is not None:
        found[last] = "page-number"
        last = before[last]
    return found


def _gazette_lines(rows: list[Row]) -> dict[int, str]:
    groups: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        if len(row.text) < 120 and any(character.isdigit() for character in row.text):
            groups[_DIGITS.sub("#", row.text)].append(index)
    return {
        index: "gazette-line"
        for shape, group in groups.items()
        if shape != "#" and len(group) >= weights.GAZETTE_REPEATS and _turns_pages(rows, group)
        for index in group
    }


def _turns_pages(rows: list[Row], group: list[int]) -> bool:
    """Whether the first or last number of these lines grows by one or two each time, a page apart."""
    if any(after - before < _GAZETTE_SPACING for before, after in pairwise(group)):
        return False
    numbers = [[int(digits[:9]) for digits in _DIGITS.findall(rows[index].text)] for index in group]
    for place in (0, -1):
        column = [found[place] for found in numbers]
        if all(1 <= after - before <= 2 for before, after in pairwise(column)):
            return True
    return False
