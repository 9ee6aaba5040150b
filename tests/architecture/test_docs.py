"""Documents: modules of the pure half list their rules, decisions are short and dated, links lead somewhere."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import PACKAGE, PURE, ROOT, Source, domains, layer, none_of, sources

ADR_LINES = 60
ADR_PARTS = ("Date:", "Status:", "## Context", "## Decision", "## Consequences")
PRESENT = (
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "LICENSE",
    "docs/glossary.md",
)
CODE = re.compile(r"`[^`]*`")
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s#]+)(?:#[^)]*)?\)")
TITLE_CHARACTERS = 40


def rule_files() -> Iterator[Source]:
    yield from (source for source in sources() if source.path.relative_to(PACKAGE).parts[0] in PURE)
    for domain in domains():
        yield from layer(domain, "rules")
        yield from layer(domain, "figures")


def markdown() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def test_pure_modules_say_which_rules_they_keep() -> None:
    problems = [
        f"{source.name}: its docstring lists the rules it keeps, then what it leaves to others"
        for source in rule_files()
        if source.path.name != "__init__.py" and len(ast.get_docstring(source.tree) or "") < TITLE_CHARACTERS
    ]
    none_of(problems)


def test_the_documents_people_look_for_are_there() -> None:
    missing = [
        name for name in PRESENT if not (ROOT / name).is_file() or not (ROOT / name).read_text(encoding="utf-8").strip()
    ]
    assert not missing, f"write {', '.join(missing)}"


def test_decisions_are_short_dated_and_complete() -> None:
    problems: list[str] = []
    for path in sorted((ROOT / "docs" / "adr").glob("[0-9]*.md")):
        text = path.read_text(encoding="utf-8")
        problems.extend(f"{path.name} lacks {part}" for part in ADR_PARTS if part not in text)
        if not re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name):
            problems.append(f"{path.name}: call it NNNN-title.md")
        if len(text.splitlines()) > ADR_LINES:
            problems.append(f"{path.name}: at most {ADR_LINES} lines")
    none_of(problems)


def test_links_between_documents_lead_somewhere() -> None:
    problems: list[str] = []
    for path in markdown():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            for match in LINK.finditer(CODE.sub("", line)):
                target = match["target"]
                if ":" not in target and not (path.parent / target).exists():
                    problems.append(f"{path.relative_to(ROOT)}:{number} leads to {target}, which is not there")
    none_of(problems)


def test_nothing_tells_of_the_place_it_was_written_in() -> None:
    """A checkout stands anywhere: no absolute path of somebody's machine, no folder beside the project in documents."""
    telling = re.compile(r"(?<![\w.])/(?:work|tmp/brief|home/[a-z]+|root)/")
    problems = [
        f"{path.relative_to(ROOT)}:{number} names a place on one machine"
        for path in (*markdown(), *(source.path for source in sources("src", "tools", "tests")))
        if path.name != "test_docs.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if telling.search(line)
    ]
    none_of(problems)
