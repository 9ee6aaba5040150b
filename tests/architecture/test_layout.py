"""Where things stand and how long they are (style paper 4 and 5)."""

import ast
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGE, ROOT, domains, none_of, sources

FIXED = ("apps", "entries", "rules", "models", "projections", "actions", "views", "urls")
OPTIONAL = ("figures", "local", "forms", "api")
FOLDERS = ("templates", "static", "locale")
CATCH_ALL = ("utils", "helpers", "common", "misc")
MIGRATED = ("accounts", "ledger", "exchange")
FILE_LINES = 400
FUNCTION_LINES = 60
NODE_LINES = 600
EVERYWHERE = ("src", "tests", "tools", "benchmarks")


@pytest.mark.parametrize("domain", domains(), ids=lambda folder: folder.name)
def test_domain_has_the_fixed_files_and_no_others(domain: Path) -> None:
    present = {path.stem for path in domain.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    missing = [
        f"{domain.relative_to(ROOT)}/{name}.py is missing; every domain has it" for name in FIXED if name not in present
    ]
    surplus = [
        f"{domain.relative_to(ROOT)}/{name} is no file of a domain; it has {', '.join(FIXED + OPTIONAL)}"
        for name in sorted(present - {"__init__", *FIXED, *OPTIONAL})
    ]
    folders = [
        f"{path.relative_to(ROOT)}/ is no folder of a domain; it may have {', '.join(FOLDERS)}"
        for path in sorted(domain.iterdir())
        if path.is_dir() and path.name not in (*present, *FOLDERS, "__pycache__")
    ]
    none_of(missing + surplus + folders)


def test_no_catch_all_file() -> None:
    problems = [
        f"{source.name}: name it for what it holds"
        for source in sources(*EVERYWHERE)
        if set(source.path.relative_to(ROOT).with_suffix("").parts) & set(CATCH_ALL)
    ]
    none_of(problems)


def test_files_are_short() -> None:
    problems = [
        f"{source.name} has {len(source.lines)} lines; split it by noun into a package of the same name ({FILE_LINES})"
        for source in sources(*EVERYWHERE)
        if len(source.lines) > FILE_LINES
    ]
    none_of(problems)


def test_functions_are_short() -> None:
    problems = [
        f"{source.name}:{function.lineno} {function.name} has {length} lines; take steps out of it ({FUNCTION_LINES})"
        for source in sources(*EVERYWHERE)
        for function in source.functions()
        if (length := (function.end_lineno or function.lineno) - function.lineno + 1) > FUNCTION_LINES
    ]
    none_of(problems)


def test_composition_root_is_small() -> None:
    files = [source for source in sources() if source.module.startswith("accordant.node")]
    own = [source for source in files if not source.module.startswith(("accordant.node.cli", "accordant.node.demo"))]
    lines = sum(len(source.lines) for source in own)
    assert lines <= NODE_LINES, f"src/accordant/node has {lines} lines without cli and demo; move rules and tables down"


def test_no_metaclass() -> None:
    none_of(
        [
            f"{source.name}:{node.lineno} {node.name}: plain classes and functions, no metaclass"
            for source in sources()
            for node in source.classes()
            if any(keyword.arg == "metaclass" for keyword in node.keywords) or "type" in _bases(node)
        ]
    )


def test_no_signal() -> None:
    none_of(
        [
            f"{source.name}:{line} imports {name}: call the function, no signals"
            for source in sources()
            for line, name in source.imports()
            if name.startswith(("django.db.models.signals", "django.dispatch", "django.core.signals"))
        ]
    )


def test_only_precious_tables_are_migrated() -> None:
    folders = [path for path in PACKAGE.rglob("migrations") if path.is_dir()]
    problems = [
        f"{folder.relative_to(ROOT)}: projections are rebuilt, not migrated; delete the folder"
        for folder in folders
        if folder.parent.name not in (*MIGRATED, "local")
    ]
    none_of(problems)


def _bases(node: ast.ClassDef) -> set[str]:
    return {base.id for base in node.bases if isinstance(base, ast.Name)}
