"""What is submitted to a witness, and whether it may be cosigned (C2SP tlog-witness, add-checkpoint).

Rules kept here: `old <size>`, at most 63 hashes, an empty line, the checkpoint; a line of a key of the log that
verifies; an old size not above the new one, and that of the witness's latest checkpoint; growth from there. Another
root at the latest size is refused as a proof that fails. Left to others: which origins are known; keeping the latest
checkpoint and comparing it again in one step with the new one (the key process).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from accordant.tlog import checkpoint, note, proof
from accordant.tlog.merkle import HASH_SIZE
from accordant.tlog.spelling import decode_base64, decode_decimal, encode_base64

MAX_BYTES: Final = note.MAX_BYTES + 4096
_OLD: Final = "old "


class BadSubmission(ValueError):
    """Bytes that are no submission."""


class NotCosigned(ValueError):
    """A submission that is not cosigned: `status` as in tlog-witness; with 409 the size of the latest checkpoint."""

    def __init__(self, status: int, why: str, size: int = 0) -> None:
        super().__init__(why)
        self.status = status
        self.size = size


@dataclass(frozen=True, slots=True)
class Submission:
    """A checkpoint as its log signed it, and how it grew from the size that the witness is thought to have."""

    old_size: int
    hashes: tuple[bytes, ...]
    checkpoint: checkpoint.Checkpoint
    signed: note.Note

    def to_bytes(self) -> bytes:
        """The body of the request."""
        lines = [f"{_OLD}{self.old_size}", *map(encode_base64, self.hashes), "", ""]
        return "\n".join(lines).encode() + self.signed.to_bytes()


def parse(data: bytes) -> Submission:
    """The submission in `data`, no signature checked; raises `BadSubmission`."""
    head, found, rest = data.partition(b"\n\n")
    lines = head.decode("ascii", errors="replace").split("\n")
    if len(data) > MAX_BYTES or not found or len(lines) - 1 > proof.MAX_HASHES:
        raise BadSubmission(f"no empty line, more than {proof.MAX_HASHES} hashes, or more than {MAX_BYTES} bytes")
    old_size = decode_decimal(lines[0].removeprefix(_OLD))
    hashes = [decode_base64(line, HASH_SIZE) for line in lines[1:]]
    if not lines[0].startswith(_OLD) or old_size is None or None in hashes:
        raise BadSubmission("the first line is no old size, or a hash is not spelled as it must be")
    try:
        new, signed = checkpoint.parse(rest)
    except checkpoint.BadCheckpoint as error:
        raise BadSubmission(str(error)) from error
    return Submission(old_size, tuple(value for value in hashes if value is not None), new, signed)


def judge(submission: Submission, log_keys: Sequence[note.VerifierKey], latest: checkpoint.Checkpoint) -> None:
    """Raise `NotCosigned` unless the submission follows from `latest`, which the witness cosigned last (or size 0)."""
    new = submission.checkpoint
    try:
        checkpoint.verify(submission.signed, log_keys)
    except checkpoint.BadCheckpoint as error:
        raise NotCosigned(403, str(error)) from error
    if submission.old_size > new.size:
        raise NotCosigned(400, f"old size {submission.old_size} is above {new.size}")
    if submission.old_size != latest.size:
        raise NotCosigned(409, f"the latest size is {latest.size}", latest.size)
    try:
        checkpoint.verify_growth(latest, new, submission.hashes)
    except checkpoint.BadCheckpoint as error:
        raise NotCosigned(422, str(error)) from error
