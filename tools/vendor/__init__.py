"""Front-end parts of other projects: fetched by their lock, built, and listed with licence and hashes.

`make vendor` writes `src/accordant/pages/static/vendor/`, which is committed: only maintainers need npm.
`MANIFEST.toml` there names each part's version, licence and tarball, and the SHA-256 of every file.
"""

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "tools" / "vendor"
TARGET = ROOT / "src" / "accordant" / "pages" / "static" / "vendor"
MANIFEST = TARGET / "MANIFEST.toml"


@dataclass(frozen=True)
class Part:
    """One project: its folder in TARGET, its package, the file that holds its licence."""

    folder: str
    package: str
    licence: str
    licence_source: str


PARTS = (
    Part("govuk", "govuk-frontend", "MIT", "licences/govuk-frontend.txt"),
    Part("htmx", "htmx.org", "0BSD", "node_modules/htmx.org/LICENSE"),
    Part("moj", "@ministryofjustice/frontend", "MIT", "licences/moj-frontend.txt"),
    Part("plex", "@fontsource/ibm-plex-sans", "OFL-1.1", "node_modules/@fontsource/ibm-plex-sans/LICENSE"),
)
LICENCE_FILE = "LICENCE.txt"


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder, by its path from TARGET."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(TARGET).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def manifest() -> list[dict[str, Any]]:
    """The parts as the committed manifest lists them."""
    parts: list[dict[str, Any]] = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))["part"]
    return parts
