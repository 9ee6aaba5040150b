"""Units while they are read: rows gather into paragraphs, paragraphs into units.

Rules kept here: a row belongs to one unit; lines of one paragraph are joined by a blank, paragraphs by LF; a soft
hyphen or a hyphen glued to a word at the line end joins without a blank. A new paragraph begins after a blank line,
and with a capital after a line that did not fill the column, or after a sentence when the line is indented
(regulations paper 4.6).
"""

from dataclasses import dataclass, field

from accordant.regulations.rules.reading import lines, weights
from accordant.regulations.rules.reading.normal import Row
from accordant.regulations.rules.tree import Level


@dataclass(slots=True)
class Paragraph:
    """Rows that make one paragraph, and the pieces of its text."""

    rows: list[Row]
    pieces: list[str]

    @property
    def text(self) -> str:
        """The paragraph as one line."""
        return "".join(self.pieces)

    def add(self, row: Row) -> None:
        """Read one more row into the paragraph."""
        self.pieces += ["" if _glued(self.rows[-1], row.text) else " ", row.text]
        self.rows.append(row)


@dataclass(slots=True)
class Draft:
    """A unit being read."""

    level: Level
    num: str
    bare: str
    rows: list[Row] = field(default_factory=list)
    heading: str = ""
    paragraphs: list[Paragraph] = field(default_factory=list)
    children: list["Draft"] = field(default_factory=list)

    def last_row(self) -> Row | None:
        """The row read last for this unit itself."""
        if self.paragraphs:
            return self.paragraphs[-1].rows[-1]
        return self.rows[-1] if self.rows else None

    def open_with(self, row: Row, text: str) -> None:
        """Begin with the line that carries the number; `text` is what follows it there."""
        if text:
            self.paragraphs.append(Paragraph([row], [text]))
        else:
            self.rows.append(row)

    def add(self, row: Row, column: int) -> None:
        """Read one more row of text into this unit."""
        if not self.paragraphs or starts_paragraph(self.paragraphs[-1].rows[-1], row, column):
            self.paragraphs.append(Paragraph([row], [row.text]))
        else:
            self.paragraphs[-1].add(row)

    @property
    def text(self) -> str:
        """The paragraphs, separated by LF."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)

    def own_rows(self) -> list[Row]:
        """All rows that belong to this unit itself."""
        return self.rows + [row for paragraph in self.paragraphs for row in paragraph.rows]


def _glued(last: Row, more: str) -> bool:
    """Whether the next line joins without a blank: after a soft hyphen, or a hyphen glued to the word before it."""
    text = last.text
    return last.soft or (len(text) > 1 and text[-1] == "-" and text[-2].isalnum() and more[:1].isalpha())


def starts_paragraph(before: Row, row: Row, column: int) -> bool:
    """Whether `row` begins a paragraph after `before`."""
    ended = lines.ends_sentence(before.text)
    if lines.begins_small(row.text) and not ended:
        return False
    if row.gap:
        return True
    if not lines.is_full(before, row, column):
        return True
    return ended and row.indent >= before.indent + weights.PARAGRAPH_INDENT
