"""What a domain says about a list of its own: columns, filters, the order when none is asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.db.models import Model, QuerySet

from accordant.pages.panels import Act

MOST_CHOSEN: Final = 100  # a form has at most 200 fields
Choices = Sequence[tuple[str, str]] | Callable[[], Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a row: shown as `text`, leading to `href`, with a lamp; exported as `datum` (ISO, plain number)."""

    text: str
    href: str = ""
    lamp: str = ""
    sort_text: str = ""
    datum: object = None


@dataclass(frozen=True)
class Column:
    """A column: `cell` reads one plain row; `sort` is the field of the model to order by, "" = not sortable.

    `brief`: a long text, such as a name, stays on one line of the table and is cut there; cards and hints say it whole.
    """

    name: str
    title: str
    cell: Callable[[Any], Cell | str | int]
    sort: str = ""
    align: Literal["", "right"] = ""
    brief: bool = False


@dataclass(frozen=True)
class Filter:
    """A filter: `apply` narrows the query by a value that was checked.

    A choice is one of `choices` (value, title); `from` and `to` give an ISO day; `text` is whatever was typed, in NFC.
    """

    name: str
    title: str
    apply: Callable[[Any, str], "QuerySet[Any]"]
    sort: Literal["choice", "text", "from", "to"] = "choice"
    choices: Choices = ()

    def choices_now(self) -> Sequence[tuple[str, str]]:
        """The choices, looked up when they are a function."""
        return self.choices() if callable(self.choices) else self.choices


@dataclass(frozen=True)
class Choose:
    """Rows that can be chosen for one act on several: its button, its address, a row's value ("" = not this row).

    Pages of up to `MOST_CHOSEN` rows offer it.
    """

    act: str
    href: str
    value: Callable[[Any], str]


@dataclass(frozen=True)
class Listing:
    """A data table. `order` holds fields of the model, "-" before descending ones; the primary key settles ties.

    An empty list says what would stand here, why nothing does, and with `empty_act` what comes next.

    `rows` turns one page of model rows into plain row objects in one go, so that no row needs a query of its own.
    """

    name: str
    columns: Sequence[Column]
    filters: Sequence[Filter]
    order: Sequence[str]
    empty_title: str
    empty_text: str
    empty_act: Act | None = None
    rows: Callable[[Sequence[Any]], Sequence[object]] | None = None
    live: bool = False  # rows are Guarded: a page that is open follows them and tells how many came since
    choose: Choose | None = None
    kinds: str = ""  # what kinds of entries the rows come from begin with; the domain's own where nothing is said

    def shown(self, found: "Sequence[Model]") -> Sequence[object]:
        """Plain rows for a page of model rows."""
        return found if self.rows is None else self.rows(found)
