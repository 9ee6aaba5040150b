"""Each kind of shared fact is complete: headline, rule, handler, writer, schema and vector (style paper 5 and 6)."""

import ast
import inspect
import re
import string
from functools import cache
from pathlib import Path

from accordant.entries.kinds import KindSpec, Registry
from accordant.ledger.projector import HANDLERS
from tests.architecture.tree import PACKAGE, Source, called, layer, none_of
from tools import generated

# Places any headline may name besides the fields of its record.
ALWAYS = {"agency", "to", "number"}


@cache
def registry() -> Registry:
    return generated.load_kinds()


def newest() -> list[KindSpec]:
    return [spec for name in registry().names() if (spec := registry().newest(name)) is not None]


def folder_of(spec: KindSpec) -> Path:
    domain = spec.name.partition(".")[0]
    own = PACKAGE / domain
    return own if own.is_dir() else PACKAGE / "domains" / domain


def place_of(spec: KindSpec) -> str:
    return f"{spec.name} version {spec.version} ({spec.record.__module__})"


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def calls(sources: tuple[Source, ...]) -> set[str]:
    return {called(node).split(".")[-1] for source in sources for node in source.nodes if isinstance(node, ast.Call)}


def test_kind_stands_in_the_domain_it_names() -> None:
    problems: list[str] = []
    for spec in newest():
        module = ".".join(folder_of(spec).relative_to(PACKAGE.parent).parts)
        if not spec.record.__module__.startswith(f"{module}.entries"):
            problems.append(f"{place_of(spec)}: its record belongs in {module}.entries")
    none_of(problems)


def test_record_is_called_as_its_kind() -> None:
    none_of(
        [
            f"{place_of(spec)}: call its record {wanted}, not {spec.record.__name__}"
            for spec in newest()
            if spec.record.__name__ != (wanted := "".join(map(str.title, spec.name.partition(".")[2].split("-"))))
        ]
    )


def test_headline_is_a_sentence_with_known_places() -> None:
    problems: list[str] = []
    for spec in newest():
        fields = {field for _, field, _, _ in string.Formatter().parse(spec.headline) if field is not None}
        unknown = fields - ALWAYS - set(spec.record.__struct_fields__)
        if not spec.headline.strip():
            problems.append(f"{place_of(spec)}: headline is missing")
        if unknown:
            problems.append(
                f"{place_of(spec)}: the headline names {', '.join(sorted(unknown))}, no field of the header"
            )
    none_of(problems)


def test_versions_run_without_a_gap() -> None:
    none_of(
        [
            f"{name}: version {version} of {versions[-1]} is missing; old logs must open"
            for name in registry().names()
            for versions in [sorted(version for kind, version in registry().specs if kind == name)]
            for version in range(1, versions[-1] + 1)
            if version not in versions
        ]
    )


def test_kind_has_a_handler_with_its_name() -> None:
    problems: list[str] = []
    for spec in newest():
        handler = HANDLERS.get(spec.record)
        wanted = f"on_{snake(spec.record.__name__)}"
        if handler is None:
            problems.append(f"{place_of(spec)}: no handler; write {wanted} in projections of {folder_of(spec).name}")
        elif getattr(handler, "__name__", wanted) != wanted:
            problems.append(f"{place_of(spec)}: call its handler {wanted}")
    none_of(problems)


def test_handler_runs_the_rule() -> None:
    """The rule that refuses our own act also marks a foreign one irregular (habit 7)."""
    problems: list[str] = []
    for spec in newest():
        handler = HANDLERS.get(spec.record)
        if handler is not None and not runs_a_rule(handler):
            problems.append(f"{place_of(spec)}: {handler.__name__} asks no refusals_to_… of rules")
    none_of(problems)


def runs_a_rule(function: object, depth: int = 2) -> bool:
    """Whether the function, or a function of its own module that it calls, asks a rule."""
    tree = ast.parse(inspect.getsource(function))  # type: ignore[arg-type]  # handlers are functions
    names = {called(node) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    if any(name.split(".")[-1].startswith("refusals_to_") for name in names):
        return True
    module = inspect.getmodule(function)
    inner = [getattr(module, name, None) for name in names if name.isidentifier()]
    own = [item for item in inner if inspect.isfunction(item) and item.__module__ == function.__module__]
    return depth > 0 and any(runs_a_rule(item, depth - 1) for item in own)


def test_kind_has_a_writer() -> None:
    """An action builds the record, or asks a pure function of the domain's rules for it."""
    none_of(
        [
            f"{place_of(spec)}: nobody writes it; an action of {folder_of(spec).name} builds a {spec.record.__name__}"
            for spec in newest()
            if spec.record.__name__ not in calls((*layer(folder_of(spec), "actions"), *layer(folder_of(spec), "rules")))
        ]
    )


def test_kind_has_schema_and_vector() -> None:
    none_of(
        [
            f"{folder.relative_to(generated.ROOT)}/{generated.file_name(spec)} is missing; run `make generated`"
            for spec in registry().specs.values()
            for folder in generated.FOLDERS
            if not (folder / generated.file_name(spec)).is_file()
        ]
    )


def test_references_point_at_kinds_that_exist() -> None:
    none_of(
        [
            f"{place_of(spec)}: its role {role} points at {kind}, which no domain here registers"
            for spec in newest()
            for role, kinds in spec.refs.items()
            for kind in kinds
            if registry().newest(kind) is None
        ]
    )
