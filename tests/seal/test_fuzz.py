"""Hostile bytes: each decoder gives a value or its one error, nothing else."""

import contextlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordant.seal import armor, bech32, payloads, recipients, records
from accordant.seal.age import open_sealed, seal
from accordant.seal.errors import BadArmor, BadHeader, BadParcel, BadRecipient, BadSealed
from accordant.seal.header import LOCAL_FILE, decode64, read_header
from accordant.seal.parcel import open_parcel, read_groups
from accordant.seal.recipients import Identity, ScryptIdentity
from tests.seal import samples
from tests.seal.draws import fixed_draw

PLAINTEXT = samples.plaintext_of(samples.every_record())[:1400]
SEALED = seal(b"x" * 60, [str(samples.GUARD.recipient())], draw=fixed_draw("fuzz"))
HYBRID = seal(b"x" * 60, [str(samples.HYBRID.recipient())])
IDENTITIES: list[Identity] = [samples.GUARD, samples.HYBRID, ScryptIdentity("x", work_max=2)]
Payload = (
    payloads.Checkpoint
    | payloads.Consistency
    | payloads.Entries
    | payloads.Body
    | payloads.Missing
    | payloads.Shared
    | payloads.BlobKey
    | payloads.BlobPart
)
KINDS: list[type[Payload]] = [
    payloads.Checkpoint,
    payloads.Consistency,
    payloads.Entries,
    payloads.Body,
    payloads.Missing,
    payloads.Shared,
    payloads.BlobKey,
    payloads.BlobPart,
]


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """The whole with a few spans replaced by any bytes."""
    data = whole
    for _ in range(draw(st.integers(min_value=1, max_value=3))):
        place = draw(st.integers(min_value=0, max_value=len(data)))
        gone = draw(st.integers(min_value=0, max_value=8))
        data = data[:place] + draw(st.binary(max_size=8)) + data[place + gone :]
    return data


@given(st.binary(max_size=60))
@settings(max_examples=30)
def test_payload_decoders_let_one_error_out_when_fed_anything(data: bytes) -> None:
    for kind in KINDS:
        with contextlib.suppress(BadParcel):
            assert kind.parse(data).frame()[5:] == data


@given(st.one_of(damaged(PLAINTEXT), st.binary(max_size=40)), st.integers(min_value=1, max_value=99))
@settings(max_examples=60)
def test_the_reader_of_groups_lets_one_error_out_when_records_are_damaged(data: bytes, size: int) -> None:
    with contextlib.suppress(BadParcel):
        list(read_groups(iter([data[start : start + size] for start in range(0, len(data), size)])))


@pytest.mark.parametrize("whole", [SEALED, HYBRID], ids=["X25519", "hybrid"])
@given(data=st.data())
@settings(max_examples=30)
def test_opening_lets_one_family_out_when_a_file_is_damaged(whole: bytes, data: st.DataObject) -> None:
    file = data.draw(damaged(whole))
    with contextlib.suppress(BadSealed):
        assert open_sealed(file, IDENTITIES, LOCAL_FILE) == b"x" * 60
    with contextlib.suppress(BadSealed):
        list(open_parcel(io.BytesIO(file).read, IDENTITIES))


@given(damaged(SEALED), st.binary(max_size=60))
@settings(max_examples=30)
def test_the_header_reader_lets_one_error_out_when_damaged(data: bytes, more: bytes) -> None:
    for each in (data, b"age-encryption.org/v1\n" + more, b"age-encryption.org/v1\n-> scrypt " + more):
        with contextlib.suppress(BadHeader):
            read_header(each, LOCAL_FILE)
    with contextlib.suppress(BadHeader):
        assert decode64(more) is not None


@given(damaged(armor.armor(SEALED)), st.binary(max_size=60))
@settings(max_examples=30)
def test_the_armour_reader_lets_one_error_out_when_damaged(data: bytes, more: bytes) -> None:
    for each in (data, more):
        with contextlib.suppress(BadArmor):
            assert armor.dearmor(armor.armor(armor.dearmor(each))) == armor.dearmor(each)


@given(st.text(max_size=80), damaged(str(samples.GUARD.recipient()).encode()))
@settings(max_examples=30)
def test_key_readers_let_one_error_out_when_fed_anything(text: str, near: bytes) -> None:
    for each in (text, near.decode("latin-1"), text + "1" + text, near.decode("latin-1").upper()):
        for read in (bech32.decode, recipients.parse_recipient, recipients.parse_identity):
            with contextlib.suppress(BadRecipient):
                read(each)


def test_the_fuzz_reaches_past_the_first_records_when_nothing_is_damaged() -> None:
    assert len(list(records.read_records(iter([samples.plaintext_of(samples.every_record())])))) > 15
