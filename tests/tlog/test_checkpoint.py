"""Checkpoints: the wire format's first values, strictness, growth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accordant.tlog import checkpoint, keys, merkle, note, proof
from tests.tlog.fixed import (
    HEADER,
    LOG,
    MIRROR,
    ORIGIN,
    checkpoint_of,
    key_of,
    leaf_hashes,
    node_source,
    private,
    signed,
)

ROOT_1 = "/hsMRWO4DLH8QY+kGRvX3P5HFJjrY167rySxt+aFwUc="
LINE = "r1MNs6W/tD9fKfMkFYj+CLnq/I3LmxlxRkApBc5B9SXT7heEN3QlQ6mNwcouJV0raJydUdV2BR/H82zr/kQwKrPcyAE="


def test_first_values_of_the_wire_format() -> None:
    """The wire format, section 12."""
    assert merkle.leaf_hash(HEADER).hex() == "fe1b0c4563b80cb1fc418fa4191bd7dcfe471498eb635ebbaf24b1b7e685c147"
    assert signed(1).to_bytes().decode() == f"{ORIGIN}\n1\n{ROOT_1}\n\n— {ORIGIN} {LINE}\n"


def test_published_checkpoints_verify() -> None:
    """transparency-dev/witness 54dbcdd, witness_test.go."""
    key = note.VerifierKey.parse("monkeys+db4d9f7e+AULaJMvTtDLHPUcUrjdDad9vDlh/PTfC2VV60JUtCfWT")
    first = (
        "monkeys\n5\n41smjBUiAU70EtKlT6lIOIYtRTYxYXsDB+XHfcvu/BE=\n\n— monkeys "
        "202fftzGl3LVoqjXfwCFZZXs8I+5G22+Ek2K0AOyBuSJ/8/CZawNF+6fNlTKOCd622pbzJNkkJFWuw9DbicZCkEx9AY=\n"
    )
    assert checkpoint.verify(note.parse(first.encode()), [key]).size == 5
    with pytest.raises(checkpoint.BadCheckpoint):
        checkpoint.verify(note.parse(first.replace("\n5\n", "\n6\n").encode()), [key])


@pytest.mark.parametrize("size", [0, 1, 7])
def test_checkpoint_survives_a_round_trip(size: int) -> None:
    parsed, as_note = checkpoint.parse(signed(size).to_bytes())
    assert (parsed, as_note) == (checkpoint_of(size), signed(size))
    assert checkpoint.verify(as_note, [MIRROR.make("x", 1, LOG.public_key), LOG]) == parsed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        f"{ORIGIN}\n1\n{ROOT_1}",
        f"{ORIGIN}\n1\n{ROOT_1}\nextension\n",
        f"{ORIGIN}\n1\n{ROOT_1}\n\n",
        f"{ORIGIN}\n1\n",
        f"\n1\n{ROOT_1}\n",
        f"two words\n1\n{ROOT_1}\n",
        f"a+b\n1\n{ROOT_1}\n",
        f"{'a' * 256}\n1\n{ROOT_1}\n",
        f"{ORIGIN}\n01\n{ROOT_1}\n",
        f"{ORIGIN}\n+1\n{ROOT_1}\n",
        f"{ORIGIN}\n-1\n{ROOT_1}\n",
        f"{ORIGIN}\n1 \n{ROOT_1}\n",
        f"{ORIGIN}\n١\n{ROOT_1}\n",
        f"{ORIGIN}\n\n{ROOT_1}\n",
        f"{ORIGIN}\n{2**53}\n{ROOT_1}\n",
        f"{ORIGIN}\n{10**30}\n{ROOT_1}\n",
        f"{ORIGIN}\n1\n{ROOT_1[:-1]}\n",
        f"{ORIGIN}\n1\n{ROOT_1[:-2]}d=\n",
        f"{ORIGIN}\n1\nAAAA\n",
        f"{ORIGIN}\n0\n{ROOT_1}\n",
    ],
)
def test_text_is_refused_when_it_is_not_exactly_three_lines_of_a_checkpoint(text: str) -> None:
    with pytest.raises(checkpoint.BadCheckpoint):
        checkpoint.Checkpoint.parse_text(text)


def test_origin_and_size_are_read_up_to_their_limits() -> None:
    longest = f"{'a' * 255}\n{2**53 - 1}\n{ROOT_1}\n"
    assert checkpoint.Checkpoint.parse_text(longest).text() == longest


@pytest.mark.parametrize("size", [-1, 2**53])
def test_size_out_of_range_is_refused(size: int) -> None:
    with pytest.raises(checkpoint.BadCheckpoint):
        checkpoint.Checkpoint(ORIGIN, size, bytes(32))


def test_root_of_another_length_is_refused() -> None:
    with pytest.raises(checkpoint.BadCheckpoint):
        checkpoint.Checkpoint(ORIGIN, 1, bytes(31))


PIECES = st.sampled_from(["\n", ORIGIN, "0", "1", "7", ROOT_1, "=", "\n\n", f"— {ORIGIN} {LINE}\n", "\ud800", " "])


@given(st.lists(PIECES, max_size=9).map("".join) | st.text(max_size=20))
def test_decoders_let_one_exception_out(text: str) -> None:
    try:
        assert checkpoint.Checkpoint.parse_text(text).text() == text
    except checkpoint.BadCheckpoint:
        pass
    try:
        checkpoint.parse(text.encode("utf-8", "surrogatepass"))
    except checkpoint.BadCheckpoint:
        pass


def test_log_signs_with_its_own_key_only() -> None:
    with pytest.raises(checkpoint.BadCheckpoint, match="cannot sign for"):
        checkpoint.sign(checkpoint_of(1), key_of("other.example/x/1", keys.ED25519, 1), private(1).sign)
    with pytest.raises(checkpoint.BadCheckpoint, match="not that of its key"):
        checkpoint.sign(checkpoint_of(1), LOG, private(2).sign)


def test_line_of_another_name_is_no_line_of_the_log() -> None:
    other = key_of("other.example/x/1", keys.ED25519, 1)
    as_note = note.sign_text(checkpoint_of(1).text(), other, private(1).sign)
    with pytest.raises(checkpoint.BadCheckpoint, match="no signature of a known key"):
        checkpoint.verify(as_note, [other, LOG])


def grown(old: int, new: int) -> list[bytes]:
    return proof.make_consistency(old, new, node_source(leaf_hashes(new)))


def test_growth_is_shown_by_a_consistency_proof() -> None:
    checkpoint.verify_growth(checkpoint_of(5), checkpoint_of(8), grown(5, 8))
    checkpoint.verify_growth(checkpoint_of(8), checkpoint_of(8), [])


def test_growth_from_nothing_needs_the_empty_proof() -> None:
    checkpoint.verify_growth(checkpoint_of(0), checkpoint_of(8), [])
    checkpoint.verify_growth(checkpoint_of(0), checkpoint_of(0), [])
    with pytest.raises(checkpoint.BadCheckpoint, match="empty"):
        checkpoint.verify_growth(checkpoint_of(0), checkpoint_of(8), [bytes(32)])


def test_growth_is_refused_when_log_size_or_root_do_not_follow() -> None:
    other = checkpoint.Checkpoint("other.example/x/1", 8, checkpoint_of(8).root)
    forked = checkpoint.Checkpoint(ORIGIN, 8, bytes(32))
    for new, hashes in ((other, grown(5, 8)), (forked, grown(5, 8)), (checkpoint_of(4), []), (checkpoint_of(8), [])):
        with pytest.raises(checkpoint.BadCheckpoint):
            checkpoint.verify_growth(checkpoint_of(5), new, hashes)
