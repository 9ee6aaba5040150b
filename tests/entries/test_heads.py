"""The digest of logs at certain sizes: what a cutoff and the closing of a circle name."""

import hashlib
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from accordant.entries.heads import heads_digest
from accordant.entries.manifest import Head

HEADS = (Head("b.example/c/1", 7, "bb" * 32), Head("a.example/c/1", 0, "aa" * 32))


def test_it_is_the_hash_of_the_canonical_array_sorted_by_log() -> None:
    said = (
        f'[{{"log":"a.example/c/1","root":"{"aa" * 32}","size":0}},'
        f'{{"log":"b.example/c/1","root":"{"bb" * 32}","size":7}}]'
    )
    assert heads_digest(HEADS) == hashlib.sha256(said.encode()).hexdigest()


@given(st.permutations(HEADS))
def test_it_does_not_depend_on_the_order(heads: Sequence[Head]) -> None:
    assert heads_digest(heads) == heads_digest(HEADS)
