"""The demo's directory: ports, the password, and the mark that tells a finished demo from anything else."""

import json
import secrets
import socket
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from accordant.entries.errors import Refusal, Refused, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.entries.wordlist import WORDS
from accordant.node.demo.cast import DemoAgency, agencies

MARK: Final = "demo.json"
PASSWORD: Final = "password"  # noqa: S105  # the name of the file that holds it
HOST: Final = "127.0.0.1"
FIRST_PAGES_PORT: Final = 8001
FIRST_NODE_PORT: Final = 8441
PASSWORD_WORDS: Final = 5


@dataclass(frozen=True)
class Place:
    """Where an agency's node stands and answers."""

    agency: DemoAgency
    directory: Path
    pages_port: int
    node_port: int

    @property
    def url(self) -> str:
        """The address of its pages; a name, as browsers keep what passkeys need by names."""
        return f"http://localhost:{self.pages_port}/"


def is_finished(directory: Path) -> bool:
    """Whether a finished demo stands here; raises `Refused` when anything else does."""
    if (directory / MARK).is_file():
        return True
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise Refused([_taken(str(directory))])
    return False


def lay_out(directory: Path, *, usual: bool = True) -> list[Place]:
    """A place for each agency, on the usual ports where they are wanted and free, else on any that are free."""
    count = len(agencies())
    known = [*range(FIRST_PAGES_PORT, FIRST_PAGES_PORT + count), *range(FIRST_NODE_PORT, FIRST_NODE_PORT + count)]
    ports = (_bound(known) if usual else []) or _bound([0] * 2 * count)
    return [
        Place(agency, directory / agency.folder, pages_port, node_port)
        for agency, pages_port, node_port in zip(agencies(), ports[:count], ports[count:], strict=True)
    ]


def write_password(directory: Path) -> Path:
    """A file with a fresh password, readable by its owner alone."""
    path = directory / PASSWORD
    path.touch(mode=0o600)
    path.write_text("-".join(secrets.choice(WORDS) for _place in range(PASSWORD_WORDS)) + "\n", encoding="utf-8")
    return path


def finish(directory: Path, places: list[Place], outcome: dict[str, Any]) -> None:
    """Leave the mark: from now on the demo is served, not made."""
    ports = {place.agency.folder: [place.pages_port, place.node_port] for place in places}
    mark = {"ports": ports, "outcome": outcome}
    (directory / MARK).write_text(json.dumps(mark, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def finished(directory: Path) -> tuple[list[Place], dict[str, Any]]:
    """The places and the outcome of a finished demo; raises `Refused` when one of its ports is in use."""
    mark = json.loads((directory / MARK).read_text(encoding="utf-8"))
    places = [Place(agency, directory / agency.folder, *mark["ports"][agency.folder]) for agency in agencies()]
    for port in (port for place in places for port in (place.pages_port, place.node_port)):
        if not _bound([port]):
            raise Refused([_port_taken(port, str(directory))])
    return places, mark["outcome"]


def _bound(ports: list[int]) -> list[int]:
    """These ports, 0 meaning any free one, if all can be had at the same time; else none."""
    with ExitStack() as held:
        found = []
        for port in ports:
            listening = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listening.bind((HOST, port))
                listening.listen(1)
            except OSError:
                return []
            found.append(int(listening.getsockname()[1]))
        return found


def _taken(directory: str) -> Refusal:
    return refusal(
        "demo-taken",
        _("The demo was not started."),
        _("{directory} holds files that are no finished demo; they were left as they are."),
        _("Name another directory with --dir, or remove this one."),
        directory=directory,
    )


def _port_taken(port: int, directory: str) -> Refusal:
    return refusal(
        "demo-port-in-use",
        _("The demo was not started."),
        _("Port {port} is in use, perhaps because this demo runs already."),
        _("Stop the program that uses it, or change the ports in the node.toml files and demo.json of {directory}."),
        port=port,
        directory=directory,
    )
