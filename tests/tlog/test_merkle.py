"""Trees: RFC 6962 hashes, compact ranges, the nodes that a growing log stores."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordant.tlog import merkle
from tests.tlog.fixed import leaf_hashes


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return merkle.EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return merkle.node_hash(naive_root(leaves[:split]), naive_root(leaves[split:]))


def test_leaf_and_node_are_told_apart_by_their_first_byte() -> None:
    assert merkle.leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle.leaf_hash(b"\x01" + b"a" * 64) != merkle.node_hash(b"a" * 32, b"a" * 32)


def test_empty_tree_has_the_hash_of_nothing() -> None:
    assert merkle.root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.EMPTY.root() == merkle.EMPTY_ROOT


def test_roots_follow_the_rfc_for_every_small_size() -> None:
    leaves = leaf_hashes(70)
    for size in range(71):
        assert merkle.root_of(leaves[:size]) == naive_root(leaves[:size])


@given(st.lists(st.integers(0, 40), max_size=6))
def test_growing_in_any_steps_gives_the_same_range(steps: list[int]) -> None:
    leaves = leaf_hashes(256)
    grown, one_by_one, at = merkle.EMPTY, merkle.EMPTY, 0
    for step in steps:
        chunk = leaves[at : at + step]
        grown = grown.extend(chunk)
        for leaf in chunk:
            one_by_one = one_by_one.append(leaf)
        at += step
    assert grown == one_by_one
    assert grown.root() == naive_root(leaves[:at])
    assert len(grown.hashes) == at.bit_count()


@given(st.integers(0, 256))
def test_range_survives_being_stored(size: int) -> None:
    compact = merkle.EMPTY.extend(leaf_hashes(256)[:size])
    assert merkle.CompactRange.from_bytes(compact.to_bytes()) == compact


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(7),
        bytes(9),
        (1).to_bytes(8, "big"),
        (3).to_bytes(8, "big") + bytes(32),
        (2**53).to_bytes(8, "big") + bytes(32),
        b"\xff" * (8 + 64 * 32),
    ],
)
def test_stored_range_is_refused_when_size_and_hashes_differ(data: bytes) -> None:
    with pytest.raises(merkle.BadTree):
        merkle.CompactRange.from_bytes(data)


@given(st.binary(max_size=200))
def test_range_decoder_lets_one_exception_out(data: bytes) -> None:
    try:
        assert merkle.CompactRange.from_bytes(data).to_bytes() == data
    except merkle.BadTree:
        pass


@pytest.mark.parametrize("count", [0, 3, 255])
def test_subtree_is_refused_when_it_is_not_complete(count: int) -> None:
    with pytest.raises(merkle.BadTree):
        merkle.subtree_hash([bytes(32)] * count)


def test_one_leaf_is_a_complete_subtree() -> None:
    assert merkle.subtree_hash([bytes(32)]) == bytes(32)


class Stored:
    """Leaf hashes and nodes as a database keeps them; counts what is asked."""

    def __init__(self) -> None:
        self.leaf_hashes: list[bytes] = []
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.asked = 0

    def leaves(self, start: int, stop: int) -> list[bytes]:
        self.asked += 1
        return self.leaf_hashes[start:stop]

    def stored(self, level: int, start: int, stop: int) -> list[bytes]:
        self.asked += 1
        return [self.nodes[level, index] for index in range(start, stop) if (level, index) in self.nodes]

    def grow(self, new: Sequence[bytes]) -> None:
        completed = merkle.completed_nodes(len(self.leaf_hashes), new, leaves=self.leaves, stored=self.stored)
        self.leaf_hashes += new
        for node in completed:
            assert (node.level, node.index) not in self.nodes
            self.nodes[node.level, node.index] = node.hash


@settings(max_examples=30)
@given(st.lists(st.integers(0, 700), max_size=5))
def test_nodes_of_level_8_are_complete_whatever_the_steps(steps: list[int]) -> None:
    log, leaves, at = Stored(), [bytes([number % 251]) * 32 for number in range(3500)], 0
    for step in steps:
        log.grow(leaves[at : at + step])
        at += step
    expected = {(8, i): merkle.subtree_hash(leaves[256 * i : 256 * i + 256]) for i in range(at // 256)}
    assert log.nodes == expected


@pytest.mark.slow  # 70,000 leaves, to see level 16
def test_nodes_of_level_16_appear_when_65536_leaves_are_there() -> None:
    leaves = [number.to_bytes(32, "big") for number in range(70_000)]
    log = Stored()
    for start, stop in pairwise([0, 1, 65_535, 65_537, 70_000]):
        log.grow(leaves[start:stop])
    assert log.nodes[16, 0] == merkle.subtree_hash(leaves[:65_536])
    assert sorted(log.nodes) == [(8, i) for i in range(273)] + [(16, 0)]


def test_one_leaf_may_complete_a_node_of_each_level() -> None:
    completed = merkle.completed_nodes(
        2**24 - 1,
        [bytes(32)],
        leaves=lambda start, stop: [bytes(32)] * (stop - start),
        stored=lambda level, start, stop: [bytes([level]) * 32] * (stop - start),
    )
    assert [(node.level, node.index) for node in completed] == [(8, 2**16 - 1), (16, 2**8 - 1), (24, 0)]
    assert completed[1].hash == merkle.subtree_hash([b"\x08" * 32] * 255 + [completed[0].hash])


def test_nothing_is_read_while_no_tile_fills() -> None:
    log = Stored()
    for step in (10, 5, 240):
        log.grow(leaf_hashes(step))
        assert log.asked == 0
    log.grow(leaf_hashes(1))
    assert (log.asked, sorted(log.nodes)) == (1, [(8, 0)])
    log.grow(leaf_hashes(256))
    assert (log.asked, sorted(log.nodes)) == (1, [(8, 0), (8, 1)])


def test_growing_is_refused_when_stored_hashes_are_missing() -> None:
    with pytest.raises(merkle.BadTree, match="level 0: 10 of 200"):
        merkle.completed_nodes(712, [bytes(32)] * 56, leaves=lambda start, stop: [bytes(32)] * 10, stored=lambda *_: [])
