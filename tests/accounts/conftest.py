"""A node with an officer who signs in, a clock that only tests move, and hashes that cost little."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accordant.accounts import officers
from accordant.accounts.hashers import GuardedArgon2Hasher
from accordant.accounts.keys import Keyring, using
from accordant.accounts.models import Officer
from accordant.entries.envelope import Officer as Acting
from accordant.node import clock

PASSWORD = "chín con rồng bay 42"
BY = Acting(id="", office="node-keyboard", agency="test.example")


@dataclass
class Time:
    """The node's clock."""

    now: datetime

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same hasher with parameters for tests: 100 MiB each would take a minute."""
    monkeypatch.setattr(GuardedArgon2Hasher, "memory_cost", 64)
    monkeypatch.setattr(GuardedArgon2Hasher, "time_cost", 1)


@pytest.fixture(scope="session")
def ring(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    """The node's keys, which every node has: the frame of a page asks whose they are."""
    return Keyring.create(tmp_path_factory.mktemp("node") / "keys", "test.example", random=b"accounts")


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    moved = Time(datetime(2026, 1, 5, 8, 0, tzinfo=UTC))
    monkeypatch.setattr(clock, "now", lambda: moved.now)
    return moved


@pytest.fixture
def liaison(db: None, time: Time, ring: Keyring) -> Iterator[Officer]:
    """A liaison officer who holds two offices in a regulation."""
    officer, _secret = officers.add_officer(
        by=BY, now=time.now, sign_in="liaison", full_name="Nguyễn Văn An", password=PASSWORD
    )
    for code, title in (("lienlac", "Cán bộ liên lạc"), ("tructin", "Trực ban thông tin")):
        officers.define_office(by=BY, now=time.now, code=code, title_vi=title, title_en=code)
        officers.grant_role(
            by=BY, now=time.now, officer=officer, office=code, role="liaison-officer", scope="12/QCPH", source="QĐ 1"
        )
    with using(ring):
        yield officer


@pytest.fixture
def browser(liaison: Officer) -> Client:
    """The liaison officer's browser, signed in."""
    client = Client()
    sign_in(client)
    return client


def sign_in(client: Client, name: str = "liaison", password: str = PASSWORD) -> int:
    """One try at the sign-in page; gives the status."""
    return client.post("/accounts/sign-in", {"sign_in": name, "password": password}).status_code


def signed_in(client: Client) -> bool:
    """Whether an act is taken, instead of the way to the sign-in page."""
    return client.post("/accounts/act-as", {"office": "lienlac"}).headers["Location"] == "/"
