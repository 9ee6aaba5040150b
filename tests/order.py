"""Files that take long go first, so that no worker is left alone with one of them at the end.

Within a file, and among the short files, the order stays random: that finds state that tests share.
"""

from collections import defaultdict

import pytest

SECONDS = {"journey": 12.0, "carrier": 3.0, "crash": 3.0, "fuzz": 3.0, "access": 0.5, "slow": 0.5}
LONG = 5.0


def pytest_configure(config: pytest.Config) -> None:
    """Let xdist hand out files in the order of the collection instead of by their number of tests."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


@pytest.hookimpl(trylast=True)  # after the random order
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort by what a file will take, roughly: by the marks of its tests."""
    weights: defaultdict[str, float] = defaultdict(float)
    for item in items:
        weights[item.location[0]] += max(
            (SECONDS[mark.name] for mark in item.iter_markers() if mark.name in SECONDS), default=0.01
        )
    items.sort(key=lambda item: -weights[item.location[0]] if weights[item.location[0]] >= LONG else 0)
