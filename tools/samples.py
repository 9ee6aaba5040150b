"""A sample of a record, made from its types: the same one on every machine."""

from functools import singledispatch
from typing import Any

import msgspec
from msgspec import inspect

DAY = "2026-01-01"
MOMENT = 1_767_225_600_000
HASH = "cd" * 32


def by_name(name: str) -> str:
    """A text that fits where a field is known by its name."""
    if name.endswith(("_date", "_day")) or name in ("date", "day"):
        return DAY
    if name.endswith(("digest", "root", "hash", "leaf", "fingerprint")):
        return HASH
    return name.replace("_", "-")


@singledispatch
def value(kind: inspect.Type, name: str) -> Any:
    """A value of this type for a field of this name; `any` where everything fits."""
    return "any"


@value.register
def _(kind: inspect.Metadata, name: str) -> Any:
    examples = (kind.extra_json_schema or {}).get("examples")
    return examples[0] if examples else value(kind.type, name)


@value.register
def _(kind: inspect.UnionType, name: str) -> Any:
    return value(next(one for one in kind.types if not isinstance(one, inspect.NoneType)), name)


@value.register
def _(kind: inspect.BoolType, name: str) -> Any:
    return True


@value.register
def _(kind: inspect.IntType, name: str) -> Any:
    return MOMENT if name == "at" or name.endswith("_at") else max(1, kind.ge or 1)


@value.register
def _(kind: inspect.LiteralType, name: str) -> Any:
    return kind.values[0]


@value.register
def _(kind: inspect.EnumType, name: str) -> Any:
    return next(iter(kind.cls)).value


@value.register
def _(kind: inspect.StrType, name: str) -> Any:
    return by_name(name)


@value.register
def _(kind: inspect.TupleType, name: str) -> Any:
    return [value(item, name) for item in kind.item_types]


@value.register(inspect.VarTupleType)
@value.register(inspect.ListType)
@value.register(inspect.SetType)
@value.register(inspect.FrozenSetType)
def _(kind: Any, name: str) -> Any:
    return [value(kind.item_type, name)]


@value.register
def _(kind: inspect.DictType, name: str) -> Any:
    return {str(value(kind.key_type, "key")): value(kind.value_type, name)}


@value.register
def _(kind: inspect.StructType, name: str) -> Any:
    return {field.encode_name: value(field.type, field.encode_name) for field in kind.fields}


def plain(record: type[msgspec.Struct]) -> dict[str, Any]:
    """The builtin form of a sample that fits the record; raises `msgspec.ValidationError` where they say too little."""
    sample: dict[str, Any] = value(inspect.type_info(record), "")
    msgspec.convert(sample, record)
    return sample
