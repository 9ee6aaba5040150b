"""The fixed keys and first values of the wire format (section 12), and small ways to build with them."""

import functools
import hashlib
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from accordant.tlog import checkpoint, cosignature, keys, merkle, note, policy, proof

ORIGIN = "guard.example/qc-12-2026-d7d73b6f32f64177f830e1e8c86215b4/1"
TIME = 1783000060
BODY = '{"d":{"text":"Xin chào"}}'.encode()
SALT = bytes(range(32))
HEADER = (
    '{"at":1783000000000,"b":{"c":"a673e4d3323c8b96e2078252043816e0a3a022ab41c0057bce11d1f274c0cf41","n":26},'
    '"by":"duty-officer","d":{"no":"12/QĐ-CAT"},"kind":"information.item-sent","kv":1,'
    f'"log":"{ORIGIN}","seq":0,"to":["city.example"],"v":1}}'
).encode()


@functools.cache
def private(number: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


def public(number: int) -> bytes:
    return private(number).public_key().public_bytes_raw()


def key_of(name: str, kind: int, number: int) -> note.VerifierKey:
    return note.VerifierKey(name, kind, public(number))


LOG = key_of(ORIGIN, keys.ED25519, 1)
MIRROR = key_of("city.example/m", keys.COSIGNATURE_ED25519, 2)
SECOND = key_of("army.example/m", keys.COSIGNATURE_ED25519, 6)
ROOT = key_of("guard.example", keys.ED25519, 3)
QUANTUM_SAFE = MLDSA44PrivateKey.from_seed_bytes(b"\x05" * 32)
QUANTUM_SAFE_KEY = note.VerifierKey(
    "city.example/m", keys.COSIGNATURE_ML_DSA_44, QUANTUM_SAFE.public_key().public_bytes_raw()
)
POLICY = policy.for_log(LOG, {"city.example": MIRROR, "army.example": SECOND}, "1")


def headers(count: int) -> list[bytes]:
    """`count` leaves, the first of them the wire format's example header."""
    return [HEADER] + [b'{"seq":%d}' % number for number in range(1, count)]


@functools.cache
def leaf_hashes(count: int) -> tuple[bytes, ...]:
    return tuple(merkle.leaf_hash(header) for header in headers(count))


def node_source(leaves: Sequence[bytes]) -> proof.NodeSource:
    """Every node hashed anew from the leaves."""
    return lambda level, index: merkle.subtree_hash(leaves[index << level : (index + 1) << level])


def checkpoint_of(size: int) -> checkpoint.Checkpoint:
    return checkpoint.Checkpoint(ORIGIN, size, merkle.root_of(leaf_hashes(size) if size else ()))


def signed(size: int) -> note.Note:
    return checkpoint.sign(checkpoint_of(size), LOG, private(1).sign)


def cosigned(size: int, time: int = TIME) -> note.Note:
    """The checkpoint with the log's line and that of the first mirror."""
    line = cosignature.cosign(checkpoint_of(size), MIRROR, time, private(2).sign)
    return signed(size).with_signatures([line])


def raw_note(text: str, key: note.VerifierKey, number: int) -> bytes:
    """A signed note over any text at all, also one that our writers refuse."""
    line = note.NoteSignature(key.name, key.key_id, private(number).sign(text.encode()))
    return f"{text}\n{line.to_line()}".encode()


def commitment(salt: bytes, body: bytes) -> str:
    return hashlib.sha256(b"accordant/body/v1\n" + salt + body).hexdigest()
