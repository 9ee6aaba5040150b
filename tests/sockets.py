"""Tests that are about real connections may open them, to this machine alone; all others open none."""

import pytest

REAL = ("carrier", "postgres", "crash", "torture", "journey")
THIS_MACHINE = ["127.0.0.1", "::1", "localhost"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(item.get_closest_marker(name) for name in REAL):
            item.add_marker(pytest.mark.allow_hosts(THIS_MACHINE))
