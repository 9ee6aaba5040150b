"""The command line: `accordant COMMAND …`. Exit 0 done, 1 refused with a reason, 2 wrong use (design paper 6)."""

import argparse
import json
import sys
from collections.abc import Sequence

from accordant.entries.errors import AccordantError, Sentence
from accordant.node.cli import storage
from accordant.node.cli.command import Answer
from accordant.node.cli.registry import COMMANDS
from accordant.node.cli.words import gettext


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and print its answer; gives the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        answer = execute(words)
    except AccordantError as error:
        return _refused(error, as_json="--json" in words)
    except storage.errors() as error:
        return _refused(storage.refused(error), as_json="--json" in words)
    except KeyboardInterrupt:
        return 1
    if answer.json is not None and "--json" in words:
        print(json.dumps(answer.json, ensure_ascii=False), flush=True)
    elif answer.text:
        print(answer.text, flush=True)
    return answer.code


def execute(words: Sequence[str]) -> Answer:
    """Run one command; gives its answer, or raises what it raises; wrong use ends the process with 2."""
    parser = argparse.ArgumentParser(
        prog="accordant", description=gettext("Runs the coordination that agencies sign up to. Each command: --help.")
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_to(commands)
    chosen = parser.parse_args(words)
    answer: Answer = chosen.run(chosen)
    return answer


def _refused(error: AccordantError, *, as_json: bool) -> int:
    """Say each refusal as what happened, why, what to do."""
    from accordant.node.cli.language import say  # noqa: PLC0415  # translations load Django

    for refusal in error.refusals:
        sentences = [_say(say, s) for s in (refusal.message, refusal.reason, refusal.repair)]
        if as_json:
            keys = ("code", "message", "reason", "repair")
            print(json.dumps(dict(zip(keys, [refusal.code, *sentences], strict=True)), ensure_ascii=False), flush=True)
        else:
            print(" ".join(sentences), file=sys.stderr, flush=True)
    return 1


def _say(say: object, sentence: Sentence) -> str:
    return str(say(sentence)) if callable(say) else str(sentence)
