"""Step 7: where components begin and end: front, body, tail, annexes.

Rules kept here (regulations paper 4.7): "./." ends the body, and so does the line of recipients or of signatures after
the last article; what follows are conclusions; a state title or a line that names the kind of text begins the next
component; each annex and form after the body is a component of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from accordant.regulations.rules import cues
from accordant.regulations.rules.reading import lines
from accordant.regulations.rules.reading.chains import Head
from accordant.regulations.rules.reading.normal import Row

_LONGEST_ANNEX_LINE: Final = 160


@dataclass(slots=True)
class Part:
    """The rows of one component, by index: from `start` to before `end`; its conclusions begin at `tail`."""

    name: str
    start: int
    end: int
    heads: list[Head] = field(default_factory=list)
    tail: int = 0


def cut(rows: Sequence[Row], chain: Sequence[Head]) -> list[Part]:
    """The components of the text in its order: numbering runs, and the annexes and forms after them."""
    runs: list[list[Head]] = []
    for head in chain:
        if head.run == len(runs):
            runs.append([])
        runs[-1].append(head)
    parts: list[Part] = []
    counts = {"annex": 0, "form": 0}
    for number, heads in enumerate(runs):
        following = runs[number + 1][0].index if number + 1 < len(runs) else len(rows)
        part = Part("", parts[-1].end if parts else 0, following, heads)
        if parts and parts[-1].name and not parts[-1].heads:  # the run lies in the annex found last
            part.name, part.start = parts[-1].name, parts.pop().start
        part.tail = _tail(rows, heads[-1].index, following)
        opened = _annexes(rows, part.tail, following, counts)
        part.end = opened[0].start if opened else following
        if number + 1 < len(runs) and not opened:
            part.end = _front(rows, part.tail, following)
        part.tail = min(part.tail, part.end)
        parts += [part, *opened]
    _name_runs(rows, [part for part in parts if part.heads and not part.name])
    for part in parts:
        if not part.heads:
            part.tail = part.end
    return parts


def _tail(rows: Sequence[Row], last_head: int, end: int) -> int:
    """The first row after the body that begins at the last heading."""
    for index in range(last_head, end):
        text = rows[index].text
        if index > last_head and (cues.RECIPIENTS.fullmatch(text) or cues.STATE_TITLE.search(text)):
            return index
        if index > last_head and cues.SIGNATURE.match(text) and lines.is_capitals(text):
            return index
        if index > last_head and _annex_name(text, alone=True) and not _in_sentence(rows, index):
            return index
        if text.endswith(cues.END_MARK):
            return index + 1
    return next((i for i in range(last_head + 1, end) if cues.TITLE_WORDS.fullmatch(rows[i].text)), end)


def _in_sentence(rows: Sequence[Row], index: int) -> bool:
    return not rows[index].gap and lines.ends_open(rows[index - 1].text)


def _front(rows: Sequence[Row], tail: int, first_head: int) -> int:
    """The first row of the component whose first article is `first_head`."""
    for index in range(tail, first_head):
        text = rows[index].text
        if cues.STATE_TITLE.search(text) or cues.TITLE_WORDS.fullmatch(text):
            return index
    for index in range(tail, first_head):
        if any(pattern.fullmatch(rows[index].text) for _, pattern in cues.DIVISIONS):
            return index
    return first_head


def _annexes(rows: Sequence[Row], tail: int, end: int, counts: dict[str, int]) -> list[Part]:
    found: list[Part] = []
    for index in range(tail, end):
        word = _annex_name(rows[index].text, alone=False)
        if not word or (index > 0 and _in_sentence(rows, index)):
            continue
        if found:
            found[-1].end = index
        counts[word] += 1
        found.append(Part(f"{word}-{counts[word]}", index, end))
    return found


def _annex_name(text: str, *, alone: bool) -> str:
    """`annex` or `form` when the line is the heading of one, else empty."""
    if len(text) > _LONGEST_ANNEX_LINE:
        return ""
    match = cues.ANNEX.fullmatch(text)
    if match and (not match["rest"] or (not alone and _titles(match["rest"]))):
        return "annex"
    match = None if alone else cues.FORM.fullmatch(text)
    return "form" if match and _titles(match["rest"].lstrip("/-–. ")) else ""


def _titles(rest: str) -> bool:
    """Whether what follows an annex's number reads as its title and not as the rest of a sentence."""
    rest = rest.lstrip(":.–- ")
    return not rest or (rest[0].isupper() and not rest.endswith((";", ",", ".")))


def _name_runs(rows: Sequence[Row], runs: Sequence[Part]) -> None:
    """`decision` and `regulation` for two runs; a single one is the regulation; more are numbered."""
    names = [f"regulation-{number}" if number > 1 else "regulation" for number in range(1, len(runs) + 1)]
    if len(runs) > 1 and (len(runs) == 2 or _decides(rows, runs[0])):
        names = ["decision", *names]
    for part, name in zip(runs, names, strict=False):
        part.name = name


def _decides(rows: Sequence[Row], part: Part) -> bool:
    return any(cues.DECISION_WORDS.fullmatch(row.text) for row in rows[part.start : part.heads[0].index])
