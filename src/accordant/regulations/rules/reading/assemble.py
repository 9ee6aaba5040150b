"""From drafts to the tree: ids, order, byte ranges, and the caps.

Rules kept here (regulations paper 1, security paper 3.6): at most 5,000 provisions; ids are unique in their component
(a number that stands twice gets `_2`); ranges are the bytes of a unit's own lines, joined where they touch.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from accordant.entries.kinds import gettext_noop as _
from accordant.regulations.rules.reading.drafts import Draft
from accordant.regulations.rules.reading.errors import UnreadableText
from accordant.regulations.rules.reading.normal import Row
from accordant.regulations.rules.tree import ByteRange, Provision, eid_of, token

PROVISIONS: Final = 5_000


@dataclass(slots=True)
class Assembler:
    """Freezes the drafts of one component; `budget` is how many provisions the whole text may still have."""

    budget: int
    taken: dict[str, int] = field(default_factory=dict)  # id: how often it was asked for
    order: int = 0

    def freeze(self, drafts: Sequence[Draft], parent: str = "") -> tuple[Provision, ...]:
        """The provisions of these drafts and of what is inside them, in the order of the text."""
        return tuple(self._one(draft, parent, position) for position, draft in enumerate(drafts, start=1))

    def _one(self, draft: Draft, parent: str, position: int) -> Provision:
        order = self.order
        self.order += 1
        check_count(PROVISIONS - self.budget + self.order)
        eid = self._unique(eid_of(parent, draft.level, token(draft.level, draft.bare, position)))
        return Provision(
            wid=eid,
            eid=eid,
            level=draft.level,
            num=draft.num,
            bare=draft.bare,
            heading=draft.heading,
            text=draft.text,
            order=order,
            ranges=ranges_of(draft.own_rows()),
            children=self.freeze(draft.children, eid),
        )

    def _unique(self, eid: str) -> str:
        name, repeat = eid, max(self.taken.get(eid, 0), 1)
        while name in self.taken:
            repeat += 1
            name = f"{eid}_{repeat}"
        self.taken[eid] = repeat
        self.taken.setdefault(name, 1)
        return name


def ranges_of(rows: Sequence[Row]) -> tuple[ByteRange, ...]:
    """The bytes of these rows, ascending, joined where they touch."""
    found: list[ByteRange] = []
    for start, end in sorted((row.start, row.end) for row in rows):
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(found)


def check_count(provisions: int) -> None:
    """Raise `UnreadableText` when the text has more provisions than are allowed."""
    if provisions > PROVISIONS:
        raise UnreadableText(
            "text-too-many-provisions",
            _("The text was not read."),
            _("It has more than {limit} articles, clauses, points and bullets."),
            _("Import the regulation alone, without the texts that are bound with it."),
            limit=PROVISIONS,
        )
