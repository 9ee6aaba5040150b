"""Verifier keys: ids, spelling, and which public keys and signatures count."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accordant.tlog import keys
from accordant.tlog.spelling import encode_base64
from tests.tlog.fixed import LOG, MIRROR, QUANTUM_SAFE, QUANTUM_SAFE_KEY, ROOT, private, public

SMALL_ORDER = [
    "00" * 32,
    "01" + "00" * 31,
    "ec" + "ff" * 30 + "7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]


def spelled_type(kind: int) -> str:
    return encode_base64(bytes([kind]) + ROOT.public_key)


def test_exactly_86_of_the_published_edge_cases_pass(shared: Path) -> None:
    """The wire format, section 1; C2SP/CCTV ed25519."""
    vectors = json.loads((shared / "vectors" / "ed25519" / "ed25519vectors.json").read_text())
    passed = 0
    for vector in vectors:
        try:
            key = keys.VerifierKey("edge.example", keys.ED25519, bytes.fromhex(vector["key"]))
        except keys.BadKey:
            assert {"low_order_A", "non_canonical_A"} & set(vector["flags"])
            continue
        assert not {"low_order_A", "non_canonical_A"} & set(vector["flags"] or [])
        passed += key.verifies(vector["msg"].encode(), bytes.fromhex(vector["sig"]))
    assert (len(vectors), passed) == (914, 86)


@pytest.mark.parametrize("encoded", SMALL_ORDER)
@pytest.mark.parametrize("sign_bit", [0, 0x80])
def test_key_of_small_order_is_refused(encoded: str, sign_bit: int) -> None:
    key = bytearray.fromhex(encoded)
    key[31] |= sign_bit
    with pytest.raises(keys.BadKey, match="small order"):
        keys.check_ed25519(bytes(key))


@given(st.integers(2**255 - 19, 2**255 - 1), st.booleans())
def test_key_that_is_not_canonical_is_refused(y: int, sign_bit: bool) -> None:
    with pytest.raises(keys.BadKey, match="non-canonical"):
        keys.check_ed25519((y | sign_bit << 255).to_bytes(32, "little"))


def test_key_of_another_length_is_refused() -> None:
    with pytest.raises(keys.BadKey, match="31 bytes"):
        keys.check_ed25519(public(1)[:31])
    with pytest.raises(keys.BadKey, match="33 bytes"):
        keys.VerifierKey("a.example", keys.ED25519, public(1) + b"\x00")
    with pytest.raises(keys.BadKey, match="1311 bytes"):
        keys.VerifierKey("a.example", keys.ML_DSA_44, bytes(1311))


def test_ids_are_those_of_the_wire_format() -> None:
    assert LOG.key_id.hex() == "af530db3"
    assert LOG.to_string() == f"{LOG.name}+af530db3+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"
    assert MIRROR.to_string() == "city.example/m+c6ed3d16+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU"
    assert ROOT.to_string() == "guard.example+0ff58113+Ae1JKMYo0cLG6ukDOJBZlWEpWSc6XGP5NjbBRhSshzfR"
    assert QUANTUM_SAFE_KEY.key_id.hex() == "566f540f"


@pytest.mark.parametrize("kind", [keys.ED25519, keys.COSIGNATURE_ED25519, keys.COSIGNATURE_ML_DSA_44, keys.ML_DSA_44])
def test_vkey_of_each_kind_survives_a_round_trip(kind: int) -> None:
    raw = QUANTUM_SAFE_KEY.public_key if kind in (keys.COSIGNATURE_ML_DSA_44, keys.ML_DSA_44) else public(4)
    key = keys.VerifierKey.make("guard.example/link", kind, raw)
    assert keys.VerifierKey.parse(key.to_string()) == key
    assert key.key_id == keys.key_id(key.name, kind, raw)
    assert repr(raw) not in repr(key)


def test_same_key_of_another_kind_has_another_id() -> None:
    assert keys.key_id("a.example", keys.ED25519, public(1)) != keys.key_id("a.example", keys.ML_DSA_44, public(1))


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "guard.example",
        "guard.example+0ff58113",
        "guard.example+0ff58113+",
        "guard.example+0ff58114+Ae1JKMYo0cLG6ukDOJBZlWEpWSc6XGP5NjbBRhSshzfR",
        "guard.example+0FF58113+Ae1JKMYo0cLG6ukDOJBZlWEpWSc6XGP5NjbBRhSshzfR",
        "guard.example+0ff58113+Ae1JKMYo0cLG6ukDOJBZlWEpWSc6XGP5NjbBRhSshzfR=",
        "guard.example+0ff58113+Ae1JKMYo0cLG6ukDOJBZlWEpWSc6XGP5NjbBRhSshzfR\n",
        "guard.example+0ff58113+Ae1JKMYo0cLG6ukDOJBZlWEpWSc6XGP5NjbBRhSshzf",
        "guard example+0ff58113+Ae1JKMYo0cLG6ukDOJBZlWEpWSc6XGP5NjbBRhSshzfR",
        "+0ff58113+Ae1JKMYo0cLG6ukDOJBZlWEpWSc6XGP5NjbBRhSshzfR",
        "guard.example+0ff58113+" + encode_base64(b"\x02" + bytes(32)),
        "guard.example+0ff58113+" + encode_base64(b"\xff" + bytes(32)),
    ],
)
def test_vkey_is_refused_when_any_part_is_wrong(vkey: str) -> None:
    with pytest.raises(keys.BadKey):
        keys.VerifierKey.parse(vkey)


PIECES = st.sampled_from(
    [*ROOT.to_string().split("+", 2), "+", "=", "A", "\ud800", spelled_type(0xFF), spelled_type(4)]
)


@given(st.lists(PIECES, max_size=7).map("".join) | st.text(max_size=20))
def test_vkey_decoder_lets_one_exception_out(vkey: str) -> None:
    try:
        assert keys.VerifierKey.parse(vkey).to_string() == vkey
    except keys.BadKey:
        pass


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b", "a\u00a0", "a\n", "đ" * 128, "\ud800"])
def test_name_is_refused_when_no_note_may_hold_it(name: str) -> None:
    with pytest.raises(keys.BadKey):
        keys.VerifierKey(name, keys.ED25519, public(1))


def test_unknown_kind_is_refused() -> None:
    with pytest.raises(keys.BadKey, match="0x02"):
        keys.VerifierKey("a.example", 0x02, public(1))


def test_signature_counts_for_its_key_and_message_only() -> None:
    signature = private(1).sign(b"message")
    assert LOG.verifies(b"message", signature)
    assert not LOG.verifies(b"massage", signature)
    assert not ROOT.verifies(b"message", signature)
    assert not LOG.verifies(b"message", signature[:63])


def test_ml_dsa_signature_has_the_empty_context() -> None:
    assert QUANTUM_SAFE_KEY.verifies(b"message", QUANTUM_SAFE.sign(b"message"))
    assert not QUANTUM_SAFE_KEY.verifies(b"message", QUANTUM_SAFE.sign(b"message", b"context"))
    assert not QUANTUM_SAFE_KEY.verifies(b"message", bytes(2420))


def test_a_signer_signs_without_being_verified_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    signer = keys.Signer(LOG, private(1).sign)
    monkeypatch.setattr(keys.VerifierKey, "verifies", None)
    assert keys.signature_by(LOG, b"message", signer) == private(1).sign(b"message") == signer(b"message")


def test_a_signer_of_another_key_is_none() -> None:
    with pytest.raises(keys.BadKey, match="does not hold its key"):
        keys.Signer(LOG, private(2).sign)


def test_a_signer_used_for_another_key_is_found_out() -> None:
    signer = keys.Signer(LOG, private(1).sign)
    with pytest.raises(keys.BadKey, match="not that of its key"):
        keys.signature_by(MIRROR, b"message", signer)
