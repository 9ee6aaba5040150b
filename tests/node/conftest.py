"""What several tests of commands share, made once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.node.running import Done, SmallDemo, accordant
from tests.simulator.conftest import make_world

__all__ = ["make_world"]


@pytest.fixture(scope="session")
def small_demo(tmp_path_factory: pytest.TempPathFactory) -> SmallDemo:
    """A tenth of the worked example, made by the ordinary command."""
    directory = tmp_path_factory.mktemp("demo") / "small"
    done = accordant("demo", "--dir", directory, "--small", "--no-serve", "--any-ports", "--json")
    assert done.code == 0, done.err + done.out
    return SmallDemo(directory, done)


@pytest.fixture(scope="session")
def shared_circle(small_demo: SmallDemo) -> str:
    """The circle of the small demo."""
    return small_demo.circle


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new node of an agency, with a liaison officer and an administrator; tests only ask it or are refused."""
    directory = tmp_path_factory.mktemp("node") / "guard"
    done = accordant("init", directory, "--agency", "guard.example", "--name", "Bộ Tư lệnh", "--json")
    assert done.code == 0, done.err
    for sign_in, role in (("lan", "liaison-officer"), ("an", "node-administrator")):
        for step in _steps(directory, sign_in, role):
            assert step.code == 0, step.err
    return directory


def _steps(directory: Path, sign_in: str, role: str) -> Iterator[Done]:
    yield accordant("officer", "add", directory, "--sign-in", sign_in, "--name", sign_in.title())
    yield accordant("officer", "office", directory, role, "--title", role)
    holding = ("--office", role, "--role", role, "--scope", "private", "--source", "order 1")
    yield accordant("officer", "grant", directory, "--sign-in", sign_in, *holding)
