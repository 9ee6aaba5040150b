"""Step 6: headings of articles, clauses, points and bullets.

Rules kept here (regulations paper 4.6, domain paper 1): a heading goes on to the next line only if that begins with a
small letter, or the line before fills the column and no blank, indent or unit line follows; what ends with a full
stop is the first paragraph. Clauses and points must be the next expected number or letter in their parent, or an
inserted one (1a, đ1); anything else is text, with a diagnostic. Bullets hang on the unit before. A plain paragraph
after the last point of a list is its parent's `wrap-up`. Vietnamese lists leave out f, j, w, z; such a letter is
taken and reported.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from accordant.regulations.rules import cues
from accordant.regulations.rules.reading import lines, weights
from accordant.regulations.rules.reading.drafts import Draft, Paragraph, starts_paragraph
from accordant.regulations.rules.reading.errors import Diagnostic
from accordant.regulations.rules.reading.normal import Row
from accordant.regulations.rules.tree import roman_value

Language = Literal["vi", "en"]
_NUMBER_PARTS: Final = re.compile(r"(\d+)(\D*)\d?")


@dataclass(slots=True)
class Reader:
    """Reads the rows of one article into units; `quoted` holds the rows that are quoted wording."""

    article: Draft
    language: Language
    column: int
    quoted: set[int]
    doubts: list[Diagnostic]
    clause: Draft | None = None
    point: Draft | None = None
    last: Row | None = None
    romans: int = 0

    @property
    def deepest(self) -> Draft:
        """The unit that text goes to: the last bullet, point, clause or the article."""
        unit = self.point or self.clause or self.article
        while unit.children and unit.children[-1].level == "indent":
            unit = unit.children[-1]
        return unit

    def read(self, row: Row) -> None:
        """Take one row: it opens a unit or continues one."""
        if not (row.number not in self.quoted and self._opens_unit(row)):
            self.deepest.add(row, self.column)
        self.last = row

    def _opens_unit(self, row: Row) -> bool:
        text = row.text
        first = text[0]
        if first.isdigit():
            return self._clause(row) or self._decimal(row)
        if first == "(" or text[1:2] in {")", "1", "2", "3", "4", "d"} or text[2:3] == ")":
            return self._roman(row) or self._point(row)
        return self._bullet(row)

    def _clause(self, row: Row) -> bool:
        match = cues.CLAUSE.fullmatch(row.text)
        if not match:
            return False
        number, text = match["number"], match["text"] or match["glued"] or ""
        before = self.clause.bare if self.clause else ""
        if not (follows_number(before, number) and self._begins_here(row, text)):
            self._doubt(row, "clause-unexpected", next_number(before))
            return False
        self.clause, self.point = Draft("clause", f"{number}.", number), None
        self.clause.open_with(row, text)
        self.article.children.append(self.clause)
        return True

    def _point(self, row: Row) -> bool:
        match = cues.POINT.fullmatch(row.text)
        if not match:
            return False
        letter = cues.DD if match["letter"] == "dd" else match["letter"]
        bare = letter + (match["digit"] or "")
        before = self.point.bare if self.point else ""
        if not (follows_letter(before, bare, self.language) and self._begins_here(row, match["text"])):
            self._doubt(row, "point-unexpected", next_letter(before, self.language))
            return False
        if self.language == "vi" and letter not in cues.USUAL_VIETNAMESE:
            self.doubts.append(Diagnostic(row.number, "point-unusual", f"{bare})", next_letter(before, self.language)))
        num = row.text[: row.text.index(")") + 1]
        self.point, self.romans = Draft("point", num, bare), 0
        self.point.open_with(row, match["text"])
        (self.clause or self.article).children.append(self.point)
        return True

    def _roman(self, row: Row) -> bool:
        """`(i)`, `(ii)` under a point; a single letter that is the next point stays a point."""
        match = cues.ROMAN_POINT.fullmatch(row.text)
        if not match or self.point is None:
            return False
        letters = match["letter"]
        if len(letters) == 1 and follows_letter(self.point.bare, letters, self.language) and letters != "i":
            return False
        if roman_value(letters.upper()) != self.romans + 1:
            return False
        self.romans += 1
        child = Draft("indent", f"({letters})", letters)
        child.open_with(row, match["text"])
        self.point.children.append(child)
        return True

    def _decimal(self, row: Row) -> bool:
        match = cues.DECIMAL.fullmatch(row.text)
        if not match or self.clause is None or not match["number"].startswith(f"{self.clause.bare}."):
            return False
        number = match["number"]
        self.point, self.romans = Draft("point", number, number), 0
        self.point.open_with(row, match["text"])
        self.clause.children.append(self.point)
        return True

    def _bullet(self, row: Row) -> bool:
        match = cues.BULLET.fullmatch(row.text)
        if not match or not self._after_break(row):
            return False
        parent = self.point or self.clause or self.article
        mark = match["mark"]
        if mark == "+" and parent.children and parent.children[-1].num not in {"", "+"}:
            parent = parent.children[-1] if parent.children[-1].level == "indent" else parent
        child = Draft("indent", mark, "")
        child.open_with(row, match["text"] or match["glued"] or "")
        parent.children.append(child)
        return True

    def _begins_here(self, row: Row, text: str) -> bool:
        """Whether a unit may begin on this row: not in the middle of a sentence that goes on in small letters."""
        return not lines.begins_small(text) or self._after_break(row)

    def _after_break(self, row: Row) -> bool:
        last = self.last
        return last is None or row.gap or not lines.ends_open(last.text) or not lines.is_full(last, row, self.column)

    def _doubt(self, row: Row, code: str, expected: str) -> None:
        self.doubts.append(Diagnostic(row.number, code, row.text[:80], expected))


def follows_number(before: str, number: str) -> bool:
    """Whether a clause may have this number after `before` (empty: the first): 1, then 2 or 1a, after 1a 1b or 2."""
    if number == next_number(before):
        return True
    if not before:
        return False
    digits, letter = _parts(before)
    new_digits, new_letter = _parts(number)
    place = cues.LETTER_ORDER.find(letter[:1]) if letter else -1
    return new_digits == digits and new_letter[:1] == cues.LETTER_ORDER[place + 1]


def next_number(before: str) -> str:
    """The number that a clause after `before` has when none is inserted."""
    return str(int(_parts(before)[0] or 0) + 1)


def _parts(number: str) -> tuple[str, str]:
    match = _NUMBER_PARTS.fullmatch(number)
    return (match[1], match[2]) if match else ("", "")


def follows_letter(before: str, bare: str, language: Language) -> bool:
    """Whether a point may have this letter after `before` (empty: the first).

    After `d`: `đ` (English also `e`), or `d1`; after `e`: `g`, or the unusual `f`. Domain paper 1, point order.
    """
    if before and bare[0] == before[0]:
        return int(bare[1:] or 0) == int(before[1:] or 0) + 1
    if bare[1:]:
        return False
    expected = next_letter(before, language)
    if bare == expected:
        return True
    order = cues.LETTER_ORDER
    start = order.find(before[0]) + 1 if before else 0
    if language == "en":
        return bare == cues.DD and before[:1] == "d"
    return bare not in cues.USUAL_VIETNAMESE and start <= order.find(bare) <= order.find(expected)


def next_letter(before: str, language: Language) -> str:
    """The letter that a point after `before` usually has; empty after the last."""
    usual = cues.USUAL_ENGLISH if language == "en" else cues.USUAL_VIETNAMESE
    start = cues.LETTER_ORDER.find(before[0]) + 1 if before else 0
    return next((letter for letter in cues.LETTER_ORDER[start:] if letter in usual), "")


def read_heading(article: Draft, title: str, first: Row, rows: Sequence[Row], column: int, quoted: set[int]) -> int:
    """Give the article its heading, or its first paragraph; the number of `rows` used for it.

    `first` is the row with the number, `title` what follows it there, `rows` the rows after it.
    """
    reading = Paragraph([first], [title] if title else [])
    used = 0
    if not title and rows and not lines.looks_like_unit(rows[0].text) and rows[0].number not in quoted:
        reading = Paragraph([first, rows[0]], [rows[0].text])
        used = 1
    while used < len(rows) and reading.pieces and _goes_on(reading.rows[-1], rows[used], column):
        reading.add(rows[used])
        used += 1
    text = reading.text
    if text.endswith((".", ";", ":")) or len(text) > weights.LONGEST_HEADING:
        article.paragraphs.append(reading)
        article.rows.remove(first)
    else:
        article.heading = text
        article.rows.extend(reading.rows[1:])
    return used


def _goes_on(last: Row, row: Row, column: int) -> bool:
    if row.gap or lines.looks_like_unit(row.text):
        return False
    return not starts_paragraph(last, row, column)


def lift_wrap_up(draft: Draft) -> None:
    """Move plain paragraphs after the last point or bullet of a list into a `wrap-up` of its parent, at every depth."""
    for child in draft.children:
        lift_wrap_up(child)
    last = draft.children[-1] if draft.children else None
    if last is None or last.level not in {"point", "indent"} or last.children or len(last.paragraphs) < 2:
        return
    if last.paragraphs[0].text.endswith(":"):
        return
    closing = Draft("wrap-up", "", "", paragraphs=last.paragraphs[1:])
    del last.paragraphs[1:]
    draft.children.append(closing)
