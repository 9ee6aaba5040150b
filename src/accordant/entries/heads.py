"""Logs at certain sizes, as a cutoff or the closing of a circle names them (wire paper 5).

Rules kept here: their digest. Left to others: which logs must stand there, and whether they are held.
"""

import hashlib
from collections.abc import Iterable
from typing import Protocol

from accordant.entries import codec


class LogHead(Protocol):
    """A log's origin, size, and root in hex."""

    @property
    def log(self) -> str:
        """Origin."""

    @property
    def size(self) -> int:
        """Number of entries."""

    @property
    def root(self) -> str:
        """Root of their tree, hex."""


def heads_digest(heads: Iterable[LogHead]) -> str:
    """Hex SHA-256 of the CJ array of {log, root, size} sorted by log."""
    plain = [{"log": head.log, "root": head.root, "size": head.size} for head in sorted(heads, key=lambda h: h.log)]
    return hashlib.sha256(codec.encode(plain)).hexdigest()
