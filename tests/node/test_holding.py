"""One holder a node: what would change it under a serving node is refused in one sentence."""

import os
import re
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from accordant.entries.errors import Refused
from accordant.node.cli import holding
from tests.node.running import COMMAND, accordant


def test_a_node_is_held_once_and_free_again_afterwards(tmp_path: Path) -> None:
    with holding.held(tmp_path), pytest.raises(Refused) as refused, holding.held(tmp_path):
        pytest.fail("held twice")
    assert refused.value.code == "node-held"
    assert str(os.getpid()) in str(refused.value)
    with holding.held(tmp_path):
        assert (tmp_path / holding.FILE_NAME).stat().st_mode & 0o777 == 0o600


def new_node(folder: Path) -> Path:
    """A new node on ports that are free."""
    directory = folder / "guard"
    words = ("init", directory, "--agency", "guard.example", "--name", "Bộ Tư lệnh")
    assert accordant(*words).code == 0
    set_ports(directory, *free_ports())
    return directory


def free_ports() -> list[int]:
    """Two of them."""
    with socket.socket() as one, socket.socket() as other:
        for taken in (one, other):
            taken.bind(("127.0.0.1", 0))
        return [one.getsockname()[1], other.getsockname()[1]]


def set_ports(directory: Path, pages: int, interface: int) -> None:
    """Write them into node.toml."""
    toml = directory / "node.toml"
    text = re.sub(r"pages_port = \d+", f"pages_port = {pages}", toml.read_text(encoding="utf-8"))
    toml.write_text(re.sub(r"node_port = \d+", f"node_port = {interface}", text), encoding="utf-8")


@pytest.mark.slow
@pytest.mark.carrier
def test_a_served_node_is_neither_rebuilt_nor_served_again(tmp_path: Path) -> None:
    directory = new_node(tmp_path)
    reading, writing = os.pipe()
    words = [*COMMAND, "serve", str(directory), "--ready-fd", str(writing)]
    process = subprocess.Popen(words, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as ready:
            assert ready.readline() == "ready\n"
        set_ports(directory, *free_ports())
        for command in ("rebuild", "serve"):
            done = accordant(command, directory)
            assert (done.code, done.out, len(done.err.strip().splitlines())) == (1, "", 1), done
            assert str(process.pid) in done.err
            assert f"accordant rebuild {directory} --check" in done.err
        assert accordant("rebuild", directory, "--check", "--json").json["equal"] is True
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert accordant("rebuild", directory, "--json").json["equal"] is True
