"""Errors people meet have a stable code, three whole sentences and places by name (style paper 11)."""

import ast
import re

from tests.architecture.tree import Source, called, none_of, sources

CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
UNNAMED_PLACE = re.compile(r"\{(?:\d*|[^a-z{][^}]*)\}|%[sdr]")
COMMAND = re.compile(r": (?:accordant|chmod|apt-get|make) [^.]*$")  # ends without a full stop, to be pasted
PARTS = ("code", "message", "reason", "repair")


def refusals() -> list[tuple[Source, ast.Call]]:
    return [
        (source, node)
        for source in sources()
        for node in source.nodes
        if isinstance(node, ast.Call) and called(node).split(".")[-1] == "refusal"
    ]


def parts(call: ast.Call) -> dict[str, ast.expr]:
    given = dict(zip(PARTS, call.args, strict=False))
    return given | {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg in PARTS}


def literal(node: ast.expr | None) -> str | None:
    """The text of a literal, also inside a marking call such as `_("…")`; None for anything computed."""
    if isinstance(node, ast.Call) and node.args:
        node = node.args[0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def test_each_refusal_says_what_why_and_what_to_do() -> None:
    problems: list[str] = []
    for source, call in refusals():
        place = f"{source.name}:{call.lineno}"
        given = parts(call)
        problems.extend(f"{place} a refusal without {part}" for part in PARTS if part not in given)
        code = literal(given.get("code"))
        if code is not None and not CODE.fullmatch(code):
            problems.append(f"{place} {code!r}: codes are words joined by hyphens")
        for part in PARTS[1:]:
            text = literal(given.get(part))
            if text is None:
                continue
            if UNNAMED_PLACE.search(text):
                problems.append(f"{place} {part}: name its places, as in {{agency}}")
            if text and not text.rstrip().endswith((".", "?", ":", "}")) and not COMMAND.search(text):
                problems.append(f"{place} {part} is no whole sentence: {text!r}")
    none_of(problems)


def test_one_code_names_one_rule() -> None:
    seen: dict[str, tuple[str, str]] = {}
    problems: list[str] = []
    for source, call in refusals():
        given = parts(call)
        code, reason = literal(given.get("code")), literal(given.get("reason"))
        if code is None or reason is None:
            continue
        domain = source.module.rpartition(".")[0]
        held = seen.setdefault(code, (domain, f"{source.name}:{call.lineno}"))
        if held[0] != domain and not held[1].startswith(source.name):
            problems.append(f"{source.name}:{call.lineno} {code}: {held[1]} uses this code for another rule")
    none_of(problems)


def test_nothing_catches_everything() -> None:
    problems = [
        f"{source.name}:{node.lineno} catches everything: name the errors, or raise to the caller"
        for source in sources()
        for node in source.nodes
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
        and "noqa: BLE001" not in source.lines[node.lineno - 1]
    ]
    none_of(problems)
