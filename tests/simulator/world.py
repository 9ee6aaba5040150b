"""The simulated world: nodes with own databases and keys, a clock that only tests move, a carrier that can be cut.

Everything below the carrier is the product's own code. One integer (the seed) makes one run.
"""

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from django.http import HttpResponseBase
from django.test import RequestFactory, override_settings
from django.urls import get_resolver

from accordant.accounts import keys
from accordant.entries import cards
from accordant.entries.envelope import Officer, automatic
from accordant.exchange.sync import Sync
from accordant.exchange.transports import NotReached, Request, Response, Transport
from accordant.ledger import replay
from accordant.regulations import actions
from accordant.regulations.models import AcceptedCard, Party

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
_TEMPLATE: list[bytes] = []


class Clock:
    """Time that moves only when told."""

    def __init__(self) -> None:
        self.now = START

    def milliseconds(self) -> int:
        """This instant in milliseconds since 1970 UTC."""
        return int(self.now.timestamp() * 1000)

    def forward(self, **span: float) -> None:
        """Move on by a span, as `timedelta` takes it."""
        self.now += timedelta(**span)


@dataclass
class SimulatedNode:
    """One agency's node: database in memory, keys on disk, the sync loop's step."""

    agency: str
    world: "World"
    database: BaseDatabaseWrapper
    ring: keys.Keyring
    sync: Sync
    down: bool = False
    address: str = ""
    pins: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Its address in the world; a real one where a test serves the node on a socket."""
        return self.address or f"http://localhost:{10_000 + sorted(self.world.nodes).index(self.agency)}"

    @property
    def now(self) -> datetime:
        """The world's instant."""
        return self.world.clock.now

    @contextmanager
    def at(self) -> Iterator["SimulatedNode"]:
        """Be this node: its database, its keys, its agency."""
        before = connections["default"]
        connections["default"] = self.database
        try:
            with keys.using(self.ring), override_settings(ACCORDANT_AGENCY=self.agency):
                yield self
        finally:
            connections["default"] = before

    def officer(self, office: str, *roles: str) -> Officer:
        """A person in an office of this agency."""
        return Officer(id=f"{office}-1", office=office, agency=self.agency, roles=frozenset(roles))

    def assert_rebuilds(self) -> None:
        """The live projection is what the entries give (style habit 10)."""
        with self.at():
            result = replay.check()
            assert result.equal, f"{self.agency}: {result.different}"


@dataclass
class World:
    """All nodes, their carrier and clock.

    `transport` carries instead of the memory. `faults` is the chance that a request is lost, or comes late and its
    answer never, or is taken and its answer lost. Late ones wait in `late`.
    """

    folder: Path
    seed: int = 1
    clock: Clock = field(default_factory=Clock)
    nodes: dict[str, SimulatedNode] = field(default_factory=dict)
    cut: set[frozenset[str]] = field(default_factory=set)
    carried: int = 0
    transport: Transport | None = None
    late: list[Request] = field(default_factory=list)
    faults: float = 0.0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def add(self, agency: str) -> SimulatedNode:
        """A node with keys and a private circle."""
        folder = self.folder / agency
        ring = keys.Keyring.create(folder, agency, random=f"{self.seed}/{agency}".encode())
        node = SimulatedNode(agency, self, _database(), ring, self._sync(agency))
        self.nodes[agency] = node
        return node

    def copy(self, folder: Path, seed: int) -> "World":
        """The same nodes at the same state in another folder, with another seed: founding them again takes longer."""
        world = World(folder, seed)
        world.clock.now = self.clock.now
        for agency, node in self.nodes.items():
            shutil.copytree(self.folder / agency, folder / agency)
            ring = keys.Keyring(folder / agency, agency)
            world.nodes[agency] = SimulatedNode(
                agency, world, opened(node.database.connection.serialize()), ring, world._sync(agency)
            )
            world.nodes[agency].address = node.address
            world.nodes[agency].sync.heads_at.update(node.sync.heads_at)
        return world

    def close(self) -> None:
        """Close the nodes' databases."""
        for node in self.nodes.values():
            node.database.connection.close()

    def deliver_late(self) -> None:
        """Hand over what came late, in any order; nobody waits for the answers any more."""
        self.chance.shuffle(self.late)
        waiting, self.late = self.late, []
        for request in waiting:
            self.hand_over(request)

    def hand_over(self, request: Request) -> Response:
        """The answer of the node at the request's address, straight from its interface."""
        target = next(n for n in self.nodes.values() if n.url == request.url)
        with target.at():
            response = _dispatch(request, self)
        return Response(response.status_code, {k.lower(): v for k, v in response.items()}, response.content)

    def _sync(self, agency: str) -> Sync:
        return Sync(
            transport=_Road(self, agency),
            clock=self.clock.milliseconds,
            chance=lambda: self.chance.uniform(0.5, 1),
        )

    def introduce(self) -> None:
        """Found every node and let all confirm each other's cards."""
        for node in self.nodes.values():
            with node.at():
                card = _card(node)
                actions.open_private_circle(
                    by=automatic(node.agency), now=node.now, card=card.data, nonce=self._nonce()
                )
        for node in self.nodes.values():
            for other in self.nodes.values():
                if other is not node:
                    self._confirm(node, other)

    def open_circle(self, opener: str, *others: str, regulation: str = "28/QCPH") -> str:
        """A main circle that all have joined; gives its id."""
        node = self.nodes[opener]
        with node.at():
            ref = actions.open_circle(
                by=node.officer("liaison", "liaison-officer"),
                now=node.now,
                label="qc-28-2019",
                sort="main",
                regulation=regulation,
                members=list(others),
                nonce=self._nonce(),
            )
        circle = ref.origin.split("/")[1]
        self.settle()
        for agency in others:
            joining = self.nodes[agency]
            with joining.at():
                by = joining.officer("liaison", "liaison-officer")
                actions.join_circle(by=by, now=self.clock.now, circle=circle)
        self.settle()
        return circle

    def settle(self, rounds: int = 40) -> None:
        """Let all nodes talk until nobody has anything to say; raises when they do not come to rest."""
        for _round in range(rounds):
            if not self._talk():
                return
            self.clock.forward(seconds=1)
        raise AssertionError(f"seed {self.seed}: the nodes do not come to rest")

    def step(self, agency: str) -> bool:
        """One request by one node to each peer that is due; tells whether anything was carried."""
        node = self.nodes[agency]
        if node.down:
            return False
        before = self.carried
        with node.at():
            for peer in node.sync.due():
                node.sync.step(peer)
        return self.carried > before

    def state(self, agency: str) -> dict[str, tuple[int, int]]:
        """A digest of each projected table of a node."""
        with self.nodes[agency].at():
            return {
                model._meta.db_table: replay.table_digest(connections["default"], model)
                for model in replay.projected_models()
            }

    def parties(self, agency: str, circle: str) -> list[str]:
        """The parties of a circle as a node knows them."""
        with self.nodes[agency].at():
            return Party.objects.parties(circle)

    def _talk(self) -> bool:
        carried = [self.step(agency) for agency in sorted(self.nodes)]
        return any(carried)

    def _confirm(self, node: SimulatedNode, other: SimulatedNode) -> None:
        with other.at():
            card = AcceptedCard.objects.accepted_card(other.agency)
            assert card is not None
        with node.at():
            by = node.officer("administrator", "node-administrator")
            actions.accept_card(by=by, now=node.now, card=card.data)
            actions.confirm_root(
                by=by,
                now=node.now,
                agency=other.agency,
                fingerprint=cards.fingerprint(card.card.root).hex(),
                how="voice",
                channel="test line",
            )

    def _nonce(self) -> bytes:
        return self.chance.randbytes(16)


@dataclass
class _Road:
    """The carrier as one node sees it: hands a request to the node at the address, unless the road is cut."""

    world: World
    sender: str

    def carry(self, request: Request) -> Response:
        """The answer of the node at the address."""
        world = self.world
        target = next(n for n in world.nodes.values() if n.url == request.url)
        if target.down or frozenset((self.sender, target.agency)) in world.cut:
            raise NotReached("unreachable", f"{target.agency} does not answer")
        fault = world.chance.random() if world.faults else 1.0
        if fault < world.faults / 3:
            raise NotReached("broken", "lost on the way")
        if fault < world.faults * 2 / 3:
            world.late.append(request)
            raise NotReached("broken", "no answer in time")
        world.carried += 1
        response = world.transport.carry(request) if world.transport else world.hand_over(request)
        if fault < world.faults:
            raise NotReached("broken", "the answer was lost")
        return response


def _dispatch(request: Request, world: World) -> Any:
    kind = request.headers.get("Content-Type", "")
    headers = {name: value for name, value in request.headers.items() if name != "Content-Type"}
    headers.setdefault("Host", urlsplit(request.url).netloc)
    built = RequestFactory().generic(request.method, request.path, request.body, content_type=kind, headers=headers)
    built.now = world.clock.now  # type: ignore[attr-defined]  # as the clock middleware does
    match = get_resolver("accordant.exchange.urls").resolve(request.path)
    cache.clear()
    response: HttpResponseBase = match.func(built, *match.args, **match.kwargs)
    return response


def _card(node: SimulatedNode) -> cards.SignedCard:
    at = node.world.clock.milliseconds()
    ring = node.ring
    card = cards.Card(
        v=1,
        agency=node.agency,
        name=cards.CardName(vi=node.agency, en=node.agency),
        serial=1,
        at=at,
        root=(ring.root_verifier.to_string(),),
        keys=tuple(
            cards.CardKey(use=use, alg="ed25519", key=ring.public_key_text(use), since=at)
            for use in ("link", "log", "m", "w")
        ),
        seal=(cards.SealKey(age=str(ring.identity.recipient()), since=at),),
        tls=node.pins,
        urls=(node.url,),
    )
    return cards.write(card, sign=ring.sign_root)


def _database() -> BaseDatabaseWrapper:
    """A fresh database in memory with all tables, copied from one that was migrated once."""
    if not _TEMPLATE:
        _TEMPLATE.append(_migrated())
    return opened(_TEMPLATE[0])


def opened(data: bytes) -> BaseDatabaseWrapper:
    """A database in memory with this content."""
    wrapper = _in_memory()
    wrapper.inc_thread_sharing()
    wrapper.ensure_connection()
    raw: sqlite3.Connection = wrapper.connection
    raw.deserialize(data)
    return wrapper


def _in_memory() -> BaseDatabaseWrapper:
    """A connection with a node's engine and settings, but for the place of its file."""
    wrapper: BaseDatabaseWrapper = ConnectionHandler(
        {"default": {**settings.DATABASES["default"], "NAME": ":memory:"}}
    )["default"]
    return wrapper


def _migrated() -> bytes:
    wrapper = _in_memory()
    before = connections["default"]
    connections["default"] = wrapper
    try:
        call_command("migrate", run_syncdb=True, verbosity=0)
        data: bytes = wrapper.connection.serialize()
    finally:
        connections["default"] = before
        wrapper.close()
    return data
