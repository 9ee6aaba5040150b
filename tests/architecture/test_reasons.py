"""Each disabled check, skipped test and dependency says why on its own line (habit 15)."""

import re
import tomllib

import pytest

from tests.architecture.tree import ROOT, Source, none_of, sources

EVERYWHERE = ("src", "tests", "tools", "benchmarks")
WORDS = 2
NOQA = re.compile(r"#\s*(?:ruff:\s*)?noqa\b(?P<codes>:\s*[A-Z]+[0-9]+(?:\s*,\s*[A-Z]+[0-9]+)*)?(?P<rest>.*)")
IGNORE = re.compile(r"#\s*type:\s*ignore(?P<codes>\[[a-z, -]+\])?(?P<rest>.*)")
NO_COVER = re.compile(r"#\s*pragma:\s*no (?:cover|branch)(?P<rest>.*)")
SKIP = re.compile(r"pytest\.mark\.(?:skip|skipif|xfail)\b(?P<rest>.*)")
DEPENDENCY = re.compile(r'^\s+"(?P<name>[A-Za-z0-9_.-]+)[^"]*",?(?P<rest>.*)$')


def explains(text: str) -> bool:
    return len(re.findall(r"[A-Za-z]{2,}", text)) >= WORDS


def problems_of(source: Source) -> list[str]:
    found = []
    for number, line in enumerate(source.lines, start=1):
        if "#" not in line:
            continue
        place = f"{source.name}:{number}"
        for pattern, word in ((NOQA, "noqa"), (IGNORE, "type: ignore")):
            match = pattern.search(line)
            if match and not match["codes"]:
                found.append(f"{place} a blanket {word}; name the code")
            elif match and not explains(match["rest"]):
                found.append(f"{place} {word} without a reason; say why behind the code")
        match = NO_COVER.search(line)
        if match and not explains(match["rest"]):
            found.append(f"{place} an uncovered line without a reason")
    return found


def test_disabled_checks_have_reasons() -> None:
    here = "tests/architecture/test_reasons.py"
    problems = [problem for source in sources(*EVERYWHERE) if source.name != here for problem in problems_of(source)]
    none_of(problems)


def test_skipped_tests_have_reasons() -> None:
    problems = [
        f"{source.name}:{number} a skip without reason=…"
        for source in sources("tests")
        if source.path.parent.name != "architecture"
        for number, line in enumerate(source.lines, start=1)
        if (match := SKIP.search(line))
        and "reason=" not in match["rest"]
        and "reason=" not in "".join(source.lines[number : number + 3])
    ]
    none_of(problems)


def dependency_lines() -> list[str]:
    lines, inside = [], False
    for line in (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines():
        if re.match(r"(dependencies|[a-z0-9-]+) = \[$", line) and not line.startswith(("select", "ignore", "markers")):
            inside = True
        elif line.startswith("]"):
            inside = False
        elif inside:
            lines.append(line)
    return lines


def test_dependencies_have_reasons() -> None:
    described = {
        match["name"]: match["rest"] for line in dependency_lines() if (match := DEPENDENCY.match(line)) is not None
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(name for group in project["optional-dependencies"].values() for name in group),
    ]
    names = [re.split(r"[\[<>=!~ ;]", requirement)[0] for requirement in wanted]
    problems = [
        f"pyproject.toml: {name} has no reason on its line" for name in names if not explains(described.get(name, ""))
    ]
    none_of(problems)
    assert len(project["dependencies"]) <= 25, "pyproject.toml: at most 25 direct packages; a new one replaces one"


@pytest.mark.parametrize(
    "line", ["x = 1  # noqa", "x = 1  # noqa: E501", "x = f()  # type: ignore", "x = f()  # type: ignore[misc]"]
)
def test_bare_exemptions_are_found(line: str) -> None:
    match = NOQA.search(line) or IGNORE.search(line)
    assert match is not None
    assert not match["codes"] or not explains(match["rest"])


def test_run_and_dev_locks_pin_the_same_versions() -> None:
    def pins(name: str) -> dict[str, str]:
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        return dict(re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", text, flags=re.MULTILINE))

    run, dev = pins("run"), pins("dev")
    problems = [
        f"requirements: {name} is {pin} to run, {dev.get(name)} to test"
        for name, pin in run.items()
        if dev.get(name) != pin
    ]
    none_of(problems)
