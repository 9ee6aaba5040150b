"""A list as its template shows it: heads, rows, filters, pager, all plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accordant.pages import formats
from accordant.pages.listing import asked as state
from accordant.pages.listing import markup, paging
from accordant.pages.listing.asked import Asked
from accordant.pages.listing.columns import MOST_CHOSEN, Cell, Choose, Column, Filter
from accordant.pages.listing.paging import Key, Page
from accordant.pages.panels import Act


@dataclass(frozen=True)
class Head:
    """A column's head: `href` sorts by it, `sorted` is ascending, descending or empty."""

    name: str
    title: str
    align: str
    href: str
    sorted: str


@dataclass(frozen=True)
class RowShown:
    """A row: the cells of the columns shown, in their order; what its box sends, "" = no box, None = no such column."""

    columns: Sequence[Column]
    cells: Sequence[Cell]
    box: str | None = None

    @property
    def markup(self) -> SafeString:
        """The row as HTML."""
        return markup.row(self.columns, self.cells, self.box)


@dataclass(frozen=True)
class Choice:
    """One choice of a filter or of rows a page."""

    value: str
    title: str
    chosen: bool
    href: str = ""


@dataclass(frozen=True)
class FilterShown:
    """A filter's field; `sort` is choice, text, from or to; `without` is the address with this filter taken off."""

    name: str
    title: str
    sort: str
    value: str
    text: str
    choices: Sequence[Choice]
    error: str
    without: str


@dataclass(frozen=True)
class Pager:
    """Where in the list this page stands; empty addresses lead nowhere."""

    page: int
    rows: str
    first: str
    previous: str
    next: str
    per: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Empty:
    """What stands in place of rows: what would be here, why nothing is, the next act."""

    title: str
    text: str
    href: str = ""
    act: str = ""


@dataclass(frozen=True)
class Table:
    """Everything `pages/components/data_table.html` needs. `kept` are hidden fields of the filter form."""

    name: str
    heads: Sequence[Head]
    rows: Sequence[RowShown]
    filters: Sequence[FilterShown]
    kept: Sequence[tuple[str, str]]
    narrowed: bool
    reset: str
    count: int
    count_text: str
    pager: Pager
    export: str
    about: str
    empty: Empty
    choose: Choose | None = None
    address: str = ""

    @property
    def active(self) -> Sequence[FilterShown]:
        """The filters in force."""
        return [one for one in self.filters if one.value and not one.error]


def table(asked: Asked, queryset: "QuerySet[Any]", *, may_export: bool, may_read: bool = True) -> Table:
    """The page of the list that is asked for; `may_read`: a role of the officer reads what it lists."""
    listing = asked.listing
    narrowed = asked.applied(queryset)
    keys = paging.keys_of(queryset.model, asked.order)
    page = _page(asked, narrowed, keys)
    count = _count(page, narrowed, asked.per)
    filters = [_filter(asked, one) for one in listing.filters]
    choose = listing.choose if asked.per <= MOST_CHOSEN else None
    columns, rows = filled(listing.columns, listing.shown(page.rows), choose)
    names = {one.name for one in listing.filters} | set(state.PLACE)
    return Table(
        name=listing.name,
        heads=[_head(asked, column) for column in columns],
        rows=rows,
        filters=filters,
        kept=[(name, str(asked.query[name])) for name in asked.query if name not in names],
        narrowed=asked.narrowed,
        reset=asked.reset,
        count=count,
        count_text=_count_text(count),
        pager=_pager(asked, page, keys, count),
        export=asked.link(export="csv") if may_export else "",
        about=asked.link(export="about") if may_export else "",
        empty=_empty(asked, may_read=may_read),
        choose=choose,
        address=asked.link(),
    )


def _empty(asked: Asked, *, may_read: bool) -> Empty:
    listing = asked.listing
    if not may_read:
        return Empty(
            _("Not shown to this office"),
            _("No role of this office reads what stands here. The security administrator grants roles."),
        )
    if asked.narrowed:
        return Empty(
            _("Nothing fits the filters"),
            _("Take a filter off, or choose other values."),
            asked.reset,
            pgettext("filter", "Take all off"),
        )
    act = listing.empty_act or Act("", "")
    return Empty(listing.empty_title, listing.empty_text, act.href, act.title)


def as_cell(value: Cell | str | int) -> Cell:
    """What a column gave, as a cell."""
    if isinstance(value, Cell):
        return value
    return Cell(value) if isinstance(value, str) else Cell(formats.number_text(value), datum=value)


def filled(
    columns: Sequence[Column], rows: Sequence[object], choose: Choose | None = None
) -> tuple[list[Column], list[RowShown]]:
    """The columns that say something in these rows or sort, and the rows: an empty column would narrow the others."""
    cells = [[as_cell(column.cell(row)) for row in rows] for column in columns]
    kept = [(one, said) for one, said in zip(columns, cells, strict=True) if one.sort or any(map(_says, said))]
    used = [column for column, _said in kept]
    boxes = [None if choose is None else choose.value(row) for row in rows]
    return used, [RowShown(used, [said[place] for _column, said in kept], box) for place, box in enumerate(boxes)]


def _says(cell: Cell) -> bool:
    return bool(cell.text or cell.lamp)


def _page(asked: Asked, queryset: "QuerySet[Any]", keys: Sequence[Key]) -> Page:
    for name, backwards in (("below", False), ("above", True)):
        values = paging.values_of(keys, asked.query.get(name, ""))
        if values is not None:
            page = paging.page_by_key(queryset, keys, values, number=asked.page, per=asked.per, backwards=backwards)
            if page.rows:
                return page
    page = paging.page_by_number(queryset, keys, number=asked.page, per=asked.per)
    if page.rows or page.number == 1:
        return page
    return paging.page_by_number(queryset, keys, number=1, per=asked.per)


def _count(page: Page, queryset: "QuerySet[Any]", per: int) -> int:
    """The first page of a short list counts itself."""
    if page.number == 1 and not page.before and not page.after:
        return len(page.rows)
    return max(paging.counted(queryset), min(paging.COUNTED, (page.number - 1) * per + len(page.rows)))


def _count_text(count: int) -> str:
    if count > paging.COUNTED:
        return _("more than {number} rows").format(number=formats.number_text(paging.COUNTED))
    return ngettext("{number} row", "{number} rows", count).format(number=formats.number_text(count))


def _pager(asked: Asked, page: Page, keys: Sequence[Key], count: int) -> Pager:
    first = (page.number - 1) * asked.per + 1
    shown = _("rows {first} to {last}").format(
        first=formats.number_text(first), last=formats.number_text(first + len(page.rows) - 1)
    )
    return Pager(
        page=page.number,
        rows=shown if page.rows else "",
        first=asked.link() if page.before else "",
        previous=_previous(asked, page, keys) if page.before and page.rows else "",
        next=asked.link(page=str(page.number + 1), below=paging.cursor_of(keys, page.rows[-1])) if page.after else "",
        per=[
            Choice(str(per), formats.number_text(per), per == asked.per, asked.link(per=str(per)))
            for per in state.PER_PAGE
        ],
    )


def _previous(asked: Asked, page: Page, keys: Sequence[Key]) -> str:
    if page.number <= 2:
        return asked.link()
    return asked.link(page=str(page.number - 1), above=paging.cursor_of(keys, page.rows[0]))


def _head(asked: Asked, column: Column) -> Head:
    sorted_now = asked.sorted_by is not None and asked.sorted_by.name == column.name
    direction = ("descending" if asked.descending else "ascending") if sorted_now else ""
    turned = f"-{column.name}" if direction == "ascending" else column.name
    href = asked.link(sort=turned) if column.sort else ""
    return Head(column.name, column.title, column.align, href, direction)


def _filter(asked: Asked, one: Filter) -> FilterShown:
    value = asked.values.get(one.name, "")
    choices = [Choice(key, title, key == value) for key, title in one.choices_now()] if one.sort == "choice" else []
    text = next((choice.title for choice in choices if choice.chosen), value)
    return FilterShown(
        name=one.name,
        title=one.title,
        sort=one.sort,
        value=value,
        text=formats.day_text(text) if one.sort in ("from", "to") else text,
        choices=choices,
        error=asked.errors.get(one.name, ""),
        without=asked.link(**{one.name: ""}),
    )
