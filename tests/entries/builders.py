"""Good values that tests bend: a header, a card, a genesis, all from fixed keys."""

import base64
import hashlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from accordant.entries import cards, codec
from accordant.entries.envelope import Header, encode_header
from accordant.seal.recipients import X25519Identity
from accordant.tlog import note

CIRCLE = "qc-12-2026-d7d73b6f32f64177f830e1e8c86215b4"
ORIGIN = f"guard.example/{CIRCLE}/1"
AT = 1_783_000_000_000


def key(seed: int) -> Ed25519PrivateKey:
    """The private key made of 32 equal bytes."""
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


def agency_key(agency: str, use: str) -> Ed25519PrivateKey:
    """An agency's private key for a use."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"{agency} {use}".encode()).digest())


def header_fields(**changes: Any) -> dict[str, Any]:
    """The plain object of a small good header; None removes a field."""
    plain: dict[str, Any] = {
        "at": AT,
        "by": "duty-officer",
        "d": {"no": "12/QD"},
        "kind": "information.item-sent",
        "kv": 1,
        "log": ORIGIN,
        "seq": 0,
        "to": ["city.example"],
        "v": 1,
    }
    plain.update(changes)
    return {name: value for name, value in plain.items() if value is not None}


def header_bytes(**changes: Any) -> bytes:
    """Its canonical bytes."""
    return codec.encode(header_fields(**changes))


def header(**changes: Any) -> Header:
    """A good header as a record."""
    values: dict[str, Any] = {
        "v": 1,
        "log": ORIGIN,
        "seq": 0,
        "at": AT,
        "kind": "information.item-sent",
        "kv": 1,
        "by": "duty-officer",
    }
    values.update(changes)
    built = Header(**values)
    encode_header(built)
    return built


def root_verifier(agency: str) -> note.VerifierKey:
    """The root's verifier key."""
    return note.VerifierKey.make(agency, cards.ED25519, agency_key(agency, "root").public_key().public_bytes_raw())


def card_content(agency: str = "guard.example", **changes: Any) -> cards.Card:
    """A card's content."""
    uses = tuple(
        cards.CardKey(
            use=use,
            alg="ed25519",
            key=base64.b64encode(agency_key(agency, use).public_key().public_bytes_raw()).decode(),
            since=AT,
        )
        for use in ("link", "log", "m")
    )
    identity = X25519Identity(hashlib.sha256(f"{agency} seal".encode()).digest())
    values: dict[str, Any] = {
        "v": 1,
        "agency": agency,
        "name": cards.CardName(vi="Cơ quan", en="Agency"),
        "serial": 1,
        "at": AT,
        "root": (root_verifier(agency).to_string(),),
        "keys": uses,
        "seal": (cards.SealKey(age=str(identity.recipient()), since=AT),),
        "urls": ("https://127.0.0.1:8441",),
    }
    values.update(changes)
    return cards.Card(**values)


def card(agency: str = "guard.example", **changes: Any) -> cards.SignedCard:
    """A signed card."""
    return cards.write(card_content(agency, **changes), sign=agency_key(agency, "root").sign)


def genesis(*agencies: str, **changes: Any) -> dict[str, Any]:
    """A genesis as a plain object."""
    plain: dict[str, Any] = {
        "v": 1,
        "label": "qc-12-2026",
        "sort": "main" if len(agencies) > 1 else "private",
        "regulation": "12/QCPH",
        "at": AT,
        "nonce": "00" * 16,
        "members": [{"agency": a, "role": "party", "card": card(a).data.decode()} for a in sorted(agencies)],
    }
    plain.update(changes)
    return plain
