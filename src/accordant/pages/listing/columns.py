"""What a domain says about a list of its own: columns, filters, the order when none is asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Model, QuerySet

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
class Listing:
    """A data table. `order` holds fields of the model, "-" before descending ones; the primary key settles ties.

    An empty list says what would stand here, why nothing does, and with `empty_href` and `empty_act` what comes next.

    `rows` turns one page of model rows into plain row objects in one go, so that no row needs a query of its own.
    """

    name: str
    columns: Sequence[Column]
    filters: Sequence[Filter]
    order: Sequence[str]
    empty_title: str
    empty_text: str
    empty_href: str = ""
    empty_act: str = ""
    rows: Callable[[Sequence[Any]], Sequence[object]] | None = None
    kinds: str = ""  # what kinds of entries the rows come from begin with; the domain's own where nothing is said

    def shown(self, found: "Sequence[Model]") -> Sequence[object]:
        """Plain rows for a page of model rows."""
        return found if self.rows is None else self.rows(found)
