"""Step 3 and 6 for what stands above the article: parts, chapters, sections, subsections, and their titles.

Rules kept here (regulations paper 4.3 and 4.7, domain paper 1): a line that names a division is a heading when the
sum of its weights says so (form of the line, the line before, the number expected, capitals after it), otherwise it
cites one; a missing number is reported, never renumbered. Titles stand on the same line or on the next ones, in any
case.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from accordant.regulations.rules import cues
from accordant.regulations.rules.reading import lines, weights
from accordant.regulations.rules.reading.errors import Diagnostic
from accordant.regulations.rules.reading.normal import Row
from accordant.regulations.rules.tree import DIVISION_LEVELS, Level, ascii_number, sort_key


@dataclass(slots=True)
class Division:
    """A heading above the articles: its row, level, number as printed and alone, and the title on its own line."""

    index: int
    level: Level
    num: str
    bare: str
    title: str


def find(rows: Sequence[Row], quoted: set[int], doubts: list[Diagnostic], starts: set[int]) -> list[Division]:
    """The divisions of the text; `starts` are rows where numbering begins anew (components), for what is expected."""
    found: list[Division] = []
    last: dict[str, int] = {}
    for index, row in enumerate(rows):
        if index in starts:
            last = {}
        if row.text[0] not in cues.DIVISION_START or index in quoted:
            continue
        division = _candidate(index, row)
        if division is None:
            continue
        value = _value(division)
        following = last.get(division.level, 0) + 1
        if _weight(division, rows, value in {1, following, last.get(division.level)}) < weights.DIVISION_TAKEN:
            doubts.append(Diagnostic(row.number, "division-cited", row.text[:80], str(following)))
            continue
        if value not in {1, following, last.get(division.level)}:
            doubts.append(Diagnostic(row.number, "division-gap", division.num, str(following)))
        found.append(division)
        _advance(last, division.level, value)
    return found


def _candidate(index: int, row: Row) -> Division | None:
    for level, pattern in cues.DIVISIONS:
        match = pattern.fullmatch(row.text)
        if match:
            title = match["title"]
            end = match.start("title") if title else len(row.text)
            num = row.text[:end].rstrip(" –-")
            return Division(index, level, num, match["number"], title)
    return None


def _value(division: Division) -> int:
    """The number of a division as an integer, for counting on; 0 for a word that is no number."""
    bare = division.bare
    if len(bare) == 1 and bare.isalpha() and division.level in {"section", "subsection"} and bare not in "IVX":
        return cues.LETTER_ORDER.find(bare.lower()) + 1
    return sort_key(ascii_number(division.level, bare))[0]


def _advance(last: dict[str, int], level: str, value: int) -> None:
    """Remember the number and let the levels below begin anew; chapters count on through parts or begin anew."""
    last[level] = value
    for lower in DIVISION_LEVELS[DIVISION_LEVELS.index(level) + 1 :] if level in DIVISION_LEVELS else ():
        if level != "part":
            last.pop(lower, None)


def _weight(division: Division, rows: Sequence[Row], expected: bool) -> int:
    title, index = division.title, division.index
    if not title:
        ended = division.num.endswith(".") and index > 0 and lines.ends_open(rows[index - 1].text)
        total = weights.DIVISION_LOOSE if ended else weights.DIVISION_ALONE
    elif cues.CITED_AFTER.match(title) and not lines.is_capitals(title):
        total = weights.DIVISION_CITED
    elif lines.is_capitals(title):
        total = weights.DIVISION_ALONE
    elif title[0].isupper() and not title.endswith((".", ";", ",")):
        total = weights.DIVISION_TITLE
    else:
        total = weights.DIVISION_LOOSE
    total += weights.DIVISION_EXPECTED if expected else weights.DIVISION_UNEXPECTED
    total += _line_before(rows, index)
    follows = index + 1 < len(rows) and lines.is_capitals(rows[index + 1].text)
    return total + (weights.DIVISION_CAPITALS_FOLLOW if follows else 0)


def _line_before(rows: Sequence[Row], index: int) -> int:
    if index == 0 or rows[index].gap:
        return weights.AFTER_SENTENCE
    before = rows[index - 1].text
    if lines.ends_sentence(before) or lines.is_capitals(before):
        return weights.AFTER_SENTENCE
    return weights.AFTER_SMALL_OR_COMMA if lines.ends_open(before) else 0


def title_rows(rows: Sequence[Row], first: int, end: int, inline: str, column: int) -> int:
    """How many rows from `first` on, before `end`, carry the title of a division whose own line says `inline`."""
    index = first
    while index < end and lines.is_capitals(rows[index].text) and (not inline or lines.is_capitals(inline)):
        index += 1
    if index > first or inline:
        return index - first
    while index < end and not lines.looks_like_unit(rows[index].text):
        row = rows[index]
        index += 1
        if index == end or rows[index].gap:
            break
        if not (lines.begins_small(rows[index].text) or lines.is_full(row, rows[index], column)):
            break
    return index - first
