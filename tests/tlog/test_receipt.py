"""Receipts: what one proves, and that each change to it is noticed."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accordant.tlog import note, policy, proof_file, receipt
from tests.tlog.fixed import (
    HEADER,
    LOG,
    MIRROR,
    POLICY,
    ROOT,
    SECOND,
    TIME,
    checkpoint_of,
    cosigned,
    headers,
    leaf_hashes,
    node_source,
    private,
    signed,
)

SIZE = 7


def made(index: int = 0, signed_by: note.Note | None = None) -> bytes:
    return receipt.make(index, headers(SIZE)[index], signed_by or cosigned(SIZE), node_source(leaf_hashes(SIZE)))


@pytest.mark.parametrize("index", range(SIZE))
def test_receipt_proves_header_position_and_times(index: int) -> None:
    found = receipt.verify(made(index), POLICY)
    assert (found.header, found.index) == (headers(SIZE)[index], index)
    assert (found.checkpoint, found.log) == (checkpoint_of(SIZE), LOG)
    assert (found.times, found.complete) == ({"city.example": TIME}, True)


def test_receipt_without_the_quorum_is_examined_but_not_verified() -> None:
    both = policy.for_log(LOG, {"city.example": MIRROR, "army.example": SECOND}, "all")
    assert receipt.examine(made(), both).complete is False
    with pytest.raises(receipt.BadReceipt, match="1 of 2"):
        receipt.verify(made(), both)
    assert receipt.examine(made(0, signed(SIZE)), both).times == {}


def test_receipt_of_another_leaf_is_refused() -> None:
    data = proof_file.parse(made(1))
    swapped = proof_file.ProofFile(1, data.hashes, data.checkpoint, HEADER)
    with pytest.raises(receipt.BadReceipt, match="another root"):
        receipt.verify(swapped.to_bytes(), POLICY)


def test_receipt_without_a_header_is_refused() -> None:
    data = proof_file.parse(made())
    with pytest.raises(receipt.BadReceipt, match="no header"):
        receipt.verify(proof_file.ProofFile(0, data.hashes, data.checkpoint).to_bytes(), POLICY)


def test_receipt_of_an_unknown_log_is_refused() -> None:
    other = note.VerifierKey(LOG.name, LOG.kind, ROOT.public_key)
    with pytest.raises(receipt.BadReceipt, match="no listed log"):
        receipt.verify(made(), policy.for_log(other, {}, "all"))


def test_receipt_is_not_made_when_there_is_no_such_leaf() -> None:
    with pytest.raises(receipt.BadReceipt):
        receipt.make(SIZE, b"{}", cosigned(SIZE), node_source(leaf_hashes(SIZE)))
    with pytest.raises(receipt.BadReceipt):
        receipt.make(0, bytes(16_385), cosigned(SIZE), node_source(leaf_hashes(SIZE)))
    with pytest.raises(receipt.BadReceipt):
        receipt.make(0, b"{}", note.sign_text("text\n", ROOT, private(3).sign), node_source(leaf_hashes(SIZE)))


@given(st.integers(0, len(made()) - 1), st.integers(1, 255))
def test_no_changed_byte_changes_what_is_proved(position: int, change: int) -> None:
    data = bytearray(made())
    data[position] ^= change
    with contextlib.suppress(receipt.BadReceipt):
        found = receipt.examine(bytes(data), POLICY)
        # Only a line that became one of an unknown key may be lost; nothing else may differ.
        assert found.header == HEADER
        assert found.checkpoint == checkpoint_of(SIZE)
        assert found.times in ({}, {"city.example": TIME})
