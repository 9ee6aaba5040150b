"""The timeline: what happened, newest first, with its time, agency and author in role."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """One event: when (ms), its title, who, what was said, where it leads, a lamp for its state."""

    at: int
    title: str
    agency: str = ""
    author: str = ""
    text: str = ""
    href: str = ""
    lamp: str = ""
