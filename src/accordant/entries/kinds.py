"""The registry of kinds: every shared fact has a name, a version, a header record, perhaps a body, and a headline.

Rules kept here: a name and version is registered once; versions run 1..n with a pure upgrade n to n+1 of (header facts,
body facts); handlers see the newest version only; an unknown kind or a higher version is kept but not understood.
Left to others: what a handler does with a fact (`ledger.projector`), who may write it (each domain's `rules`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

import msgspec

from accordant.entries import envelope, names

Plain = dict[str, object]
Upgrade = Callable[[Plain, Plain | None], tuple[Plain, Plain | None]]


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of header facts (`d` of the header) and of body facts (`d` of the body). Unknown keys are ignored."""


class Handling(msgspec.Struct, frozen=True, omit_defaults=True):
    """The handling block in a body: compartments, activity, reach `unit`, `team` or `named` with its list."""

    reach: str = "unit"
    compartments: tuple[str, ...] = ()
    activity: str = ""
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """What an action hands to the ledger: facts for the header, for the body, addressees, marking, references.

    `to` empty = all parties. `at` and `due` are milliseconds since 1970 UTC; `at` None = the act's own instant.
    """

    record: Record
    body: Record | None = None
    to: tuple[str, ...] = ()
    marking: int = 0
    refs: tuple[envelope.Reference, ...] = ()
    due: int | None = None
    at: int | None = None


@dataclass(frozen=True)
class KindSpec:
    """One version of one kind, as registered."""

    name: str
    version: int
    record: type[Record]
    body: type[Record] | None
    headline: str
    refs: Mapping[str, tuple[str, ...]]
    retention: str
    upgrade: Upgrade


@dataclass
class Registry:
    """Kinds by (name, version). The process has one, `REGISTRY`; tests make their own."""

    specs: dict[tuple[str, int], KindSpec] = field(default_factory=dict)
    by_record: dict[type[Record], KindSpec] = field(default_factory=dict)

    def add(self, spec: KindSpec) -> None:
        """Register; the same record again is a no-op, another record under the name raises `ValueError`."""
        held = self.specs.setdefault((spec.name, spec.version), spec)
        if held.record is not spec.record:
            raise ValueError(f"{spec.name} version {spec.version} is registered already")
        self.by_record[spec.record] = held

    def newest(self, name: str) -> KindSpec | None:
        """The highest version known of a kind, or None."""
        version = 0
        while (name, version + 1) in self.specs:
            version += 1
        return self.specs.get((name, version))

    def names(self) -> Sequence[str]:
        """All kinds, sorted."""
        return sorted({name for name, _ in self.specs})


REGISTRY: Final = Registry()
R = TypeVar("R", bound=Record)


def _as_it_is(facts: Plain, body: Plain | None) -> tuple[Plain, Plain | None]:
    return facts, body


def gettext_noop(message: str) -> str:
    """Mark an English sentence of a pure module for translation; gives it back unchanged."""
    return message


def kind(
    name: str,
    *,
    headline: str,
    version: int = 1,
    body: type[Record] | None = None,
    refs: Mapping[str, tuple[str, ...]] | None = None,
    retention: str = "work",
    upgrade: Upgrade | None = None,
    registry: Registry = REGISTRY,
) -> Callable[[type[R]], type[R]]:
    """Class decorator: register a header record as a kind.

    `headline` is an English sentence with named places: `{agency}`, `{to}`, `{number}` and the record's own fields.
    `refs` maps each role a header may use to the kinds it may point at (empty tuple: any). `upgrade` brings the
    version before this one up to it.
    """
    if not names.is_kind(name):
        raise ValueError(f"not a kind: {name}")
    if (version > 1) != (upgrade is not None):
        raise ValueError(f"{name}: an upgrade belongs to every version above 1 and to no other")

    def register(record: type[R]) -> type[R]:
        registry.add(KindSpec(name, version, record, body, headline, dict(refs or {}), retention, upgrade or _as_it_is))
        return record

    return register


class NotUnderstood(ValueError):
    """A kind or version this program does not know, or facts that do not fit the known shape."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def understand(
    header: envelope.Header, body: Plain | None, *, registry: Registry = REGISTRY
) -> tuple[KindSpec, Record, Record | None]:
    """The newest-version records of an entry, upgraded step by step from the version it was written in.

    `body` is the decoded record `d` of the body, or None where it is not here. Raises `NotUnderstood` with code
    `newer-kind` (unknown kind or version) or `shape` (facts do not fit the schema).
    """
    newest = registry.newest(header.kind)
    if newest is None or header.kv > newest.version:
        raise NotUnderstood("newer-kind", f"{header.kind} version {header.kv} is not known here")
    facts: Plain = dict(header.d)
    for version in range(header.kv + 1, newest.version + 1):
        facts, body = registry.specs[header.kind, version].upgrade(facts, body)
    try:
        record = msgspec.convert(facts, newest.record)
        held = None if body is None or newest.body is None else msgspec.convert(body, newest.body)
    except msgspec.ValidationError as error:
        raise NotUnderstood("shape", str(error)) from error
    return newest, record, held
