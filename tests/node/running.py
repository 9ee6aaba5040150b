"""Real commands in processes of their own, and a finished small demo to try them on."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMMAND = [sys.executable, "-m", "accordant.node"]


@dataclass(frozen=True)
class Done:
    """How a command ended: exit code, what it said on both channels."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The object on its last line."""
        found: dict[str, Any] = json.loads(self.out.strip().splitlines()[-1])
        return found


def accordant(*words: object, limits: str = "") -> Done:
    """Run a command without a terminal and without settings of ours in the environment; `limits` are shell words."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("ACCORDANT_", "DJANGO_"))}
    command = [*COMMAND, *map(str, words)]
    if limits:
        command = ["/bin/bash", "-c", f'{limits}; exec "$@"', "limited", *command]
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=300
    )
    return Done(done.returncode, done.stdout, done.stderr)


@dataclass(frozen=True)
class SmallDemo:
    """A finished small demo that nobody serves, and what its command said at the end."""

    directory: Path
    answer: Done

    def copy(self, folder: Path, agency: str = "guard") -> Path:
        """A copy of one of its nodes, to change."""
        return Path(shutil.copytree(self.directory / agency, folder / agency))

    @property
    def circle(self) -> str:
        """The circle that all three share."""
        rows = accordant("circle", "list", self.directory / "guard", "--json").json["circles"]
        return str(next(row["circle"] for row in rows if row["sort"] == "main"))
