"""Cards of invented agencies, signed by fixed keys."""

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from accordant.entries import cards
from accordant.tlog import note

AT = 1_700_000_000_000


def private_key(agency: str, use: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(f"{agency}/{use}".encode().ljust(32, b".")[:32])


def _public(agency: str, use: str) -> str:
    return base64.b64encode(private_key(agency, use).public_key().public_bytes_raw()).decode()


def make_card(agency: str, *, serial: int = 1, root: str = "root", name: str = "") -> cards.SignedCard:
    """A card of the agency; another `root` is another root key, another `name` gives other bytes."""
    key = private_key(agency, root)
    verifier = note.VerifierKey.make(agency, cards.ED25519, key.public_key().public_bytes_raw())
    uses = tuple(cards.CardKey(use, "ed25519", _public(agency, use), AT) for use in ("link", "log", "m"))
    card = cards.Card(
        v=1,
        agency=agency,
        name=cards.CardName(vi=name or agency, en=name or agency),
        serial=serial,
        at=AT,
        root=(verifier.to_string(),),
        keys=uses,
        seal=(cards.SealKey("age1" + "q" * 58, AT),),
        urls=("http://127.0.0.1:8001",),
    )
    return cards.write(card, sign=key.sign)
