"""What addressees do with items, between nodes: acknowledged, returned, opened; and whom it concerns."""

import pytest

from accordant.domains.information import actions
from accordant.domains.information import entries as facts
from accordant.domains.information.local.models import ReadMark
from accordant.domains.information.models import Addressee, Item, ItemStep
from accordant.entries.envelope import EntryRef, automatic
from accordant.entries.errors import Refused
from accordant.entries.kinds import Fact
from accordant.ledger.append import append
from accordant.ledger.models import Entry, Log, State
from accordant.regulations.actions import close_circle
from tests.domains.information.conftest import DAY, GUARD, MILITARY, OUTSIDER, PARTIES, PROVINCE, Exchange

pytestmark = pytest.mark.slow  # each test runs four nodes


@pytest.fixture
def item(exchange: Exchange) -> EntryRef:
    """An item of the guard command that all parties hold, addressed to the province alone."""
    ref = exchange.send(GUARD, PROVINCE)
    exchange.settle()
    return ref


def row(exchange: Exchange, agency: str, item: EntryRef, addressee: str = PROVINCE) -> Addressee:
    with exchange.node(agency).at():
        held = Item.at_position(item)
        assert held is not None
        return Addressee.objects.get(item_id=held.entry_id, agency=addressee)


def test_acknowledgement_is_seen_by_all_and_its_note_by_the_sender(exchange: Exchange, item: EntryRef) -> None:
    now = exchange.world.clock.milliseconds()
    exchange.acknowledge(PROVINCE, item, note="Đã nhận, đang bố trí")
    exchange.settle()
    for agency in PARTIES:
        done = row(exchange, agency, item)
        assert (done.acknowledged_at, done.settled, done.returned_at) == (now, True, None)
    with exchange.node(GUARD).at():
        step = ItemStep.visible_to(exchange.subject(GUARD), exchange.world.clock.now).get()
        assert step.step == "acknowledged"
    with exchange.node(MILITARY).at():
        assert not ItemStep.visible_to(exchange.subject(MILITARY), exchange.world.clock.now).exists()


def test_return_shows_its_reason_to_all(exchange: Exchange, item: EntryRef) -> None:
    exchange.give_back(PROVINCE, item, reason="unreadable", note="Tệp hỏng")
    exchange.settle()
    for agency in PARTIES:
        done = row(exchange, agency, item)
        assert (done.return_reason, done.settled, done.acknowledged_at) == ("unreadable", True, None)


def test_several_are_acknowledged_in_one_act(exchange: Exchange, item: EntryRef) -> None:
    second = exchange.send(MILITARY, PROVINCE)
    exchange.settle()
    province = exchange.node(PROVINCE)
    with province.at():
        refs = actions.acknowledge_items(by=exchange.by(PROVINCE), now=province.now, items=[item, second], day=DAY)
        assert len(refs) == 2
        assert not Item.objects.waiting_at(PROVINCE).exists()
        with pytest.raises(Refused):
            actions.acknowledge_items(by=exchange.by(PROVINCE), now=province.now, items=[item, second], day=DAY)


def code_of(exchange: Exchange, agency: str, item: EntryRef, act: str) -> str:
    with pytest.raises(Refused) as caught:
        (exchange.acknowledge if act == "acknowledge" else exchange.give_back)(agency, item)
    return caught.value.code


@pytest.mark.parametrize("act", ["acknowledge", "return"])
def test_only_an_addressee_acts(exchange: Exchange, item: EntryRef, act: str) -> None:
    for agency in (MILITARY, GUARD):
        assert code_of(exchange, agency, item, act) == "step-no-addressee"
    with pytest.raises(Refused) as caught:
        exchange.acknowledge(OUTSIDER, item)
    assert caught.value.code in ("step-no-addressee", "unknown-circle")


@pytest.mark.parametrize("act", ["acknowledge", "return"])
def test_what_is_settled_stays_settled(exchange: Exchange, item: EntryRef, act: str) -> None:
    other = exchange.send(GUARD, PROVINCE)
    exchange.settle()
    exchange.acknowledge(PROVINCE, item)
    exchange.give_back(PROVINCE, other)
    assert code_of(exchange, PROVINCE, item, act) == "step-acknowledged"
    assert code_of(exchange, PROVINCE, other, act) == "step-returned"


def test_foreign_step_of_a_party_not_addressed_changes_nothing(exchange: Exchange, item: EntryRef) -> None:
    military = exchange.node(MILITARY)
    with military.at():
        forged = Fact(facts.ItemAcknowledged(day=DAY), to=(GUARD,), refs=(item.as_reference("item"),))
        append(circle=exchange.circle, by=exchange.by(MILITARY), now=military.now, facts=[forged])
    exchange.settle()
    for agency in PARTIES:
        assert not row(exchange, agency, item).settled
        with exchange.node(agency).at():
            assert Entry.objects.get(state=State.IRREGULAR).code == "step-no-addressee"


def test_acknowledgement_that_comes_before_its_item_waits(exchange: Exchange) -> None:
    exchange.world.cut.add(frozenset((GUARD, MILITARY)))
    item = exchange.send(GUARD, PROVINCE)
    exchange.settle()
    exchange.acknowledge(PROVINCE, item)
    exchange.settle()
    with exchange.node(MILITARY).at():
        assert Entry.objects.get(state=State.HELD).code == "waits"
    exchange.world.cut.clear()
    exchange.world.clock.forward(minutes=5)
    exchange.settle()
    assert row(exchange, MILITARY, item).settled


def test_first_reading_tells_the_sender_once(exchange: Exchange, item: EntryRef) -> None:
    province = exchange.node(PROVINCE)
    with province.at():
        first = exchange.world.clock.milliseconds()
        actions.mark_read(by=exchange.by(PROVINCE), now=province.now, item=item)
        exchange.world.clock.forward(minutes=1)
        actions.mark_read(by=exchange.by(PROVINCE), now=province.now, item=item)
        assert ReadMark.objects.get().at == first
        told = actions.append_openings(by=automatic(PROVINCE), now=province.now)
        assert len(told) == 1
        assert actions.append_openings(by=automatic(PROVINCE), now=province.now) == []
    exchange.settle()
    for agency in PARTIES:
        assert row(exchange, agency, item).opened_at == first
        assert not row(exchange, agency, item).settled


def test_second_reader_is_not_told_again(exchange: Exchange, item: EntryRef) -> None:
    province = exchange.node(PROVINCE)
    with province.at():
        actions.mark_read(by=exchange.by(PROVINCE), now=province.now, item=item)
        actions.append_openings(by=automatic(PROVINCE), now=province.now)
        other = province.officer("deputy", "commander")
        actions.mark_read(by=other, now=province.now, item=item)
        assert ReadMark.objects.get(officer_id=other.id).reported
        assert actions.append_openings(by=automatic(PROVINCE), now=province.now) == []


@pytest.mark.parametrize("agency", [GUARD, MILITARY])
def test_reading_by_others_tells_nobody(exchange: Exchange, item: EntryRef, agency: str) -> None:
    node = exchange.node(agency)
    with node.at():
        actions.mark_read(by=exchange.by(agency), now=node.now, item=item)
        assert actions.append_openings(by=automatic(agency), now=node.now) == []


def test_person_does_not_write_openings(exchange: Exchange, item: EntryRef) -> None:
    province = exchange.node(PROVINCE)
    with province.at():
        actions.mark_read(by=exchange.by(PROVINCE), now=province.now, item=item)
        with pytest.raises(Refused) as caught:
            actions.append_openings(by=exchange.by(PROVINCE), now=province.now)
    assert caught.value.code == "information-office"


def test_a_circle_that_takes_nothing_does_not_starve_the_others(exchange: Exchange, item: EntryRef) -> None:
    province, first = exchange.node(PROVINCE), exchange.circle
    exchange.circle = exchange.world.open_circle(GUARD, PROVINCE)
    items = {first: item, exchange.circle: exchange.send(GUARD, PROVINCE)}
    exchange.settle()
    stopped, open_still = sorted(items)
    with province.at():
        for found in items.values():
            actions.mark_read(by=exchange.by(PROVINCE), now=province.now, item=found)
        Log.objects.filter(circle=stopped, ours=True).update(frozen="forked")
        with pytest.raises(Refused) as caught:
            actions.append_openings(by=automatic(PROVINCE), now=province.now)
        assert caught.value.code == "frozen"
        assert [mark.origin.split("/")[1] for mark in ReadMark.objects.filter(reported=False)] == [stopped]
    assert row(exchange, PROVINCE, items[open_still]).opened_at
    assert not row(exchange, PROVINCE, items[stopped]).opened_at


def test_a_circle_that_we_closed_is_told_nothing_and_asked_no_more(exchange: Exchange, item: EntryRef) -> None:
    province, first = exchange.node(PROVINCE), exchange.circle
    exchange.circle = exchange.world.open_circle(GUARD, PROVINCE)
    second = exchange.send(GUARD, PROVINCE)
    exchange.settle()
    with province.at():
        for found in (item, second):
            actions.mark_read(by=exchange.by(PROVINCE), now=province.now, item=found)
        close_circle(by=province.officer("liaison", "liaison-officer"), now=province.now, circle=first)
        assert len(actions.append_openings(by=automatic(PROVINCE), now=province.now)) == 1
        assert not ReadMark.objects.filter(reported=False).exists()
    assert row(exchange, PROVINCE, second).opened_at
    assert not row(exchange, PROVINCE, item).opened_at
