"""Tiles: paths, widths, entry bundles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accordant.tlog import tiles


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (tiles.Tile(0, 0), "tile/0/000"),
        (tiles.Tile(0, 999), "tile/0/999"),
        (tiles.Tile(1, 1000), "tile/1/x001/000"),
        (tiles.Tile(63, 1_234_067), "tile/63/x001/x234/067"),
        (tiles.Tile(0, 273, 112), "tile/0/273.p/112"),
        (tiles.Tile(None, 5), "tile/entries/005"),
        (tiles.Tile(None, 12_345, 1), "tile/entries/x012/345.p/1"),
    ],
)
def test_path_is_that_of_the_specification(tile: tiles.Tile, path: str) -> None:
    assert tile.path() == path
    assert tiles.parse_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/x/000",
        "tile/0/001/000",
        "tile/0/x001",
        "tile/0/x000/001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000.p/1.p/1",
        "tile/0/000/",
        "blob/0/000",
        "tile/0/٠٠٠",
        "tile/0/x009/x007/x199/x254/x740/992",
        "tile/0/" + "x999/" * 60 + "000",
    ],
)
def test_path_is_refused_when_it_is_not_spelled_so(path: str) -> None:
    with pytest.raises(tiles.BadTile):
        tiles.parse_path(path)


@given(st.none() | st.integers(0, 63), st.integers(0, 2**53 - 1), st.integers(1, 256))
def test_any_tile_survives_a_round_trip(level: int | None, number: int, width: int) -> None:
    tile = tiles.Tile(level, number, width)
    assert tiles.parse_path(tile.path()) == tile


@given(st.text(max_size=20) | st.text("0129x/.p", max_size=12).map("tile/0/".__add__))
def test_path_decoder_lets_one_exception_out(path: str) -> None:
    try:
        assert tiles.parse_path(path).path() == path
    except tiles.BadTile:
        pass


def test_widths_are_those_of_the_specifications_example() -> None:
    """A tree of 70,000 leaves (tlog-tiles, Partial Tiles)."""
    assert [tiles.width_in(70_000, 0, number) for number in (0, 272, 273, 274)] == [256, 256, 112, 0]
    assert [tiles.width_in(70_000, 1, number) for number in (0, 1, 2)] == [256, 17, 0]
    assert [tiles.width_in(70_000, 2, number) for number in (0, 1)] == [1, 0]
    assert tiles.width_in(256, 1, 0) == 1


@given(st.lists(st.binary(max_size=30), min_size=1, max_size=12))
def test_bundle_survives_a_round_trip(entries: list[bytes]) -> None:
    assert tiles.decode_bundle(tiles.encode_bundle(entries)) == entries


@given(st.binary(max_size=64))
def test_bundle_decoder_lets_one_exception_out(data: bytes) -> None:
    try:
        assert tiles.encode_bundle(tiles.decode_bundle(data)) == data
    except tiles.BadTile:
        pass


def test_bundle_is_read_and_written_at_its_limits_only() -> None:
    full = tiles.encode_bundle([b""] * 255 + [bytes(65_535)])
    assert len(tiles.decode_bundle(full)) == 256
    for wrong in ([], [b""] * 257, [bytes(65_536)]):
        with pytest.raises(tiles.BadTile):
            tiles.encode_bundle(wrong)
    for data in (b"", b"\x00", full + b"\x00\x00", full[:-1], b"\x00\x02a"):
        with pytest.raises(tiles.BadTile):
            tiles.decode_bundle(data)
