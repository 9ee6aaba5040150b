"""The Merkle tree of RFC 6962 section 2.1 over SHA-256, and what is kept of a growing one.

Rules kept here: a leaf is H(0x00 ‖ data), a node H(0x01 ‖ left ‖ right), the empty tree H(""). A compact range holds
the roots of the complete subtrees that make up a tree, largest first: one hash for each bit set in the size. Stored
beside the leaf hashes are the nodes of levels 8, 16 and 24 (tlog-tiles: 256-wide tiles), once they are complete.
Left to others: where hashes are stored; proofs (`proof`).
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Self

from accordant.tlog.spelling import SIZE_LIMIT

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 256
STORED_LEVELS: Final = (8, 16, 24)

LeafRange = Callable[[int, int], Sequence[bytes]]
"""Stored leaf hashes with start <= index < stop."""
NodeRange = Callable[[int, int, int], Sequence[bytes]]
"""Stored nodes of one level of `STORED_LEVELS` with start <= index < stop: (level, start, stop)."""

_sha256 = hashlib.sha256


class BadTree(ValueError):
    """Hashes and a size that do not belong together."""


@dataclass(frozen=True, slots=True)
class TreeNode:
    """The hash of the complete subtree over the leaves from index * 2**level up to (index + 1) * 2**level."""

    level: int
    index: int
    hash: bytes


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf (RFC 6962 section 2.1)."""
    return _sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of the node over two subtrees (RFC 6962 section 2.1)."""
    return _sha256(b"\x01" + left + right).digest()


def subtree_hash(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root of a complete subtree; raises `BadTree` unless the number of leaves is a power of two."""
    count = len(leaf_hashes)
    if count == 0 or count & (count - 1):
        raise BadTree(f"{count} leaves are no complete subtree")
    while len(leaf_hashes) > 1:
        leaf_hashes = _paired(leaf_hashes)
    return leaf_hashes[0]


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root of the tree over all these leaves, the empty one included."""
    return EMPTY.extend(leaf_hashes).root()


@dataclass(frozen=True, slots=True)
class CompactRange:
    """A tree of `size` leaves as the roots of its complete subtrees, largest first."""

    size: int
    hashes: tuple[bytes, ...]

    def append(self, leaf: bytes) -> "CompactRange":
        """This range grown by one leaf hash."""
        hashes, size = list(self.hashes), self.size
        while size & 1:
            leaf = node_hash(hashes.pop(), leaf)
            size >>= 1
        return CompactRange(self.size + 1, (*hashes, leaf))

    def extend(self, leaf_hashes: Sequence[bytes]) -> "CompactRange":
        """This range grown by many leaf hashes, level by level, each new node hashed once."""
        standing = list(self.hashes)
        alone: list[bytes] = []
        carried, level = leaf_hashes, 0
        while carried:
            if self.size >> level & 1:
                carried = [standing.pop(), *carried]
            if len(carried) & 1:
                alone.append(carried[-1])
            carried = _paired(carried)
            level += 1
        return CompactRange(self.size + len(leaf_hashes), (*standing, *reversed(alone)))

    def root(self) -> bytes:
        """The root of the tree."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root

    def to_bytes(self) -> bytes:
        """u64 size, then the hashes."""
        return self.size.to_bytes(8, "big") + b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The range that `to_bytes` wrote; raises `BadTree` unless size and number of hashes belong together."""
        size = int.from_bytes(data[:8], "big")
        if size >= SIZE_LIMIT or len(data) != 8 + HASH_SIZE * size.bit_count():
            raise BadTree(f"{len(data)} bytes are no compact range")
        return cls(size, tuple(data[i : i + HASH_SIZE] for i in range(8, len(data), HASH_SIZE)))


EMPTY: Final = CompactRange(0, ())


def completed_nodes(
    old_size: int, new_leaves: Sequence[bytes], *, leaves: LeafRange, stored: NodeRange
) -> list[TreeNode]:
    """The nodes of levels 8, 16 and 24 that become complete when `new_leaves` are appended at `old_size`, lowest first.

    `leaves` and `stored` are asked at most once a level, only when a tile fills up, and only for what lies before
    `old_size`; raises `BadTree` when they give fewer hashes than asked for.
    """
    found: list[TreeNode] = []
    start, hashes = old_size, new_leaves
    for level in STORED_LEVELS:
        first, end = start // TILE_WIDTH, (start + len(hashes)) // TILE_WIDTH
        if first == end:
            break
        base = first * TILE_WIDTH
        if base < start:
            earlier = leaves(base, start) if level == TILE_HEIGHT else stored(level - TILE_HEIGHT, base, start)
            if len(earlier) != start - base:
                raise BadTree(f"level {level - TILE_HEIGHT}: {len(earlier)} of {start - base} hashes are stored")
            hashes = [*earlier, *hashes]
        start = first
        hashes = [subtree_hash(hashes[i : i + TILE_WIDTH]) for i in range(0, (end - first) * TILE_WIDTH, TILE_WIDTH)]
        found += [TreeNode(level, first + i, value) for i, value in enumerate(hashes)]
    return found


def _paired(hashes: Sequence[bytes]) -> list[bytes]:
    # `zip` drops an odd last hash: `extend` has put it aside, `subtree_hash` never has one.
    pairs = iter(hashes)
    return [_sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
