"""Steps 1 to 7 in their order: bytes of a text file to instrument, components, diagnostics and furniture.

Rules kept here (regulations paper 4): nothing silent, nothing lost. Each byte of the source belongs to one provision,
one component, one footnote or one listed piece of furniture; doubts become diagnostics and repair nothing; a second
run gives the same result. Only `UnreadableText` is raised. Left to others: files of other formats, and the person who
confirms each article (step 8).
"""

import hashlib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from accordant.entries.kinds import gettext_noop as _
from accordant.regulations.rules import cues
from accordant.regulations.rules.reading import chains, divisions, footnotes, front, furniture, lines, normal, quotes
from accordant.regulations.rules.reading.assemble import PROVISIONS, Assembler, check_count, ranges_of
from accordant.regulations.rules.reading.chains import Head
from accordant.regulations.rules.reading.divisions import Division
from accordant.regulations.rules.reading.drafts import Draft
from accordant.regulations.rules.reading.errors import Diagnostic, UnreadableText
from accordant.regulations.rules.reading.footnotes import Footnote
from accordant.regulations.rules.reading.normal import Piece, Row
from accordant.regulations.rules.reading.parts import Part, cut
from accordant.regulations.rules.reading.slips import find_slips
from accordant.regulations.rules.reading.units import Language, Reader, lift_wrap_up, read_heading
from accordant.regulations.rules.tree import DIVISION_LEVELS, Component, Instrument, Provision, root_hash


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the act, its components in the order of the text, every doubt, and what is no text of it.

    `size` and `sha256` (hex) are those of the source bytes.
    """

    instrument: Instrument
    components: tuple[Component, ...]
    diagnostics: tuple[Diagnostic, ...]
    furniture: tuple[Piece, ...]
    footnotes: tuple[Footnote, ...]
    size: int
    sha256: str

    @property
    def root(self) -> str:
        """The root hash that all parties sign."""
        return root_hash(self.instrument, self.components)


@dataclass(slots=True)
class _Work:
    """The state of one reading: the rows that are text, and what was found about them."""

    rows: list[Row]
    column: int
    language: Language
    quoted: set[int]
    doubts: list[Diagnostic]
    letterhead: list[Row]
    budget: int = PROVISIONS


def read_text(data: bytes) -> Reading:
    """The tree of a signed text; raises `UnreadableText` when it is no UTF-8, too large, or has no articles."""
    all_rows, pieces = normal.split(data)
    kept, found = furniture.clear(all_rows)
    rows, notes = footnotes.take_out(kept)
    doubts: list[Diagnostic] = []
    quotations = quotes.find(rows, doubts)
    heads = chains.candidates(rows, quotations)
    chain = chains.best(heads)
    if not chain:
        raise _no_articles(len(heads))
    check_count(len(chain))
    doubts += chains.doubts(heads, chain, rows)
    parts = cut(rows, chain)
    check_count(len(chain) + len(parts))
    english = sum(head.word in cues.ENGLISH_ARTICLE for head in chain) * 2 > len(chain)
    work = _Work(rows, lines.column_of(rows), "en" if english else "vi", quotations.quoted, doubts, [])
    components = _components(work, parts, quotations.quoted)
    instrument = _instrument(work, parts[0], components)
    doubts += find_slips(rows)
    pieces += found + [Piece("letterhead", row.start, row.end) for row in work.letterhead]
    return Reading(
        instrument,
        components,
        tuple(sorted(set(doubts))),
        _merged(pieces),
        tuple(notes),
        len(data),
        hashlib.sha256(data).hexdigest(),
    )


def _no_articles(candidates: int) -> UnreadableText:
    return UnreadableText(
        "text-no-articles",
        _("The text was not read."),
        _("No line was found that heads an article ({candidates} lines only cite one)."),
        _("Check that the file is the regulation itself, with headings such as “Điều 1. …” or “Article 1. …”."),
        candidates=candidates,
    )


def _components(work: _Work, parts: Sequence[Part], quoted: set[int]) -> tuple[Component, ...]:
    starts = {part.start for part in parts}
    found = divisions.find(work.rows, quoted | _outside(parts), work.doubts, starts)
    places = [division.index for division in found]
    components: list[Component] = []
    for part in parts:
        inside = found[bisect_left(places, part.start) : bisect_left(places, part.tail)]
        components.append(_component(work, part, inside))
        work.budget -= sum(1 for _ in components[-1].walk())
    return tuple(components)


def _outside(parts: Sequence[Part]) -> set[int]:
    """Rows in which no division can stand: tails, annexes without articles."""
    return {index for part in parts for index in range(part.tail if part.heads else part.start, part.end)}


def _component(work: _Work, part: Part, inside: Sequence[Division]) -> Component:
    rows = work.rows
    first = min([head.index for head in part.heads] + [division.index for division in inside], default=part.end)
    head_of_text = front.read(rows[part.start : first], work.column)
    work.letterhead += head_of_text.letterhead
    drafts = _drafts(work, part, inside)
    tail = rows[part.tail : part.end] if part.heads else []
    kept_tail = [row for row in tail if not cues.STATE_TITLE.search(row.text)]
    work.letterhead += [row for row in tail if cues.STATE_TITLE.search(row.text)]
    return Component(
        name=part.name,
        title=head_of_text.title,
        text=head_of_text.text,
        conclusions="\n".join(row.text for row in kept_tail),
        ranges=ranges_of([*head_of_text.rows, *kept_tail]),
        provisions=Assembler(work.budget).freeze(drafts),
    )


def _drafts(work: _Work, part: Part, inside: Sequence[Division]) -> list[Draft]:
    """The units of one component: divisions nest by level, articles hang on the division before them."""
    top: list[Draft] = []
    open_divisions: list[Draft] = []
    marks: list[Head | Division] = sorted([*part.heads, *inside], key=lambda mark: mark.index)
    for number, mark in enumerate(marks):
        end = marks[number + 1].index if number + 1 < len(marks) else part.tail
        if isinstance(mark, Head):
            draft = _article(work, mark, end)
        else:
            draft = _division(work, mark, end)
            while open_divisions and _rank(open_divisions[-1]) >= _rank(draft):
                open_divisions.pop()
        (open_divisions[-1].children if open_divisions else top).append(draft)
        if isinstance(mark, Division):
            open_divisions.append(draft)
    return top


def _rank(draft: Draft) -> int:
    return DIVISION_LEVELS.index(draft.level)


def _division(work: _Work, division: Division, end: int) -> Draft:
    rows, first = work.rows, division.index + 1
    count = divisions.title_rows(rows, first, end, division.title, work.column)
    titles = rows[first : first + count]
    heading = " ".join([division.title, *(row.text for row in titles)]).strip()
    draft = Draft(division.level, division.num, division.bare, [rows[division.index], *titles], heading)
    for row in rows[first + count : end]:
        draft.add(row, work.column)
    return draft


def _article(work: _Work, head: Head, end: int) -> Draft:
    rows, first = work.rows, head.index + head.rows
    num = f"{head.word} {head.bare}{head.dot}"
    article = Draft("article", num, head.bare, rows[head.index : first])
    quoted = {rows[index].number for index in range(head.index, end) if index in work.quoted}
    used = read_heading(article, head.title, rows[first - 1], rows[first:end], work.column, quoted)
    reader = Reader(article, work.language, work.column, quoted, work.doubts)
    reader.last = rows[first + used - 1]
    for row in rows[first + used : end]:
        reader.read(row)
    if not article.heading and not article.paragraphs:
        work.doubts.append(Diagnostic(rows[head.index].number, "article-no-heading", head.bare, ""))
    lift_wrap_up(article)
    return article


def _instrument(work: _Work, part: Part, components: Sequence[Component]) -> Instrument:
    rows = work.rows[part.start : part.heads[0].index]
    number = front.number_of(rows, work.doubts)
    return Instrument(
        number=number.clean if number else "",
        date=front.date_of(rows, work.doubts),
        title=components[0].title,
        issuers=number.issuers if number else (),
        language=work.language,
    )


def _merged(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Furniture in the order of the source, neighbours of one kind joined."""
    found: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: piece.start):
        if found and found[-1].end == piece.start and found[-1].kind == piece.kind:
            found[-1] = Piece(piece.kind, found[-1].start, piece.end)
        else:
            found.append(piece)
    return tuple(found)


def source_map(reading: Reading) -> list[tuple[int, int, str]]:
    """Every stretch of the source with its owner, ascending: an eid, a component, a footnote or a kind of furniture."""
    owners = [(piece.start, piece.end, piece.kind) for piece in reading.furniture]
    owners += [(start, end, f"note-{note.num}") for note in reading.footnotes for start, end in note.ranges]
    for component in reading.components:
        owners += [(start, end, component.name) for start, end in component.ranges]
        owners += [(start, end, _owner(component, unit)) for unit in component.walk() for start, end in unit.ranges]
    return sorted(owners)


def _owner(component: Component, unit: Provision) -> str:
    return f"{component.name}/{unit.eid}"


def gaps(reading: Reading) -> list[tuple[int, int]]:
    """Bytes of the source that belong to nothing or to two owners; empty, or the reader has a fault."""
    stretches = [(0, 0), *((start, end) for start, end, _ in source_map(reading)), (reading.size, reading.size)]
    return [(before[1], after[0]) for before, after in pairwise(stretches) if before[1] != after[0]]


def summary(reading: Reading) -> dict[str, object]:
    """The contract for machines: instrument, parts (numbering runs), annexes without articles, warnings."""
    runs = [component for component in reading.components if component.provisions]
    return {
        "instrument": {"number": reading.instrument.number or None, "date": reading.instrument.date or None},
        "parts": [
            {"title": run.title, "chapters": run.count("chapter"), "articles": run.count("article")} for run in runs
        ],
        "annexes": [{"title": one.title} for one in reading.components if not one.provisions],
        "warnings": [
            {"line": doubt.line, "code": doubt.code, "found": doubt.found, "expected": doubt.expected}
            for doubt in reading.diagnostics
        ],
    }
