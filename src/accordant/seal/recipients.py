"""Recipients and identities: whom a file is sealed to, and with what it is opened (c2sp.org/age, native types).

Rules: `age1…` is X25519, `age1pq1…` is the hybrid MLKEM768-X25519 by HPKE; a file is sealed to one sort only, as a
post-quantum seal beside a classical one protects nothing. A stanza of our kind that is malformed, or whose shared
secret is zero, refuses the file; one that does not open is another's. Passphrases serve local key files alone, with
a work factor of at most 2^22. Keys never show in a repr. Where keys are kept is decided above.
"""

import os
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import shake_256
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from accordant.seal import bech32
from accordant.seal.errors import BadHeader, BadRecipient
from accordant.seal.header import FILE_KEY_LENGTH, Stanza, decode64, derive, encode64

X25519_KIND = "X25519"
X25519_INFO = b"age-encryption.org/v1/X25519"
HYBRID_KIND = "mlkem768x25519"
HYBRID_INFO = b"age-encryption.org/mlkem768x25519"
HYBRID_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
ENCAPSULATED_LENGTH = 1120
MLKEM_CIPHERTEXT_LENGTH = 1088
MLKEM_KEY_LENGTH = 1184
SCRYPT_KIND = "scrypt"
SCRYPT_LABEL = b"age-encryption.org/v1/scrypt"
SCRYPT_SALT_LENGTH = 16
WORK_FACTOR = re.compile(r"[1-9][0-9]*")
WORK_FACTOR_MAX = 22
WRAPPED_LENGTH = FILE_KEY_LENGTH + 16
KEY_LENGTH = 32
ZERO_NONCE = bytes(12)

Draw = Callable[[int], bytes]


class Recipient(Protocol):
    """Somebody who can be sealed to: `kind` is that of the stanzas it writes."""

    kind: str

    def wrap(self, file_key: bytes, draw: Draw) -> Stanza:
        """Give a stanza that wraps the file key for this recipient."""
        ...


class Identity(Protocol):
    """What opens a file; a process that keeps keys for others can stand behind it."""

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Give the file key, or None when no stanza is for this identity; raises BadHeader on a malformed one."""
        ...


class X25519Recipient:
    """An `age1…` key."""

    kind = X25519_KIND

    def __init__(self, public: bytes) -> None:
        self._public = public

    def __str__(self) -> str:
        return bech32.encode("age", self._public)

    def wrap(self, file_key: bytes, draw: Draw = os.urandom) -> Stanza:
        """Give the stanza; raises BadRecipient when the key is a point of small order."""
        ephemeral = X25519PrivateKey.from_private_bytes(draw(KEY_LENGTH))
        share = ephemeral.public_key().public_bytes_raw()
        try:
            secret = ephemeral.exchange(X25519PublicKey.from_public_bytes(self._public))
        except ValueError:
            raise BadRecipient("point of small order") from None
        cipher = ChaCha20Poly1305(derive(secret, share + self._public, X25519_INFO))
        return Stanza((self.kind, encode64(share)), cipher.encrypt(ZERO_NONCE, file_key, None))


class X25519Identity:
    """An `AGE-SECRET-KEY-1…` key."""

    prefix = "AGE-SECRET-KEY-"

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._private = X25519PrivateKey.from_private_bytes(secret)
        self._public = self._private.public_key().public_bytes_raw()

    @classmethod
    def generate(cls, draw: Draw = os.urandom) -> "X25519Identity":
        """Give a new identity from 32 bytes of `draw`."""
        return cls(draw(KEY_LENGTH))

    def recipient(self) -> X25519Recipient:
        """Give the recipient whose files this identity opens."""
        return X25519Recipient(self._public)

    def reveal(self) -> str:
        """Give the secret key as text, for a key file and nothing else."""
        return bech32.encode(self.prefix.lower(), self._secret).upper()

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Give the file key of the first stanza for this key, or None."""
        return _first_opened(stanzas, X25519_KIND, KEY_LENGTH, self._open)

    def _open(self, share: bytes, body: bytes) -> bytes | None:
        secret = _shared_secret(self._private, share)
        return _open_wrapped(derive(secret, share + self._public, X25519_INFO), body)


class HybridRecipient:
    """An `age1pq1…` key: ML-KEM-768 and X25519 together, safe as long as one of them is."""

    kind = HYBRID_KIND

    def __init__(self, public: bytes) -> None:
        self._public = public
        try:
            self._key = MLKEM768X25519PublicKey(
                MLKEM768PublicKey.from_public_bytes(public[:MLKEM_KEY_LENGTH]),
                X25519PublicKey.from_public_bytes(public[MLKEM_KEY_LENGTH:]),
            )
        except ValueError:
            raise BadRecipient("hybrid key") from None

    def __str__(self) -> str:
        return bech32.encode("age1pq", self._public)

    def wrap(self, file_key: bytes, draw: Draw = os.urandom) -> Stanza:
        """Give the stanza; its randomness is OpenSSL's own, `draw` has no part in it."""
        try:
            sealed = HYBRID_SUITE.encrypt(file_key, self._key, HYBRID_INFO)
        except ValueError:
            raise BadRecipient("point of small order") from None
        encapsulated, body = sealed[:ENCAPSULATED_LENGTH], sealed[ENCAPSULATED_LENGTH:]
        return Stanza((self.kind, encode64(encapsulated)), body)


class HybridIdentity:
    """An `AGE-SECRET-KEY-PQ-1…` key: a seed from which both private keys follow (draft-ietf-hpke-pq)."""

    prefix = "AGE-SECRET-KEY-PQ-"

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        expanded = shake_256(seed).digest(96)
        self._mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        self._x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
        self._private = MLKEM768X25519PrivateKey(self._mlkem, self._x25519)

    @classmethod
    def generate(cls, draw: Draw = os.urandom) -> "HybridIdentity":
        """Give a new identity from 32 bytes of `draw`."""
        return cls(draw(KEY_LENGTH))

    def recipient(self) -> HybridRecipient:
        """Give the recipient whose files this identity opens."""
        public = self._mlkem.public_key().public_bytes_raw() + self._x25519.public_key().public_bytes_raw()
        return HybridRecipient(public)

    def reveal(self) -> str:
        """Give the secret key as text, for a key file and nothing else."""
        return bech32.encode(self.prefix.lower(), self._seed).upper()

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Give the file key of the first stanza for this key, or None."""
        return _first_opened(stanzas, HYBRID_KIND, ENCAPSULATED_LENGTH, self._open)

    def _open(self, encapsulated: bytes, body: bytes) -> bytes | None:
        # OpenSSL reports a share of small order like a wrong key, while age must abort there: hence the own exchange.
        _shared_secret(self._x25519, encapsulated[MLKEM_CIPHERTEXT_LENGTH:])
        try:
            return HYBRID_SUITE.decrypt(encapsulated + body, self._private, HYBRID_INFO)
        except InvalidTag:
            return None


class ScryptRecipient:
    """A passphrase that protects a local key file; the work factor is 2^`work`."""

    kind = SCRYPT_KIND

    def __init__(self, passphrase: str, work: int = 18) -> None:
        if not 1 <= work <= WORK_FACTOR_MAX:
            raise BadRecipient("work factor")
        self._passphrase = passphrase
        self._work = work

    def wrap(self, file_key: bytes, draw: Draw = os.urandom) -> Stanza:
        """Give the stanza, which must be the only one of its file."""
        salt = draw(SCRYPT_SALT_LENGTH)
        cipher = ChaCha20Poly1305(_stretched(self._passphrase, salt, self._work))
        return Stanza((self.kind, encode64(salt), str(self._work)), cipher.encrypt(ZERO_NONCE, file_key, None))


class ScryptIdentity:
    """The passphrase of a local key file; files that ask for more work than 2^`work_max` are refused."""

    def __init__(self, passphrase: str, work_max: int = WORK_FACTOR_MAX) -> None:
        self._passphrase = passphrase
        self._work_max = work_max

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Give the file key, or None when the passphrase is another or the file has none."""
        for stanza in stanzas:
            if stanza.kind == SCRYPT_KIND:
                return self._open(stanza)
        return None

    def _open(self, stanza: Stanza) -> bytes | None:
        if len(stanza.arguments) != 3 or not WORK_FACTOR.fullmatch(stanza.arguments[2]):
            raise BadHeader("arguments of a passphrase stanza")
        salt = decode64(stanza.arguments[1].encode())
        if len(salt) != SCRYPT_SALT_LENGTH or len(stanza.body) != WRAPPED_LENGTH:
            raise BadHeader("lengths in a passphrase stanza")
        # Compared as text first: a number of ten thousand digits is not worth parsing.
        if len(stanza.arguments[2]) > 2 or int(stanza.arguments[2]) > self._work_max:
            raise BadHeader("work factor")
        return _open_wrapped(_stretched(self._passphrase, salt, int(stanza.arguments[2])), stanza.body)


@lru_cache(maxsize=1024)
def parse_recipient(text: str) -> Recipient:
    """Give the recipient that `age1…` or `age1pq1…` names; raises BadRecipient on anything else."""
    prefix, data = bech32.decode(text)
    if prefix == "age" and len(data) == KEY_LENGTH:
        return X25519Recipient(data)
    if prefix == "age1pq":
        return HybridRecipient(data)
    raise BadRecipient("kind or length of the recipient")


def parse_identity(text: str) -> X25519Identity | HybridIdentity:
    """Give the identity that `AGE-SECRET-KEY-1…` or `AGE-SECRET-KEY-PQ-1…` holds; raises BadRecipient otherwise."""
    prefix, data = bech32.decode(text)
    if len(data) == KEY_LENGTH and prefix == X25519Identity.prefix:
        return X25519Identity(data)
    if len(data) == KEY_LENGTH and prefix == HybridIdentity.prefix:
        return HybridIdentity(data)
    raise BadRecipient("kind or length of the identity")


def wrap_for(file_key: bytes, recipients: Sequence[str | Recipient], draw: Draw = os.urandom) -> list[Stanza]:
    """Give one stanza per recipient, in their order; raises BadRecipient for none, or for two sorts."""
    parsed = [parse_recipient(each) if isinstance(each, str) else each for each in recipients]
    if len({each.kind for each in parsed}) != 1 or (parsed[0].kind == SCRYPT_KIND and len(parsed) > 1):
        raise BadRecipient("none, or recipients of different sorts")
    return [each.wrap(file_key, draw) for each in parsed]


def _first_opened(
    stanzas: Sequence[Stanza], kind: str, share_length: int, opened: Callable[[bytes, bytes], bytes | None]
) -> bytes | None:
    for stanza in stanzas:
        if stanza.kind != kind:
            continue
        if len(stanza.arguments) != 2:
            raise BadHeader("arguments of a stanza")
        share = decode64(stanza.arguments[1].encode())
        if len(share) != share_length or len(stanza.body) != WRAPPED_LENGTH:
            raise BadHeader("lengths in a stanza")
        file_key = opened(share, stanza.body)
        if file_key is not None:
            return file_key
    return None


def _shared_secret(private: X25519PrivateKey, share: bytes) -> bytes:
    try:
        return private.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError:
        raise BadHeader("share of small order") from None


def _open_wrapped(key: bytes, body: bytes) -> bytes | None:
    try:
        return ChaCha20Poly1305(key).decrypt(ZERO_NONCE, body, None)
    except InvalidTag:
        return None


def _stretched(passphrase: str, salt: bytes, work: int) -> bytes:
    return Scrypt(SCRYPT_LABEL + salt, KEY_LENGTH, 2**work, 8, 1).derive(passphrase.encode())
