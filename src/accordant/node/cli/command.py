"""What each command shares: its answer, the `--json` option, opening a node."""

import argparse
import gc
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from accordant.node.cli.words import gettext, speak

speak()  # before the first parser is made: titles of its groups are words too
MACHINE: Final = argparse.ArgumentParser(add_help=False)
MACHINE.add_argument(
    "--json", action="store_true", default=argparse.SUPPRESS, help=gettext("end with one JSON object for machines")
)


@dataclass(frozen=True)
class Answer:
    """What a command leaves: text for people, an object for machines, the exit code."""

    text: str = ""
    json: dict[str, Any] | None = None
    code: int = 0


def open_node(directory: str) -> Any:
    """Set Django up for the node in a directory and open its keys; gives its settings. Raises `Misconfigured`."""
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
    # What was loaded stays: the collector need not look at it again and again.
    gc.freeze()


def _wake_on_signing(directory: Path) -> None:
    from accordant.ledger import signing  # noqa: PLC0415  # after Django is set up
    from accordant.node.cli import wakeup  # noqa: PLC0415  # as above

    signing.SIGNED.append(lambda origin, size: wakeup.send(directory))
