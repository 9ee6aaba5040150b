"""A fault in one work or with one peer is told and waited out; a commit that the disk did not take ends the process."""

import dataclasses
import errno
import logging
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DatabaseError, OperationalError, connections

from accordant.accounts import keys
from accordant.entries.errors import Unavailable, refusal
from accordant.exchange.transports import Request, Response, Transport
from accordant.ledger import sections
from accordant.ledger.sqlite import base as sqlite
from accordant.node.cli.serve import faults, running
from tests.cast import GUARD, MILITARY, PROVINCE
from tests.simulator.world import World


class Seconds:
    """A driven clock."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def full() -> bool:
    raise OperationalError("database or disk is full")


@pytest.mark.django_db  # after a fault the thread's connection is looked at
def test_a_fault_is_told_by_its_class_alone(caplog: pytest.LogCaptureFixture) -> None:
    assert faults.Works(Seconds()).run("some", full, peer=PROVINCE) is None
    (record,) = caplog.records
    assert (record.msg, record.levelno) == ("fault", logging.ERROR)
    assert (vars(record)["code"], vars(record)["peer"]) == ("OperationalError", PROVINCE)


@pytest.mark.django_db  # after a fault the thread's connection is looked at
def test_a_work_that_failed_is_left_alone_twice_as_long_each_time() -> None:
    seconds = Seconds()
    works = faults.Works(seconds)
    tried: list[float] = []

    def work() -> None:
        tried.append(seconds.now)
        raise KeyError

    for _second in range(200):
        works.run("some", work)
        seconds.now += 1
    assert tried == [100, 101, 103, 107, 115, 131, 163, 223, 283]


@pytest.mark.django_db  # after a fault the thread's connection is looked at
def test_a_work_that_succeeds_again_is_called_each_time() -> None:
    seconds = Seconds()
    works = faults.Works(seconds)
    works.run("some", full)
    assert works.run("some", lambda: 1) is None
    assert works.run("other", lambda: 1) == 1
    seconds.now += 1
    assert [works.run("some", lambda: 2) for _time in range(3)] == [2, 2, 2]


def test_a_refusal_is_no_fault_and_is_tried_again_at_once(caplog: pytest.LogCaptureFixture) -> None:
    works = faults.Works(Seconds())
    tried: list[int] = []

    def work() -> None:
        tried.append(1)
        raise Unavailable([refusal("log-moved", "Nothing was done.", "It moved.", "Try again.")])

    assert [works.run("some", work), works.run("some", work), len(tried)] == [None, None, 2]
    assert {(record.msg, vars(record)["code"]) for record in caplog.records} == {("work-refused", "log-moved")}


@dataclasses.dataclass
class Broken(Transport):
    """Carries to all but one address, where it fails in a way that nobody foresaw."""

    inner: Transport
    url: str

    def carry(self, request: Request) -> Response:
        if request.url == self.url:
            raise RuntimeError("a fault of the carrier")
        return self.inner.carry(request)


def test_a_fault_with_one_peer_leaves_the_others_served(make_world: Callable[..., World]) -> None:
    world = make_world(GUARD, MILITARY, PROVINCE)
    circle = world.open_circle(GUARD, MILITARY, PROVINCE)
    guard, seconds = world.nodes[GUARD], Seconds()
    works = faults.Works(seconds)
    whole = guard.sync
    broken = dataclasses.replace(whole, transport=Broken(whole.transport, world.nodes[MILITARY].url))
    world.clock.forward(seconds=120)
    with guard.at():
        assert set(broken.due()) == {MILITARY, PROVINCE}
        running.talk(broken, works)
        assert PROVINCE not in broken.due()
        world.clock.forward(seconds=200)  # heads that failed are asked again later, so that entries go out meanwhile
        assert set(whole.due()) == {MILITARY, PROVINCE}
        running.talk(whole, works)
        assert whole.due() == [MILITARY]  # left alone for now
        seconds.now += 1
        running.talk(whole, works)
        assert not whole.due()
        assert sections.logs_of(circle)


@pytest.mark.django_db(transaction=True)  # the thread asks its own connection whether anything changed
def test_the_thread_of_periodic_works_outlives_a_fault(
    node_without_servers: running.Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = threading.Semaphore(0)

    def failing(**_by_and_now: object) -> None:
        full()

    monkeypatch.setattr(running, "PERIODIC", (failing, lambda **_by_and_now: done.release()))
    monkeypatch.setattr(running, "IDLE_SECONDS", 0.001)
    thread = threading.Thread(target=node_without_servers._periodic, daemon=True)
    thread.start()
    try:
        assert all(done.acquire(timeout=5) for _round in range(3))
        assert thread.is_alive()
    finally:
        node_without_servers.stopping.set()
        thread.join(5)
    assert not thread.is_alive()


@pytest.fixture
def node_without_servers(tmp_path: Path) -> running.Node:
    """The parts of a node, nothing of it running."""
    ring = keys.Keyring.create(tmp_path / "keys", GUARD)
    return running.Node(None, ring, threading.Event(), threading.Event())  # type: ignore[arg-type]  # periodic works read no setting


@pytest.mark.parametrize(
    ("name", "told"), [("SQLITE_IOERR_FSYNC", 1), ("SQLITE_IOERR_WRITE", 1), ("SQLITE_FULL", 0), ("SQLITE_BUSY", 0)]
)
def test_a_commit_that_the_disk_did_not_take_is_told(name: str, told: int, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[int] = []
    monkeypatch.setattr(sqlite, "NOT_FLUSHED", [lambda: heard.append(1)])

    class Disk:
        """A connection whose commit fails as SQLite says it does."""

        def commit(self) -> None:
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorname = name
            raise error

    database = connections.create_connection("default")
    database.connection = Disk()
    with pytest.raises(DatabaseError):
        database.commit()
    assert len(heard) == told


@pytest.mark.parametrize(("number", "told"), [(errno.EIO, 1), (errno.ENOSPC, 0)])
def test_a_head_that_could_not_be_flushed_is_told(
    number: int, told: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []

    def failing(_handle: int) -> None:
        raise OSError(number, "the disk")

    ring = keys.Keyring.create(tmp_path / "keys", GUARD)
    monkeypatch.setattr(keys, "NOT_FLUSHED", [lambda: heard.append(1)])
    monkeypatch.setattr(os, "fsync", failing)
    origin = f"{GUARD}/qc-test-{'0' * 32}/1"
    with pytest.raises(OSError, match="the disk"):
        ring.sign_head(origin, keys.Head(1, bytes(32)), floor=ring.floor_of("head", origin), consistency=())
    assert len(heard) == told


@pytest.mark.slow
def test_the_process_ends_with_70_when_something_was_not_flushed() -> None:
    script = (
        "import django\n"
        "from django.conf import settings\n"
        "settings.configure()\n"
        "from accordant.node.cli.serve import faults\n"
        "from accordant.ledger.sqlite import base\n"
        "faults.end_when_not_flushed()\n"
        "base.NOT_FLUSHED[0]()\n"
        "raise SystemExit(3)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False, timeout=60).returncode == 70
