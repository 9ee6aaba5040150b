"""Tiles and entry bundles (C2SP tlog-tiles): the paths under which a log's hashes and entries are served.

Rules kept here: a full tile is 256 hashes; a tile number is written in groups of three digits, all but the last with
an `x` before them; `.p/<width>` follows for 1 to 255 hashes. A bundle is up to 256 entries, each after its u16 length.
Our level numbers are those of tiles: tile level L holds nodes of tree level 8 L. Left to others: serving them.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from accordant.tlog.merkle import TILE_HEIGHT, TILE_WIDTH
from accordant.tlog.spelling import SIZE_LIMIT, decode_decimal

MAX_ENTRY_BYTES: Final = 2**16 - 1
MAX_TILE_LEVEL: Final = 63
_NUMBER: Final = re.compile(r"(?:x[0-9]{3}/)*[0-9]{3}")


class BadTile(ValueError):
    """A path of no tile, or bytes that are no entry bundle."""


class Tile(NamedTuple):
    """A tile's level (None for entries), its number in the level, and its width, 256 if it is full."""

    level: int | None
    number: int
    width: int = TILE_WIDTH

    def path(self) -> str:
        """`tile/<L>/<N>[.p/<W>]`, or `tile/entries/<N>[.p/<W>]`."""
        digits = str(self.number)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
        number = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
        level = "entries" if self.level is None else str(self.level)
        return f"tile/{level}/{number}" + ("" if self.width == TILE_WIDTH else f".p/{self.width}")


def parse_path(path: str) -> Tile:
    """The tile at a path as `Tile.path` writes it; raises `BadTile`."""
    parts = path[:200].split("/", 2)
    if len(parts) != 3 or parts[0] != "tile":
        raise BadTile("a tile's path is tile/<level>/<number>")
    level = None if parts[1] == "entries" else decode_decimal(parts[1], MAX_TILE_LEVEL + 1)
    groups, dot, spelled_width = parts[2].partition(".p/")
    width = decode_decimal(spelled_width, TILE_WIDTH) if dot else TILE_WIDTH
    if (level is None and parts[1] != "entries") or not width or _NUMBER.fullmatch(groups) is None:
        raise BadTile("the level, number or width of the tile is not spelled as it must be")
    tile = Tile(level, int(groups.replace("x", "").replace("/", "")), width)
    if tile.number >= SIZE_LIMIT or tile.path() != path:
        raise BadTile("the number of the tile has too many digits")
    return tile


def width_in(size: int, tile_level: int, number: int) -> int:
    """How many hashes the tile at (level, number) has in a tree of `size` leaves: 0 to 256; entries are as level 0."""
    return max(0, min(TILE_WIDTH, (size >> TILE_HEIGHT * tile_level) - number * TILE_WIDTH))


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """The bundle of 1 to 256 entries; raises `BadTile` if one is longer than 65,535 bytes."""
    if not 0 < len(entries) <= TILE_WIDTH:
        raise BadTile(f"{len(entries)} entries, a bundle has 1 to {TILE_WIDTH}")
    if max(map(len, entries)) > MAX_ENTRY_BYTES:
        raise BadTile(f"an entry above {MAX_ENTRY_BYTES} bytes")
    return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])


def decode_bundle(data: bytes) -> list[bytes]:
    """The 1 to 256 entries of a bundle; raises `BadTile`."""
    entries: list[bytes] = []
    position = 0
    while position < len(data) and len(entries) < TILE_WIDTH:
        start = position + 2
        position = start + int.from_bytes(data[position:start], "big")
        entries.append(data[start:position])
    if position != len(data) or not entries:
        raise BadTile("the bundle is empty, cut, or has more than 256 entries")
    return entries
