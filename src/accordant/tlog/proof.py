"""Inclusion and consistency proofs of RFC 6962 sections 2.1.1 and 2.1.2, made and verified.

Rules kept here: a proof has exactly the hashes that index and size ask for, at most 63, each of 32 bytes; sizes stay
below 2**53. A first tree of size 0 proves nothing and is refused: `checkpoint.verify_growth` treats it outside, as
the witness protocol does (wire format, section 12). Left to others: where nodes are stored.
"""

from collections.abc import Callable, Sequence
from typing import Final

from accordant.tlog.merkle import HASH_SIZE, STORED_LEVELS, TILE_WIDTH, LeafRange, NodeRange, node_hash
from accordant.tlog.spelling import SIZE_LIMIT

MAX_HASHES: Final = 63

NodeSource = Callable[[int, int], bytes]
"""The hash of the complete subtree at (level, index)."""


class BadProof(ValueError):
    """A proof that does not hold, or that cannot be made."""


def nodes_from_tiles(leaves: LeafRange, stored: NodeRange) -> NodeSource:
    """A node source over leaf hashes and the nodes of levels 8, 16 and 24; it remembers what it has read.

    Whole tiles are asked for (256 hashes from a multiple of 256 on), each once; where the log ends before, fewer may
    be given. The source raises `BadProof` for a node that was not given.
    """
    known: dict[tuple[int, int], bytes] = {}

    def load(level: int, index: int) -> None:
        start = index - index % TILE_WIDTH
        stop = start + TILE_WIDTH
        hashes = stored(level, start, stop) if level else leaves(start, stop)
        known.update({(level, start + i): value for i, value in enumerate(hashes)})
        if (level, index) not in known:
            raise BadProof(f"node {index} of level {level} is not stored")

    def node(level: int, index: int) -> bytes:
        if (level, index) not in known:
            if level == 0 or level in STORED_LEVELS:
                load(level, index)
            else:
                known[level, index] = node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))
        return known[level, index]

    return node


def make_inclusion(index: int, size: int, node: NodeSource) -> list[bytes]:
    """The hashes from the leaf's sibling up to the root's child; raises `BadProof` unless index < size."""
    if not 0 <= index < size < SIZE_LIMIT:
        raise BadProof(f"no leaf {index} in a tree of size {size}")
    return _path(index, 0, size, node)


def make_consistency(old_size: int, new_size: int, node: NodeSource) -> list[bytes]:
    """The hashes that show the tree of `old_size` leaves in that of `new_size`; raises `BadProof` if there are none.

    Equal sizes need no hashes.
    """
    if not 0 < old_size <= new_size < SIZE_LIMIT:
        raise BadProof(f"no consistency proof from size {old_size} to {new_size}")
    if old_size == new_size:
        return []
    # The smallest of the old tree's complete subtrees; if it is the whole old tree, the verifier knows its root.
    level = (old_size & -old_size).bit_length() - 1
    start = old_size - (1 << level)
    inner = [] if start == 0 else [node(level, start >> level)]
    return inner + _path(start >> level, level, new_size, node)


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root of the tree of `size` leaves in which `leaf` has that index, as `proof` says; raises `BadProof`."""
    if not 0 <= index < size < SIZE_LIMIT:
        raise BadProof(f"no leaf {index} in a tree of size {size}")
    inner = (index ^ (size - 1)).bit_length()
    _check_hashes([leaf, *proof], 1 + inner + (index >> inner).bit_count())
    value = leaf
    for level, sibling in enumerate(proof[:inner]):
        value = node_hash(sibling, value) if index >> level & 1 else node_hash(value, sibling)
    for sibling in proof[inner:]:
        value = node_hash(sibling, value)
    return value


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raise `BadProof` unless `proof` shows the leaf hash at `index` in the tree of this size and root."""
    if root_from_inclusion(leaf, index, size, proof) != root:
        raise BadProof(f"the proof of leaf {index} leads to another root")


def verify_consistency(old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Raise `BadProof` unless `proof` shows that the new tree begins with all leaves of the old one."""
    if not 0 < old_size <= new_size < SIZE_LIMIT:
        raise BadProof(f"no consistency proof from size {old_size} to {new_size}")
    if old_size == new_size:
        _check_hashes(proof, 0)
        if old_root != new_root:
            raise BadProof(f"two roots for size {old_size}")
        return
    level = (old_size & -old_size).bit_length() - 1
    inner = ((old_size - 1) ^ (new_size - 1)).bit_length() - level
    border = ((old_size - 1) >> (inner + level)).bit_count()
    # A power of two as old size has its root as seed; otherwise the seed is the first hash of the proof.
    hashes = [old_root, *proof] if old_size == 1 << level else list(proof)
    _check_hashes(hashes, 1 + inner + border)
    seed, rest = hashes[0], hashes[1:]
    if _old_root(seed, rest, (old_size - 1) >> level, inner) != old_root:
        raise BadProof(f"the proof leads to another root at size {old_size}")
    if _new_root(seed, rest, (old_size - 1) >> level, inner) != new_root:
        raise BadProof(f"the proof leads to another root at size {new_size}")


def _old_root(value: bytes, hashes: Sequence[bytes], index: int, inner: int) -> bytes:
    for level, sibling in enumerate(hashes):
        if level >= inner or index >> level & 1:
            value = node_hash(sibling, value)
    return value


def _new_root(value: bytes, hashes: Sequence[bytes], index: int, inner: int) -> bytes:
    for level, sibling in enumerate(hashes):
        left = level >= inner or index >> level & 1
        value = node_hash(sibling, value) if left else node_hash(value, sibling)
    return value


def _path(index: int, level: int, size: int, node: NodeSource) -> list[bytes]:
    """The siblings from the node at (level, index) up to the root of the tree of `size` leaves."""
    proof: list[bytes] = []
    last = (size - 1) >> level
    while last:
        if index & 1:
            proof.append(node(level, index - 1))
        elif index < last:
            sibling = index + 1
            proof.append(_range_hash(sibling << level, min((sibling + 1) << level, size), node))
        index, last, level = index >> 1, last >> 1, level + 1
    return proof


def _range_hash(start: int, stop: int, node: NodeSource) -> bytes:
    """The hash over the leaves [start, stop), `start` being a multiple of the smallest power of two that holds them."""
    parts: list[bytes] = []
    while start < stop:
        level = (stop - start).bit_length() - 1
        parts.append(node(level, start >> level))
        start += 1 << level
    value = parts.pop()
    while parts:
        value = node_hash(parts.pop(), value)
    return value


def _check_hashes(hashes: Sequence[bytes], count: int) -> None:
    if len(hashes) != count:
        raise BadProof(f"{len(hashes)} hashes where {count} belong")
    if any(len(value) != HASH_SIZE for value in hashes):
        raise BadProof("a hash that is not 32 bytes long")
