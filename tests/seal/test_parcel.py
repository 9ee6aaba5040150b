"""Parcels: whole groups only, indexes in order, every limit, cuts that keep what was whole."""

import io
import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordant.seal import parcel, records
from accordant.seal.errors import BadHeader, BadParcel, CutParcel, NoMatch
from accordant.seal.parcel import (
    COURIER,
    NETWORK,
    SECTION_ENTRIES,
    Beside,
    Ended,
    Group,
    Limits,
    Preface,
    Section,
    open_parcel,
    seal_parcel,
    write_parcel,
)
from accordant.seal.payloads import BlobKey, BlobPart, Body, Checkpoint, Consistency, Entries, Missing, Shared
from accordant.seal.stream import SEALED_CHUNK
from tests.seal import samples
from tests.seal.draws import fixed_draw

TO_PROVINCE = [str(samples.PROVINCE.recipient())]
PREFACE = Preface(samples.MANIFEST)
RECEIVERS = [samples.PROVINCE]


def sealed_of(groups: Iterable[Group]) -> bytes:
    return seal_parcel(samples.frames_of(groups), TO_PROVINCE, limits=COURIER)


def test_the_receiver_gets_every_group_when_the_parcel_is_whole() -> None:
    groups = samples.every_record()
    sealed = sealed_of(groups)
    assert list(open_parcel(sealed, RECEIVERS)) == groups
    assert list(open_parcel(io.BytesIO(sealed).read, [samples.OUTSIDER, *RECEIVERS])) == groups


def test_the_receiver_gets_every_group_when_the_circle_is_post_quantum() -> None:
    groups = samples.every_record()
    sealed = seal_parcel(samples.frames_of(groups), [str(samples.HYBRID.recipient())])
    assert list(open_parcel(sealed, [samples.HYBRID])) == groups


def test_an_outsider_learns_the_padded_length_only() -> None:
    lengths = {len(seal_parcel(Preface(bytes(size)).frames(), TO_PROVINCE)) for size in (1, 500, 3000)}
    assert len(lengths) == 1
    with pytest.raises(NoMatch):
        open_parcel(sealed_of([PREFACE]), [samples.OUTSIDER])


def test_a_courier_file_is_the_same_bytes_when_it_is_written_in_pieces() -> None:
    groups: list[Group] = [PREFACE, samples.section(0, 600)]
    pieces: list[bytes] = []
    write_parcel(samples.frames_of(groups), TO_PROVINCE, pieces.append, draw=fixed_draw("courier"))
    assert b"".join(pieces) == seal_parcel(samples.frames_of(groups), TO_PROVINCE, draw=fixed_draw("courier"))
    assert max(map(len, pieces)) <= SEALED_CHUNK


@pytest.mark.parametrize(("start", "end"), [(0, 0), (250, 600), (256, 512), (511, 513)])
def test_sections_come_back_when_runs_are_cut_at_bundles(start: int, end: int) -> None:
    section = samples.section(start, end)
    assert list(open_parcel(sealed_of([PREFACE, section]), RECEIVERS)) == [PREFACE, section, Ended(end - start)]


def test_earlier_groups_stay_when_the_records_are_cut_anywhere() -> None:
    groups = samples.every_record()
    plaintext = samples.plaintext_of(groups)
    counts = set()
    for place in range(0, len(plaintext), 3):
        received: list[Group] = []
        with pytest.raises(CutParcel):
            received.extend(samples.read(plaintext[:place]))
        assert received == groups[: len(received)]
        counts.add(len(received))
    assert counts == set(range(len(groups)))


@given(st.integers(min_value=0))
@settings(max_examples=20)
def test_earlier_sections_stay_when_the_sealed_bytes_are_cut_or_altered(place: int) -> None:
    groups: list[Group] = [PREFACE, samples.section(0, 300), samples.section(300, 600), Ended(600)]
    sealed = bytearray(CUT_SAMPLE)
    place = 200 + place % (len(sealed) - 200)
    altered = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
    for damaged in (sealed[:place], altered):
        received: list[Group] = []
        with pytest.raises((CutParcel, BadHeader)) as caught:
            received.extend(open_parcel(bytes(damaged), RECEIVERS))
        assert received == groups[: len(received)]
        assert caught.type is CutParcel or not received


CUT_SAMPLE = seal_parcel(samples.frames_of([PREFACE, samples.section(0, 300), samples.section(300, 600)]), TO_PROVINCE)


def checkpoint(start: int, end: int) -> bytes:
    return Checkpoint(start, end, samples.NOTE).frame()


def headers(first: int, end: int) -> bytes:
    return Entries(first, tuple(samples.header(index) for index in range(first, end))).frame()


def body(index: int) -> bytes:
    return samples.body(index).frame()


def key(index: int, number: int = 0) -> bytes:
    return BlobKey(index, number, bytes(16)).frame()


def shared(index: int) -> bytes:
    return Shared(index, b"proof").frame()


def missing(index: int) -> bytes:
    return Missing(index, 1).frame()


def consistency(end: int, size: int) -> bytes:
    return Consistency(end, size, (samples.SALT,)).frame()


REFUSED: dict[str, tuple[list[bytes], str]] = {
    "a gap before a run": ([checkpoint(0, 3), headers(1, 3)], "order"),
    "a gap between runs": ([checkpoint(0, 3), headers(0, 1), headers(2, 3)], "order"),
    "a run again": ([checkpoint(0, 3), headers(0, 2), headers(1, 3)], "order"),
    "entries past the end": ([checkpoint(0, 1), headers(0, 2)], "order"),
    "entries lacking before another section": ([checkpoint(0, 2), headers(0, 1), checkpoint(0, 0)], "record"),
    "entries lacking at the end": ([checkpoint(0, 2), headers(0, 1)], "record"),
    "a body before its run": ([checkpoint(0, 2), body(0), headers(0, 2)], "order"),
    "a body past its run": ([checkpoint(0, 3), headers(0, 2), body(2), headers(2, 3)], "order"),
    "a body of an earlier run": ([checkpoint(0, 3), headers(0, 2), headers(2, 3), body(1)], "order"),
    "a body twice": ([checkpoint(0, 2), headers(0, 2), body(1), body(1)], "order"),
    "a body and a reason": ([checkpoint(0, 2), headers(0, 2), body(1), missing(1)], "order"),
    "bodies falling": ([checkpoint(0, 2), headers(0, 2), body(1), body(0)], "order"),
    "a late body at the start": ([checkpoint(5, 5), missing(5)], "order"),
    "late bodies falling": ([checkpoint(5, 5), body(2), body(1)], "order"),
    "a proof of another entry": ([checkpoint(0, 2), headers(0, 2), shared(0), body(1)], "order"),
    "a key of another entry": ([checkpoint(0, 2), headers(0, 2), body(0), key(1)], "order"),
    "a key twice": ([checkpoint(0, 2), headers(0, 2), body(0), key(0), key(0)], "order"),
    "consistency of another size": ([checkpoint(0, 2), consistency(1, 9), headers(0, 2)], "record"),
    "a section over 4,096 entries": ([checkpoint(0, SECTION_ENTRIES + 1)], "limit"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_parcel_is_refused_after_the_preface_when_a_section_has(name: str) -> None:
    frames, code = REFUSED[name]
    plaintext = b"".join(records.closed([*PREFACE.frames(), *frames]))
    received: list[Group] = []
    with pytest.raises(BadParcel) as caught:
        received.extend(samples.read(plaintext))
    assert caught.value.code == code
    assert received == [PREFACE]


def test_what_may_stand_beside_an_entry_comes_back_beside_it() -> None:
    frames = [checkpoint(2, 4), missing(0), body(1), key(1), headers(2, 4), shared(2), body(2), key(2, 7), key(2, 3)]
    plaintext = b"".join(records.closed([*PREFACE.frames(), *frames, missing(3)]))
    _, section, _ = samples.read(plaintext)
    assert isinstance(section, Section)
    assert section.late == Beside({1: samples.body(1)}, {0: 1}, {}, {1: {0: bytes(16)}})
    (run,) = section.runs
    assert run.beside == Beside({2: samples.body(2)}, {3: 1}, {2: b"proof"}, {2: {7: bytes(16), 3: bytes(16)}})


def test_a_section_is_taken_at_4096_entries_and_4096_late_bodies() -> None:
    late = itertools.chain(*[[missing(index)] for index in range(SECTION_ENTRIES)])
    bundles = [headers(first, first + 256) for first in range(SECTION_ENTRIES, 2 * SECTION_ENTRIES, 256)]
    frames = [*PREFACE.frames(), checkpoint(SECTION_ENTRIES, 2 * SECTION_ENTRIES), *late, *bundles]
    *_, ended = samples.read(b"".join(records.closed(frames)), 1 << 16)
    assert ended == Ended(SECTION_ENTRIES)
    many = [checkpoint(9999, 9999), *(missing(index) for index in range(SECTION_ENTRIES + 1))]
    with pytest.raises(BadParcel) as caught:
        list(samples.read(b"".join(records.closed([*PREFACE.frames(), *many])), 1 << 16))
    assert caught.value.code == "limit"


@pytest.mark.parametrize("limits", [Limits(sealed=1 << 20, entries=9), Limits(sealed=1 << 20, entries=99, sections=3)])
def test_the_parcel_is_refused_when_the_road_takes_fewer_entries_or_sections(limits: Limits) -> None:
    groups: list[Group] = [PREFACE, *(samples.section(start, start + 3) for start in (0, 3, 6, 9))]
    received: list[Group] = []
    with pytest.raises(BadParcel) as caught:
        received.extend(open_parcel(sealed_of(groups), RECEIVERS, limits))
    assert caught.value.code == "limit"
    assert received == groups[:4]


def test_the_parcel_is_refused_by_both_sides_when_it_is_longer_than_the_road_takes() -> None:
    groups: list[Group] = [PREFACE, samples.section(0, 300)]
    sealed = sealed_of(groups)
    exact = Limits(sealed=len(sealed), entries=300)
    short = Limits(sealed=len(sealed) - 1, entries=300)
    assert len(list(open_parcel(sealed, RECEIVERS, exact))) == 3
    for attempt in (
        lambda: list(open_parcel(sealed, RECEIVERS, short)),
        lambda: seal_parcel(samples.frames_of(groups), TO_PROVINCE, limits=short),
    ):
        with pytest.raises(BadParcel) as caught:
            attempt()
        assert caught.value.code == "limit"


@pytest.mark.parametrize(
    "frames",
    [
        [checkpoint(0, 3), headers(0, 3), *(Body(index, samples.SALT, bytes(400)).frame() for index in range(3))],
        [records.frame(records.COSIGNED, bytes(400)) for _ in range(3)],
    ],
    ids=["section", "preface"],
)
def test_a_group_is_refused_when_it_is_larger_than_may_be_held(
    frames: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    plaintext = b"".join(records.closed([*PREFACE.frames(), *frames]))
    assert isinstance(list(samples.read(plaintext))[-1], Ended)
    monkeypatch.setattr(parcel, "GROUP_BYTES", 1000)
    with pytest.raises(BadParcel) as caught:
        list(samples.read(plaintext))
    assert caught.value.code == "limit"


def test_one_section_is_held_at_a_time_when_a_long_parcel_is_read() -> None:
    read = 0
    source = io.BytesIO(sealed_of([PREFACE, *(samples.section(start, start + 256) for start in range(0, 2048, 256))]))

    def counted(count: int) -> bytes:
        nonlocal read
        data = source.read(count)
        read += len(data)
        return data

    places = [read for _ in open_parcel(counted, RECEIVERS, NETWORK)]
    assert len(places) == 10
    assert places == sorted(places)
    assert places[1] < places[-1] / 3


def test_parts_of_attachments_come_one_by_one_after_the_sections() -> None:
    parts = [BlobPart(samples.SALT, number, (), bytes(1000)) for number in range(3)]
    assert list(open_parcel(sealed_of([PREFACE, samples.section(0, 2), *parts]), RECEIVERS))[2:] == [*parts, Ended(2)]


def test_what_a_network_takes_is_what_the_papers_say() -> None:
    assert (NETWORK.sealed, NETWORK.entries, NETWORK.sections) == (32 << 20, 4096, 100_000)
    assert (COURIER.sealed, COURIER.sections) == (16 << 30, 100_000)
    assert (parcel.BROKER.sealed, parcel.WRITERS_STOP) == (1 << 20, 30 << 20)
