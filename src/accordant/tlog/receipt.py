"""Receipts checked offline: an entry's header stands in a log, which signed it, and which others durably hold.

Rules kept here: the leaf is the hash of the file's extra data (the header's bytes); the proof leads to the checkpoint's
root; the log's line and every known cosignature are good; the policy's quorum is met. Left to others: that the header
is well formed and names this log and index, and that a body belongs to it (`entries`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from accordant.tlog import merkle, note, policy, proof, proof_file
from accordant.tlog.checkpoint import Checkpoint


class BadReceipt(ValueError):
    """A receipt that does not hold."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt proves: `header` is the leaf at `index` of the log that `checkpoint` describes.

    `log` is the key that signed; `times` (seconds since 1970 UTC, by witness name) say who held everything up to the
    checkpoint's size by when; `complete` whether that is the policy's quorum.
    """

    header: bytes
    index: int
    checkpoint: Checkpoint
    log: note.VerifierKey
    times: Mapping[str, int]
    complete: bool


def make(index: int, header: bytes, signed: note.Note, node: proof.NodeSource) -> bytes:
    """The proof file of the entry at `index` under the checkpoint `signed`; raises `BadReceipt`."""
    try:
        size = Checkpoint.parse_text(signed.text).size
        hashes = tuple(proof.make_inclusion(index, size, node))
        return proof_file.ProofFile(index, hashes, signed, header).to_bytes()
    except ValueError as error:
        raise BadReceipt(str(error)) from error


def examine(data: bytes, rules: policy.Policy) -> Receipt:
    """What the proof file in `data` proves under this policy, the quorum met or not; raises `BadReceipt`."""
    try:
        parsed = proof_file.parse(data)
        if parsed.extra is None:
            raise BadReceipt("the receipt has no header")
        verdict = policy.judge(rules, parsed.checkpoint)
        leaf = merkle.leaf_hash(parsed.extra)
        seen = verdict.checkpoint
        proof.verify_inclusion(leaf, parsed.index, seen.size, parsed.hashes, seen.root)
    except (proof_file.BadProofFile, policy.BadPolicy, proof.BadProof) as error:
        raise BadReceipt(str(error)) from error
    return Receipt(parsed.extra, parsed.index, seen, verdict.log, verdict.times, verdict.complete)


def verify(data: bytes, rules: policy.Policy) -> Receipt:
    """What the proof file in `data` proves; raises `BadReceipt`, also when the policy's quorum is not met."""
    found = examine(data, rules)
    if not found.complete:
        raise BadReceipt(f"{len(found.times)} of {len(rules.witnesses)} cosigned, which is not the quorum")
    return found
