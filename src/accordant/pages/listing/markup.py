"""Rows of a data table as HTML, written in Python: a template would look up every cell of a page by name, in turn."""

from collections.abc import Sequence
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from accordant.pages import lamps
from accordant.pages.listing.columns import Cell, Column

SHORT: Final = 17  # characters: a text below this one never breaks
MIDDLING: Final = 32
WIDE: Final = 60


def row(columns: Sequence[Column], cells: Sequence[Cell]) -> SafeString:
    """One row; narrow screens show it as a card, where each cell says its column's title."""
    cells_shown = "".join(map(_cell, columns, cells))
    return mark_safe(f"<tr data-row>{cells_shown}</tr>")  # noqa: S308  # every cell is escaped


def _cell(column: Column, cell: Cell) -> SafeString:
    if column.brief and cell.text:
        return format_html(
            '<td data-label="{}" class="brief" title="{}">{}</td>', column.title, cell.text, _content(cell)
        )
    return format_html('<td data-label="{}" class="{}">{}</td>', column.title, _width(column, cell), _content(cell))


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


def _content(cell: Cell) -> str:
    said = lamps.markup(cell.lamp, cell.text) if cell.lamp else cell.text
    if cell.href:
        return format_html('<a href="{}">{}</a>', cell.href, said)
    if cell.text and not cell.lamp:
        return format_html("<span>{}</span>", said)
    return said
