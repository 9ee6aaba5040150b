"""The record that a floor file keeps: two slots, each the newest (size, root) signed, with a checksum.

Rules kept here: a new head goes into the older slot, so that a torn write leaves the other; a slot whose checksum does
not hold counts for nothing. Left to others: reading, flushing, locking (`keys`).
"""

import hashlib
import struct
from dataclasses import dataclass
from typing import Final

from accordant.entries.errors import Refusal, Refused, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.tlog import merkle

SLOT: Final = 128
_FORM: Final = struct.Struct(">Q32s32s")  # size, root, checksum over origin, verb, size and root


@dataclass(frozen=True)
class Head:
    """A log's size and root."""

    size: int
    root: bytes


def record(head: Head, mark: bytes) -> bytes:
    """A slot's bytes; `mark` names verb and log."""
    return _FORM.pack(head.size, head.root, _checksum(head, mark)).ljust(SLOT, b"\x00")


def _checksum(head: Head, mark: bytes) -> bytes:
    return hashlib.sha256(mark + struct.pack(">Q", head.size) + head.root).digest()


def _slots(data: bytes, mark: bytes) -> list[Head | None]:
    slots: list[Head | None] = []
    for start in (0, SLOT):
        size, root, checksum = _FORM.unpack_from(data.ljust(2 * SLOT, b"\x00"), start)
        head = Head(size, root)
        slots.append(head if checksum == _checksum(head, mark) else None)
    return slots


def newest(data: bytes, mark: bytes) -> Head:
    """The larger head of both slots, size 0 where nothing was kept; raises `Refused` when neither slot is whole."""
    good = [head for head in _slots(data, mark) if head is not None]
    if not good:
        if any(data):
            raise Refused([_damaged()])
        return Head(0, merkle.EMPTY_ROOT)
    return max(good, key=lambda head: head.size)


def older_slot(data: bytes, mark: bytes) -> int:
    """The slot, 0 or 1, that the next head goes into."""
    sizes = [-1 if head is None else head.size for head in _slots(data, mark)]
    return sizes.index(min(sizes))


def _damaged() -> Refusal:
    return refusal(
        "floor-damaged",
        _("Nothing was signed."),
        _("The file that keeps the newest signed size is damaged."),
        _("Restore the keys folder from the backup and run accordant verify."),
    )
