"""Step 5: articles are the best chains of candidate lines over the whole text, found by dynamic programming.

Rules kept here (regulations paper 4.5): a candidate has a weight from its own line and the line before; a step from
one heading to the next has a weight from their numbers; the chain with the best sum wins, a restart at 1 begins a new
numbering run, and all other candidates are text, each with a diagnostic. The figures stand in `weights`. Only steps
that `weights` allows are looked at, so the work grows with the number of candidates, not with its square.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeVar

from accordant.regulations.rules import cues
from accordant.regulations.rules.reading import lines, weights
from accordant.regulations.rules.reading.errors import Diagnostic
from accordant.regulations.rules.reading.normal import Row
from accordant.regulations.rules.reading.quotes import Quotes
from accordant.regulations.rules.tree import sort_key

_FIRST: Final = 1
Key = TypeVar("Key", int, str)


@dataclass(slots=True)
class Head:
    """A line that may be the heading of an article; `rows` is 2 when word and number stand on two lines."""

    index: int
    rows: int
    word: str
    number: int
    letter: str
    dot: str
    title: str
    quoted: bool
    weight: int = 0
    run: int = 0

    @property
    def bare(self) -> str:
        """Number and letter, as `Provision.bare` has them."""
        return f"{self.number}{self.letter}"


def candidates(rows: Sequence[Row], quotes: Quotes) -> list[Head]:
    """All lines that begin as an article heading does, with the weight of each."""
    found: list[Head] = []
    for index, row in enumerate(rows):
        text, count = row.text, 1
        if text[0] not in cues.ARTICLE_INITIALS:
            continue
        if cues.ARTICLE_WORD.fullmatch(text) and index + 1 < len(rows):
            following = rows[index + 1].text
            if not cues.ARTICLE_NUMBER.match(following):
                continue
            text, count = f"{text} {following}", 2
        match = cues.ARTICLE.fullmatch(text)
        if match:
            head = Head(
                index, count, match["word"], int(match["number"]), match["letter"] or "", match["dot"] or "",
                match["title"], bool(match["quote"]),
            )  # fmt: skip
            head.weight = _weight(head, rows, index in quotes.open)
            found.append(head)
    return found


def _weight(head: Head, rows: Sequence[Row], in_quote: bool) -> int:
    if head.dot:
        total = weights.DOT_AFTER_NUMBER
    elif head.word in cues.UPPER_ARTICLE and not head.title:
        total = weights.UPPER_WORD_ALONE
    else:
        total = weights.NO_DOT_AFTER_NUMBER
    capital = not head.title or head.title[0].isupper() or head.title[0].isdigit()
    total += weights.CAPITAL_OR_EMPTY_TITLE if capital else weights.OTHER_TITLE
    total += _line_before(rows, head.index)
    total += weights.BEGINS_WITH_QUOTE if head.quoted else 0
    total += weights.IN_OPEN_QUOTE if in_quote else 0
    return total


def _line_before(rows: Sequence[Row], index: int) -> int:
    if index == 0 or rows[index].gap:
        return weights.AFTER_SENTENCE
    before = rows[index - 1].text
    if lines.ends_sentence(before) or lines.is_capitals(before) or _is_heading(before):
        return weights.AFTER_SENTENCE
    return weights.AFTER_SMALL_OR_COMMA if lines.ends_open(before) else 0


def _is_heading(text: str) -> bool:
    match = cues.ARTICLE.fullmatch(text)
    if match:
        return bool(match["dot"])
    return any(pattern.fullmatch(text) and len(text) < 20 for _, pattern in cues.DIVISIONS)


def best(heads: Sequence[Head]) -> list[Head]:
    """The heads of the best chain, in the order of the text, each with the number of its run (from 0)."""
    sums: list[int] = []
    previous: list[int | None] = []
    by_number: dict[int, int] = {}  # article number: the head with the best sum, any letter
    by_name: dict[str, int] = {}  # number and letter: the same
    overall: int | None = None
    for index, head in enumerate(heads):
        step, before = _best_step(head, sums, by_number, by_name, overall)
        sums.append(head.weight + step)
        previous.append(before)
        _keep_best(by_number, head.number, index, sums)
        _keep_best(by_name, head.bare, index, sums)
        if overall is None or sums[index] > sums[overall]:
            overall = index
    if overall is None or sums[overall] <= 0:
        return []
    return _walk_back(heads, previous, overall)


def _keep_best(table: dict[Key, int], key: Key, index: int, sums: Sequence[int]) -> None:
    if key not in table or sums[index] > sums[table[key]]:
        table[key] = index


def _best_step(
    head: Head, sums: Sequence[int], by_number: dict[int, int], by_name: dict[str, int], overall: int | None
) -> tuple[int, int | None]:
    """The best sum before this head with the step to it, and the head it comes from (None: the chain begins here)."""
    options: list[tuple[int, int | None]] = []
    if head.letter:
        before = _name_before(head)
        if before in by_name:
            options.append((sums[by_name[before]] + weights.NEXT_NUMBER, by_name[before]))
    else:
        for missing in range(weights.LARGEST_GAP + 1):
            index = by_number.get(head.number - 1 - missing)
            if index is not None:
                options.append((sums[index] + missing * weights.GAP_OF_ONE, index))
        if head.number == _FIRST and overall is not None:
            options.append((sums[overall] + weights.RESTART, overall))
    first = head.number == _FIRST and not head.letter
    options.append((0 if first else weights.NOT_FROM_ONE, None))
    return max(options, key=lambda option: option[0])


def _name_before(head: Head) -> str:
    """The number that an inserted article follows: 5 before 5a, 5a before 5b."""
    letter = head.letter[0]
    place = cues.LETTER_ORDER.find(letter)
    return str(head.number) if place <= 0 else f"{head.number}{cues.LETTER_ORDER[place - 1]}"


def _walk_back(heads: Sequence[Head], previous: Sequence[int | None], last: int) -> list[Head]:
    chain: list[Head] = []
    index: int | None = last
    while index is not None:
        chain.append(heads[index])
        index = previous[index]
    chain.reverse()
    run = 0
    for before, head in pairwise(chain):
        run += sort_key(head.bare) <= sort_key(before.bare)
        head.run = run
    return chain


def doubts(heads: Sequence[Head], chain: Sequence[Head], rows: Sequence[Row]) -> list[Diagnostic]:
    """What is to be said about the candidates: those left out, gaps, slips, split and unusual headings."""
    found: list[Diagnostic] = []
    chosen = {id(head) for head in chain}
    expected = _expected_numbers(heads, chosen)
    for head in heads:
        row = rows[head.index]
        if id(head) not in chosen:
            found.append(Diagnostic(row.number, "article-cited", row.text[:80], expected[id(head)]))
            continue
        if head.rows > 1:
            found.append(Diagnostic(row.number, "article-split", f"{head.word} {head.bare}", head.word))
        if head.word in cues.ARTICLE_SLIP:
            found.append(Diagnostic(row.number, "article-slip", head.word, cues.ARTICLE_SLIP[head.word]))
        if not head.dot and head.word not in cues.ENGLISH_ARTICLE:
            found.append(Diagnostic(row.number, "article-no-dot", row.text[:80], f"{head.word} {head.bare}."))
    return found + _gaps(chain, rows)


def _expected_numbers(heads: Sequence[Head], chosen: set[int]) -> dict[int, str]:
    expected: dict[int, str] = {}
    following = 1
    for head in heads:
        expected[id(head)] = str(following)
        if id(head) in chosen:
            following = head.number + 1
    return expected


def _gaps(chain: Sequence[Head], rows: Sequence[Row]) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    if chain and chain[0].number != _FIRST:
        found.append(Diagnostic(rows[chain[0].index].number, "article-not-first", chain[0].bare, "1"))
    for before, head in pairwise(chain):
        if head.run == before.run and head.number > before.number + 1:
            line = rows[head.index].number
            found.append(Diagnostic(line, "article-gap", head.bare, str(before.number + 1)))
    return found
