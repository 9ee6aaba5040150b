"""Two parties and an outsider; the same tests over the memory and over real TLS connections of this machine."""

import http.server
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import connections
from pytest_django import DjangoDbBlocker

from accordant.entries.envelope import EntryRef
from accordant.entries.kinds import Fact
from accordant.exchange.transports import Request
from accordant.exchange.transports.https import HttpsTransport, key_hash
from accordant.ledger.append import append
from tests.cast import GUARD, MILITARY, OUTSIDER, PROVINCE, officer
from tests.simulator.facts import NoteBody, NoteMade
from tests.simulator.world import SimulatedNode, World


@dataclass
class Pair:
    """The guard and the province share a circle; nobody confirmed the outsider."""

    world: World
    circle: str

    @property
    def guard(self) -> SimulatedNode:
        """Who sends."""
        return self.world.nodes[GUARD]

    @property
    def province(self) -> SimulatedNode:
        """Who receives."""
        return self.world.nodes[PROVINCE]

    @property
    def military(self) -> SimulatedNode:
        """Who hands on, in a trio."""
        return self.world.nodes[MILITARY]

    def note(self, *numbers: int, by: str = GUARD, to: tuple[str, ...] = ()) -> list[EntryRef]:
        """The guard, or another, appends notes in one act."""
        facts = [Fact(NoteMade(no=n), NoteBody(text=f"note {n}"), to=to) for n in numbers]
        with self.world.nodes[by].at():
            return append(circle=self.circle, by=officer(by), now=self.world.clock.now, facts=facts)


class _Served:
    """A node behind a real TLS port, with a fresh self-signed certificate."""

    def __init__(self, node: SimulatedNode, folder: Path) -> None:
        shown, files = certificate(folder, node.agency)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(*files)

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                request = Request(node.url, (), self.command, self.path, dict(self.headers), body)
                try:
                    response = node.world.hand_over(request)
                finally:
                    connections["default"] = node.database
                self.send_response(response.status)
                for name, value in response.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(response.body)))
                self.end_headers()
                self.wfile.write(response.body)

            do_GET = do_POST  # noqa: N815  # the name of the base class

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name of the base class
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        node.address = f"https://127.0.0.1:{self.server.server_address[1]}"
        node.pins = (key_hash(shown),)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def certificate(folder: Path, name: str) -> tuple[bytes, tuple[Path, Path]]:
    """A fresh self-signed certificate (DER), and the PEM files of it and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    files = folder / f"{name}.pem", folder / f"{name}.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return made.public_bytes(serialization.Encoding.DER), files


@contextmanager
def _world(folder: Path, carrier: str, strangers: tuple[str, ...], *agencies: str) -> Iterator[World]:
    """Agencies that know each other, over this carrier, beside strangers whom nobody confirmed."""
    world = World(folder)
    for agency in (*agencies, *strangers):
        world.add(agency)
    served = []
    if carrier == "https":
        world.transport = HttpsTransport(loopback_allowed=True)
        served = [_Served(node, folder) for node in world.nodes.values()]
    for node in world.nodes.values():
        node.address = node.url  # stays when the strangers step aside
    aside = {agency: world.nodes.pop(agency) for agency in strangers}
    world.introduce()
    world.nodes.update(aside)
    try:
        yield world
    finally:
        if isinstance(world.transport, HttpsTransport):
            world.transport.close()
        for one in served:
            one.close()
        world.close()


CARRIERS = ("memory", pytest.param("https", marks=pytest.mark.carrier))


Founded = Callable[..., tuple[World, str]]
"""Takes the strangers and the agencies; gives a world whose agencies share a circle, founded once, to be copied."""


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[Founded]:
    """Worlds founded once each over the memory: founding takes longer than most tests."""
    made: dict[tuple[str, ...], tuple[World, str]] = {}
    with django_db_blocker.unblock(), ExitStack() as stack:

        def found(strangers: tuple[str, ...], *agencies: str) -> tuple[World, str]:
            if agencies not in made:
                folder = tmp_path_factory.mktemp("founded")
                world = stack.enter_context(_world(folder, "memory", strangers, *agencies))
                made[agencies] = world, world.open_circle(*agencies)
            return made[agencies]

        yield found


@contextmanager
def _shared(founded: Founded, folder: Path, carrier: str, strangers: tuple[str, ...], *agencies: str) -> Iterator[Pair]:
    """Agencies that share a circle, beside strangers, over this carrier."""
    if carrier == "memory":
        world, circle = founded(strangers, *agencies)
        copied = world.copy(folder / "copy", 1)
        yield Pair(copied, circle)
        copied.close()
        return
    with _world(folder, carrier, strangers, *agencies) as world:
        yield Pair(world, world.open_circle(*agencies))


@pytest.fixture(params=CARRIERS)
def pair(
    request: pytest.FixtureRequest, tmp_path: Path, founded: Founded, django_db_blocker: DjangoDbBlocker
) -> Iterator[Pair]:
    """The two parties, introduced, their circle joined, over this carrier."""
    with django_db_blocker.unblock(), _shared(founded, tmp_path, request.param, (OUTSIDER,), GUARD, PROVINCE) as made:
        yield made


@pytest.fixture(params=["memory"])
def trio(
    request: pytest.FixtureRequest, tmp_path: Path, founded: Founded, django_db_blocker: DjangoDbBlocker
) -> Iterator[Pair]:
    """The same two with the military as third party; over the memory unless a test asks for another carrier."""
    with (
        django_db_blocker.unblock(),
        _shared(founded, tmp_path, request.param, (), GUARD, PROVINCE, MILITARY) as made,
    ):
        yield made
