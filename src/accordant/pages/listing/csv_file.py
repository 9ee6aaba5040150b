"""A whole query as CSV (RFC 4180, UTF-8 with BOM), block by block, with no cell that a spreadsheet would execute."""

import csv
import io
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.db.models import QuerySet
from django.utils import translation

from accordant.pages.listing import paging
from accordant.pages.listing.asked import Asked
from accordant.pages.listing.columns import Column
from accordant.pages.listing.table import as_cell

BLOCK: Final = 1000
BOM: Final = "\ufeff"
_EXECUTED: Final = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")


def safe(value: object) -> object:
    """The value as a cell: text that would start a formula gets a leading apostrophe (security paper 3.7)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_EXECUTED) else value


def blocks(asked: Asked, queryset: "QuerySet[Any]") -> Iterator[bytes]:
    """The file in pieces: the heads, then a thousand rows at a time, each read after the last row of the one before.

    The language is the one of the first piece, whenever the others are asked for.
    """
    language = translation.get_language()
    listing, narrowed = asked.listing, asked.applied(queryset)
    keys = paging.keys_of(queryset.model, asked.order)
    yield (BOM + _lines([[column.title for column in listing.columns]])).encode()
    found = paging.page_by_number(narrowed, keys, number=1, per=BLOCK)
    while found.rows:
        with translation.override(language):
            piece = _lines(_values(listing.columns, listing.shown(found.rows)))
        yield piece.encode()
        if not found.after:
            return
        last = [getattr(found.rows[-1], key.field) for key in keys]
        found = paging.page_by_key(narrowed, keys, last, number=1, per=BLOCK, backwards=False)


async def awaited(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The same pieces for an asynchronous server: each is made on the thread that owns the request's connection."""
    ask: Callable[[], Any] = sync_to_async(lambda: next(pieces, None))
    while (piece := await ask()) is not None:
        yield piece


def _values(columns: Sequence[Column], rows: Sequence[object]) -> list[list[object]]:
    found = []
    for row in rows:
        cells = [as_cell(column.cell(row)) for column in columns]
        found.append([cell.text if cell.datum is None else cell.datum for cell in cells])
    return found


def _lines(rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([safe(value) for value in row] for row in rows)
    return text.getvalue()
