"""The receipt ladder: how far an entry got at one addressee, rung by rung, each with its time and its proof."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: its name in words, a lamp, when (ms; None = not yet), what to add, the address of its proof."""

    state: str
    lamp: str
    at: int | None
    text: str = ""
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Ladder:
    """All steps at one agency, lowest first; `stuck` says why it goes no further."""

    agency: str
    rungs: Sequence[Rung]
    stuck: str = ""
