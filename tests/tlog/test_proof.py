"""Proofs: the published vectors, every small tree, and what an attacker may try."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordant.tlog import merkle, proof
from tests.tlog.fixed import leaf_hashes, node_source
from tests.tlog.test_merkle import Stored

HASH = st.binary(min_size=32, max_size=32)


def cases(shared: Path, folder: str) -> list[dict[str, Any]]:
    files = sorted((shared / "vectors" / "merkle" / "testdata" / folder).rglob("*.json"))
    return [json.loads(file.read_text()) for file in files]


def octets(value: str | None) -> bytes:
    return base64.b64decode(value or "")


def holds(check: Any, *arguments: Any) -> bool:
    try:
        check(*arguments)
    except proof.BadProof:
        return False
    return True


def test_published_inclusion_proofs_are_judged_as_published(shared: Path) -> None:
    found = cases(shared, "inclusion")
    assert len(found) == 98
    for case in found:
        hashes = [octets(value) for value in case["proof"] or []]
        leaf, root = octets(case["leafHash"]), octets(case["root"])
        good = holds(proof.verify_inclusion, leaf, case["leafIdx"], case["treeSize"], hashes, root)
        assert good is not case["wantErr"], case["desc"]


def test_published_consistency_proofs_are_judged_as_published(shared: Path) -> None:
    found = cases(shared, "consistency")
    assert len(found) == 98
    for case in found:
        hashes = [octets(value) for value in case["proof"] or []]
        roots = octets(case["root1"]), octets(case["root2"])
        good = holds(proof.verify_consistency, case["size1"], case["size2"], hashes, *roots)
        assert good is not case["wantErr"], case["desc"]


def test_published_witness_proof_leads_from_5_to_8() -> None:
    """transparency-dev/witness 54dbcdd, witness_test.go."""
    hashes = [
        bytes.fromhex("b9e1d62618f7fee8034e4c5010f727ab24d8e4705cb296c374bf2025a87a10d2"),
        bytes.fromhex("aac66cd7a79ce4012d80762fe8eec3a77f22d1ca4145c3f4cee022e7efcd599d"),
        bytes.fromhex("89d0f753f66a290c483b39cd5e9eafb12021293395fad3d4a2ad053cfbcfdc9e"),
        bytes.fromhex("29e40bb79c966f4c6fe96aff6f30acfce5f3e8d84c02215175d6e018a5dee833"),
    ]
    old = octets("41smjBUiAU70EtKlT6lIOIYtRTYxYXsDB+XHfcvu/BE=")
    new = octets("V8K9aklZ4EPB+RMOk1/8VsJUdFZR77GDtZUQq84vSbo=")
    proof.verify_consistency(5, 8, hashes, old, new)
    for wrong in (hashes[:3], [*hashes, hashes[0]], hashes[::-1], [b"\xaa\xaa"] * 4):
        with pytest.raises(proof.BadProof):
            proof.verify_consistency(5, 8, wrong, old, new)


def test_each_leaf_of_each_small_tree_is_proved_and_nothing_else() -> None:
    leaves = leaf_hashes(34)
    node = node_source(leaves)
    for size in range(1, 35):
        root = merkle.root_of(leaves[:size])
        for index in range(size):
            hashes = proof.make_inclusion(index, size, node)
            proof.verify_inclusion(leaves[index], index, size, hashes, root)
            other = (index + 1) % size
            if other != index:
                assert not holds(proof.verify_inclusion, leaves[other], index, size, hashes, root)
                assert not holds(proof.verify_inclusion, leaves[index], other, size, hashes, root)


def test_each_pair_of_small_trees_is_consistent() -> None:
    leaves = leaf_hashes(34)
    node = node_source(leaves)
    roots = [merkle.root_of(leaves[:size]) for size in range(35)]
    for new in range(1, 35):
        for old in range(1, new + 1):
            hashes = proof.make_consistency(old, new, node)
            proof.verify_consistency(old, new, hashes, roots[old], roots[new])
            assert not holds(proof.verify_consistency, old, new, hashes, roots[old - 1], roots[new])
            assert not holds(proof.verify_consistency, old, new, hashes, roots[old], roots[new - 1])


@settings(max_examples=25)
@given(st.integers(1, 900), st.floats(0, 1, exclude_max=True))
def test_proofs_from_stored_tiles_are_those_from_all_leaves(size: int, place: float) -> None:
    leaves = leaf_hashes(900)
    index = int(place * size)
    log = Stored()
    log.grow(leaves)
    log.asked = 0
    node = proof.nodes_from_tiles(log.leaves, log.stored)
    assert proof.make_inclusion(index, size, node) == proof.make_inclusion(index, size, node_source(leaves))
    assert proof.make_consistency(index + 1, size, node) == proof.make_consistency(index + 1, size, node_source(leaves))
    assert log.asked <= 5


def test_node_above_the_stored_levels_is_computed() -> None:
    leaf = bytes(32)
    tops = [merkle.leaf_hash(bytes([number])) for number in range(8)]
    node = proof.nodes_from_tiles(lambda start, stop: [leaf], lambda level, start, stop: tops if level == 24 else [])
    assert node(26, 1) == merkle.subtree_hash(tops[4:])


def test_node_that_is_not_stored_is_named() -> None:
    node = proof.nodes_from_tiles(lambda start, stop: [], lambda level, start, stop: [])
    with pytest.raises(proof.BadProof, match="node 4 of level 0"):
        node(1, 2)


@pytest.mark.parametrize(("index", "size"), [(-1, 4), (4, 4), (0, 0), (1, 2**53)])
def test_inclusion_is_refused_when_there_is_no_such_leaf(index: int, size: int) -> None:
    with pytest.raises(proof.BadProof, match="no leaf"):
        proof.make_inclusion(index, size, node_source(leaf_hashes(4)))
    with pytest.raises(proof.BadProof, match="no leaf"):
        proof.root_from_inclusion(bytes(32), index, size, [])


@pytest.mark.parametrize(("old", "new"), [(0, 4), (5, 4), (-1, 4), (1, 2**53), (0, 0)])
def test_consistency_is_refused_when_sizes_prove_nothing(old: int, new: int) -> None:
    with pytest.raises(proof.BadProof, match="no consistency"):
        proof.make_consistency(old, new, node_source(leaf_hashes(4)))
    with pytest.raises(proof.BadProof, match="no consistency"):
        proof.verify_consistency(old, new, [], merkle.EMPTY_ROOT, merkle.EMPTY_ROOT)


def test_longest_proof_has_no_more_than_63_hashes() -> None:
    made = proof.make_inclusion(0, 2**53 - 1, lambda level, index: bytes(32))
    assert len(made) <= proof.MAX_HASHES == 63
    assert len(proof.make_consistency(2**53 - 3, 2**53 - 1, lambda level, index: bytes(32))) <= proof.MAX_HASHES


def test_one_million_leaves_need_twenty_hashes() -> None:
    assert len(proof.make_inclusion(0, 2**20, lambda level, index: bytes(32))) == 20


@given(HASH, st.integers(-1, 40), st.integers(-1, 40), st.lists(st.binary(min_size=30, max_size=33), max_size=8))
def test_verifiers_let_one_exception_out(root: bytes, index: int, size: int, hashes: list[bytes]) -> None:
    assert not holds(proof.verify_inclusion, root, index, size, hashes, root) or (size == 1 and not hashes)
    assert not holds(proof.verify_consistency, index, size, hashes, root, bytes(32)) or root == bytes(32)
