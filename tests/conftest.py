"""Fixtures and plugins every suite may use."""

from pathlib import Path

import pytest

pytest_plugins = ("tests.no_skips", "tests.order", "tests.pace", "tests.sockets")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the design's test data, beside the project's root; skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("skipped: no ../shared")
    return SHARED
