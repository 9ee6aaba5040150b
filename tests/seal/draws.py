"""Fixed bytes where sealing draws chance, so that what it writes can be compared."""

from collections.abc import Callable
from hashlib import shake_256


def fixed_draw(seed: str) -> Callable[[int], bytes]:
    """Give a source of bytes that says the same for the same seed: SHAKE-256 of it, read on and on."""
    position = 0

    def draw(count: int) -> bytes:
        nonlocal position
        drawn = shake_256(seed.encode()).digest(position + count)[position:]
        position += count
        return drawn

    return draw
