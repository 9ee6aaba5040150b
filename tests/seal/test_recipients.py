"""Recipients and identities: kinds, strict spellings, stanzas for this key or for another."""

import os

import pytest

from accordant.seal import bech32
from accordant.seal.errors import BadHeader, BadRecipient
from accordant.seal.header import Stanza, encode64
from accordant.seal.recipients import (
    HybridIdentity,
    HybridRecipient,
    Identity,
    Recipient,
    ScryptIdentity,
    ScryptRecipient,
    X25519Identity,
    X25519Recipient,
    parse_identity,
    parse_recipient,
    wrap_for,
)

FILE_KEY = b"YELLOW SUBMARINE"
X25519_TEXT = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
HYBRID_TEXT = "AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR"


def test_the_recipient_is_that_of_the_specification_when_its_identity_is_parsed() -> None:
    identity = parse_identity(X25519_TEXT)
    assert str(identity.recipient()) == "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"


@pytest.mark.parametrize("text", [X25519_TEXT, HYBRID_TEXT])
def test_identity_and_recipient_read_back_when_written(text: str) -> None:
    identity = parse_identity(text)
    assert identity.reveal() == text
    recipient = str(identity.recipient())
    assert str(parse_recipient(recipient)) == recipient
    assert text not in repr(identity)


@pytest.mark.parametrize("sort", [X25519Identity, HybridIdentity])
def test_a_new_identity_opens_its_own_stanza_only_when_others_stand_beside(
    sort: type[X25519Identity | HybridIdentity],
) -> None:
    ours, theirs = sort.generate(), sort.generate()
    stanzas = wrap_for(FILE_KEY, [theirs.recipient(), ours.recipient()])
    assert ours.unwrap([Stanza(("grease",), b"x"), *stanzas]) == FILE_KEY
    assert ours.unwrap(stanzas[:1]) is None


def test_a_passphrase_opens_when_it_is_the_same() -> None:
    stanzas = wrap_for(FILE_KEY, [ScryptRecipient("gió mùa", work=1)])
    assert ScryptIdentity("gió mùa").unwrap(stanzas) == FILE_KEY
    assert ScryptIdentity("gió").unwrap(stanzas) is None
    assert ScryptIdentity("gió mùa").unwrap([Stanza(("X25519",), b"")]) is None


@pytest.mark.parametrize("work", [0, 23])
def test_a_passphrase_is_refused_when_its_work_factor_is_none_or_over_22(work: int) -> None:
    with pytest.raises(BadRecipient):
        ScryptRecipient("x", work=work)


def test_a_passphrase_stanza_is_refused_when_it_asks_for_more_work_than_allowed() -> None:
    stanzas = wrap_for(FILE_KEY, [ScryptRecipient("x", work=3)])
    assert ScryptIdentity("x", work_max=3).unwrap(stanzas) == FILE_KEY
    with pytest.raises(BadHeader):
        ScryptIdentity("x", work_max=2).unwrap(stanzas)


@pytest.mark.parametrize(
    "text",
    [
        bech32.encode("age", bytes(31)),
        bech32.encode("age1pq", bytes(1215)),
        bech32.encode("age1pq", b"\xff" * 1216),
        bech32.encode("age1tag", bytes(33)),
        bech32.encode("age", bytes(32)).upper(),
        X25519_TEXT,
        "",
    ],
    ids=["short", "short hybrid", "no lattice point", "other kind", "upper case", "an identity", "empty"],
)
def test_a_recipient_is_refused_when_kind_length_or_case_is_another(text: str) -> None:
    with pytest.raises(BadRecipient):
        parse_recipient(text)


@pytest.mark.parametrize(
    "text",
    [
        bech32.encode("age-secret-key-", bytes(31)).upper(),
        bech32.encode("age-secret-key-", bytes(32)),
        bech32.encode("age-secret-key-pq-", bytes(33)).upper(),
        bech32.encode("age", bytes(32)),
    ],
    ids=["short", "lower case", "long hybrid", "a recipient"],
)
def test_an_identity_is_refused_when_kind_length_or_case_is_another(text: str) -> None:
    with pytest.raises(BadRecipient):
        parse_identity(text)


@pytest.mark.parametrize("sort", [X25519Recipient, HybridRecipient])
def test_sealing_is_refused_when_the_recipient_is_a_point_of_small_order(
    sort: type[X25519Recipient | HybridRecipient],
) -> None:
    lattice = HybridIdentity.generate().recipient()._public[:1184] if sort is HybridRecipient else b""
    with pytest.raises(BadRecipient):
        sort(lattice + bytes(32)).wrap(FILE_KEY)


def test_sealing_is_refused_when_recipients_are_none_or_of_two_sorts() -> None:
    classical, hybrid = X25519Identity.generate().recipient(), HybridIdentity.generate().recipient()
    passphrase = ScryptRecipient("x", work=1)
    refused: list[list[str | Recipient]] = [[], [classical, hybrid], [classical, passphrase], [passphrase, passphrase]]
    for recipients in refused:
        with pytest.raises(BadRecipient):
            wrap_for(FILE_KEY, recipients)


@pytest.mark.parametrize(
    ("identity", "stanza"),
    [
        (X25519Identity.generate(), Stanza(("X25519",), bytes(32))),
        (X25519Identity.generate(), Stanza(("X25519", encode64(os.urandom(31))), bytes(32))),
        (X25519Identity.generate(), Stanza(("X25519", encode64(os.urandom(32))), bytes(31))),
        (X25519Identity.generate(), Stanza(("X25519", encode64(bytes(32))), bytes(32))),
        (X25519Identity.generate(), Stanza(("X25519", "not base64!"), bytes(32))),
        (ScryptIdentity("x"), Stanza(("scrypt", encode64(bytes(16)), "9" * 5000), bytes(32))),
    ],
    ids=["no share", "short share", "short body", "zero share", "no base64", "endless work factor"],
)
def test_a_stanza_of_our_kind_refuses_the_file_when_it_is_malformed(identity: Identity, stanza: Stanza) -> None:
    with pytest.raises(BadHeader):
        identity.unwrap([stanza])
