"""Proof files (C2SP tlog-proof), the form of receipts: an entry's index, its inclusion proof, a cosigned checkpoint.

Rules kept here: the first line `c2sp.org/tlog-proof@v1`, `extra <base64>` if there is extra data, `index <decimal>`,
at most 63 hashes from leaf to root, an empty line, the checkpoint with its lines; at most 256 KiB, extra data at most
16 KiB. Left to others: that any of it holds (`receipt`).
"""

from dataclasses import dataclass
from typing import Final

from accordant.tlog import note, proof
from accordant.tlog.checkpoint import BadCheckpoint, Checkpoint
from accordant.tlog.merkle import HASH_SIZE
from accordant.tlog.spelling import decode_base64, decode_decimal, encode_base64

MAX_BYTES: Final = 256 * 1024
MAX_EXTRA_BYTES: Final = 16 * 1024
FIRST_LINE: Final = "c2sp.org/tlog-proof@v1"


class BadProofFile(ValueError):
    """Bytes that are no proof file within the limits."""


@dataclass(frozen=True, slots=True)
class ProofFile:
    """The parts of a proof file; `checkpoint` is a note whose text is a checkpoint, `extra` ours to fill (a header)."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: note.Note
    extra: bytes | None = None

    def __post_init__(self) -> None:
        try:
            size = Checkpoint.parse_text(self.checkpoint.text).size
        except BadCheckpoint as error:
            raise BadProofFile(str(error)) from error
        if not 0 <= self.index < size:
            raise BadProofFile(f"no leaf {self.index} at size {size}")
        if len(self.hashes) > proof.MAX_HASHES or any(len(value) != HASH_SIZE for value in self.hashes):
            raise BadProofFile(f"more than {proof.MAX_HASHES} hashes, or one that is not 32 bytes long")
        if self.extra is not None and len(self.extra) > MAX_EXTRA_BYTES:
            raise BadProofFile(f"extra data of {len(self.extra)} bytes, at most {MAX_EXTRA_BYTES}")

    def to_bytes(self) -> bytes:
        """The bytes of the file; raises `BadProofFile` above 256 KiB."""
        extra = [] if self.extra is None else [f"extra {encode_base64(self.extra)}"]
        lines = [FIRST_LINE, *extra, f"index {self.index}", *map(encode_base64, self.hashes), "", ""]
        try:
            data = "\n".join(lines).encode() + self.checkpoint.to_bytes()
        except note.BadNote as error:
            raise BadProofFile(str(error)) from error
        return _within_limit(data)


def parse(data: bytes) -> ProofFile:
    """The proof file in `data`, nothing in it verified; raises `BadProofFile`."""
    head, blank, rest = _within_limit(data).partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
        checkpoint = note.parse(rest)
    except UnicodeDecodeError as error:
        raise BadProofFile("the lines before the checkpoint are not ASCII") from error
    except note.BadNote as error:
        raise BadProofFile(str(error)) from error
    if not blank or lines.pop(0) != FIRST_LINE:
        raise BadProofFile(f"a proof file begins with {FIRST_LINE}")
    extra = _take_extra(lines)
    index = decode_decimal(lines[0].removeprefix("index ")) if lines and lines[0].startswith("index ") else None
    if index is None:
        raise BadProofFile("no index where it must stand")
    hashes = [decode_base64(line, HASH_SIZE) for line in lines[1:]]
    return ProofFile(index, tuple(_sound(value) for value in hashes), checkpoint, extra)


def _take_extra(lines: list[str]) -> bytes | None:
    if not lines or not lines[0].startswith("extra "):
        return None
    return _sound(decode_base64(lines.pop(0).removeprefix("extra ")))


def _sound(value: bytes | None) -> bytes:
    if value is None:
        raise BadProofFile("a hash or the extra data is not canonical base64 of the right length")
    return value


def _within_limit(data: bytes) -> bytes:
    if len(data) > MAX_BYTES:
        raise BadProofFile(f"{len(data)} bytes, at most {MAX_BYTES}")
    return data
