"""`accordant bench NAME`: runs a benchmark of the checkout this program was installed from."""

import argparse
import importlib.util
import subprocess
import sys
from pathlib import Path

from accordant.entries.errors import Refused, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.node.cli.command import Answer
from accordant.node.cli.words import gettext


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes; the rest goes to the benchmark."""
    parser.add_argument("name", metavar="NAME", help=gettext("exchange, pages, memory"))
    parser.add_argument(
        "rest", nargs=argparse.REMAINDER, help=gettext("arguments of the benchmark: --entries N --json")
    )


def run(chosen: argparse.Namespace) -> Answer:
    """Run the benchmark in a process of its own; its last line is its JSON object."""
    checkout = Path(__file__).resolve().parents[4]
    module = checkout / "benchmarks" / f"{chosen.name}.py"
    if not module.is_file() or importlib.util.find_spec("accordant") is None:
        raise Refused(
            [
                refusal(
                    "no-benchmark",
                    _("Nothing was measured."),
                    _("There is no benchmark {name} here: benchmarks run in a checkout of the source, not a wheel."),
                    _("Clone the source and run make setup, then this command again."),
                    name=chosen.name,
                )
            ]
        )
    command = [sys.executable, "-m", f"benchmarks.{chosen.name}", *chosen.rest]
    return Answer(code=subprocess.run(command, cwd=checkout, check=False).returncode)  # our own module
