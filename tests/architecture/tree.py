"""The source tree as the architecture tests see it: each file is read and parsed once per run."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "accordant"
PURE = ("tlog", "seal", "entries")


@dataclass(frozen=True)
class Source:
    """One Python file: where it stands, its dotted module, its text and tree."""

    path: Path

    @property
    def name(self) -> str:
        """The path as a person types it, from the project's root."""
        return str(self.path.relative_to(ROOT))

    @cached_property
    def module(self) -> str:
        parts = self.path.relative_to(ROOT / "src" if self.path.is_relative_to(PACKAGE) else ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.name)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.tree))

    def classes(self) -> Iterator[ast.ClassDef]:
        return (node for node in self.nodes if isinstance(node, ast.ClassDef))

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        return (node for node in self.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

    def imports(self) -> Iterator[tuple[int, str]]:
        """Line and full dotted name of everything imported; `from a import b` gives `a.b`."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def written(path: Path) -> bool:
    """Whether a person wrote this file: caches, virtual environments and migrations are not meant."""
    return not {"__pycache__", "migrations", ".venv", "node_modules"} & set(path.relative_to(ROOT).parts)


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """Every Python file people wrote below these folders of the project, by default those of the package."""
    tops = [ROOT / folder for folder in folders] if folders else [PACKAGE]
    paths = (path for top in tops for path in sorted(top.rglob("*.py")) if written(path))
    return tuple(_source(path) for path in paths)


@cache
def _source(path: Path) -> Source:
    return Source(path)


@cache
def domains() -> tuple[Path, ...]:
    """The folders of all domains, `regulations` first."""
    folders = [PACKAGE / "regulations", *sorted((PACKAGE / "domains").glob("*"))]
    return tuple(folder for folder in folders if (folder / "__init__.py").is_file())


@cache
def layer(domain: Path, name: str) -> tuple[Source, ...]:
    """The files of one fixed name in a domain, be it a module or a package; empty when it has none."""
    module = domain / f"{name}.py"
    if module.is_file():
        return (_source(module),)
    return tuple(_source(path) for path in sorted((domain / name).rglob("*.py")) if written(path))


def called(call: ast.Call) -> str:
    """The dotted name that is called, with ? for an expression it hangs on."""
    return dotted(call.func)


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "?"


def none_of(problems: list[str]) -> None:
    """Fails with one problem a line, each naming file and repair; passes when there is none."""
    if problems:
        pytest.fail("\n".join([f"{len(problems)} to mend:", *problems]), pytrace=False)
