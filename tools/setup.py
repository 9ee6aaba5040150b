"""Makes `.venv` with the locked packages, this project in it, and the compiled translations.

`python3 tools/setup.py run` takes requirements/run.txt, `dev` takes requirements/dev.txt. Only the standard library
is used, as nothing else is there yet. Packages are built ones with known hashes; nothing is compiled here. A stamp
inside `.venv` makes a second call instant. A folder `wheels/` beside this project replaces the package index.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import catalogue  # noqa: E402 - the project's root has to be on the path first

ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "accordant-setup.json"
SOURCES = ROOT / "src" / "accordant"
SETS = ("run", "dev")
OLDEST = (3, 11)


class SetupFailed(Exception):
    """The set-up cannot go on; the text is what the person reads."""


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def environment_python() -> Path:
    return ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def call(*command: object) -> None:
    """Runs a program quietly; raises SetupFailed with its last lines."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError as error:
        raise SetupFailed(f"{words[0]}: {error}") from error
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-8:]
        raise SetupFailed(f"{' '.join(words[:4])} … ended with {done.returncode}:\n  " + "\n  ".join(said))


def works(python: Path) -> bool:
    if not python.exists():
        return False
    check = f"import sys; raise SystemExit(sys.version_info[:2] != {sys.version_info[:2]!r})"
    try:
        return subprocess.run([str(python), "-c", check], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def index_options() -> list[str]:
    wheels = ROOT / "wheels"
    return ["--no-index", "--find-links", str(wheels)] if wheels.is_dir() else []


def install(installer: list[object], lock: Path) -> None:
    call(*installer, *index_options(), "--only-binary", ":all:", "--require-hashes", "-r", lock)
    call(*installer, "--no-deps", "--no-build-isolation", "-e", ROOT)
    call(environment_python(), "-m", "compileall", "-q", SOURCES)


def fresh(*maker: object) -> None:
    """Runs the program that makes the environment, unless one stands there that works; leaves no half-made one."""
    if works(environment_python()):
        return
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    try:
        call(*maker)
    except SetupFailed:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        raise


def by_uv(lock: Path) -> None:
    uv = shutil.which("uv")
    if uv is None:
        raise SetupFailed("uv is not installed")
    fresh(uv, "venv", "--quiet", "--python", sys.executable, ENVIRONMENT)
    # Compiled once here, as pip does, or else each of the demo's first processes would compile what it loads.
    install([uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", environment_python()], lock)


def by_venv(lock: Path) -> None:
    fresh(sys.executable, "-m", "venv", ENVIRONMENT)
    python = environment_python()
    try:
        call(python, "-m", "pip", "--version")
    except SetupFailed:
        call(python, "-m", "ensurepip")
    install([python, "-m", "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check"], lock)


def by_system_pip(lock: Path) -> None:
    call(sys.executable, "-m", "pip", "--version")
    fresh(sys.executable, "-m", "venv", "--without-pip", ENVIRONMENT)
    python = environment_python()
    pip: list[object] = [sys.executable, "-m", "pip", "--python", python]
    install([*pip, "install", "--quiet", "--no-compile", "--disable-pip-version-check"], lock)


MEANS: tuple[tuple[str, Callable[[Path], None]], ...] = (
    ("uv", by_uv),
    ("python3 -m venv", by_venv),
    ("python3 -m venv --without-pip with the system's pip", by_system_pip),
)


def install_packages(wanted: str) -> None:
    """Installs the set by the first means that works; raises SetupFailed with the reason of each that did not."""
    lock = ROOT / "requirements" / f"{wanted}.txt"
    reasons = []
    for name, means in MEANS:
        try:
            means(lock)
        except SetupFailed as failure:
            reasons.append(f"- {name}: {failure}")
        else:
            return
    raise SetupFailed(
        "No way to install the packages worked. Install python3-venv (apt-get install python3-venv) or uv, or see to "
        "the network, then run the same command again.\n" + "\n".join(reasons)
    )


def packages_stamp(name: str) -> dict[str, str]:
    """What a set of packages depends on: interpreter, place, lock and the project's own description."""
    return {
        "set": name,
        "python": sys.version,
        "place": str(ROOT),
        "lock": digest(ROOT / "requirements" / f"{name}.txt"),
        "project": digest(ROOT / "pyproject.toml"),
    }


def translations_stamp() -> dict[str, str]:
    return {str(path.relative_to(ROOT)): digest(path) for path in catalogue.catalogues(SOURCES)}


def read_stamp() -> dict[str, object]:
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def installed_set(stamp: dict[str, object], wanted: str) -> str | None:
    """The set that stands in the environment and holds all that is wanted, or None; dev holds all of run."""
    for name in SETS[SETS.index(wanted) :]:
        if stamp.get("packages") == packages_stamp(name) and environment_python().exists():
            return name
    return None


def set_up(wanted: str) -> None:
    stamp = read_stamp()
    present = installed_set(stamp, wanted)
    if present is None:
        started = time.monotonic()
        STAMP.unlink(missing_ok=True)
        sys.stderr.write(f"Setting up .venv ({wanted} packages); this takes half a minute or so the first time.\n")
        install_packages(wanted)
        sys.stderr.write(f"Packages are in place ({time.monotonic() - started:.0f} s).\n")
        present = wanted
    translations = translations_stamp()
    complete = all((ROOT / name).with_suffix(".mo").is_file() for name in translations)
    if stamp.get("translations") != translations or not complete:
        catalogue.compile_all(SOURCES)
    now = {"packages": packages_stamp(present), "translations": translations}
    if now != stamp:
        STAMP.write_text(json.dumps(now, indent=1), encoding="utf-8")


def main(arguments: list[str]) -> int:
    if sys.version_info < OLDEST:
        sys.stderr.write("Accordant needs Python 3.11 or newer; name one: make setup PYTHON=python3.12\n")
        return 1
    wanted = arguments[0] if arguments else "run"
    if len(arguments) > 1 or wanted not in SETS:
        sys.stderr.write("Use: python3 tools/setup.py [run|dev]\n")
        return 2
    try:
        set_up(wanted)
    except (SetupFailed, catalogue.BadCatalogue) as failure:
        sys.stderr.write(f"The set-up stopped. {failure}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
