"""The list of commands. Their modules load Django only when they run, so that `--help` is quick."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from accordant.entries.kinds import gettext_noop as _
from accordant.node.cli import (
    bench,
    card,
    circle,
    demo,
    imports,
    init,
    officer,
    peer,
    rebuild,
    regulation,
    review,
    serve,
    verify,
)
from accordant.node.cli.command import MACHINE, Answer
from accordant.node.cli.words import gettext


@dataclass(frozen=True)
class Command:
    """A command: its word, one line of help, what it takes, what it does, an example."""

    name: str
    help: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], Answer]
    example: str

    def add_to(self, commands: Any) -> None:
        """Register with argparse."""
        parser = commands.add_parser(
            self.name,
            help=gettext(self.help),
            description=gettext(self.help),
            epilog=gettext("Example: {command}").format(command=self.example),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            parents=[MACHINE],
        )
        self.arguments(parser)
        parser.set_defaults(run=self.run)


COMMANDS: Final = (
    Command(
        "init",
        _("create a node in a new directory"),
        init.arguments,
        init.run,
        "accordant init guard --agency guard.example --name NAME --pages-port 8001 --node-port 8441",
    ),
    Command(
        "serve", _("run a node: pages, node interface, exchange"), serve.arguments, serve.run, "accordant serve guard"
    ),
    Command(
        "demo",
        _("create and serve three agencies with five years of work"),
        demo.arguments,
        demo.run,
        "accordant demo --dir demo",
    ),
    Command(
        "card",
        _("print this agency's card, or its fingerprint"),
        card.arguments,
        card.run,
        "accordant card guard --fingerprint",
    ),
    Command(
        "peer",
        _("accept, confirm, list or stop peers"),
        peer.arguments,
        peer.run,
        "accordant peer add guard police.card --as canhve.quantri",
    ),
    Command(
        "circle",
        _("open, join, decline or list circles"),
        circle.arguments,
        circle.run,
        "accordant circle list guard",
    ),
    Command(
        "officer",
        _("add officers, define offices, grant roles"),
        officer.arguments,
        officer.run,
        "accordant officer add guard --sign-in liaison --name NAME",
    ),
    Command(
        "regulation",
        _("parse, import, confirm or sign a regulation text"),
        regulation.arguments,
        regulation.run,
        "accordant regulation parse 63-2025.txt --json",
    ),
    Command(
        "import",
        _("import a table of facts"),
        imports.arguments,
        imports.run,
        "accordant import guard activities activities.csv --circle CIRCLE --as canhve.lienlac",
    ),
    Command(
        "review",
        _("open a review, propose its cutoff, show its state"),
        review.arguments,
        review.run,
        "accordant review show guard",
    ),
    Command(
        "verify",
        _("re-derive every hash, root, signature and reference"),
        verify.arguments,
        verify.run,
        "accordant verify guard --json",
    ),
    Command(
        "rebuild",
        _("rebuild all projections from the logs, or compare"),
        rebuild.arguments,
        rebuild.run,
        "accordant rebuild guard --check",
    ),
    Command(
        "bench",
        _("measure this machine and this program"),
        bench.arguments,
        bench.run,
        "accordant bench exchange --entries 2000 --json",
    ),
)
