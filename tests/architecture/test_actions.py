"""Actions are the only writers and all look alike (habit 3): keywords, `by` and `now`, one append, refs back."""

import ast
from collections.abc import Iterator
from functools import cache

from tests.architecture.tree import Source, called, domains, layer, none_of, sources

Function = ast.FunctionDef | ast.AsyncFunctionDef
RESULTS = ("EntryRef", "list[EntryRef]", "tuple[EntryRef, ...]", "Sequence[EntryRef]")
SIGNERS = {
    "sign_head": "accordant.ledger.signing",
    "cosign_head": "accordant.ledger.replica",
    "witness_head": "accordant.exchange.cosign",
}


@cache
def actions() -> tuple[tuple[Source, Function], ...]:
    return tuple(
        (source, node)
        for domain in domains()
        for source in layer(domain, "actions")
        for node in source.tree.body
        if isinstance(node, Function)
    )


def public() -> Iterator[tuple[Source, Function]]:
    return ((source, node) for source, node in actions() if not node.name.startswith("_"))


def appends(source: Source, function: Function, seen: frozenset[str] = frozenset()) -> int:
    """How many calls of the ledger's append the function reaches, through private functions of its own module too."""
    private = {node.name: node for other, node in actions() if other == source and node.name != function.name}
    count = 0
    for node in ast.walk(function):
        if not isinstance(node, ast.Call):
            continue
        name = called(node)
        if name in ("append", "append.append", "ledger.append"):
            count += 1
        elif name in private and name not in seen:
            count += appends(source, private[name], seen | {name})
    return count


def local_only(source: Source, function: Function) -> bool:
    """Whether it writes rows of this node alone (drafts, read marks), which prove nothing and need no fact."""
    names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    local = {name.rsplit(".", 1)[-1] for _, name in source.imports() if ".local." in f"{name}."}
    return bool(names & local)


def runs_other_acts(source: Source, function: Function) -> bool:
    """Whether it only decides which other actions are due, as the periodic work of a domain does."""
    others = {
        node.name for other, node in public() if other == source and node.name != function.name and appends(other, node)
    }
    named = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    return bool(named & others) and function.returns is not None and ast.unparse(function.returns) == "None"


def test_actions_take_keywords_with_by_and_now() -> None:
    problems: list[str] = []
    for source, function in public():
        place = f"{source.name}:{function.lineno} {function.name}"
        arguments = function.args
        names = {argument.arg for argument in arguments.kwonlyargs}
        if arguments.args or arguments.posonlyargs or arguments.vararg or arguments.kwarg:
            problems.append(f"{place}: put * first, every argument is given by name")
        problems.extend(f"{place}: takes no `{name}`" for name in ("by", "now") if name not in names)
    none_of(problems)


def test_actions_append_once() -> None:
    problems: list[str] = []
    for source, function in public():
        count = appends(source, function)
        without = count == 0 and (local_only(source, function) or runs_other_acts(source, function))
        if count != 1 and not without:
            problems.append(
                f"{source.name}:{function.lineno} {function.name} appends {count} times; one act is one append"
            )
    none_of(problems)


def test_actions_answer_with_refs() -> None:
    none_of(
        [
            f"{source.name}:{function.lineno} {function.name}: give the refs of what it wrote ({' | '.join(RESULTS)})"
            for source, function in public()
            if appends(source, function) and (function.returns is None or ast.unparse(function.returns) not in RESULTS)
        ]
    )


def test_actions_know_no_request_and_no_form() -> None:
    none_of(
        [
            f"{source.name}:{line} imports {name}: actions take plain values"
            for domain in domains()
            for source in layer(domain, "actions")
            for line, name in source.imports()
            if name.startswith(("django.http", "django.forms", "django.shortcuts"))
        ]
    )


def test_each_key_verb_for_heads_has_one_caller() -> None:
    none_of(
        [
            f"{source.name}:{node.lineno} calls {name}: only {caller} does"
            for source in sources()
            for node in source.nodes
            if isinstance(node, ast.Call)
            for name, caller in SIGNERS.items()
            if called(node).split(".")[-1] == name and source.module != caller
        ]
    )
