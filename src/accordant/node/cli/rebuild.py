"""`accordant rebuild DIR [--check]`: projections from the logs, in place or compared.

In place it is one write transaction over the whole replay, for which a serving node would have to wait: it is refused.
"""

import argparse

from accordant.node import clock
from accordant.node.cli import holding
from accordant.node.cli.command import Answer, open_node
from accordant.node.cli.progress import bar
from accordant.node.cli.words import gettext


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("directory", metavar="DIR", help=gettext("the node's directory"))
    parser.add_argument("--check", action="store_true", help=gettext("rebuild beside and compare; change nothing"))


def run(chosen: argparse.Namespace) -> Answer:
    """Rebuild or compare; exit 1 naming the tables when a comparison finds a difference."""
    settings = open_node(chosen.directory)
    from accordant.ledger import replay  # noqa: PLC0415  # after Django is set up
    from accordant.ledger.models import Entry  # noqa: PLC0415  # as above

    started = clock.monotonic()
    progress = bar(gettext("rebuild"), Entry.objects.count())
    if chosen.check:
        result = replay.check(progress=progress)
    else:
        with holding.held(settings.directory):
            result = replay.rebuild(progress=progress)
    seconds = round(clock.monotonic() - started, 3)
    answer = {"equal": result.equal, "entries": result.entries, "seconds": seconds}
    if result.equal:
        return Answer(
            gettext("{count} entries, {seconds} s: equal").format(count=f"{result.entries:,}", seconds=seconds), answer
        )
    return Answer(
        gettext("different: {names}").format(names=", ".join(result.different)),
        {**answer, "different": result.different},
        1,
    )
