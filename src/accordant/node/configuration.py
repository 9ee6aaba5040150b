"""The file `node.toml` of a data directory: read and checked (`accordant init` writes it).

A missing or wrong value refuses to start and names key, value, expected form and repair (style habit 17).
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

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


@dataclass(frozen=True)
class Setting:
    """What one key of the file holds: its type, what it says, whether it may be left out."""

    type: type
    what: str
    needed: bool = True


SETTINGS: Final = {
    "agency": Setting(str, "id of the agency whose node this is: a lower-case domain name"),
    "name_vi": Setting(str, "the agency's name in Vietnamese, as its first card says it"),
    "name_en": Setting(str, "the agency's name in English, as its first card says it"),
    "host": Setting(str, "address that both servers listen on"),
    "pages_port": Setting(int, "TCP port of the pages"),
    "node_port": Setting(int, "TCP port of the node interface"),
    "tls": Setting(bool, "whether the node interface speaks TLS; false on loopback alone"),
    "ceiling": Setting(int, "highest secrecy marking that may be held here, 0 to 3"),
    "demo": Setting(bool, "whether every page says that this is a worked example"),
    "secret_key": Setting(str, "secret that signs sessions and forms; made by init"),
    "time_zone": Setting(str, "zone of the days and times on pages, an IANA name", needed=False),
    "language": Setting(str, "language before sign-in, vi or en", needed=False),
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
        if key not in SETTINGS:
            raise Misconfigured([_bad(path, key, str(value), ", ".join(sorted(SETTINGS)))])
        if type(value) is not SETTINGS[key].type:
            raise Misconfigured([_bad(path, key, str(value), SETTINGS[key].type.__name__)])
    for key, setting in SETTINGS.items():
        if setting.needed and key not in values:
            raise Misconfigured([_bad(path, key, "", setting.what)])
    found = Configuration(directory=directory, **values)
    _check(found, path)
    return found


def _check(found: Configuration, path: Path) -> None:
    """Raise `Misconfigured` at the first value that no node can start with."""
    local = found.host in ("127.0.0.1", "::1", "localhost")
    checks = (
        ("agency", names.is_agency_id(found.agency), "guard.example"),
        ("pages_port", 0 < found.pages_port < 65536, "1 to 65535"),
        ("node_port", 0 < found.node_port < 65536 and found.node_port != found.pages_port, "another port, 1 to 65535"),
        ("tls", found.tls or local, "true, as the node listens beyond this machine"),
        ("ceiling", 0 <= found.ceiling <= 3, "0 to 3"),
        ("secret_key", len(found.secret_key) >= 40, "40 characters or more, as init makes it"),
        ("time_zone", _is_zone(found.time_zone), "Asia/Ho_Chi_Minh"),
        ("language", found.language in ("vi", "en"), "vi or en"),
    )
    for key, holds, expected in checks:
        if not holds:
            raise Misconfigured([_bad(path, key, "…" if key == "secret_key" else str(getattr(found, key)), expected)])


def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name).key)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


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
