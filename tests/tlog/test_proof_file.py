"""Proof files: writing, strict reading, limits."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordant.tlog import note, proof, proof_file
from accordant.tlog.spelling import encode_base64
from tests.tlog.fixed import HEADER, LOG, ROOT, cosigned, leaf_hashes, node_source, private, raw_note


def good(size: int = 7, index: int = 4, extra: bytes | None = HEADER) -> proof_file.ProofFile:
    hashes = tuple(proof.make_inclusion(index, size, node_source(leaf_hashes(size))))
    return proof_file.ProofFile(index, hashes, cosigned(size), extra)


@pytest.mark.parametrize("extra", [None, b"", HEADER, bytes(proof_file.MAX_EXTRA_BYTES)])
@pytest.mark.parametrize(("size", "index"), [(1, 0), (7, 0), (7, 6)])
def test_proof_file_survives_a_round_trip(size: int, index: int, extra: bytes | None) -> None:
    made = good(size, index, extra)
    assert proof_file.parse(made.to_bytes()) == made


def test_lines_stand_in_the_order_of_the_specification() -> None:
    lines = good().to_bytes().decode().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1] == f"extra {encode_base64(HEADER)}"
    assert lines[2] == "index 4"
    assert lines[6] == ""
    assert lines[7] == LOG.name


GOOD = good().to_bytes()
HASH_LINE = GOOD.split(b"\n")[3]
EXTRA_LINE = GOOD.split(b"\n")[1] + b"\n"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        GOOD.replace(b"@v1", b"@v2"),
        GOOD[1:],
        GOOD.replace(b"index 4\n", b""),
        GOOD.replace(b"index 4\n", b"").replace(EXTRA_LINE, b""),
        GOOD.replace(b"index 4", b"index 04"),
        GOOD.replace(b"index 4", b"index -4"),
        GOOD.replace(b"index 4", b"index  4"),
        GOOD.replace(b"index 4", b"4"),
        GOOD.replace(b"index 4", b"index 7"),
        GOOD.replace(b"extra ", b"extra"),
        GOOD.replace(EXTRA_LINE, b"extra *\n"),
        GOOD.replace(EXTRA_LINE, EXTRA_LINE + EXTRA_LINE),
        GOOD.replace(EXTRA_LINE, b"extra " + encode_base64(bytes(16_385)).encode() + b"\n"),
        GOOD.replace(HASH_LINE, HASH_LINE[:-1]),
        GOOD.replace(HASH_LINE, b"AAAA"),
        GOOD.replace(HASH_LINE, HASH_LINE + b"\r"),
        GOOD.replace(HASH_LINE + b"\n", (HASH_LINE + b"\n") * 62),
        GOOD.replace(HASH_LINE, b"\xc3\xa0"),
        GOOD.replace(HASH_LINE, b""),
        GOOD.replace(b"\n\n", b"\n", 1),
        GOOD[:-1],
        GOOD + b"\n",
        GOOD.split(b"\n\n")[0],
        GOOD.split(b"\n\n")[0] + b"\n\n" + raw_note("no checkpoint\n", ROOT, 3),
    ],
)
def test_proof_file_is_refused_when_its_form_is_wrong(data: bytes) -> None:
    with pytest.raises(proof_file.BadProofFile):
        proof_file.parse(data)


def test_16_kib_of_extra_data_are_read_and_one_byte_more_is_not() -> None:
    assert proof_file.ProofFile(0, (), cosigned(7), bytes(16_384)).extra == bytes(16_384)
    with pytest.raises(proof_file.BadProofFile, match="at most 16384"):
        proof_file.ProofFile(0, (), cosigned(7), bytes(16_385))


def test_63_hashes_are_read_and_64_are_not() -> None:
    hashes = (bytes(32),) * 63
    longest = proof_file.ProofFile(0, hashes, cosigned(1))
    assert proof_file.parse(longest.to_bytes()) == longest
    with pytest.raises(proof_file.BadProofFile):
        proof_file.ProofFile(0, (*hashes, bytes(32)), cosigned(1))


@pytest.mark.parametrize("index", [-1, 7])
def test_index_outside_the_checkpoint_is_refused(index: int) -> None:
    with pytest.raises(proof_file.BadProofFile, match="no leaf"):
        proof_file.ProofFile(index, (), cosigned(7))


def test_hash_of_another_length_is_refused() -> None:
    with pytest.raises(proof_file.BadProofFile):
        proof_file.ProofFile(0, (bytes(31),), cosigned(7))


def test_256_kib_are_written_and_more_is_not() -> None:
    # A line of a name that leaves a multiple of four for the base64.
    space = 2**18 - len(proof_file.ProofFile(0, (), cosigned(7)).to_bytes()) - len("—  \n".encode())
    name = "a" * (space % 4 or 4)
    line = note.NoteSignature(name, b"four", bytes((space - len(name)) // 4 * 3 - 4))
    fits = proof_file.ProofFile(0, (), cosigned(7).with_signatures([line]))
    assert len(fits.to_bytes()) == 2**18
    assert proof_file.parse(fits.to_bytes()) == fits
    with pytest.raises(proof_file.BadProofFile, match="at most 262144"):
        proof_file.ProofFile(0, (bytes(32),), fits.checkpoint).to_bytes()
    above = cosigned(7).with_signatures([note.NoteSignature("a", b"four", bytes(200_000))])
    with pytest.raises(proof_file.BadProofFile, match="at most"):
        proof_file.ProofFile(0, (), above).to_bytes()
    with pytest.raises(proof_file.BadProofFile, match="at most"):
        proof_file.parse(bytes(proof_file.MAX_BYTES + 1))


LINES = st.sampled_from([*GOOD.split(b"\n"), b"index 0", b"extra ", b"extra AA==", b"\xff", b"index 6"])


@settings(max_examples=50)
@given(st.lists(LINES, max_size=14).map(b"\n".join) | st.binary(max_size=60))
def test_decoder_lets_one_exception_out(data: bytes) -> None:
    for candidate in (data, b"c2sp.org/tlog-proof@v1\n" + data, GOOD.replace(EXTRA_LINE, data)):
        with contextlib.suppress(proof_file.BadProofFile):
            assert proof_file.parse(candidate).to_bytes() == candidate


def test_checkpoint_may_carry_lines_of_unknown_keys() -> None:
    extra = note.sign_text(cosigned(7).text, ROOT, private(3).sign)
    made = proof_file.ProofFile(0, (), cosigned(7).with_signatures(extra.signatures))
    assert len(proof_file.parse(made.to_bytes()).checkpoint.signatures) == 3
