"""Circles from the command line: who closed one says so in the list."""

import shutil
from pathlib import Path

import pytest

from tests.node.running import SmallDemo, accordant
from tests.node.test_bad_input import refused

pytestmark = pytest.mark.slow


def test_circle_that_is_not_held_is_not_closed(node: Path) -> None:
    refused(accordant("circle", "close", node, "x", "--as", "lan"), "The circle was not closed.")


def test_closed_circle_says_so_and_takes_nothing_more(
    small_demo: SmallDemo, shared_circle: str, tmp_path: Path
) -> None:
    guard = tmp_path / "guard"
    shutil.copytree(small_demo.directory / "guard", guard)
    by = ("--as", "canhve.lienlac")
    done = accordant("circle", "close", guard, shared_circle, *by, "--json")
    assert (done.code, done.json["circle"]) == (0, shared_circle), done.err
    row = next(row for row in accordant("circle", "list", guard, "--json").json["circles"] if row["sort"] == "main")
    assert len(row["closed"]) == 1
    assert f"{row['closed'][0]} (closed it)" in accordant("circle", "list", guard).out
    refused(accordant("circle", "close", guard, shared_circle, *by), "closed the circle", "open a new circle")
