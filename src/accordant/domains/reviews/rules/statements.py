"""Statements of figures: how they are written down, which digest binds them, in which entries two of them differ.

Rules kept here: a statement is sorted by indicator and agency and names the positions it counted; its digest binds
period, cutoff, rule versions, values and positions, so that equal logs give equal digests (domain paper 7); two
statements are compared position by position. Left to others: who may state (`acts`).
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from accordant.domains.reviews.entries import StatedFigure, StatedLine
from accordant.entries import codec
from accordant.entries.indicators import Figure, Indicator

Position = tuple[str, int]
RUN_CHARACTERS: Final = 32_000
RUN_ENTRIES: Final = 1_000_000


@dataclass(frozen=True)
class Period:
    """Days [start, stop), ISO."""

    start: str
    stop: str


@dataclass(frozen=True)
class Difference:
    """What two statements of one figure count differently.

    Values and rule versions are None where a side does not state the figure. Positions counted in the line of another
    agency stand on both sides.
    """

    indicator: str
    ours: int | None
    theirs: int | None
    rules: tuple[int | None, int | None]
    only_ours: tuple[Position, ...]
    only_theirs: tuple[Position, ...]


def stated_figures(figures: Iterable[Figure], indicators: Mapping[str, Indicator]) -> tuple[StatedFigure, ...]:
    """Folded figures as they are stated: sorted by indicator, lines by agency, positions as runs by log."""
    return tuple(
        StatedFigure(
            indicator=figure.indicator,
            rule=indicators[figure.indicator].rule_version,
            lines=tuple(
                StatedLine(agency, line.value, line.paired, runs(line.refs))
                for agency, line in sorted(figure.lines.items())
            ),
            joint=figure.joint.value,
            joint_paired=figure.joint.paired,
            irregular=figure.irregular.value,
        )
        for figure in sorted(figures, key=lambda f: f.indicator)
    )


def figures_digest(period: Period, cutoff: str, figures: Sequence[StatedFigure]) -> str:
    """Hex SHA-256 over period, cutoff digest, rule versions, values and positions."""
    plain = {
        "cutoff": cutoff,
        "figures": msgspec.to_builtins(figures),
        "period": [period.start, period.stop],
    }
    return hashlib.sha256(codec.encode(plain)).hexdigest()


def runs(refs: Iterable[Position]) -> tuple[str, ...]:
    """Positions as texts: `<origin> 0-12,15` for each log, cut before a text grows over 32,000 characters."""
    by_log: dict[str, list[int]] = {}
    for origin, index in refs:
        by_log.setdefault(origin, []).append(index)
    return tuple(f"{origin} {line}" for origin, indexes in sorted(by_log.items()) for line in _lines(sorted(indexes)))


def positions(texts: Iterable[str]) -> list[Position]:
    """The positions that `runs` wrote; malformed texts give none."""
    found: list[Position] = []
    for text in texts:
        origin, _blank, listed = text.partition(" ")
        for run in listed.split(","):
            first, dash, last = run.partition("-")
            if _is_index(first) and (not dash or _is_index(last)):
                stop = int(last) if dash else int(first)
                found.extend((origin, index) for index in range(int(first), min(stop, int(first) + RUN_ENTRIES) + 1))
    return found


def differences(ours: Sequence[StatedFigure], theirs: Sequence[StatedFigure]) -> list[Difference]:
    """The figures in which two statements differ, by entry; empty when they agree."""
    mine = {figure.indicator: figure for figure in ours}
    other = {figure.indicator: figure for figure in theirs}
    return [
        _difference(name, mine.get(name), other.get(name))
        for name in sorted(mine.keys() | other.keys())
        if mine.get(name) != other.get(name)
    ]


def _difference(name: str, ours: StatedFigure | None, theirs: StatedFigure | None) -> Difference:
    counted, counted_there = _counted(ours), _counted(theirs)
    return Difference(
        name,
        None if ours is None else _value(ours),
        None if theirs is None else _value(theirs),
        (None if ours is None else ours.rule, None if theirs is None else theirs.rule),
        tuple(sorted({place for _agency, place in counted - counted_there})),
        tuple(sorted({place for _agency, place in counted_there - counted})),
    )


def _lines(indexes: Sequence[int]) -> Iterator[str]:
    line: list[str] = []
    length = 0
    for first, last in _joined(indexes):
        run = str(first) if first == last else f"{first}-{last}"
        if line and length + len(run) > RUN_CHARACTERS:
            yield ",".join(line)
            line, length = [], 0
        line.append(run)
        length += len(run) + 1
    yield ",".join(line)


def _joined(indexes: Sequence[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for index in indexes:
        if found and found[-1][1] + 1 == index:
            found[-1] = (found[-1][0], index)
        else:
            found.append((index, index))
    return found


def _counted(figure: StatedFigure | None) -> set[tuple[str, Position]]:
    """Each position with the agency in whose line it was counted."""
    if figure is None:
        return set()
    return {(line.agency, place) for line in figure.lines for place in positions(line.entries)}


def _value(figure: StatedFigure) -> int:
    return sum(line.value for line in figure.lines)


def _is_index(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len("9007199254740991")
