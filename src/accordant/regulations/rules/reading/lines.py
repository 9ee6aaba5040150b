"""Step 3: what a line looks like, and how the line before it ends.

Rules kept here (regulations paper 4.3, domain paper 1): capitals, small letters, sentence ends; the column of wrapped
text; whether a line begins a unit. Left to others: whether what looks like a heading is one (`chains`, `divisions`),
whether a clause or point is the expected one (`units`).
"""

from collections.abc import Sequence
from typing import Final

from accordant.regulations.rules import cues
from accordant.regulations.rules.reading import weights
from accordant.regulations.rules.reading.normal import Row

_UNIT_PATTERNS: Final = (cues.CLAUSE, cues.POINT, cues.ROMAN_POINT, cues.DECIMAL, cues.BULLET)


def ends_sentence(text: str) -> bool:
    """Whether the line ends in a sentence mark, closing quotes and brackets set aside."""
    return text.rstrip('”"»’)')[-1:] in cues.SENTENCE_END


def ends_open(text: str) -> bool:
    """Whether the line ends in a small letter or a comma, so that its sentence goes on."""
    last = text[-1:]
    return last == "," or last.islower()


def is_capitals(text: str) -> bool:
    """Whether all letters of the line are capitals, and there are at least two; a line longer than a title is none."""
    return (
        len(text) <= weights.LONGEST_HEADING and text.isupper() and sum(character.isalpha() for character in text) >= 2
    )


def begins_small(text: str) -> bool:
    """Whether the line begins with a small letter."""
    return text[:1].islower()


def looks_like_unit(text: str) -> bool:
    """Whether the line begins as a clause, point or bullet does, expected or not."""
    return any(pattern.fullmatch(text) for pattern in _UNIT_PATTERNS)


def column_of(rows: Sequence[Row]) -> int:
    """The column at which the text was wrapped, in characters; 0 when each paragraph stands on one line."""
    widths = sorted(row.width for row in rows)
    if not widths:
        return 0
    column = widths[int(len(widths) * 0.95)] if len(widths) > 1 else widths[0]
    full = sum(width >= weights.FULL_LINE * column for width in widths)
    wrapped = column <= weights.WIDEST_COLUMN and full >= weights.WRAPPED_SHARE * len(widths)
    return column if wrapped else 0


def is_full(row: Row, following: Row, column: int) -> bool:
    """Whether `row` fills the column so far that the first word of `following` had no room on it."""
    if not column or row.width < weights.FULL_LINE * column:
        return False
    word = following.text.split(" ", 1)[0]
    return row.width + 1 + len(word) > weights.FULL_LINE * column
