"""`accordant serve DIR`: run a node until it is interrupted."""

import argparse
import os

from accordant.node.cli import holding
from accordant.node.cli.command import Answer, open_node
from accordant.node.cli.words import gettext


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("directory", metavar="DIR", help=gettext("the node's directory"))
    parser.add_argument(
        "--ready-fd", type=int, default=-1, help=gettext("file descriptor that gets one line once both ports answer")
    )


def run(chosen: argparse.Namespace) -> Answer:
    """Open the node and serve it."""
    settings = open_node(chosen.directory)
    from accordant.node.cli.serve import diagnostics, faults, running, upkeep  # noqa: PLC0415  # after Django is set up

    def ready() -> None:
        if chosen.ready_fd >= 0:
            os.write(chosen.ready_fd, b"ready\n")
            os.close(chosen.ready_fd)
        else:
            print(f"{settings.pages_url}  {settings.agency}", flush=True)

    with holding.held(settings.directory):
        diagnostics.install()
        faults.end_when_not_flushed()
        upkeep.before_serving()
        running.Node.of(settings).run(ready)
    return Answer()
