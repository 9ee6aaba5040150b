"""What handlers read of the entries that an entry names."""

from collections.abc import Mapping
from typing import Any

from accordant.entries.envelope import EntryRef
from accordant.ledger.models import Circle, Member
from accordant.ledger.projector import Entry
from accordant.ledger.tables import Tables
from accordant.regulations.rules.places import Place

Row = Mapping[str, Any]


def position_of(entry: Entry[Any]) -> dict[str, object]:
    return {"origin": entry.ref.origin, "index": entry.ref.index, "leaf": entry.ref.leaf}


def place_of(entry: Entry[Any], tables: Tables) -> Place:
    """The circle the entry stands in: its genesis is projected before any other entry of the circle is taken."""
    circle = entry.header.circle
    held = tables.get(Circle, circle)
    if held is None:
        return Place(circle)
    return Place(circle, held["sort"], {row["agency"]: row["role"] for row in tables.find(Member, circle=circle)})


def named(entry: Entry[Any], role: str) -> list[EntryRef]:
    return [EntryRef.of(reference) for reference in entry.header.re if reference.as_ == role]


def row_named(entry: Entry[Any], role: str, model: type[Any], tables: Tables) -> Row | None:
    """The row of the first entry that is named in this role, when it is one of that table."""
    for ref in named(entry, role)[:1]:
        entry_id = tables.entry_id(ref)
        return None if entry_id is None else tables.get(model, entry_id)
    return None
