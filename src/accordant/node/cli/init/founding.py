"""The first acts of a new node: its card, signed by its root, and its private circle."""

from accordant.accounts import keys
from accordant.entries import cards
from accordant.entries.envelope import automatic
from accordant.node import clock
from accordant.node.cli.init import certificate
from accordant.node.configuration import Configuration
from accordant.regulations import actions


def found(settings: Configuration) -> cards.SignedCard:
    """Open the private circle with the node's first card; gives the card."""
    ring = keys.keyring()
    now = clock.now()
    card = first_card(settings, ring, clock.milliseconds())
    actions.open_private_circle(by=automatic(settings.agency), now=now, card=card.data, nonce=keys.fresh_nonce())
    return card


def first_card(settings: Configuration, ring: keys.Keyring, at: int) -> cards.SignedCard:
    """The card with serial 1: names, keys, recipient, certificate, address; `at` in milliseconds."""
    card = cards.Card(
        v=1,
        agency=settings.agency,
        name=cards.CardName(vi=settings.name_vi, en=settings.name_en),
        serial=1,
        at=at,
        root=(ring.root_verifier.to_string(),),
        keys=tuple(
            cards.CardKey(use=use, alg="ed25519", key=ring.public_key_text(use), since=at)
            for use in ("link", "log", "m", "w")
        ),
        seal=(cards.SealKey(age=str(ring.identity.recipient()), since=at),),
        tls=(certificate.pin(settings.keys),) if settings.tls else (),
        urls=(settings.node_url,),
    )
    return cards.write(card, sign=ring.sign_root)
