"""Step 4: quoted wording.

Rules kept here (regulations paper 4.4): a block opens at a line that begins with an opening quote after a line that
ends in a colon, and closes at the first line that ends in a closing quote. Lines of a closed block are text of the
unit that quotes them. A block that never closes is reported and holds its first line only, so it cannot swallow the
rest; article headings inside any block lose weight (`chains`) instead of being banned.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from accordant.regulations.rules import cues
from accordant.regulations.rules.reading.errors import Diagnostic
from accordant.regulations.rules.reading.normal import Row


@dataclass(slots=True)
class Quotes:
    """Which rows (by index) are quoted text, and which lie in a block, closed or not."""

    quoted: set[int] = field(default_factory=set)
    open: set[int] = field(default_factory=set)


def find(rows: Sequence[Row], doubts: list[Diagnostic]) -> Quotes:
    """The quoted blocks of the text; an unclosed one is added to `doubts`."""
    quotes = Quotes()
    closing = _closing_rows(rows)
    index = 1
    while index < len(rows):
        row = rows[index]
        if row.text[0] not in cues.OPENING_QUOTES or not rows[index - 1].text.endswith(":"):
            index += 1
            continue
        last = closing[index]
        if last is None:
            doubts.append(Diagnostic(row.number, "quote-unclosed", row.text[:80], "”"))
            if len(rows) - 1 not in quotes.open:
                quotes.open.update(range(index, len(rows)))
            quotes.quoted.add(index)
            index += 1
        else:
            quotes.open.update(range(index, last + 1))
            quotes.quoted.update(range(index, last + 1))
            index = last + 1
    return quotes


def _closing_rows(rows: Sequence[Row]) -> list[int | None]:
    """For each row the first row from it on that ends in a closing quote."""
    found: list[int | None] = [None] * len(rows)
    following: int | None = None
    for index in range(len(rows) - 1, -1, -1):
        if cues.CLOSING_QUOTE.fullmatch(rows[index].text[-4:]) and len(rows[index].text) > 1:
            following = index
        found[index] = following
    return found
