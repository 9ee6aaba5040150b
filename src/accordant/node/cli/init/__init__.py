"""`accordant init DIR`: keys, settings, database, certificate and private circle of a new node; all or nothing."""

import argparse
import json
import os
import secrets
import shutil
from pathlib import Path
from typing import Any

from accordant.entries.errors import Misconfigured, Refusal, Refused, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.entries.names import is_agency_id
from accordant.node.cli import storage
from accordant.node.cli.command import Answer
from accordant.node.cli.words import gettext


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "directory", metavar="DIR", help=gettext("the new node's directory; must not exist or be empty")
    )
    parser.add_argument(
        "--agency", required=True, help=gettext("the agency's id, a lower-case domain name: guard.example")
    )
    parser.add_argument("--name", required=True, help=gettext("the agency's name in Vietnamese"))
    parser.add_argument("--name-en", default="", help=gettext("its name in English"))
    parser.add_argument(
        "--host", default="127.0.0.1", help=gettext("address to listen on (default: this machine only)")
    )
    parser.add_argument("--pages-port", type=int, default=8001)
    parser.add_argument("--node-port", type=int, default=8441)
    parser.add_argument("--http", action="store_true", help=gettext("node interface by plain HTTP; on loopback only"))
    parser.add_argument(
        "--demo", action="store_true", help=gettext("say on every page that this node is a worked example")
    )
    parser.add_argument("--ceiling", type=int, default=0, choices=range(4), help=gettext("highest marking held here"))


def run(chosen: argparse.Namespace) -> Answer:
    """Create the node beside and move it into place."""
    return create(
        Path(chosen.directory),
        agency=chosen.agency,
        name_vi=chosen.name,
        name_en=chosen.name_en or chosen.name,
        host=chosen.host,
        ports=(chosen.pages_port, chosen.node_port),
        tls=not chosen.http,
        ceiling=chosen.ceiling,
        demo=chosen.demo,
    )


def create(
    directory: Path,
    *,
    agency: str,
    name_vi: str,
    name_en: str,
    host: str,
    ports: tuple[int, int],
    tls: bool,
    ceiling: int,
    demo: bool,
) -> Answer:
    """Create a node; raises `Refused` when the directory is taken or a value is wrong, and leaves nothing then."""
    _check(directory, agency)
    from accordant.node import configuration  # noqa: PLC0415  # after the cheap checks

    beside = directory.parent / f".{directory.name}.new-{secrets.token_hex(4)}"
    beside.mkdir(mode=0o700, parents=True)
    try:
        settings = configuration.Configuration(
            directory=beside,
            agency=agency,
            name_vi=name_vi,
            name_en=name_en,
            host=host,
            pages_port=ports[0],
            node_port=ports[1],
            tls=tls,
            ceiling=ceiling,
            demo=demo,
            secret_key=secrets.token_urlsafe(48),
        )
        _write(settings)
        fingerprint = _fill(settings)
        if directory.is_dir():
            directory.rmdir()
        beside.rename(directory)
    except storage.errors() as error:
        raise Refused([_disk(str(directory), storage.why(error))]) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    text = f"{directory}: {agency}\n{fingerprint['digits']}\n{fingerprint['words']}"
    return Answer(text, {"directory": str(directory), "agency": agency, "fingerprint": fingerprint})


def _check(directory: Path, agency: str) -> None:
    if not is_agency_id(agency):
        raise Misconfigured([_bad_agency(agency)])
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise Refused([_taken(str(directory))])


def _write(settings: Any) -> None:
    """Write `node.toml` with mode 0600; the directory must exist."""
    from accordant.node import configuration  # noqa: PLC0415  # after the cheap checks

    lines = [f"{key} = {json.dumps(getattr(settings, key), ensure_ascii=False)}" for key in configuration.SETTINGS]
    path = settings.directory / configuration.FILE_NAME
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def _fill(settings: Any) -> dict[str, str]:
    from accordant.accounts import keys  # noqa: PLC0415  # heavy: only once the checks are passed
    from accordant.node.cli.command import open_node  # noqa: PLC0415  # as above
    from accordant.node.cli.init import certificate  # noqa: PLC0415  # as above

    keys.Keyring.create(settings.keys, settings.agency)
    certificate.create(settings.keys, settings.agency)
    os.close(os.open(settings.database, os.O_CREAT | os.O_WRONLY, 0o600))
    open_node(str(settings.directory))
    from django.core.management import call_command  # noqa: PLC0415  # after Django is set up
    from django.db import connections  # noqa: PLC0415  # as above

    from accordant.entries import cards  # noqa: PLC0415  # as above
    from accordant.node.cli.init import founding  # noqa: PLC0415  # as above

    call_command("migrate", run_syncdb=True, verbosity=0)
    card = founding.found(settings)
    connections.close_all()
    mark = cards.fingerprint(card.card.root)
    return {"digits": cards.fingerprint_digits(mark), "words": cards.fingerprint_words(mark)}


def _bad_agency(agency: str) -> Refusal:
    return refusal(
        "bad-agency",
        _("The node was not created."),
        _("{agency} is no agency id."),
        _("Use a lower-case domain name of two or more parts, such as guard.example."),
        agency=agency,
    )


def _taken(directory: str) -> Refusal:
    return refusal(
        "directory-taken",
        _("The node was not created."),
        _("{directory} already holds a node or other files; they were left as they are."),
        _("Name another directory, or serve the node that is there: accordant serve {directory}"),
        directory=directory,
    )


def _disk(directory: str, why: str) -> Refusal:
    return refusal(
        "disk",
        _("The node was not created and nothing was left behind."),
        _("{directory} cannot be written: {why}."),
        _("Free space or choose another directory, then try again."),
        directory=directory,
        why=why,
    )
