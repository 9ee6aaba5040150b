"""Checkpoints (C2SP tlog-checkpoint v1.0.0): origin, size and root of a log, signed by the log.

Rules kept here: exactly three lines, no extension lines; the origin is a key name of at most 255 bytes, the size a
decimal below 2**53, the root canonical base64; size 0 has the empty root. The log's line bears the origin as its key's
name. Left to others: that no checkpoint contradicts an earlier one (the key process), cosignatures (`cosignature`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from accordant.tlog import note, proof
from accordant.tlog.merkle import EMPTY_ROOT, HASH_SIZE
from accordant.tlog.spelling import (
    MAX_NAME_BYTES,
    SIZE_LIMIT,
    decode_base64,
    decode_decimal,
    encode_base64,
    is_key_name,
)


class BadCheckpoint(ValueError):
    """A text that is no checkpoint, or one that its log did not sign."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log was at a size; raises `BadCheckpoint` when built from values that no checkpoint may have."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.origin):
            raise BadCheckpoint(f"an origin has 1 to {MAX_NAME_BYTES} bytes and neither spaces nor plus signs")
        if not 0 <= self.size < SIZE_LIMIT:
            raise BadCheckpoint(f"size {self.size} is not below 2**53")
        if len(self.root) != HASH_SIZE or (self.size == 0 and self.root != EMPTY_ROOT):
            raise BadCheckpoint("the root is not 32 bytes, or not the empty root at size 0")

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{encode_base64(self.root)}\n"

    @classmethod
    def parse_text(cls, text: str) -> Self:
        """The checkpoint with exactly this text; raises `BadCheckpoint`."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3]:
            raise BadCheckpoint("a checkpoint has three lines")
        size, root = decode_decimal(lines[1]), decode_base64(lines[2], HASH_SIZE)
        if size is None or root is None:
            raise BadCheckpoint("the size is no decimal below 2**53, or the root no base64 of 32 bytes")
        return cls(lines[0], size, root)


def sign(checkpoint: Checkpoint, key: note.VerifierKey, signer: note.Sign) -> note.Note:
    """The checkpoint as a note with the log's line; raises `BadCheckpoint` if that is no line of this log's key."""
    if key.name != checkpoint.origin:
        raise BadCheckpoint(f"a key of {key.name} cannot sign for {checkpoint.origin}")
    try:
        return note.sign_text(checkpoint.text(), key, signer)
    except note.BadNote as error:
        raise BadCheckpoint(str(error)) from error


def parse(data: bytes) -> tuple[Checkpoint, note.Note]:
    """The checkpoint and its note in `data`, no signature checked; raises `BadCheckpoint`."""
    try:
        parsed = note.parse(data)
    except note.BadNote as error:
        raise BadCheckpoint(str(error)) from error
    return Checkpoint.parse_text(parsed.text), parsed


def verify(signed: note.Note, log_keys: Sequence[note.VerifierKey]) -> Checkpoint:
    """The checkpoint in `signed`, which one of its log's Ed25519 keys signed; raises `BadCheckpoint`."""
    checkpoint = Checkpoint.parse_text(signed.text)
    try:
        note.verify(signed, [key for key in log_keys if key.name == checkpoint.origin])
    except note.BadNote as error:
        raise BadCheckpoint(f"checkpoint of {checkpoint.origin}: {error}") from error
    return checkpoint


def verify_growth(old: Checkpoint, new: Checkpoint, hashes: Sequence[bytes]) -> None:
    """Raise `BadCheckpoint` unless the log of `new` begins with that of `old`, as the consistency proof shows.

    From size 0 the proof is empty and there is nothing to show, as in the witness protocol (tlog-witness).
    """
    if old.origin != new.origin:
        raise BadCheckpoint(f"{new.origin} is another log than {old.origin}")
    if old.size == 0:
        if hashes:
            raise BadCheckpoint("from size 0 the proof is empty")
        return
    try:
        proof.verify_consistency(old.size, new.size, hashes, old.root, new.root)
    except proof.BadProof as error:
        raise BadCheckpoint(str(error)) from error
