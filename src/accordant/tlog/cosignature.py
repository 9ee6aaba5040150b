"""Cosignatures of checkpoints (C2SP tlog-cosignature v1.1.0-rc.1): who saw which size of a log, and when.

Rules kept here: the signed message of kind 0x04 (Ed25519: two lines and the checkpoint's text) and of kind 0x06
(ML-DSA-44: the binary structure `subtree/v1` from leaf 0); a signature is u64 seconds ‖ raw signature; the time is
above 0, as ours always say that this is the largest tree seen by then. Left to others: what a cosigner promises
beyond that; how many are needed (`policy`).
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from accordant.tlog import keys, note
from accordant.tlog.checkpoint import BadCheckpoint, Checkpoint

TIME_LIMIT: Final = 2**63
_RAW_BYTES: Final = {keys.COSIGNATURE_ED25519: 64, keys.COSIGNATURE_ML_DSA_44: 2420}


class BadCosignature(ValueError):
    """A cosignature that does not verify, or that cannot be made."""


class Cosigned(NamedTuple):
    """A cosigner's key and the time, in seconds since 1970 UTC, at which it had seen the checkpoint's log so far."""

    key: note.VerifierKey
    time: int


def signed_message(checkpoint: Checkpoint, key: note.VerifierKey, time: int) -> bytes:
    """The bytes that `key` signs for `checkpoint` at `time` (seconds); raises `BadCosignature`."""
    if not 0 < time < TIME_LIMIT:
        raise BadCosignature(f"{time} is no time of a cosignature")
    if key.kind == keys.COSIGNATURE_ED25519:
        return f"cosignature/v1\ntime {time}\n{checkpoint.text()}".encode()
    if key.kind == keys.COSIGNATURE_ML_DSA_44:
        return b"".join(
            (
                b"subtree/v1\n\x00",
                _prefixed(key.name),
                time.to_bytes(8, "big"),
                _prefixed(checkpoint.origin),
                bytes(8),
                checkpoint.size.to_bytes(8, "big"),
                checkpoint.root,
            )
        )
    raise BadCosignature("only keys of kinds 0x04 and 0x06 cosign")


def cosign(checkpoint: Checkpoint, key: note.VerifierKey, time: int, sign: note.Sign) -> note.NoteSignature:
    """The line by which `key` cosigns `checkpoint` at `time` (seconds); raises `BadCosignature` if it did not sign."""
    message = signed_message(checkpoint, key, time)
    try:
        raw = keys.signature_by(key, message, sign)
    except keys.BadKey as error:
        raise BadCosignature(str(error)) from error
    return note.NoteSignature(key.name, key.key_id, time.to_bytes(8, "big") + raw)


def verify_line(checkpoint: Checkpoint, key: note.VerifierKey, line: note.NoteSignature) -> Cosigned:
    """Who cosigned when, as `line` shows; raises `BadCosignature` if it is not a good line of `key`."""
    if (line.name, line.key_id) != (key.name, key.key_id):
        raise BadCosignature(f"not a line of {key.name}")
    time, raw = int.from_bytes(line.signature[:8], "big"), line.signature[8:]
    message = signed_message(checkpoint, key, time)
    if len(raw) != _RAW_BYTES[key.kind] or not key.verifies(message, raw):
        raise BadCosignature(f"the cosignature of {key.name} does not verify")
    return Cosigned(key, time)


def verify(signed: note.Note, known: Sequence[note.VerifierKey]) -> tuple[Cosigned, ...]:
    """The cosignatures by `known` keys on the checkpoint `signed`, all good; none if there are none.

    Raises `BadCosignature` when a known one fails or the note is no checkpoint; a key may have cosigned twice.
    """
    try:
        checkpoint = Checkpoint.parse_text(signed.text)
    except BadCheckpoint as error:
        raise BadCosignature(str(error)) from error
    return tuple(verify_line(checkpoint, key, line) for key, line in note.match(signed, known))


def _prefixed(text: str) -> bytes:
    data = text.encode()
    return len(data).to_bytes(1, "big") + data
