"""Verifier keys (vkeys) of signed notes: name, kind, public key and the id that follows from them.

Rules kept here: key id = H(name ‖ LF ‖ type ‖ public key)[:4], vkey = name+hex(id)+base64(type ‖ public key)
(signed-note v1.0.0). Ed25519 public keys of small order or in a non-canonical encoding are refused with the key;
verification is OpenSSL's: cofactorless, S below the order, canonical R (wire format, section 1). ML-DSA-44 has an
empty context. Left to others: which key is trusted for what.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from accordant.tlog.spelling import MAX_NAME_BYTES, decode_base64, encode_base64, is_key_name

ED25519: Final = 0x01
"""Ed25519 over the note text."""
COSIGNATURE_ED25519: Final = 0x04
"""Timestamped Ed25519 cosignature of a checkpoint."""
COSIGNATURE_ML_DSA_44: Final = 0x06
"""Timestamped ML-DSA-44 cosignature of a checkpoint."""
ML_DSA_44: Final = 0xFF
"""ML-DSA-44 over the note text, under the long type name `accordant/ml-dsa-44/v1`."""

Sign = Callable[[bytes], bytes]
"""Message to raw signature; whoever gives it holds the private key."""

_TYPES: Final = {
    ED25519: b"\x01",
    COSIGNATURE_ED25519: b"\x04",
    COSIGNATURE_ML_DSA_44: b"\x06",
    ML_DSA_44: b"\xffaccordant/ml-dsa-44/v1",
}
_KEY_BYTES: Final = {ED25519: 32, COSIGNATURE_ED25519: 32, COSIGNATURE_ML_DSA_44: 1312, ML_DSA_44: 1312}
_PROBE: Final = b"accordant/signer/v1\n"  # no note of ours begins with this line
_FIELD: Final = 2**255 - 19
# The y coordinates of the eight points of small order; x never matters.
_SMALL_ORDER: Final = frozenset(
    (
        0,
        1,
        _FIELD - 1,
        int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"),
        int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"),
    )
)


class BadKey(ValueError):
    """Not a verifier key, or one that must not be used."""


def key_id(name: str, kind: int, public_key: bytes) -> bytes:
    """The four bytes that stand for this key in signature lines; raises `BadKey` for an unknown kind."""
    return hashlib.sha256(name.encode() + b"\n" + _type_bytes(kind) + public_key).digest()[:4]


@dataclass(frozen=True)
class VerifierKey:
    """A name, one of the four kinds above and the raw public key; raises `BadKey` when built from anything else."""

    name: str
    kind: int
    public_key: bytes = field(repr=False)
    key_id: bytes = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            raise BadKey(f"a key name has 1 to {MAX_NAME_BYTES} bytes and neither spaces nor plus signs")
        _type_bytes(self.kind)
        if len(self.public_key) != _KEY_BYTES[self.kind]:
            raise BadKey(f"a public key of {len(self.public_key)} bytes, not {_KEY_BYTES[self.kind]}")
        if _KEY_BYTES[self.kind] == 32:
            check_ed25519(self.public_key)
        object.__setattr__(self, "key_id", key_id(self.name, self.kind, self.public_key))

    @classmethod
    def make(cls, name: str, kind: int, public_key: bytes) -> Self:
        """The key of these parts; raises `BadKey`."""
        return cls(name, kind, public_key)

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """The key that a vkey spells; raises `BadKey`, also when the id in it is not the key's."""
        name, _, rest = vkey.partition("+")
        spelled_id, _, encoded = rest.partition("+")
        data = decode_base64(encoded)
        if data is None:
            raise BadKey("a vkey is name+id+key, the key in canonical base64")
        for kind, prefix in _TYPES.items():
            if data.startswith(prefix):
                key = cls(name, kind, data[len(prefix) :])
                if key.key_id.hex() != spelled_id:
                    raise BadKey(f"the id of the vkey is {spelled_id[:8]!r}, that of its key {key.key_id.hex()}")
                return key
        raise BadKey("a vkey of an unknown type")

    def to_string(self) -> str:
        """The vkey."""
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(_TYPES[self.kind] + self.public_key)}"

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether `signature` is this key's over exactly `message`."""
        try:
            _load(self.kind, self.public_key).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """A signing function that was seen to sign for a public key once, so that not each signature is verified again.

    Raises `BadKey` when built from a function and the verifier key of another.
    """

    key: VerifierKey
    sign: Sign = field(repr=False)

    def __post_init__(self) -> None:
        if not self.key.verifies(_PROBE, self.sign(_PROBE)):
            raise BadKey(f"the function that signs for {self.key.name} does not hold its key")

    def __call__(self, message: bytes) -> bytes:
        """The signature over the message."""
        return self.sign(message)

    def signs_for(self, key: VerifierKey) -> bool:
        """Whether it holds the private key of this verifier key, whatever name that bears."""
        return self.key.public_key == key.public_key


def signature_by(key: VerifierKey, message: bytes, sign: Sign) -> bytes:
    """The signature of `key` over the message, made by `sign`; raises `BadKey` if it is not that of the key."""
    signature = sign(message)
    if not (isinstance(sign, Signer) and sign.signs_for(key)) and not key.verifies(message, signature):
        raise BadKey(f"the signature made for {key.name} is not that of its key")
    return signature


def check_ed25519(public_key: bytes) -> None:
    """Raise `BadKey` for an Ed25519 public key that is not 32 bytes, not canonical, or of small order.

    Zero x with the sign bit set, the second non-canonical form, occurs only at points of small order.
    """
    if len(public_key) != 32:
        raise BadKey(f"an Ed25519 public key of {len(public_key)} bytes, not 32")
    y = int.from_bytes(public_key, "little") & (2**255 - 1)
    if y >= _FIELD:
        raise BadKey("an Ed25519 public key in a non-canonical encoding")
    if y in _SMALL_ORDER:
        raise BadKey("an Ed25519 public key of small order")


def _type_bytes(kind: int) -> bytes:
    if kind not in _TYPES:
        raise BadKey(f"unknown kind of key {kind:#04x}")
    return _TYPES[kind]


@lru_cache(maxsize=1024)
def _load(kind: int, public_key: bytes) -> Ed25519PublicKey | MLDSA44PublicKey:
    if kind in (ED25519, COSIGNATURE_ED25519):
        return Ed25519PublicKey.from_public_bytes(public_key)
    return MLDSA44PublicKey.from_public_bytes(public_key)
