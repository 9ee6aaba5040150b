"""Numbers, first readings and settlings are judged by the order in one log: what waits where changes nothing."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest

from accordant.domains.information import entries as facts
from accordant.domains.information import rules
from accordant.domains.information.models import Item
from accordant.entries.envelope import EntryRef, Reference
from accordant.entries.kinds import Fact, Record
from accordant.ledger.append import append
from accordant.ledger.models import Entry, State
from tests.domains.information.conftest import DAY, GUARD, MILITARY, PARTIES, PROVINCE, Exchange
from tests.domains.information.test_items import refused
from tests.domains.information.test_order import figures_of, rows_of
from tests.simulator.arrivals import handed, in_other_orders, own_log, settle_all
from tests.simulator.facts import NoteMade

pytestmark = pytest.mark.slow  # each test runs many nodes

NOTICE = facts.ItemSentBody(subject="Thông báo")


def write(exchange: Exchange, agency: str, *written: Fact) -> list[EntryRef]:
    """Facts of a program without our rules, one write each."""
    node = exchange.node(agency)
    with node.at():
        by = exchange.by(agency)
        return [append(circle=exchange.circle, by=by, now=node.now, facts=[fact])[0] for fact in written]


def sent(number: str, *refs: Reference, day: str = DAY, to: str = GUARD, at: int | None = None) -> Fact:
    purpose = rules.REPLY if any(ref.as_ == "answers" for ref in refs) else "notice"
    return Fact(facts.ItemSent(number, day, purpose, "plan"), NOTICE, to=(to,), refs=refs, at=at)


def step(record: Record, *refs: Reference, at: int | None = None) -> Fact:
    return Fact(record, to=(GUARD,), refs=refs, at=at)


def known(exchange: Exchange, agency: str) -> dict[str, Any]:
    """What a node knows, with the state of each entry and the figures."""
    with exchange.node(agency).at():
        entries = Entry.objects.filter(log__circle=exchange.circle).order_by("log__origin", "index")
        states = list(entries.values_list("log__origin", "index", "state", "code"))
    return {**rows_of(exchange, agency), "states": states, "figures": figures_of(exchange, agency)}


def codes_of(exchange: Exchange, agency: str, refs: Sequence[EntryRef]) -> list[str]:
    """The codes of these entries at a node; a regular one has none."""
    with exchange.node(agency).at():
        found = {(e.log.origin, e.index): e for e in Entry.objects.select_related("log")}
        entries = [found[ref.origin, ref.index] for ref in refs]
        assert not [entry for entry in entries if entry.state == State.HELD]
        return [entry.code for entry in entries]


def test_what_is_said_twice_is_judged_alike_in_any_order(exchange: Exchange) -> None:
    """The province's program keeps no rule; each time the first of two waits for what stands in another log."""
    waited = write(exchange, MILITARY, Fact(NoteMade(no=1)))[0].as_reference("after")
    items = write(exchange, GUARD, *(sent(f"{number}/TB", to=PROVINCE) for number in range(3)))
    exchange.settle()
    taken, back = (item.as_reference("item") for item in items[:2])
    answers = items[2].as_reference("answers")
    now = exchange.world.clock.milliseconds()
    twice = [
        (sent("05/2026", waited), sent("05/2026"), "item-number-taken"),
        (sent("12/TB", waited), sent("12/TB"), "item-number-taken"),
        (step(facts.ItemOpened(), taken, waited), step(facts.ItemOpened(), taken), "step-opened"),
        (step(facts.ItemAcknowledged(DAY), taken, waited), step(facts.ItemAcknowledged(DAY), taken), "step-settled"),
        (
            step(facts.ItemReturned(DAY, "unreadable"), back, waited),
            step(facts.ItemAcknowledged(DAY), back),
            "step-settled",
        ),
        (sent("06/2026", answers, waited, at=now + 1), sent("07/2026", answers, at=now + 2), ""),
    ]
    first = write(exchange, PROVINCE, *(pair[0] for pair in twice))
    second = write(exchange, PROVINCE, *(pair[1] for pair in twice))
    write(exchange, PROVINCE, sent("05/2026", day="2025-12-31"))
    exchange.settle()
    logs = [own_log(exchange.node(agency), exchange.circle) for agency in PARTIES]
    names = [f"n{number}.example" for number, _order in enumerate(permutations(logs))]
    for name, order in zip(names, permutations(logs), strict=True):
        handed(exchange.world, name, order)
    told = known(exchange, GUARD)
    for agency in (PROVINCE, MILITARY, *names):
        assert known(exchange, agency) == told, agency
    assert codes_of(exchange, GUARD, first) == [""] * len(twice)
    assert codes_of(exchange, GUARD, second) == [code for _first, _second, code in twice]
    assert told["figures"]["information.items_acknowledged"].value == 1


def test_an_irregular_item_keeps_its_number(exchange: Exchange) -> None:
    refs = write(exchange, PROVINCE, sent("05/2026", to=PROVINCE), sent("05/2026"))
    exchange.settle()
    for agency in PARTIES:
        assert codes_of(exchange, agency, refs) == ["item-addressee", "item-number-taken"]


def test_our_own_next_number_passes_one_that_waits_in_our_log(exchange: Exchange) -> None:
    """As in a log of ours that came back from the other parties before what it refers to."""
    absent = Reference(as_="after", o=f"{GUARD}/{exchange.circle}/1", s=99, h="00" * 32)
    write(exchange, PROVINCE, sent("05/2026", absent), sent("12/TB", absent))
    for number in ("05/2026", "12/TB"):
        assert refused(exchange, PROVINCE, GUARD, number=number) == ["item-number-taken"]
    exchange.send(PROVINCE, GUARD, number="12/TB", day="2025-12-31")
    exchange.send(PROVINCE, GUARD)
    with exchange.node(PROVINCE).at():
        assert sorted(Item.objects.values_list("number", flat=True)) == ["06/2026", "12/TB"]


def some(exchange: Exchange, agency: str, before: Sequence[EntryRef], items: Sequence[EntryRef]) -> Fact:
    """A random fact of a program without rules: few numbers, steps on any item, references to whatever was written."""
    chance = exchange.world.chance
    refs = {ref.as_reference("after") for ref in chance.sample(before, min(len(before), chance.choice((0, 0, 1, 2))))}
    item = chance.choice(items) if items else None
    what = chance.choice(("send", "send", "answer", "open", "acknowledge", "return"))
    to = chance.choice([party for party in PARTIES if party != agency])
    number = chance.choice(("05/2026", "06/2026", "12/TB"))
    if item is None or what == "send":
        return sent(number, *refs, day=chance.choice((DAY, "2025-12-31", "2026-02-30")), to=to)
    if what == "answer":
        at = exchange.world.clock.milliseconds() + chance.randrange(1000)
        return sent(number, item.as_reference("answers"), *refs, to=to, at=at)
    records: dict[str, Record] = {
        "open": facts.ItemOpened(),
        "acknowledge": facts.ItemAcknowledged(DAY),
        "return": facts.ItemReturned(DAY, chance.choice(("unreadable", "because"))),
    }
    return Fact(records[what], to=(to,), refs=(item.as_reference("item"), *refs))


@pytest.mark.parametrize("seed", range(6))
def test_every_schedule_gives_every_node_the_same_states(exchange: Exchange, seed: int) -> None:
    chance = exchange.world.chance
    chance.seed(seed)
    written: list[EntryRef] = []
    items: list[EntryRef] = []
    for _fact in range(40):
        agency = chance.choice(PARTIES)
        fact = some(exchange, agency, written, items)
        written += write(exchange, agency, fact)
        items += written[-1:] if isinstance(fact.record, facts.ItemSent) else []
        if chance.random() < 0.2:
            exchange.world.step(chance.choice(PARTIES))
        exchange.world.clock.forward(seconds=1)
    settle_all(exchange.world)
    told = known(exchange, GUARD)
    assert {code for *_place, code in told["states"]} >= {"", "item-number-taken"}, f"seed {seed} doubled nothing"
    others = in_other_orders(exchange.world, exchange.circle, PARTIES)
    for agency in (PROVINCE, MILITARY, *others):
        assert known(exchange, agency) == told, f"seed {seed} {agency}"
