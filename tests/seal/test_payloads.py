"""Payloads of records: they read back, every limit at its edge, every other length refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accordant.seal import payloads, records
from accordant.seal.errors import BadParcel
from accordant.seal.payloads import BlobKey, BlobPart, Body, Checkpoint, Consistency, Entries, Missing, Shared

Payload = Checkpoint | Consistency | Entries | Body | Missing | Shared | BlobKey | BlobPart
LAST = payloads.INDEX_END - 1
HASH = bytes(32)

indexes = st.integers(min_value=0, max_value=LAST)
hashes = st.binary(min_size=32, max_size=32)
some = st.binary(min_size=1, max_size=80)


def bundles() -> st.SearchStrategy[Entries]:
    headers = st.lists(some, min_size=1, max_size=6).map(tuple)
    return st.builds(Entries, st.integers(min_value=0, max_value=1000).map(lambda number: number * 256 + 250), headers)


every_payload = st.one_of(
    st.tuples(indexes, indexes, some).map(lambda row: Checkpoint(min(row[:2]), max(row[:2]), row[2])),
    st.tuples(
        st.sets(st.integers(min_value=1, max_value=LAST), min_size=2, max_size=2), st.lists(hashes, min_size=1)
    ).map(lambda row: Consistency(min(row[0]), max(row[0]), tuple(row[1]))),
    bundles(),
    st.builds(Body, indexes, hashes, some),
    st.builds(Missing, indexes, st.integers(min_value=1, max_value=4)),
    st.builds(Shared, indexes, some),
    st.builds(BlobKey, indexes, st.integers(min_value=0, max_value=255), st.binary(min_size=16, max_size=16)),
    st.builds(
        BlobPart, hashes, st.integers(min_value=0, max_value=2**32 - 1), st.lists(hashes, max_size=30).map(tuple), some
    ),
)


@given(every_payload)
def test_a_record_reads_back_when_framed(value: Payload) -> None:
    framed = value.frame()
    length, kind = records.HEAD.unpack_from(framed)
    assert (length, kind) == (len(framed) - 4, value.type)
    assert type(value).parse(framed[5:]) == value


def u64(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(8, "big") for number in numbers)


GOOD: list[tuple[type[Payload], bytes]] = [
    (Checkpoint, u64(0, 0) + b"n"),
    (Checkpoint, u64(LAST, LAST) + b"n"),
    (Consistency, u64(1, 2) + HASH * 63),
    (Entries, u64(256 * 9) + (b"\x00\x01h" * 256)),
    (Entries, u64(255) + b"\x40\x00" + bytes(16 * 1024)),
    (Body, u64(LAST) + HASH + b"b"),
    (Body, u64(0) + HASH + bytes(1024 * 1024)),
    (Missing, u64(LAST) + b"\x04"),
    (BlobKey, u64(0) + b"\x00\xff" + bytes(16)),
    (BlobPart, HASH + bytes(4) + b"\x1e" + HASH * 30 + bytes(4 * 1024 * 1024)),
]

BAD: list[tuple[type[Payload], bytes]] = [
    (Checkpoint, u64(0, 0)),
    (Checkpoint, u64(2, 1) + b"n"),
    (Checkpoint, u64(0, LAST + 1) + b"n"),
    (Consistency, u64(1, 2)),
    (Consistency, u64(1)),
    (Consistency, u64(1, 2) + HASH + b"x"),
    (Consistency, u64(1, 2) + HASH * 64),
    (Consistency, u64(0, 2) + HASH),
    (Consistency, u64(2, 2) + HASH),
    (Consistency, u64(1, LAST + 1) + HASH),
    (Entries, u64(0)),
    (Entries, b"short"),
    (Entries, u64(0) + b"\x00"),
    (Entries, u64(0) + b"\x00\x00"),
    (Entries, u64(0) + b"\x00\x01h\x00\x00"),
    (Entries, u64(0) + b"\x00\x00\x00\x01h"),
    (Entries, u64(0) + b"\x00\x02h"),
    (Entries, u64(0) + b"\x00\x01h\x00"),
    (Entries, u64(0) + b"\x40\x01" + bytes(16 * 1024 + 1)),
    (Entries, u64(0) + (b"\x00\x01h" * 257)),
    (Entries, u64(255) + (b"\x00\x01h" * 2)),
    (Entries, u64(LAST + 1) + b"\x00\x01h"),
    (Body, u64(0) + HASH),
    (Body, u64(LAST + 1) + HASH + b"b"),
    (Missing, u64(0)),
    (Missing, u64(0) + b"\x00"),
    (Missing, u64(0) + b"\x05"),
    (Missing, u64(0) + b"\x01\x01"),
    (Missing, u64(LAST + 1) + b"\x01"),
    (Shared, u64(0)),
    (Shared, u64(LAST + 1) + b"p"),
    (BlobKey, u64(0) + bytes(2) + bytes(15)),
    (BlobKey, u64(0) + bytes(2) + bytes(17)),
    (BlobKey, u64(0) + b"\x01\x00" + bytes(16)),
    (BlobKey, u64(LAST + 1) + bytes(2) + bytes(16)),
    (BlobPart, HASH + bytes(4)),
    (BlobPart, HASH + bytes(4) + b"\x01" + HASH),
    (BlobPart, HASH + bytes(4) + b"\x02" + HASH + b"x"),
    (BlobPart, HASH + bytes(4) + b"\x1f" + HASH * 31 + b"p"),
    (BlobPart, HASH + bytes(4) + b"\x00" + bytes(4 * 1024 * 1024 + 1)),
]


def test_a_payload_is_taken_when_it_is_at_its_limit() -> None:
    for sort, payload in GOOD:
        value = sort.parse(payload)
        assert value.frame()[5:] == payload


@pytest.mark.parametrize("row", range(len(BAD)))
def test_a_payload_is_refused_when_it_breaks_the_table(row: int) -> None:
    sort, payload = BAD[row]
    with pytest.raises(BadParcel) as caught:
        sort.parse(payload)
    assert caught.value.code == "record"


@pytest.mark.parametrize(
    "value",
    [
        Body(0, HASH, bytes(1024 * 1024 + 1)),
        Entries(0, ()),
        Entries(0, (b"h",) * 257),
        Entries(0, (bytes(16 * 1024 + 1),)),
        Shared(0, bytes(64 * 1024 - 7)),
        Checkpoint(0, 0, bytes(16 * 1024 - 15)),
        Consistency(1, 2, (HASH,) * 64),
        BlobPart(HASH, 0, (HASH,) * 31, bytes(4 * 1024 * 1024)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_writing_is_refused_when_a_value_is_over_its_limit(value: Payload) -> None:
    with pytest.raises(BadParcel) as caught:
        value.frame()
    assert caught.value.code == "limit"
