"""Agency cards (wire paper 1): who an agency is, its public keys, its addresses, signed by its offline root.

Rules kept here: shape and limits of a card, the root's signature, the fingerprint of a root as digits and words,
which keys a card gives for a use.
Left to others: whether a person confirmed the root (`regulations`), which card is in force.
"""

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import msgspec

from accordant.entries import codec, limits, names, statements
from accordant.entries.wordlist import WORDS
from accordant.tlog import note

ED25519: Final = 0x01
COSIGNATURE: Final = 0x04
_LOOPBACK: Final = frozenset(("127.0.0.1", "::1", "localhost"))


class BadCard(ValueError):
    """Bytes that are no card, or one whose root signature or fields do not hold."""


class CardName(msgspec.Struct, frozen=True):
    """The agency's name in both languages."""

    vi: str
    en: str


class CardKey(msgspec.Struct, frozen=True, omit_defaults=True):
    """One public key: use (`log`, `m`, `w`, `link`, …), algorithm, base64 key, validity in milliseconds."""

    use: str
    alg: str
    key: str
    since: int
    until: int | None = None


class SealKey(msgspec.Struct, frozen=True, omit_defaults=True):
    """One age recipient with its validity in milliseconds."""

    age: str
    since: int
    until: int | None = None


class Card(msgspec.Struct, frozen=True, omit_defaults=True):
    """A card's content. `root` are vkeys, `tls` hex hashes of SubjectPublicKeyInfo, `urls` the node interface."""

    v: int
    agency: str
    name: CardName
    serial: int
    at: int
    root: tuple[str, ...]
    keys: tuple[CardKey, ...]
    seal: tuple[SealKey, ...]
    tls: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    inbox: str | None = None
    wire: tuple[int, ...] = (1,)

    def key(self, use: str) -> bytes:
        """The newest Ed25519 public key for a use; raises `BadCard` when there is none."""
        held = [k for k in self.keys if k.use == use and k.alg == "ed25519"]
        if not held:
            raise BadCard(f"no {use} key")
        return base64.b64decode(max(held, key=lambda k: k.since).key, validate=True)

    @property
    def recipient(self) -> str:
        """The newest age recipient."""
        return max(self.seal, key=lambda k: k.since).age

    def verifier(self, use: str, *, origin: str = "") -> note.VerifierKey:
        """The verifier key for a use: `log` is named by its origin; `m`, `w` are cosigners; `link` signs requests."""
        name = origin if use == "log" else f"{self.agency}/{use}"
        kind = COSIGNATURE if use in ("m", "w") else ED25519
        return note.VerifierKey.make(name, kind, self.key(use))


@dataclass(frozen=True)
class SignedCard:
    """A card with the exact bytes of its statement."""

    card: Card
    data: bytes


def read(data: bytes) -> SignedCard:
    """The card in `data`, its root signature and fields checked; raises `BadCard`."""
    if len(data) > limits.CARD_BYTES:
        raise BadCard(f"{len(data)} bytes, at most {limits.CARD_BYTES}")
    try:
        plain, parsed = statements.read_unverified("card", data, codec.CARD)
        card = msgspec.convert(plain, Card)
        _check(card)
        statements.verify(parsed, [note.VerifierKey.parse(vkey) for vkey in card.root])
    except ValueError as error:  # all of them: bad statement, key, address, base64, shape
        raise BadCard(str(error)) from error
    return SignedCard(card, data)


def write(card: Card, *, sign: Callable[[bytes], bytes]) -> SignedCard:
    """The card signed by its (single, Ed25519) root key; raises `BadCard` when it would not be read back."""
    try:
        root = note.VerifierKey.parse(card.root[0])
        return read(statements.write("card", card, key=root, sign=sign))
    except (IndexError, note.BadKey, note.BadNote) as error:
        raise BadCard(str(error)) from error


def fingerprint(roots: Sequence[str]) -> bytes:
    """16 bytes naming an agency's root keys: H(prefix ‖ each root vkey ‖ LF, sorted)[:16]."""
    text = "".join(f"{vkey}\n" for vkey in sorted(roots))
    return hashlib.sha256(b"accordant/root/v1\n" + text.encode()).digest()[:16]


def fingerprint_digits(value: bytes) -> str:
    """The fingerprint as 8 groups of 5 digits."""
    return " ".join(f"{int.from_bytes(value[i : i + 2], 'big'):05d}" for i in range(0, 16, 2))


def fingerprint_words(value: bytes) -> str:
    """The fingerprint as 12 words (BIP-39: 128 bits and a 4-bit checksum)."""
    bits = int.from_bytes(value, "big") << 4 | hashlib.sha256(value).digest()[0] >> 4
    return " ".join(WORDS[bits >> shift & 0x7FF] for shift in range(121, -1, -11))


def _check(card: Card) -> None:
    if card.v != 1 or not names.is_agency_id(card.agency) or card.serial < 1 or len(card.root) != 1:
        raise BadCard("version, agency, serial or root is not as it must be")
    root = note.VerifierKey.parse(card.root[0])
    if root.name != card.agency or root.kind != ED25519:
        raise BadCard("the root key does not bear the agency's name")
    for use in ("log", "m", "link"):
        card.verifier(use, origin=f"{card.agency}/x-{'0' * 32}/1")
    if not card.seal or len(card.keys) > 32 or not card.urls or len(card.urls) > 8:
        raise BadCard("recipients, keys or addresses are missing or too many")
    for url in card.urls:
        _check_url(url)


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not (parts.scheme == "https" or plain) or parts.port is None or parts.path or parts.query or parts.username:
        raise BadCard(f"not an address of a node: {url[:100]}")
