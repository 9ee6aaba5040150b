"""Where handlers read and write projected rows: buffered, in the transaction of the entries, on one connection.

Rules kept here: a handler sees its own earlier writes; inserts reach the database before updates; the same entries in
the same order give the same rows. Values are plain: int, bool, str, bytes, None, and lists or dicts for JSON columns.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import msgspec
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from accordant.entries.envelope import EntryRef, Header
from accordant.entries.kinds import Handling
from accordant.ledger import sql
from accordant.ledger.models import Label

Row = dict[str, Any]
Plain = int | str | bytes | None
_REACH = {"unit": 0, "team": 1, "named": 2}


class _Shape:
    """The columns of one model, read once."""

    def __init__(self, model: type[models.Model]) -> None:
        self.table = model._meta.db_table
        fields = model._meta.concrete_fields
        self.key = model._meta.pk.attname
        self.automatic = isinstance(model._meta.pk, models.AutoField)
        self.columns = {f.attname: f.column for f in fields if not (self.automatic and f.primary_key)}
        self.json = {f.attname for f in fields if isinstance(f, models.JSONField)}
        self.booleans = {f.attname for f in fields if isinstance(f, models.BooleanField)}
        self.defaults = {f.attname: f.get_default() for f in fields if f.has_default() or f.null}
        self.names = tuple(self.columns)
        self.all_names = (self.key, *(n for n in self.names if n != self.key))
        self._column = {**self.columns, self.key: model._meta.pk.column}
        self._selects: dict[tuple[str, ...], str] = {}
        columns = ", ".join(f'"{self.columns[name]}"' for name in self.names)
        places = ", ".join(["%s"] * len(self.names))
        self.insert_sql = f'INSERT INTO "{self.table}" ({columns}) VALUES ({places})'  # noqa: S608  # the model's names

    def select_sql(self, equal: tuple[str, ...]) -> str:
        """The statement that reads the full rows whose named columns equal given values, ordered by primary key."""
        held = self._selects.get(equal)
        if held is None:
            where = " AND ".join(f'"{self._column[n]}" = %s' for n in equal) or "1 = 1"
            listed = ", ".join(f'"{self._column[n]}"' for n in self.all_names)
            held = f'SELECT {listed} FROM "{self.table}" WHERE {where} ORDER BY "{self._column[self.key]}"'  # noqa: S608  # as above
            self._selects[equal] = held
        return held

    def stored(self, name: str, value: object) -> Plain:
        """The value as the database takes it."""
        return msgspec.json.encode(value, order="sorted").decode() if name in self.json else cast(Plain, value)

    def loaded(self, values: Sequence[Any]) -> Row:
        """A row as handlers see it."""
        row = dict(zip(self.all_names, values, strict=True))
        for name in self.json & row.keys():
            row[name] = msgspec.json.decode(row[name]) if isinstance(row[name], str) else row[name]
        for name in self.booleans & row.keys():
            row[name] = bool(row[name])
        return row


_SHAPES: dict[type[models.Model], _Shape] = {}


def _shape(model: type[models.Model]) -> _Shape:
    if model not in _SHAPES:
        _SHAPES[model] = _Shape(model)
    return _SHAPES[model]


class Tables:
    """The projected tables of one connection during one transaction; `flush` before the commit."""

    def __init__(self, connection: BaseDatabaseWrapper, *, entries: BaseDatabaseWrapper | None = None) -> None:
        self.connection = connection
        self.entries = entries or connection  # a rebuild beside reads entries here and writes rows there
        self._inserts: dict[type[models.Model], list[tuple[Plain, ...]]] = {}
        self._updates: list[tuple[type[models.Model], tuple[str, ...], list[tuple[Plain, ...]]]] = []
        self._rows: dict[tuple[type[models.Model], object], Row] = {}
        self._labels: dict[tuple[object, ...], int] = {}
        self.fresh: dict[tuple[str, int], int] = {}  # positions of this transaction, whose rows come later

    def insert(self, model: type[models.Model], **values: object) -> None:
        """Add one row; columns left out take the model's default."""
        shape = _shape(model)
        row: Row = {**shape.defaults, **values}
        self._inserts.setdefault(model, []).append(tuple(shape.stored(n, row[n]) for n in shape.names))
        if not shape.automatic:
            self._rows[model, row[shape.key]] = row

    def update(self, model: type[models.Model], key: object, **values: object) -> None:
        """Change columns of the row with this primary key."""
        shape = _shape(model)
        names = tuple(sorted(values))
        stored = (*(shape.stored(n, values[n]) for n in names), cast(Plain, key))
        if self._updates and self._updates[-1][:2] == (model, names):
            self._updates[-1][2].append(stored)
        else:
            self._updates.append((model, names, [stored]))
        if (model, key) in self._rows:
            self._rows[model, key].update(values)

    def get(self, model: type[models.Model], key: object) -> Row | None:
        """The row with this primary key, or None."""
        held = self._rows.get((model, key))
        if held is None:
            found = self.find(model, **{_shape(model).key: key})
            if not found:
                return None
            held = self._rows[model, key] = found[0]
        return dict(held)

    def find(self, model: type[models.Model], **equal: object) -> list[Row]:
        """All rows whose columns equal the given values, ordered by primary key."""
        if model in self._inserts or any(model is changed for changed, _names, _rows in self._updates):
            self.flush()
        shape = _shape(model)
        with sql.cursor(self.connection) as cursor:
            cursor.execute(shape.select_sql(tuple(equal)), [shape.stored(n, v) for n, v in equal.items()])
            return [shape.loaded(values) for values in cursor.fetchall()]

    def delete(self, model: type[models.Model], key: object) -> None:
        """Remove the row with this primary key, if it is there."""
        self.flush()
        shape = _shape(model)
        self._rows.pop((model, key), None)
        with sql.cursor(self.connection) as cursor:
            cursor.execute(
                f'DELETE FROM "{shape.table}" WHERE "{model._meta.pk.column}" = %s',  # noqa: S608  # as above
                [cast(Plain, key)],
            )

    def entry_id(self, ref: EntryRef) -> int | None:
        """The local id of a position held here, or None."""
        if (ref.origin, ref.index) in self.fresh:
            return self.fresh[ref.origin, ref.index]
        statement = (
            'SELECT e."id" FROM "ledger_entry" e JOIN "ledger_log" l ON l."id" = e."log_id" '
            'WHERE l."origin" = %s AND e."index" = %s'
        )
        with sql.cursor(self.entries) as cursor:
            cursor.execute(statement, [ref.origin, ref.index])
            found = cursor.fetchone()
        return None if found is None else int(found[0])

    def label(self, header: Header, *, unit: str = "", compartments: Sequence[str] = ()) -> int:
        """The id of the label of an entry (access paper A2), interned."""
        key = (
            header.circle,
            header.agency,
            " ".join(header.to),
            header.mk,
            " ".join(sorted(compartments)),
            header.kind,
            unit,
        )
        if key not in self._labels:
            self._labels[key] = self._intern(key)
        return self._labels[key]

    def guard(
        self,
        entry_id: int,
        header: Header,
        *,
        handling: Handling | None = None,
        unit: str = "",
        activity: int | None = None,
    ) -> Row:
        """The columns of `Guarded` for a row that shows this entry: pass them on to `insert`."""
        kept = handling or Handling()
        return {
            "entry_id": entry_id,
            "label_id": self.label(header, unit=unit, compartments=kept.compartments),
            "reach": _REACH[kept.reach],
            "activity_id": activity,
            "at": header.at,
        }

    def flush(self) -> None:
        """Write what is buffered: inserts first, then updates in the order they were made."""
        if not self._inserts and not self._updates:
            return
        inserts, self._inserts = self._inserts, {}
        updates, self._updates = self._updates, []
        with sql.cursor(self.connection) as cursor:
            for model, rows in inserts.items():
                cursor.executemany(_shape(model).insert_sql, rows)
            for model, names, stored in updates:
                shape = _shape(model)
                changes = ", ".join(f'"{shape.columns[n]}" = %s' for n in names)
                cursor.executemany(
                    f'UPDATE "{shape.table}" SET {changes} WHERE "{model._meta.pk.column}" = %s',  # noqa: S608  # as above
                    stored,
                )
        if len(self._rows) > 20_000:
            self._rows.clear()

    def _intern(self, key: tuple[object, ...]) -> int:
        names = ("circle", "owner", "addressees", "marking", "compartments", "kind", "unit")
        equal: Mapping[str, object] = dict(zip(names, key, strict=True))
        found = self.find(Label, **equal)
        if not found:
            self.insert(Label, **equal)
            found = self.find(Label, **equal)
        return int(found[0]["id"])
