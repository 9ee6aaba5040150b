"""The registry of indicators: what a review counts, as pure folds over headers (domain paper 7).

Rules kept here: a fold sees headers and header facts only, in a fixed order, and gives one value per agency with
the positions it counted; equal checkpoints give equal figures at every party.
Left to others: period and cutoff (`reviews`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from accordant.entries.envelope import Header
from accordant.entries.kinds import Record


@dataclass(frozen=True, slots=True)
class Counted:
    """One entry as a fold sees it: header, newest-version header facts, leaf hash (hex), whether it is irregular."""

    header: Header
    record: Record
    leaf: str
    irregular: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """One entry counted: how much it adds, the paired value, the day it belongs to, the parties taking part."""

    value: int
    paired: int
    day: str
    parties: tuple[str, ...]


@dataclass(frozen=True)
class Indicator:
    """One figure's definition.

    `kinds` are the kinds it reads; `tick` says what one entry adds or None; `unit` and `paired_unit` are English
    message ids; `rule_version` changes when the fold does.
    """

    name: str
    title: str
    unit: str
    kinds: tuple[str, ...]
    tick: Callable[[Counted], Tick | None]
    paired_unit: str = ""
    rule_version: int = 1


@dataclass
class Line:
    """The count of one agency: value, paired value, and the positions (origin, index) counted, in order."""

    value: int = 0
    paired: int = 0
    refs: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class Figure:
    """An indicator folded: a line per agency, how many of the total name two or more parties, irregular ones apart."""

    indicator: str
    lines: dict[str, Line] = field(default_factory=dict)
    joint: Line = field(default_factory=Line)
    irregular: Line = field(default_factory=Line)

    @property
    def value(self) -> int:
        """The total: the sum of the agency lines."""
        return sum(line.value for line in self.lines.values())

    @property
    def paired(self) -> int:
        """The total of the paired value."""
        return sum(line.paired for line in self.lines.values())


INDICATORS: Final[dict[str, Indicator]] = {}


def indicator(definition: Indicator) -> Indicator:
    """Register an indicator; raises `ValueError` when its name is taken by another."""
    held = INDICATORS.setdefault(definition.name, definition)
    if held != definition:
        raise ValueError(f"{definition.name} is registered already")
    return held


def fold(
    definitions: Mapping[str, Indicator], entries: Iterable[Counted], *, agencies: Iterable[str], start: str, stop: str
) -> dict[str, Figure]:
    """Each indicator over `entries` (ordered by origin and index) whose day lies in [start, stop), ISO days."""
    figures = {name: Figure(name, {agency: Line() for agency in agencies}) for name in definitions}
    by_kind: dict[str, list[Indicator]] = {}
    for definition in definitions.values():
        for kind in definition.kinds:
            by_kind.setdefault(kind, []).append(definition)
    for entry in entries:
        for definition in by_kind.get(entry.header.kind, ()):
            tick = definition.tick(entry)
            if tick is not None and start <= tick.day < stop:
                _add(figures[definition.name], entry, tick)
    return figures


def _add(figure: Figure, entry: Counted, tick: Tick) -> None:
    position = (entry.header.log, entry.header.seq)
    lines = [figure.irregular] if entry.irregular else [figure.lines.setdefault(entry.header.agency, Line())]
    if not entry.irregular and len(set(tick.parties)) >= 2:
        lines.append(figure.joint)
    for line in lines:
        line.value += tick.value
        line.paired += tick.paired
        line.refs.append(position)
