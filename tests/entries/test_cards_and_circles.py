"""Cards, fingerprints, genesis (wire paper 1, 2)."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accordant.entries import cards, circles, codec, names
from accordant.tlog import note
from tests.entries.builders import AT, agency_key, card, card_content, genesis, key, root_verifier


def test_the_published_fingerprint_comes_out() -> None:
    root = note.VerifierKey.make("guard.example", cards.ED25519, key(3).public_key().public_bytes_raw())
    assert root.to_string() == "guard.example+0ff58113+Ae1JKMYo0cLG6ukDOJBZlWEpWSc6XGP5NjbBRhSshzfR"
    value = cards.fingerprint([root.to_string()])
    assert cards.fingerprint_digits(value) == "62623 32819 31218 14198 40164 44324 41489 41759"
    words = cards.fingerprint_words(value).split()
    assert len(words) == 12
    assert cards.fingerprint_words(bytes(16)) == "abandon " * 11 + "about"
    assert cards.fingerprint_words(b"\xff" * 16) == "zoo " * 11 + "wrong"


def test_a_card_comes_back_as_it_was_signed() -> None:
    signed = card()
    assert cards.read(signed.data) == signed
    assert signed.card.recipient.startswith("age1")
    assert signed.card.verifier("m").name == "guard.example/m"
    assert signed.card.verifier("link").kind == cards.ED25519
    with pytest.raises(cards.BadCard, match="no w key"):
        signed.card.key("w")


BAD_CARDS: dict[str, Callable[[], dict[str, Any]]] = {
    "other version": lambda: {"v": 2},
    "no agency id": lambda: {"agency": "guard"},
    "serial 0": lambda: {"serial": 0},
    "two roots": lambda: {"root": (card_content().root[0],) * 2},
    "root of another name": lambda: {"root": card_content("police.example").root},
    "no link key": lambda: {"keys": card_content().keys[1:]},
    "key that is no base64": lambda: {"keys": (cards.CardKey("link", "ed25519", "???", AT), *card_content().keys[1:])},
    "key of zeros": lambda: {"keys": (cards.CardKey("link", "ed25519", "A" * 43 + "=", AT), *card_content().keys[1:])},
    "no recipient": lambda: {"seal": ()},
    "no address": lambda: {"urls": ()},
    "too many addresses": lambda: {"urls": ("https://a.example:1",) * 9},
    "plain http beyond this machine": lambda: {"urls": ("http://guard.example:8441",)},
    "address without port": lambda: {"urls": ("https://guard.example",)},
    "address with a path": lambda: {"urls": ("https://guard.example:8441/x",)},
    "address with a name and password": lambda: {"urls": ("https://a:b@guard.example:8441",)},
    "another scheme": lambda: {"urls": ("ftp://guard.example:8441",)},
}


@pytest.mark.parametrize("case", BAD_CARDS, ids=list(BAD_CARDS))
def test_a_card_that_breaks_a_rule_is_refused(case: str) -> None:
    with pytest.raises(cards.BadCard):
        card(**BAD_CARDS[case]())


def test_a_card_signed_by_another_root_or_altered_is_refused() -> None:
    signed = card()
    for data in (
        signed.data.replace(b'"serial":1', b'"serial":2'),
        card("police.example").data.replace(b"police.example", b"guard.example"),
        signed.data[:-1],
        b"",
        b"x" * 20_000,
        signed.data.replace(b"accordant/card/v1", b"accordant/parcel/v1"),
        signed.data.split(b"\n\n")[0] + b"\n\n" + card("police.example").data.split(b"\n\n")[1],
    ):
        with pytest.raises(cards.BadCard):
            cards.read(data)


def test_a_root_must_bear_the_agencys_name() -> None:
    content = card_content(root=(root_verifier("police.example").to_string(),))
    sign = agency_key("police.example", "root").sign
    with pytest.raises(cards.BadCard, match="bear the agency"):
        cards.write(content, sign=sign)


@given(st.binary(max_size=300))
def test_only_bad_card_escapes(data: bytes) -> None:
    with pytest.raises(cards.BadCard):
        cards.read(data)


def test_plain_http_is_allowed_on_this_machine() -> None:
    card(urls=("http://127.0.0.1:8441", "http://[::1]:8441", "http://localhost:8441"))


def test_a_genesis_founds_the_circle_its_bytes_name() -> None:
    plain = genesis("guard.example", "police.example")
    circle = circles.circle_of(plain)
    assert circle.id == names.circle_id("qc-12-2026", codec.encode(plain))
    assert circle.parties == ("guard.example", "police.example")
    assert circle.cards["police.example"] == card("police.example")
    assert circles.circle_of({**plain, "nonce": "11" * 16}).id != circle.id


def _members(*agencies: str) -> list[dict[str, str]]:
    members: list[dict[str, str]] = genesis(*sorted(agencies))["members"]
    return members


BAD_GENESIS: dict[str, Callable[[], dict[str, Any]]] = {
    "other version": lambda: {"v": 2},
    "unknown sort": lambda: {"sort": "club"},
    "short nonce": lambda: {"nonce": "00"},
    "another cipher": lambda: {"cipher": "none"},
    "ceiling 4": lambda: {"ceiling": 4},
    "unsorted members": lambda: {"members": _members("guard.example", "police.example")[::-1]},
    "member twice": lambda: {"members": _members("guard.example") * 2},
    "no members": lambda: {"members": []},
    "unknown role": lambda: {"members": [{**m, "role": "guest"} for m in _members("guard.example", "police.example")]},
    "private with two": lambda: {"sort": "private"},
    "main with one": lambda: {"members": _members("guard.example")},
    "quorum of all and more": lambda: {"quorum": "2"},
    "quorum of none": lambda: {"quorum": "0"},
    "quorum in words": lambda: {"quorum": "most"},
    "card of another": lambda: {
        "members": [
            {"agency": "guard.example", "role": "party", "card": card("police.example").data.decode()},
            _members("police.example")[0],
        ]
    },
    "card that is none": lambda: {"members": [{**m, "card": "x"} for m in _members("guard.example", "police.example")]},
    "label in capitals": lambda: {"label": "QC"},
    "number for a text": lambda: {"regulation": 5},
}


@pytest.mark.parametrize("case", BAD_GENESIS, ids=list(BAD_GENESIS))
def test_a_genesis_that_breaks_a_rule_is_refused(case: str) -> None:
    with pytest.raises(circles.BadGenesis):
        circles.circle_of({**genesis("guard.example", "police.example"), **BAD_GENESIS[case]()})


def test_a_quorum_may_be_a_number_below_the_members() -> None:
    assert circles.circle_of(genesis("guard.example", "police.example", quorum="1")).genesis.quorum == "1"


def test_the_root_signs_what_the_card_says() -> None:
    content = card_content()
    written = cards.write(content, sign=agency_key("guard.example", "root").sign)
    assert written.card == content
