"""Padding: the published sizes, the price, and the gap that a record needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accordant.seal.padding import PAD_OVERHEAD, SMALLEST, padded_size, size_class


@pytest.mark.parametrize(
    ("size", "padded"), [(0, 4096), (4096, 4096), (4097, 4352), (70_000, 71_680), (10**6, 1_015_808)]
)
def test_the_size_class_is_the_published_one_when_computed(size: int, padded: int) -> None:
    assert size_class(size) == padded


@given(st.integers(min_value=1, max_value=1 << 40))
def test_the_size_class_is_stable_monotonic_and_cheap_when_sizes_grow(size: int) -> None:
    padded = size_class(size)
    assert size_class(padded) == padded
    assert size_class(size + 1) >= padded >= size
    assert size <= SMALLEST or padded <= size * 1.063


@given(st.integers(min_value=1, max_value=1 << 34), st.sampled_from([0, SMALLEST, 16 * 1024]))
def test_the_gap_is_none_or_room_for_a_record_when_padded(size: int, least: int) -> None:
    padded = padded_size(size, least)
    assert padded - size == 0 or padded - size >= PAD_OVERHEAD
    assert padded >= least
    assert size_class(padded) == padded


@pytest.mark.parametrize(("size", "padded"), [(4091, 4096), (4092, 4352), (4095, 4352), (4096, 4096), (4348, 4608)])
def test_the_next_class_is_taken_when_the_gap_is_under_five(size: int, padded: int) -> None:
    assert padded_size(size) == padded
