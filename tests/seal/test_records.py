"""Records: their order, their largest sizes, padding, END, and where a cut shows."""

import itertools

import pytest

from accordant.seal import records
from accordant.seal.errors import BadParcel, BadPayload, CutParcel
from accordant.seal.records import HEAD, closed, frame, read_records

MANIFEST = frame(records.MANIFEST, b"manifest")


def raw(kind: int, payload: bytes = b"") -> bytes:
    return HEAD.pack(1 + len(payload), kind) + payload


def end(count: int) -> bytes:
    return raw(records.END, count.to_bytes(8, "big"))


def read_all(data: bytes, size: int = 7) -> list[tuple[int, bytes]]:
    """What the reader gives, without the boundaries."""
    rows = read_records(data[start : start + size] for start in range(0, len(data), size))
    return [row for row in rows if row[0] != records.BOUNDARY]


@pytest.mark.parametrize("size", [1, 5, 64, 4096])
def test_records_come_back_when_chunks_cut_them_anywhere(size: int) -> None:
    data = b"".join(closed([MANIFEST, frame(records.CARD, b"c" * 100)]))
    assert len(data) == 4096
    assert read_all(data, size) == [(records.MANIFEST, b"manifest"), (records.CARD, b"c" * 100)]


def test_a_parcel_is_as_long_as_asked_when_heads_are_padded() -> None:
    data = b"".join(closed([MANIFEST], least=16 * 1024))
    assert len(data) == 16 * 1024
    read_all(data)


def test_no_padding_is_written_when_the_records_fill_their_class() -> None:
    fill = 4096 - len(MANIFEST) - 5 - records.END_FRAME
    data = b"".join(closed([MANIFEST, frame(records.CARD, bytes(fill))]))
    assert len(data) == 4096
    assert [kind for kind, _ in read_all(data)] == [records.MANIFEST, records.CARD]


def test_long_padding_is_written_and_read_in_pieces() -> None:
    pieces = list(closed([MANIFEST], least=300_000))
    assert max(map(len, pieces)) <= 64 * 1024
    assert read_all(b"".join(pieces), 4096) == [(records.MANIFEST, b"manifest")]


ALLOWED = {
    (before, after)
    for before, following in records.AFTER.items()
    for after in following
    if before != records.PAD and after not in (records.PAD, records.END)
}


@pytest.mark.parametrize("before", sorted(records.LARGEST))
def test_a_record_is_refused_by_writer_and_reader_when_it_may_not_follow(before: int) -> None:
    for after in records.LARGEST:
        path = _path_to(before)
        frames = [raw(kind, b"x") for kind in (*path, after)]
        if (before, after) in ALLOWED:
            tail = [] if after != records.SHARED else [raw(records.BODY, b"x")]
            assert len(read_all(b"".join(closed([*frames, *tail])), 4096)) == len(frames) + len(tail)
            continue
        for attempt in (
            lambda frames=frames: b"".join(closed(frames)),
            lambda frames=frames: read_all(b"".join(frames)),
        ):
            with pytest.raises(BadParcel) as caught:
                attempt()
            assert caught.value.code == "order"


def _path_to(kind: int) -> tuple[int, ...]:
    """A shortest way from the start to a record of this type."""
    paths: list[tuple[int, ...]] = [(records.MANIFEST,)]
    for path in paths:
        if path[-1] == kind:
            return path
        paths += [(*path, each) for each in sorted(records.AFTER[path[-1]] & records.LARGEST.keys())]
    raise AssertionError(kind)


@pytest.mark.parametrize("kind", [records.PAD, records.END, 0x80])
def test_the_writer_alone_writes_padding_and_end(kind: int) -> None:
    with pytest.raises(BadParcel):
        list(closed([MANIFEST, raw(kind)]))


@pytest.mark.parametrize("frames", [[], [MANIFEST, raw(records.CHECKPOINT), raw(records.SHARED)]])
def test_writing_is_refused_when_the_records_stop_in_the_middle(frames: list[bytes]) -> None:
    with pytest.raises(BadParcel) as caught:
        list(closed(frames))
    assert caught.value.code == "order"


def test_unknown_records_are_skipped_from_0x80_on_and_counted() -> None:
    data = raw(0x80, b"?") + MANIFEST + raw(0xFF, bytes(200)) + raw(0x80) + end(4)
    assert read_all(data) == [(records.MANIFEST, b"manifest")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (MANIFEST + raw(0x05), "type"),
        (MANIFEST + raw(0x00), "type"),
        (MANIFEST + HEAD.pack(0, 0x80), "record"),
        (MANIFEST + raw(records.PAD, b"\x00\x01") + end(2), "record"),
        (MANIFEST + raw(records.PAD) + raw(records.PAD) + end(3), "order"),
        (MANIFEST + end(0), "count"),
        (MANIFEST + end(2), "count"),
        (MANIFEST + end(1) + b"\x00", "record"),
        (MANIFEST + raw(records.END, bytes(7)), "record"),
        (MANIFEST + raw(records.END, bytes(9)), "record"),
        (end(0), "order"),
        (raw(records.CARD, b"c"), "order"),
    ],
)
def test_reading_is_refused_when_records_break_the_format(data: bytes, code: str) -> None:
    with pytest.raises(BadParcel) as caught:
        read_all(data)
    assert caught.value.code == code


@pytest.mark.parametrize("kind", sorted(records.LARGEST))
def test_a_payload_is_taken_at_its_largest_and_refused_one_byte_over(kind: int) -> None:
    largest = records.LARGEST[kind]
    before = b"".join(raw(each, b"x") for each in _path_to(kind)[:-1])
    given: list[tuple[int, bytes]] = []
    with pytest.raises(CutParcel):
        given.extend(read_records(iter([before, frame(kind, bytes(largest))])))
    assert given[-1] == (kind, bytes(largest))
    with pytest.raises(BadParcel) as caught:
        frame(kind, bytes(largest + 1))
    assert caught.value.code == "limit"
    with pytest.raises(BadParcel) as caught:
        list(read_records(iter([before, HEAD.pack(2 + largest, kind)])))
    assert caught.value.code == "limit"


def test_a_cut_is_reported_at_each_place_when_records_stop() -> None:
    data = MANIFEST + raw(records.CARD, b"card") + raw(0x99, b"??") + raw(records.PAD, bytes(3)) + end(4)
    whole = list(read_records(iter([data])))
    for place in range(len(data)):
        given: list[tuple[int, bytes]] = []
        with pytest.raises(CutParcel) as caught:
            given.extend(read_records(iter([data[:place]])))
        assert caught.value.code == "cut"
        assert given == whole[: len(given)]


def test_a_cut_is_reported_when_the_sealed_chunks_fail() -> None:
    def chunks() -> itertools.chain[bytes]:
        return itertools.chain([MANIFEST], (_fail() for _ in range(1)))

    def _fail() -> bytes:
        raise BadPayload("cut or altered chunk")

    reader = read_records(chunks())
    assert next(reader) == (records.MANIFEST, b"manifest")
    with pytest.raises(CutParcel) as caught:
        next(reader)
    assert caught.value.detail == "cut or altered chunk"


def test_a_boundary_comes_when_only_the_head_of_the_next_record_is_there() -> None:
    for kind in (records.CHECKPOINT, records.BLOBPART, records.PAD, records.END):
        given: list[tuple[int, bytes]] = []
        with pytest.raises(CutParcel):
            given.extend(read_records(iter([MANIFEST, HEAD.pack(9, kind)])))
        assert given == [(records.MANIFEST, b"manifest"), (records.BOUNDARY, b"")]
