"""Pages by key: the next page starts after the last row's values, so that page 2,000 costs what page 2 costs.

A page asked for by number alone (a link someone wrote down) is found by skipping, up to `COUNTED` rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.signing import BadSignature, Signer
from django.db.models import F, Model, OrderBy, Q, QuerySet

COUNTED: Final = 10_000
_SIGNER: Final = Signer(salt="accordant.pages.listing")


@dataclass(frozen=True)
class Key:
    """One field of the order. Rows without a value come last, whichever way it runs."""

    field: str
    descending: bool
    nullable: bool

    def expression(self, *, backwards: bool) -> OrderBy:
        """The ORDER BY term, the other way round for rows before a position."""
        descending = self.descending != backwards
        where = {"nulls_first" if backwards else "nulls_last": True} if self.nullable else {}
        return F(self.field).desc(**where) if descending else F(self.field).asc(**where)

    def beyond(self, value: Any, *, backwards: bool) -> Q | None:
        """Rows strictly further on than `value`; None when there can be none."""
        if value is None:
            return Q(**{f"{self.field}__isnull": False}) if backwards else None
        step = "lt" if self.descending != backwards else "gt"
        further = Q(**{f"{self.field}__{step}": value})
        return further | Q(**{f"{self.field}__isnull": True}) if self.nullable and not backwards else further

    def bound(self, value: Any, *, backwards: bool) -> Q:
        """A condition that all further rows meet and that an index can use."""
        if self.nullable:
            return Q()
        return Q(**{f"{self.field}__{'lte' if self.descending != backwards else 'gte'}": value})

    def same(self, value: Any) -> Q:
        """Rows with this very value."""
        return Q(**{f"{self.field}__isnull": True}) if value is None else Q(**{self.field: value})


def keys_of(model: type[Model], order: Sequence[str]) -> tuple[Key, ...]:
    """The order as keys, closed by the primary key, which runs like the first of them."""
    nullable = {field.name for field in model._meta.concrete_fields if field.null}
    keys = [Key(name.lstrip("-"), name.startswith("-"), name.lstrip("-") in nullable) for name in order]
    primary = model._meta.pk.name
    if primary not in [key.field for key in keys]:
        keys.append(Key(primary, bool(keys) and keys[0].descending, nullable=False))
    return tuple(keys)


def beyond(keys: Sequence[Key], values: Sequence[Any], *, backwards: bool) -> Q:
    """The rows after (or before) the row with these values."""
    found = Q(pk__in=())
    before = Q()
    for key, value in zip(keys, values, strict=True):
        further = key.beyond(value, backwards=backwards)
        if further is not None:
            found |= before & further
        before &= key.same(value)
    return keys[0].bound(values[0], backwards=backwards) & found


def cursor_of(keys: Sequence[Key], row: Model) -> str:
    """The position of a row in the order, as it stands in a link; signed, so that what comes back is ours."""
    return _SIGNER.sign_object([[key.field, key.descending, getattr(row, key.field)] for key in keys])


def values_of(keys: Sequence[Key], cursor: str) -> list[Any] | None:
    """The values a link's cursor holds; None for anything that is no cursor of this order."""
    try:
        held = _SIGNER.unsign_object(cursor)
    except BadSignature:
        return None
    if [place[:2] for place in held] != [[key.field, key.descending] for key in keys]:
        return None
    return [value for _field, _descending, value in held]


@dataclass(frozen=True)
class Page:
    """One page: its rows, its number from 1, whether more rows stand before and after it."""

    rows: Sequence[Any]
    number: int
    before: bool
    after: bool


def page_by_number(queryset: "QuerySet[Any]", keys: Sequence[Key], *, number: int, per: int) -> Page:
    """The page found by skipping; a number beyond what is counted gives the last page that is."""
    number = max(1, min(number, COUNTED // per))
    ordered = queryset.order_by(*(key.expression(backwards=False) for key in keys))
    start = (number - 1) * per
    rows = list(ordered[start : start + per + 1])
    return Page(rows[:per], number, before=number > 1, after=len(rows) > per)


def page_by_key(
    queryset: "QuerySet[Any]", keys: Sequence[Key], values: Sequence[Any], *, number: int, per: int, backwards: bool
) -> Page:
    """The page after (before, with `backwards`) the row with these values."""
    found = queryset.filter(beyond(keys, values, backwards=backwards))
    rows = list(found.order_by(*(key.expression(backwards=backwards) for key in keys))[: per + 1])
    more, rows = len(rows) > per, rows[:per]
    if backwards:
        return Page(rows[::-1], max(1, number), before=more, after=True)
    return Page(rows, max(2, number), before=True, after=more)


def counted(queryset: "QuerySet[Any]") -> int:
    """How many rows there are, up to one more than `COUNTED`."""
    return queryset.order_by().values("pk")[: COUNTED + 1].count()
