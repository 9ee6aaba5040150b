"""Signed notes: published examples, the limits, and which signatures count."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accordant.tlog import keys, note
from accordant.tlog.spelling import encode_base64
from tests.tlog.fixed import LOG, MIRROR, QUANTUM_SAFE, QUANTUM_SAFE_KEY, ROOT, key_of, private, raw_note

TEXT = "Xin chào\n\nhai dòng\n"
# golang.org/x/mod/sumdb/note, the package's own example.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# C2SP/C2SP signed-note.md.
C2SP_NOTE = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "— quasimodo.example/salvatore "
    "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
)


def good() -> note.Note:
    return note.sign_text(TEXT, ROOT, private(3).sign)


def test_published_go_example_verifies() -> None:
    parsed = note.parse(GO_NOTE.encode())
    assert [line.name for line in note.verify(parsed, [note.VerifierKey.parse(GO_KEY)])] == ["PeterNeumann"]
    assert parsed.to_bytes() == GO_NOTE.encode()


def test_published_c2sp_example_is_split_at_its_last_empty_line() -> None:
    parsed = note.parse(C2SP_NOTE.encode())
    assert parsed.text.endswith(":\n\ned è subito sera.\n")
    assert [(line.name, line.key_id.hex()) for line in parsed.signatures] == [
        ("quasimodo.example/salvatore", "367ba04b")
    ]
    assert parsed.to_bytes() == C2SP_NOTE.encode()


def test_note_that_was_signed_verifies_after_a_round_trip() -> None:
    parsed = note.parse(good().to_bytes())
    assert parsed == good()
    assert note.verify(parsed, [ROOT, LOG]) == parsed.signatures


def test_post_quantum_root_signs_a_text_too() -> None:
    key = note.VerifierKey("guard.example", keys.ML_DSA_44, QUANTUM_SAFE_KEY.public_key)
    both = good().with_signatures(note.sign_text(TEXT, key, QUANTUM_SAFE.sign).signatures)
    assert len(note.verify(note.parse(both.to_bytes()), [ROOT, key])) == 2


@pytest.mark.parametrize("key", [key_of("other.example", keys.ED25519, 3), key_of("guard.example", keys.ED25519, 1)])
def test_unknown_name_or_id_is_ignored(key: note.VerifierKey) -> None:
    line = note.NoteSignature(key.name, key.key_id, b"no signature at all")
    assert note.verify(good().with_signatures([line]), [ROOT]) == good().signatures
    with pytest.raises(note.BadNote, match="no signature of a known key"):
        note.verify(good(), [key])


def test_known_key_that_fails_refuses_the_note() -> None:
    forged = note.NoteSignature(ROOT.name, ROOT.key_id, private(1).sign(TEXT.encode()))
    with pytest.raises(note.BadNote, match="does not verify"):
        note.verify(good().with_signatures([forged]), [ROOT])


def test_changed_text_refuses_the_note() -> None:
    with pytest.raises(note.BadNote):
        note.verify(note.Note(TEXT + "thêm\n", good().signatures), [ROOT])


@pytest.mark.parametrize("key", [MIRROR, QUANTUM_SAFE_KEY])
def test_cosigning_keys_neither_sign_nor_verify_a_text(key: note.VerifierKey) -> None:
    with pytest.raises(note.BadNote, match="0x01"):
        note.sign_text(TEXT, key, private(2).sign)
    with pytest.raises(note.BadNote, match="0x01"):
        note.verify(good(), [ROOT, key])


def test_signature_of_another_key_never_leaves() -> None:
    with pytest.raises(note.BadNote, match="not that of its key"):
        note.sign_text(TEXT, ROOT, private(1).sign)


def test_lines_are_added_once() -> None:
    twice = good().with_signatures(good().signatures)
    assert twice == good()


def test_lines_alone_survive_a_round_trip() -> None:
    lines = good().signatures
    assert note.parse_lines(note.lines_to_text(lines).encode()) == lines
    with pytest.raises(note.BadNote):
        note.parse_lines(b"")


LINE = good().signatures[0].to_line()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        TEXT.encode(),
        f"{TEXT}\n".encode(),
        f"{TEXT}{LINE}".encode(),
        f"{TEXT}\n{LINE}".encode()[:-1],
        f"{TEXT}\n{LINE}{LINE}".encode()[:-1],
        f"{TEXT}\n{LINE}{LINE}\n".encode(),
        f"{TEXT}\n{LINE}".replace("Xin", "Xin\r").encode(),
        f"{TEXT}\n{LINE}".replace("Xin", "Xin\t").encode(),
        f"{TEXT}\n{LINE}".encode().replace(b"Xin", b"Xin\xff"),
        f"{TEXT}\n{LINE}".encode().replace(b"Xin", b"Xin\xed\xa0\x80"),
        f"{TEXT}\n-{LINE[1:]}".encode(),
        f"{TEXT}\n—{LINE[2:]}".encode(),
        f"{TEXT}\n{LINE[:-1]} \n".encode(),
        f"{TEXT}\n— {ROOT.name}\n".encode(),
        f"{TEXT}\n—  {LINE.split()[2]}\n".encode(),
        f"{TEXT}\n— a+b {LINE.split()[2]}\n".encode(),
        f"{TEXT}\n— a\u2003b {LINE.split()[2]}\n".encode(),
        f"{TEXT}\n— a {encode_base64(b'four')}\n".encode(),
        f"{TEXT}\n— a {encode_base64(b'fiveb')[:-1]}\n".encode(),
        f"{TEXT}\n— a {encode_base64(b'five+').replace('=', '')}\n".encode(),
        f"{TEXT}\n— a Zm91cjX=\n".encode(),
    ],
)
def test_note_is_refused_when_its_form_is_wrong(data: bytes) -> None:
    with pytest.raises(note.BadNote):
        note.parse(data)


def test_128_lines_are_read_and_129_are_not() -> None:
    lines = [note.NoteSignature("a", number.to_bytes(4, "big"), b"s") for number in range(129)]
    text = note.lines_to_text(lines[:128])
    assert len(note.parse(f"text\n\n{text}".encode()).signatures) == 128
    with pytest.raises(note.BadNote):
        note.parse(f"text\n\n{text}{lines[128].to_line()}".encode())
    with pytest.raises(note.BadNote):
        note.Note("text\n", tuple(lines))
    with pytest.raises(note.BadNote):
        note.Note("text\n", ())


def test_256_kib_are_read_and_one_byte_more_is_not() -> None:
    rest = f"\n\n{LINE}".encode()
    fits = b"a" * (note.MAX_BYTES - len(rest)) + rest
    assert note.parse(fits).to_bytes() == fits
    with pytest.raises(note.BadNote, match="at most 262144"):
        note.parse(b"a" + fits)
    with pytest.raises(note.BadNote):
        note.Note(note.parse(fits).text.replace("a", "aa", 1), good().signatures).to_bytes()


@pytest.mark.parametrize("text", ["", "no end", "tab\t\n", "\ud800\n"])
def test_text_is_refused_when_no_note_may_hold_it(text: str) -> None:
    build: list[Callable[[], object]] = [
        lambda: note.Note(text, good().signatures),
        lambda: note.sign_text(text, ROOT, private(3).sign),
    ]
    for attempt in build:
        with pytest.raises(note.BadNote):
            attempt()


@pytest.mark.parametrize("parts", [("", b"four", b"s"), ("a", b"five5", b"s"), ("a", b"four", b"")])
def test_line_is_refused_when_a_part_is_missing(parts: tuple[str, bytes, bytes]) -> None:
    with pytest.raises(note.BadNote):
        note.NoteSignature(*parts)


def test_text_may_hold_what_looks_like_signatures() -> None:
    text = f"first\n\n{LINE}"
    parsed = note.parse(raw_note(text, ROOT, 3))
    assert parsed.text == text
    assert len(note.verify(parsed, [ROOT])) == 1


PIECES = st.sampled_from(["\n", "\n\n", "— ", " ", "guard.example", LINE, "AAAA", "AAAAAAA=", "a", "\t", "è", "\u2003"])


@given(st.lists(PIECES, max_size=12).map(lambda pieces: "".join(pieces).encode()) | st.binary(max_size=80))
def test_decoders_let_one_exception_out_and_read_what_they_write(data: bytes) -> None:
    try:
        assert note.parse(data).to_bytes() == data
    except note.BadNote:
        pass
    try:
        assert note.lines_to_text(note.parse_lines(data)).encode() == data
    except note.BadNote:
        pass


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=60))
def test_any_text_survives_signing(text: str) -> None:
    signed = note.sign_text(text + "\n", ROOT, private(3).sign)
    assert note.parse(signed.to_bytes()) == signed
