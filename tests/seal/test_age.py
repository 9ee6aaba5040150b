"""Age files whole and streamed: round trips, what the wire refuses, limits, one sentence for every failure."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordant.seal import armor
from accordant.seal.age import open_sealed, open_stream, seal, sealer, unwrap, wrap
from accordant.seal.errors import BadArmor, BadHeader, BadMac, BadPayload, BadSealed, NoMatch
from accordant.seal.header import HEADER_MAX, LOCAL_FILE, Stanza, read_header, write_header
from accordant.seal.recipients import HybridIdentity, ScryptIdentity, ScryptRecipient, X25519Identity
from accordant.seal.stream import CHUNK, PayloadWriter, decrypt_payload, encrypt_payload, read_exactly
from tests.seal.draws import fixed_draw

ALICE, BOB, EVE = (X25519Identity(bytes([number]) * 32) for number in (1, 2, 3))
HYBRID = HybridIdentity(bytes([4]) * 32)
TO_ALICE = [str(ALICE.recipient())]
TO_BOTH = [*TO_ALICE, str(BOB.recipient())]
FILE_KEY = bytes(range(16))
EDGES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK]


@pytest.mark.parametrize("size", EDGES)
def test_each_receiver_opens_and_nobody_else_when_sealed_to_two(size: int) -> None:
    plaintext = bytes(size)
    sealed = seal(plaintext, TO_BOTH)
    assert open_sealed(sealed, [ALICE]) == plaintext
    assert open_sealed(sealed, [EVE, BOB]) == plaintext
    with pytest.raises(NoMatch):
        open_sealed(sealed, [EVE, HYBRID])


def test_post_quantum_receivers_open_when_sealed_to_hybrid_keys() -> None:
    sealed = seal(b"sealed", [str(HYBRID.recipient()), HybridIdentity.generate().recipient()])
    assert open_sealed(sealed, [ALICE, HYBRID]) == b"sealed"


def test_sealing_gives_the_same_bytes_when_key_nonce_and_chance_are_fixed() -> None:
    fixed = [seal(b"x", TO_BOTH, file_key=FILE_KEY, nonce=bytes(16), draw=fixed_draw("a")) for _ in range(2)]
    assert fixed[0] == fixed[1]
    assert seal(b"x", TO_BOTH) != seal(b"x", TO_BOTH)


@settings(max_examples=20)
@given(st.lists(st.sampled_from([0, 1, 1000, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK]), max_size=4))
def test_streamed_writing_gives_the_same_file_when_pieces_differ(sizes: list[int]) -> None:
    written: list[bytes] = []
    writer = sealer(written.append, TO_ALICE, draw=fixed_draw("pieces"))
    for size in sizes:
        writer.write(bytes(size))
    writer.finish()
    assert b"".join(written) == seal(bytes(sum(sizes)), TO_ALICE, draw=fixed_draw("pieces"))


def test_streamed_reading_gives_the_plaintext_when_the_source_gives_single_bytes() -> None:
    source = io.BytesIO(seal(bytes(CHUNK + 5), TO_ALICE))
    chunks = list(open_stream(lambda count: source.read(min(count, 997)), [ALICE]))
    assert [len(chunk) for chunk in chunks] == [CHUNK, 5]


def test_authentic_chunks_come_out_when_a_later_one_was_altered() -> None:
    sealed = bytearray(seal(bytes(3 * CHUNK), TO_ALICE))
    sealed[-1] ^= 1
    chunks = open_stream(io.BytesIO(sealed).read, [ALICE])
    assert len(next(chunks)) + len(next(chunks)) == 2 * CHUNK
    with pytest.raises(BadPayload):
        next(chunks)


def test_an_attachment_opens_as_a_file_when_a_header_is_put_before_its_payload() -> None:
    payload = encrypt_payload(FILE_KEY, bytes(16), b"scan")
    stored = wrap(FILE_KEY, TO_ALICE) + payload
    assert open_sealed(stored, [ALICE]) == b"scan"
    assert b"".join(decrypt_payload(FILE_KEY, io.BytesIO(payload).read)) == b"scan"


def test_an_attachment_is_the_same_bytes_when_it_is_encrypted_in_pieces() -> None:
    written: list[bytes] = []
    writer = PayloadWriter(FILE_KEY, bytes(16), written.append)
    for _ in range(5):
        writer.write(bytes(CHUNK // 2))
    writer.finish()
    assert b"".join(written) == encrypt_payload(FILE_KEY, bytes(16), bytes(5 * CHUNK // 2))


def test_only_the_header_is_needed_when_a_key_process_opens_it() -> None:
    header = wrap(FILE_KEY, TO_ALICE)
    assert unwrap(read_header(header), [ALICE]) == FILE_KEY


def test_the_file_is_refused_when_its_header_was_altered_but_a_stanza_opens() -> None:
    header = wrap(FILE_KEY, TO_BOTH)
    first_stanza_end = header.index(b"\n", header.index(b"\n", header.index(b"->")) + 1) + 1
    without_bob = header[:first_stanza_end] + header[header.index(b"---") :]
    with pytest.raises(BadMac):
        open_sealed(without_bob, [ALICE])


def test_armour_and_passphrases_are_taken_from_local_files_only() -> None:
    passphrase = seal(b"key", [ScryptRecipient("x", work=1)])
    with pytest.raises(BadHeader):
        open_sealed(passphrase, [ScryptIdentity("x")])
    assert open_sealed(passphrase, [ScryptIdentity("x")], LOCAL_FILE) == b"key"
    armored = armor.armor(seal(b"key", TO_ALICE))
    with pytest.raises(BadHeader):
        open_sealed(armored, [ALICE])
    assert open_sealed(b"\n " + armored, [ALICE], LOCAL_FILE) == b"key"
    assert open_sealed(seal(b"key", TO_ALICE), [ALICE], LOCAL_FILE) == b"key"


def test_four_stanzas_are_taken_from_the_wire_and_a_fifth_is_refused() -> None:
    assert open_sealed(seal(b"x", TO_BOTH * 2), [BOB]) == b"x"
    with pytest.raises(BadHeader):
        open_sealed(seal(b"x", [*TO_BOTH, *TO_BOTH, *TO_ALICE]), [BOB])


def test_a_header_is_taken_at_16_kib_and_refused_one_byte_over() -> None:
    own = ALICE.recipient().wrap(FILE_KEY)
    room = HEADER_MAX - len(write_header(FILE_KEY, [own, Stanza(("g",), b"")]))
    largest = write_header(FILE_KEY, [own, Stanza(("g" * (room + 1),), b"")])
    assert len(largest) == HEADER_MAX
    assert unwrap(read_header(largest), [ALICE]) == FILE_KEY
    with pytest.raises(BadHeader):
        write_header(FILE_KEY, [own, Stanza(("g" * (room + 2),), b"")])
    with pytest.raises(BadHeader):
        read_header(largest.replace(b"-> g", b"-> gg"))


@pytest.mark.parametrize("length", range(0, 100, 7))
def test_stanza_bodies_read_back_when_they_fill_lines_or_not(length: int) -> None:
    stanza = Stanza(("example.com/x", "y"), bytes(length))
    assert read_header(write_header(FILE_KEY, [stanza])).stanzas == (stanza,)


@pytest.mark.parametrize("cut", [0, 10, 100, 167, 200])
def test_opening_gives_nothing_when_the_file_was_cut(cut: int) -> None:
    sealed = seal(b"x" * 100, TO_ALICE)
    with pytest.raises(BadSealed):
        open_sealed(sealed[:cut], [ALICE])


def test_a_short_nonce_is_a_fault_of_the_header_when_the_payload_is_opened() -> None:
    with pytest.raises(BadHeader):
        decrypt_payload(FILE_KEY, io.BytesIO(bytes(15)).read)


def test_every_failed_opening_reads_the_same_when_shown_to_a_person() -> None:
    failures = (BadHeader, NoMatch, BadMac, BadPayload, BadArmor)
    assert len({str(failure("…")) for failure in failures}) == 1
    assert len({failure("…").code for failure in failures}) == len(failures)


def test_exact_reading_stops_when_the_source_ends() -> None:
    source = io.BytesIO(b"abcdef")
    assert read_exactly(lambda count: source.read(min(count, 2)), 5) == b"abcde"
    assert read_exactly(source.read, 5) == b"f"
    assert read_exactly(source.read, 5) == b""
