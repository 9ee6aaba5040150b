"""What this machine can do at all, measured in the same run: signatures, durable commits, rows."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from accordant.node.settings import SQLITE_PRAGMAS


def measure(folder: Path) -> dict[str, float]:
    """The limits by name; a few seconds."""
    key = Ed25519PrivateKey.generate()
    message = b"x" * 200
    signature = key.sign(message)
    public = key.public_key()
    return {
        "ed25519_sign_per_s": _per_second(lambda: key.sign(message), 4000),
        "ed25519_verify_per_s": _per_second(lambda: public.verify(signature, message), 2000),
        "sqlite_full_commits_per_s": _commits(folder / "commits.sqlite3", 3000),
        "sqlite_rows_per_s": _rows(folder / "rows.sqlite3", 100_000),
    }


def _per_second(work: Callable[[], object], times: int) -> float:
    started = time.perf_counter()
    for _ in range(times):
        work()
    return round(times / (time.perf_counter() - started))


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for name, value in SQLITE_PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")
    connection.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, data BLOB)")
    return connection


def _commits(path: Path, times: int) -> float:
    """Durable one-row commits of 1 KB."""
    connection = _open(path)
    row = (b"x" * 1000,)

    def one() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO entry (data) VALUES (?)", row)
        connection.execute("COMMIT")

    found = _per_second(one, times)
    connection.close()
    return found


def _rows(path: Path, rows: int) -> float:
    """Rows of 1 KB, 500 to a durable commit."""
    connection = _open(path)
    block = [(b"x" * 1000,)] * 500
    started = time.perf_counter()
    for _ in range(rows // 500):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO entry (data) VALUES (?)", block)
        connection.execute("COMMIT")
    found = round(rows / (time.perf_counter() - started))
    connection.close()
    return found
