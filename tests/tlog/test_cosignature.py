"""Cosignatures of both kinds: messages, times, and what is refused."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accordant.tlog import cosignature, note
from tests.tlog.fixed import (
    LOG,
    MIRROR,
    QUANTUM_SAFE,
    QUANTUM_SAFE_KEY,
    SECOND,
    TIME,
    checkpoint_of,
    cosigned,
    private,
    signed,
)

FIRST_LINE = "xu09FgAAAABqRmv8Z9sF7Hj10BklSyJ/g+oI77Qu1iRNyHzvyfG9DIH+xVssoWi9ayOxGYY6fWBf+mFE9znuAGszkHJ8jlMneWi7Bw=="


def test_first_ed25519_cosignature_of_the_wire_format() -> None:
    line = cosignature.cosign(checkpoint_of(1), MIRROR, TIME, private(2).sign)
    assert line.to_line() == f"— city.example/m {FIRST_LINE}\n"
    assert cosignature.verify_line(checkpoint_of(1), MIRROR, line) == (MIRROR, TIME)


def test_first_ml_dsa_message_of_the_wire_format() -> None:
    message = cosignature.signed_message(checkpoint_of(1), QUANTUM_SAFE_KEY, TIME)
    assert len(message) == 143
    expected = "17d8bc579892d3c223db42d7ed25927e306a2c552d7bdcaa3710042425217e1e"
    assert hashlib.sha256(message).hexdigest() == expected


def test_both_kinds_stand_on_one_checkpoint() -> None:
    lines = [
        cosignature.cosign(checkpoint_of(3), MIRROR, TIME, private(2).sign),
        cosignature.cosign(checkpoint_of(3), QUANTUM_SAFE_KEY, TIME + 1, QUANTUM_SAFE.sign),
    ]
    parsed = note.parse(signed(3).with_signatures(lines).to_bytes())
    found = cosignature.verify(parsed, [QUANTUM_SAFE_KEY, MIRROR, SECOND])
    assert found == ((MIRROR, TIME), (QUANTUM_SAFE_KEY, TIME + 1))


def test_checkpoint_without_known_cosignatures_has_none() -> None:
    assert cosignature.verify(cosigned(3), [SECOND]) == ()


def test_same_key_may_cosign_twice() -> None:
    later = cosignature.cosign(checkpoint_of(3), MIRROR, TIME + 5, private(2).sign)
    times = [found.time for found in cosignature.verify(cosigned(3).with_signatures([later]), [MIRROR])]
    assert times == [TIME, TIME + 5]


@pytest.mark.parametrize("size", [2, 4])
def test_cosignature_of_another_size_refuses_the_note(size: int) -> None:
    line = cosignature.cosign(checkpoint_of(size), MIRROR, TIME, private(2).sign)
    with pytest.raises(cosignature.BadCosignature, match="does not verify"):
        cosignature.verify(signed(3).with_signatures([line]), [MIRROR])


@pytest.mark.parametrize("key", [MIRROR, QUANTUM_SAFE_KEY])
@given(change=st.binary(max_size=90))
def test_verifier_lets_one_exception_out(key: note.VerifierKey, change: bytes) -> None:
    line = note.NoteSignature(key.name, key.key_id, TIME.to_bytes(8, "big")[: len(change)] + change + b"\x00")
    with pytest.raises(cosignature.BadCosignature):
        cosignature.verify(signed(3).with_signatures([line]), [key])


def test_changed_time_refuses_the_cosignature() -> None:
    line = cosignature.cosign(checkpoint_of(3), MIRROR, TIME, private(2).sign)
    moved = note.NoteSignature(line.name, line.key_id, (TIME + 1).to_bytes(8, "big") + line.signature[8:])
    with pytest.raises(cosignature.BadCosignature):
        cosignature.verify_line(checkpoint_of(3), MIRROR, moved)


@pytest.mark.parametrize("time", [-1, 0, 2**63])
def test_time_is_refused_when_it_is_none(time: int) -> None:
    with pytest.raises(cosignature.BadCosignature, match="no time"):
        cosignature.cosign(checkpoint_of(3), MIRROR, time, private(2).sign)


@pytest.mark.parametrize("time", [1, 2**63 - 1])
def test_time_is_read_up_to_its_limits(time: int) -> None:
    line = cosignature.cosign(checkpoint_of(3), MIRROR, time, private(2).sign)
    assert cosignature.verify_line(checkpoint_of(3), MIRROR, line).time == time


def test_ml_dsa_message_holds_the_cosigners_name() -> None:
    witness = note.VerifierKey("city.example/w", QUANTUM_SAFE_KEY.kind, QUANTUM_SAFE_KEY.public_key)
    line = cosignature.cosign(checkpoint_of(3), QUANTUM_SAFE_KEY, TIME, QUANTUM_SAFE.sign)
    renamed = note.NoteSignature(witness.name, witness.key_id, line.signature)
    with pytest.raises(cosignature.BadCosignature):
        cosignature.verify_line(checkpoint_of(3), witness, renamed)


def test_only_cosigning_keys_cosign() -> None:
    with pytest.raises(cosignature.BadCosignature, match="0x04"):
        cosignature.cosign(checkpoint_of(3), LOG, TIME, private(1).sign)


def test_cosignature_of_another_key_never_leaves() -> None:
    with pytest.raises(cosignature.BadCosignature, match="not that of its key"):
        cosignature.cosign(checkpoint_of(3), MIRROR, TIME, private(1).sign)


def test_line_of_another_key_is_refused() -> None:
    line = cosignature.cosign(checkpoint_of(3), MIRROR, TIME, private(2).sign)
    with pytest.raises(cosignature.BadCosignature, match="not a line of"):
        cosignature.verify_line(checkpoint_of(3), SECOND, line)


def test_note_that_is_no_checkpoint_is_refused() -> None:
    with pytest.raises(cosignature.BadCosignature):
        cosignature.verify(note.sign_text("text\n", LOG, private(1).sign), [MIRROR])
