"""Rows of a data table as HTML, written in Python: a template would look up every cell of a page by name, in turn."""

from collections.abc import Sequence
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from accordant.pages import lamps
from accordant.pages.listing.columns import Cell, Column

PLAIN: Final = '<td data-label="{}" class="{}">'
BRIEF: Final = '<td data-label="{}" class="brief" title="{}">'
BOX: Final = '<td class="choose"><input type="checkbox" name="row" value="{}" aria-label="{}"></td>'
NO_BOX: Final = '<td class="choose"></td>'
LINK: Final = '<a href="{}">{}</a></td>'
TEXT: Final = "<span>{}</span></td>"
LAMP: Final = "{}</td>"
SHORT: Final = 17  # characters: a text below this one never breaks
MIDDLING: Final = 32
WIDE: Final = 60


def row(columns: Sequence[Column], cells: Sequence[Cell], box: str | None = None) -> SafeString:
    """One row; narrow screens show it as a card, where each cell says its column's title.

    With `box` a cell comes first in which the row is chosen by that value, or an empty one.
    """
    first = "" if box is None else format_html(BOX, box, cells[0].text) if box else NO_BOX
    cells_shown = first + "".join(map(_cell, columns, cells))
    return mark_safe(f"<tr data-row>{cells_shown}</tr>")  # noqa: S308  # every cell is escaped


def _cell(column: Column, cell: Cell) -> SafeString:
    """The cell in one call of `format_html`: those calls are what a row costs."""
    said: str = lamps.markup(cell.lamp, cell.text) if cell.lamp else cell.text
    title = cell.text if column.brief else ""
    start = BRIEF if title else PLAIN
    look = title or _width(column, cell)
    if cell.href:
        return format_html(start + LINK, column.title, look, cell.href, said)
    return format_html(start + (TEXT if said and not cell.lamp else LAMP), column.title, look, said)


def _width(column: Column, cell: Cell) -> str:
    """How much room the text asks for."""
    if column.align == "right":
        return "number short"
    length = len(cell.text)
    if length < SHORT:
        return "short"
    if length > WIDE:
        return "long"
    return "wide" if length > MIDDLING else "middling"
