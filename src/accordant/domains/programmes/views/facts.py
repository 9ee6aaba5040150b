"""What the pages of one entry share: its facts in rows, its proof, what hangs on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accordant.domains.programmes.models import Recorded, words_of
from accordant.domains.programmes.views import lists
from accordant.entries.envelope import EntryRef
from accordant.pages import formats, proofs
from accordant.pages.acting import ActingRequest
from accordant.pages.listing import Cell


@dataclass(frozen=True, slots=True)
class FactRow:
    """One line of a summary list, as `pages/components/summary.html` shows it."""

    title: str
    text: str
    href: str = ""
    lamp: str = ""


def fact(title: str, value: Cell | str) -> FactRow:
    """A line with what a list shows in the same place; a dash where nothing was said."""
    cell = value if isinstance(value, Cell) else Cell(value)
    return FactRow(title, cell.text or "–", cell.href, cell.lamp)


def words(request: ActingRequest, row: Recorded) -> Callable[[str], str]:
    """Gives the entry's text of a name, "" where it says nothing."""
    held = words_of(row, request.subject, request.officer, request.now)
    return lambda name: held.get(name, "")


def shared_facts(row: Recorded) -> list[FactRow]:
    """Who owns it, who takes part, when it was written, which rule it breaks."""
    found = [
        fact(_("Agency"), lists.agency_cell(row)),
        fact(_("Taking part"), lists.partners_cell(row)),
        fact(_("Time of the entry"), formats.instant_text(row.at)),
    ]
    if row.irregular:
        text = _("not counted: it breaks the rule {rule}").format(rule=row.irregular)
        found.append(FactRow(_("State"), text, lamp="irregular"))
    return found


def entry_context(request: ActingRequest, row: Recorded, ref: EntryRef) -> dict[str, Any]:
    """Marking, proof and related entries of the page."""
    return {"marking": row.marking, "proof": proofs.proof(ref), "related": proofs.related(request, ref)}
