"""Whatever order entries come in, rows and figures are the same; numbers are given once, whoever asks at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from accordant.accounts import keys
from accordant.domains.information import actions, figures, rules
from accordant.domains.information.models import Addressee, Item, ItemStep
from accordant.entries.envelope import EntryRef, Officer
from accordant.entries.indicators import fold
from accordant.ledger.read import entries
from accordant.ledger.read.fold import counted
from tests.cutoffs import heads_of
from tests.domains.information.conftest import CANARY, DAY, GUARD, MILITARY, PARTIES, PROVINCE, Exchange, Grown

pytestmark = pytest.mark.slow  # each test runs four nodes


def rows_of(exchange: Exchange, agency: str) -> dict[str, list[Any]]:
    """What a node knows of the items, without its local ids and without what only addressees hold."""
    with exchange.node(agency).at():
        names = dict(Item.objects.values_list("entry_id", "number"))
        senders = dict(Item.objects.values_list("entry_id", "agency"))
        return {
            "items": sorted(
                (row.agency, row.number, row.day, row.purpose, row.irregular, names.get(row.answers_id or 0, ""))
                for row in Item.objects.all()
            ),
            "addressees": sorted(
                (senders[a.item_id], names[a.item_id], a.agency, *instants_of(a), a.settled, a.return_reason)
                for a in Addressee.objects.all()
            ),
            "steps": sorted((senders[s.item_id], names[s.item_id], s.agency, s.step) for s in ItemStep.objects.all()),
        }


def instants_of(row: Addressee) -> tuple[int, ...]:
    return tuple(at or 0 for at in (row.opened_at, row.acknowledged_at, row.answered_at, row.returned_at))


def figures_of(exchange: Exchange, agency: str) -> dict[str, object]:
    with exchange.node(agency).at():
        definitions = {i.name: i for i in (figures.items_exchanged, figures.items_acknowledged)}
        kinds = [kind for definition in definitions.values() for kind in definition.kinds]
        held = counted(heads_of(exchange.circle), kinds)
        return dict(fold(definitions, held, agencies=PARTIES, start="2026-01-01", stop="2027-01-01"))


def work(exchange: Exchange) -> None:
    """A random piece of work by a random party, some of it against the rules that others know better."""
    chance = exchange.world.chance
    agency = chance.choice(PARTIES)
    node = exchange.node(agency)
    others = [party for party in PARTIES if party != agency]
    with node.at():
        held = list(Item.objects.order_by("entry_id"))
        waiting = list(Item.objects.waiting_at(agency).order_by("entry_id"))
    act = chance.choice(("send", "send", "answer", "acknowledge", "return", "read"))
    if act == "send" or not held:
        exchange.send(agency, *chance.sample(others, chance.randint(1, 2)), purpose="request")
    elif waiting and act in ("acknowledge", "return"):
        item = position(exchange, agency, chance.choice(waiting))
        exchange.acknowledge(agency, item) if act == "acknowledge" else exchange.give_back(agency, item)
    elif waiting and act == "answer":
        item = position(exchange, agency, chance.choice(waiting))
        exchange.answer(agency, item, item.origin.partition("/")[0])
    elif waiting:
        with node.at():
            actions.mark_read(
                by=exchange.by(agency), now=node.now, item=position(exchange, agency, chance.choice(waiting))
            )
            by = Officer(id="", office="node", agency=agency, roles=frozenset())
            actions.append_openings(by=by, now=node.now)


def position(exchange: Exchange, agency: str, item: Item) -> EntryRef:
    with exchange.node(agency).at():
        return entries.refs_of([item.entry_id])[item.entry_id]


@pytest.mark.parametrize("seed", range(6))
def test_every_schedule_gives_the_same_rows_and_figures(exchange: Exchange, seed: int) -> None:
    chance = exchange.world.chance
    chance.seed(seed)
    for _step in range(25):
        what = chance.random()
        if what < 0.6:
            work(exchange)
        elif what < 0.8:
            exchange.world.step(chance.choice(PARTIES))
        else:
            exchange.world.cut ^= {frozenset(chance.sample(PARTIES, 2))}
        exchange.world.clock.forward(seconds=chance.choice((1, 30)))
    exchange.world.cut.clear()
    exchange.world.clock.forward(minutes=5)
    exchange.world.settle()
    first = rows_of(exchange, GUARD)
    assert first["items"], f"seed {seed} sent nothing"
    for agency in (PROVINCE, MILITARY):
        assert rows_of(exchange, agency) == first, f"seed {seed} {agency}"
        assert figures_of(exchange, agency) == figures_of(exchange, GUARD), f"seed {seed} {agency}"


def test_figures_count_each_item_once_in_its_senders_line(exchange: Exchange) -> None:
    item = exchange.send(GUARD, PROVINCE, MILITARY)
    exchange.send(GUARD, PROVINCE, day="2025-12-31")
    exchange.send(PROVINCE, GUARD)
    exchange.settle()
    exchange.acknowledge(PROVINCE, item)
    exchange.acknowledge(MILITARY, item)
    exchange.settle()
    for agency in PARTIES:
        found = figures_of(exchange, agency)
        items: Any = found["information.items_exchanged"]
        taken: Any = found["information.items_acknowledged"]
        assert {a: line.value for a, line in items.lines.items()} == {GUARD: 1, PROVINCE: 1, MILITARY: 0}
        assert (items.value, items.joint.value, items.irregular.value) == (2, 2, 0)
        assert {a: line.value for a, line in taken.lines.items()} == {GUARD: 0, PROVINCE: 1, MILITARY: 1}
        assert items.lines[GUARD].refs == [(item.origin, item.index)]


def test_numbers_are_never_doubled_when_many_write_at_once(grown: Grown, exchange: Exchange, tmp_path: Path) -> None:
    """Four threads with a connection each on one file, as the threads of a serving node have."""
    guard = exchange.node(GUARD)
    path = tmp_path / "guard.sqlite3"
    path.write_bytes(grown.databases[GUARD])

    def send(count: int) -> None:
        own = connections["default"] = on_file(path)
        with keys.using(guard.ring):
            for _ in range(count):
                new = rules.NewItem((PROVINCE,), DAY, CANARY)
                actions.send_item(by=exchange.by(GUARD), now=guard.now, circle=exchange.circle, new=new)
        own.close()

    with guard.at():
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(send, [5] * 4))
        own = connections["default"] = on_file(path)
        assert sorted(Item.objects.values_list("number", flat=True)) == [f"{n:02d}/2026" for n in range(1, 21)]
        own.close()


def on_file(path: Path) -> BaseDatabaseWrapper:
    """A connection of its own to a database file."""
    options = {"transaction_mode": "IMMEDIATE", "timeout": 30}
    settings = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": options}}
    wrapper: BaseDatabaseWrapper = ConnectionHandler(settings)["default"]
    return wrapper
