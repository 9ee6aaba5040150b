"""The file `node.toml` of a data directory: read, check, write.

A missing or wrong value refuses to start and names key, value, expected form and repair (style habit 17).
"""

import json
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from accordant.entries import names
from accordant.entries.errors import Misconfigured, Refusal, refusal
from accordant.entries.kinds import gettext_noop as _

FILE_NAME: Final = "node.toml"


@dataclass(frozen=True)
class Configuration:
    """One node's settings. Ports are TCP ports on `host`; `secret_key` signs sessions and forms."""

    directory: Path
    agency: str
    name_vi: str
    name_en: str
    host: str
    pages_port: int
    node_port: int
    tls: bool
    ceiling: int
    demo: bool
    secret_key: str
    time_zone: str = "Asia/Ho_Chi_Minh"
    language: str = "vi"

    @property
    def node_url(self) -> str:
        """The address of the node interface, as the card names it."""
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.node_port}"

    @property
    def loopback(self) -> bool:
        """Whether the node listens on this machine alone."""
        return self.host in ("127.0.0.1", "::1", "localhost")

    @property
    def pages_url(self) -> str:
        """The address of the pages: plain HTTP on this machine alone, else TLS with the node's own certificate."""
        return f"{'http' if self.loopback else 'https'}://{self.host}:{self.pages_port}/"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.directory / "node.sqlite3"

    @property
    def keys(self) -> Path:
        """The folder of private keys."""
        return self.directory / "keys"


_TYPES: Final = {
    "agency": str,
    "name_vi": str,
    "name_en": str,
    "host": str,
    "pages_port": int,
    "node_port": int,
    "tls": bool,
    "ceiling": int,
    "demo": bool,
    "secret_key": str,
    "time_zone": str,
    "language": str,
}


def read(directory: Path) -> Configuration:
    """The configuration of a node's directory; raises `Misconfigured`."""
    path = directory / FILE_NAME
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Misconfigured([_no_node(directory)]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misconfigured([_bad(path, "-", str(error), "TOML")]) from error
    for key, value in values.items():
        if key not in _TYPES:
            raise Misconfigured([_bad(path, key, str(value), ", ".join(sorted(_TYPES)))])
        if type(value) is not _TYPES[key]:
            raise Misconfigured([_bad(path, key, str(value), _TYPES[key].__name__)])
    missing = _TYPES.keys() - values.keys() - {"time_zone", "language"}
    if missing:
        raise Misconfigured([_bad(path, min(missing), "", "a value")])
    if not names.is_agency_id(values["agency"]):
        raise Misconfigured([_bad(path, "agency", values["agency"], "guard.example")])
    return Configuration(directory=directory, **values)


def write(configuration: Configuration) -> None:
    """Write `node.toml` with mode 0600; the directory must exist."""
    lines = [f"{key} = {json.dumps(getattr(configuration, key), ensure_ascii=False)}" for key in _TYPES]
    path = configuration.directory / FILE_NAME
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def _no_node(directory: Path) -> Refusal:
    return refusal(
        "no-node",
        _("Nothing was done."),
        _("The directory {directory} holds no node: its node.toml is missing."),
        _("Name a node's directory, or create one with: accordant init {directory} --agency ID --name NAME"),
        directory=str(directory),
    )


def _bad(path: Path, key: str, value: str, expected: str) -> Refusal:
    return refusal(
        "bad-setting",
        _("The node was not started."),
        _("In {path} the setting {key} has the value {value}."),
        _("Give it a value of this form: {expected}"),
        path=str(path),
        key=key,
        value=value or "(none)",
        expected=expected,
    )
