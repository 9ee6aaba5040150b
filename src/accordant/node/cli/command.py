"""What a command is, and the list of them; modules load when their command runs, so that `--help` is quick."""

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final


MACHINE: Final = argparse.ArgumentParser(add_help=False)
MACHINE.add_argument(
    "--json", action="store_true", default=argparse.SUPPRESS, help="end with one JSON object for machines"
)


@dataclass(frozen=True)
class Answer:
    """What a command leaves: text for people, an object for machines, the exit code."""

    text: str = ""
    json: dict[str, Any] | None = None
    code: int = 0


@dataclass(frozen=True)
class Command:
    """A command: its words, one line of help, the module with `arguments(parser)` and `run(chosen) -> Answer`."""

    name: str
    help: str
    module: str
    example: str

    def add_to(self, commands: Any) -> None:
        """Register with argparse; the module is imported only when this command was named."""
        parser = commands.add_parser(
            self.name,
            help=self.help,
            description=self.help,
            epilog=f"Example: {self.example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            parents=[MACHINE],
        )
        import_module(f"accordant.node.cli.{self.module}").arguments(parser)


COMMANDS: Final = (
    Command("init", "create a node in a new directory", "init",
            'accordant init guard --agency guard.example --name "Bộ Tư lệnh" --pages-port 8001 --node-port 8441'),
    Command("serve", "run a node: pages, node interface, exchange", "serve", "accordant serve guard"),
    Command("demo", "create and serve three agencies with five years of work", "demo", "accordant demo --dir demo"),
    Command("card", "print this agency's card, or its fingerprint", "card", "accordant card guard --fingerprint"),
    Command("peer", "accept, confirm, list or stop peers", "peer",
            "accordant peer confirm guard police.example --fingerprint '62623 32819 …' --how voice --channel 'phone'"),
    Command("circle", "open, join, decline or list circles", "circle", "accordant circle join police qc-28-2019-d7d7…"),
    Command("officer", "add officers, define offices, grant roles", "officer",
            "accordant officer add guard --sign-in liaison --name 'Cán bộ đầu mối'"),
    Command("regulation", "parse, import, confirm or sign a regulation text", "regulation",
            "accordant regulation parse 63-2025.txt --json"),
    Command("import", "import a table of facts", "imports", "accordant import guard activities activities.csv"),
    Command("review", "open a review, state figures, write the report", "review", "accordant review show guard"),
    Command("verify", "re-derive every hash, root, signature and reference", "verify", "accordant verify guard"),
    Command("rebuild", "rebuild all projections from the logs, or compare", "rebuild", "accordant rebuild guard --check"),
    Command("bench", "measure this machine and this program", "bench", "accordant bench exchange --entries 2000"),
)


def open_node(directory: str) -> Any:
    """Set Django up for the node in a directory and open its keys; gives the `Configuration`. Raises `Misconfigured`."""
    from accordant.node import configuration  # noqa: PLC0415  # before Django's settings are read

    path = Path(directory)
    found = configuration.read(path)
    os.environ["ACCORDANT_DIR"] = str(path)
    set_up_django()
    from accordant.accounts import keys  # noqa: PLC0415  # after Django is set up

    keys.open_keyring(keys.Keyring(found.keys, found.agency))
    _wake_on_signing(path)
    return found


def set_up_django() -> None:
    """Load settings and applications once."""
    import django  # noqa: PLC0415  # commands without a node do not need it

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accordant.node.settings")
    django.setup()


def _wake_on_signing(directory: Path) -> None:
    from accordant.ledger import signing  # noqa: PLC0415  # after Django is set up
    from accordant.node import wakeup  # noqa: PLC0415  # as above

    signing.SIGNED.append(lambda origin, size: wakeup.send(directory))


