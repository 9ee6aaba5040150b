"""One node at work: two servers, the sync loop and the clock's loop in one process (`accordant serve`)."""

import asyncio
import random
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import uvicorn
import uvloop
from django.db import close_old_connections, connection, connections

from accordant.accounts import keys
from accordant.domains.information import actions as information
from accordant.domains.reviews import actions as reviews
from accordant.entries.envelope import Officer, automatic
from accordant.entries.errors import Misconfigured, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.exchange import sync, views
from accordant.exchange.transports.https import HttpsTransport
from accordant.ledger import signing, sql
from accordant.node import clock
from accordant.node.cli import wakeup
from accordant.node.cli.serve import asgi, faults
from accordant.node.configuration import Configuration

COMPANY_SECONDS = 0.004
IDLE_SECONDS = 1.0
GRACE_SECONDS = 2  # how long the end waits for requests under way


def sign_stored(*, by: Officer, now: datetime) -> None:
    """Sign what a crash or a failing disk left unsigned in our logs."""
    signing.sign_stored(ring=keys.keyring())


PERIODIC: Final[tuple[Callable[..., object], ...]] = (sign_stored, information.append_openings, reviews.keep_up)
"""Called with by= and now= about a second after anything changed, and each half minute: what a node does by itself,
such as telling the opening of an item."""
PERIODIC_SECONDS: Final = 30.0


@dataclass
class Node:
    """The running parts of a node."""

    configuration: Configuration
    ring: keys.Keyring
    stopping: threading.Event
    wake: threading.Event

    @classmethod
    def of(cls, configuration: Configuration) -> "Node":
        """A node that is not running yet."""
        return cls(configuration, keys.keyring(), threading.Event(), threading.Event())

    def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Serve until interrupted; `ready` is called once both ports answer."""
        pages = bind(self.configuration.host, self.configuration.pages_port)
        interface = bind(self.configuration.host, self.configuration.node_port)
        signing.SIGNED.append(lambda origin, size: self.wake.set())
        views.CONTACTS.append(lambda peer: self.wake.set())
        listener = wakeup.Listener(self.configuration.directory, self.wake)
        threads = [
            threading.Thread(target=listener.run, name="wakeup", daemon=True),
            threading.Thread(target=self._sync, name="sync", daemon=True),
            threading.Thread(target=self._periodic, name="periodic", daemon=True),
        ]
        for thread in threads:
            thread.start()
        try:
            uvloop.run(self._serve(pages, interface, ready))
        finally:
            self.stopping.set()
            self.wake.set()
            listener.close()
            for thread in threads:
                thread.join(timeout=35)

    async def _serve(self, pages: socket.socket, interface: socket.socket, ready: Callable[[], None]) -> None:
        servers = [
            _Server(self._config(asgi.pages, secure=not self.configuration.loopback)),
            _Server(self._config(asgi.node_interface, secure=self.configuration.tls)),
        ]
        tasks = [
            asyncio.create_task(servers[0].serve(sockets=[pages])),
            asyncio.create_task(servers[1].serve(sockets=[interface])),
        ]
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, _stop, servers)
        while not all(server.started for server in servers) and not any(task.done() for task in tasks):
            await asyncio.sleep(0.01)
        ready()
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        _stop(servers)
        await asyncio.gather(*tasks)

    def _config(self, application: asgi.Application, *, secure: bool) -> uvicorn.Config:
        config = uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        if secure:
            context = tls_context(self.configuration.directory)
            config.ssl_context_factory = lambda config, default: context
        return config

    def _sync(self) -> None:
        transport = HttpsTransport(loopback_allowed=self.configuration.loopback)
        loop = sync.Sync(
            transport=transport,
            clock=clock.milliseconds,
            chance=lambda: random.uniform(0.5, 1),  # noqa: S311  # spreads retries, keeps no secret
            ceiling=self.configuration.ceiling,
        )
        works = faults.Works(clock.monotonic)
        while not self.stopping.is_set():
            self.wake.clear()
            if not talk(loop, works):
                self.wake.wait(IDLE_SECONDS)
                self.stopping.wait(COMPANY_SECONDS)
        transport.close()
        connections.close_all()

    def _periodic(self) -> None:
        by = automatic(self.ring.agency)
        works = faults.Works(clock.monotonic)
        seen, again_at = None, 0.0
        while not self.stopping.wait(IDLE_SECONDS):
            mark = sql.change_mark(connection)
            if mark is not None and mark == seen and clock.monotonic() < again_at and not works.failing:
                continue
            seen, again_at = mark, clock.monotonic() + PERIODIC_SECONDS
            for work in PERIODIC:
                works.run(work.__qualname__, partial(work, by=by, now=clock.now()))
            close_old_connections()
        connections.close_all()


def talk(loop: sync.Sync, works: faults.Works) -> bool:
    """One step with each peer that is due, whatever becomes of the others; tells whether one goes on at once."""
    due = works.run("due", loop.due) or ()
    busy = [works.run(peer, partial(loop.step, peer), peer=peer) for peer in due]
    return any(busy)


def _stop(servers: Sequence["_Server"]) -> None:
    for server in servers:
        server.stop()


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; raises `Misconfigured` naming the port when it is in use."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise Misconfigured(
            [
                refusal(
                    "port-in-use",
                    _("The node was not started."),
                    _("Port {port} on {host} cannot be used: {why}."),
                    _("Stop the program that uses it, or change the port in node.toml."),
                    host=host,
                    port=port,
                    why=error.strerror or str(error),
                )
            ]
        ) from error
    return listening


def tls_context(directory: Path) -> ssl.SSLContext:
    """TLS 1.3 with the node's own certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(directory / "keys" / "tls-certificate", directory / "keys" / "tls")
    return context


class _Server(uvicorn.Server):
    """A server without signal handlers of its own: the process has two, and they end together."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ending = asyncio.Event()

    def stop(self) -> None:
        """End as soon as the requests under way are answered."""
        self.should_exit = True
        self._ending.set()

    async def main_loop(self) -> None:
        """Look after the server once a second instead of ten times: what an idle node costs is mostly this."""
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), IDLE_SECONDS)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the node."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Cut kept connections that carry no request, then end as usual.

        Peers keep theirs open; TLS would wait half a minute for each to say goodbye.
        """
        for kept in list(self.server_state.connections):
            cycle = getattr(kept, "cycle", None)
            if (cycle is None or cycle.response_complete) and kept.transport is not None:
                kept.transport.abort()
        await super().shutdown(sockets=sockets)
