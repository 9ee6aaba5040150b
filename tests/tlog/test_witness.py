"""Submissions to a witness: form, order of the checks, status of each."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from accordant.tlog import checkpoint, merkle, note, witness

# Keys, notes and proof of transparency-dev/witness, witness/witness_test.go.
MONKEYS = note.VerifierKey.parse("monkeys+db4d9f7e+AULaJMvTtDLHPUcUrjdDad9vDlh/PTfC2VV60JUtCfWT")
MONKEYS_PRIVATE = Ed25519PrivateKey.from_private_bytes(
    base64.b64decode("ATWIAF3yVBG+Hv1rZFQoNt/BaURkLPtOFMAM2HrEeIr6")[1:]
)
BANANAS = note.VerifierKey.parse("bananas+cf639f13+AaPjhFnPCQnid/Ql32KWhmh+uk72FVRfK+2DLmO3BI3M")
FIVE = (
    "monkeys\n5\n41smjBUiAU70EtKlT6lIOIYtRTYxYXsDB+XHfcvu/BE=\n\n— monkeys 202fftzGl3LVoqjXfwCFZZXs8I+5G22+"
    "Ek2K0AOyBuSJ/8/CZawNF+6fNlTKOCd622pbzJNkkJFWuw9DbicZCkEx9AY=\n"
).encode()
EIGHT = (
    "monkeys\n8\nV8K9aklZ4EPB+RMOk1/8VsJUdFZR77GDtZUQq84vSbo=\n\n— monkeys 202ffoUEboiQYpHzICeaFmoy3RNviHTp"
    "AxYrq/eO4QQVQMvu9UebKBMX2MJC76NLthZaKsnKbCA8GxrjePZhvDCH7Ag=\n"
).encode()
PROOF = tuple(
    bytes.fromhex(value)
    for value in (
        "b9e1d62618f7fee8034e4c5010f727ab24d8e4705cb296c374bf2025a87a10d2",
        "aac66cd7a79ce4012d80762fe8eec3a77f22d1ca4145c3f4cee022e7efcd599d",
        "89d0f753f66a290c483b39cd5e9eafb12021293395fad3d4a2ad053cfbcfdc9e",
        "29e40bb79c966f4c6fe96aff6f30acfce5f3e8d84c02215175d6e018a5dee833",
    )
)
FIVE_HEAD, FIVE_NOTE = checkpoint.parse(FIVE)
EIGHT_HEAD, EIGHT_NOTE = checkpoint.parse(EIGHT)
EMPTY = checkpoint.Checkpoint("monkeys", 0, merkle.EMPTY_ROOT)


def _submitted(head: checkpoint.Checkpoint, old_size: int, hashes: tuple[bytes, ...] = ()) -> witness.Submission:
    signed = checkpoint.sign(head, MONKEYS, MONKEYS_PRIVATE.sign)
    return witness.Submission(old_size, hashes, head, signed)


def _status(submission: witness.Submission, latest: checkpoint.Checkpoint) -> tuple[int, int]:
    try:
        witness.judge(submission, [MONKEYS], latest)
    except witness.NotCosigned as refused:
        return refused.status, refused.size
    return 200, 0


OTHER = checkpoint.Checkpoint("monkeys", 5, b"\xff" * 32)
FOUR = checkpoint.Checkpoint("monkeys", 4, FIVE_HEAD.root)


@pytest.mark.parametrize(
    ("submission", "latest", "answer"),
    [
        (witness.Submission(5, PROOF, EIGHT_HEAD, EIGHT_NOTE), FIVE_HEAD, (200, 0)),
        (_submitted(EMPTY, 0), EMPTY, (200, 0)),
        (witness.Submission(2, PROOF, EIGHT_HEAD, EIGHT_NOTE), FIVE_HEAD, (409, 5)),
        (_submitted(FIVE_HEAD, 0), EMPTY, (200, 0)),
        (_submitted(FIVE_HEAD, 0, PROOF), EMPTY, (422, 0)),
        (_submitted(FIVE_HEAD, 5), FIVE_HEAD, (200, 0)),
        (_submitted(OTHER, 5), FIVE_HEAD, (422, 0)),
        (_submitted(FIVE_HEAD, 4), FOUR, (422, 0)),
        (witness.Submission(8, PROOF, FIVE_HEAD, FIVE_NOTE), EIGHT_HEAD, (400, 0)),
        (witness.Submission(5, (b"\xaa\xaa",) * 4, EIGHT_HEAD, EIGHT_NOTE), FIVE_HEAD, (422, 0)),
        (witness.Submission(5, PROOF[::-1], EIGHT_HEAD, EIGHT_NOTE), FIVE_HEAD, (422, 0)),
    ],
)
def test_each_submission_gets_the_published_status(
    submission: witness.Submission, latest: checkpoint.Checkpoint, answer: tuple[int, int]
) -> None:
    assert _status(submission, latest) == answer


def test_a_line_that_fails_or_is_of_another_key_is_forbidden_before_anything_else() -> None:
    corrupt = note.NoteSignature("monkeys", MONKEYS.key_id, FIVE_NOTE.signatures[0].signature[::-1])
    for old_size in (0, 5, 9):
        failing = witness.Submission(old_size, (), FIVE_HEAD, note.Note(FIVE_NOTE.text, (corrupt,)))
        assert _status(failing, FIVE_HEAD) == (403, 0)
    with pytest.raises(witness.NotCosigned) as refused:
        witness.judge(_submitted(FIVE_HEAD, 0), [BANANAS], EMPTY)
    assert refused.value.status == 403


def test_a_submission_survives_a_round_trip() -> None:
    for hashes in ((), PROOF, PROOF[:1] * 63):
        submission = witness.Submission(5, hashes, EIGHT_HEAD, EIGHT_NOTE)
        assert witness.parse(submission.to_bytes()) == submission
    assert witness.Submission(0, (), FIVE_HEAD, FIVE_NOTE).to_bytes() == b"old 0\n\n" + FIVE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"old 5\n" + EIGHT,
        b"5\n\n" + EIGHT,
        b"10 stuff\n\n" + EIGHT,
        b"old 05\n\n" + EIGHT,
        b"old -1\n\n" + EIGHT,
        b"old 9007199254740992\n\n" + EIGHT,
        b"old 5\nabc=\n\n" + EIGHT,
        b"old 5\nZ043\n423ed\n" + EIGHT,
        b"old 5\n\xff\n\n" + EIGHT,
        b"old 5\n" + b"uQ==\n" * 64 + b"\n" + EIGHT,
        b"old 5\n" + (base64.b64encode(PROOF[0]) + b"\n") * 64 + b"\n" + EIGHT,
        b"old 0\n\nmonkeys\n5\n41smjBUiAU70EtKlT6lIOIYtRTYxYXsDB+XHfcvu/BE=\n",
        b"old 0\n\nmonkeys\nthis is not a checkpoint\n",
        b"old 0\n\n" + FIVE + b"\n" * witness.MAX_BYTES,
        b"old 0\n\n" + FIVE.replace(b"\n5\n", b"\n0\n"),
    ],
)
def test_what_is_no_submission_is_refused(data: bytes) -> None:
    with pytest.raises(witness.BadSubmission):
        witness.parse(data)


@settings(max_examples=25)
@given(st.binary(max_size=120) | st.binary(max_size=40).map(b"old 5\n".__add__))
def test_the_decoder_lets_one_exception_out(data: bytes) -> None:
    try:
        assert witness.parse(data).to_bytes() == data
    except witness.BadSubmission:
        pass
