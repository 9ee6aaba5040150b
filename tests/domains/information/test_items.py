"""Items between nodes: who holds what, what is refused before it is signed, what a foreign fact does."""

import pytest

from accordant.domains.information import actions, rules
from accordant.domains.information import entries as facts
from accordant.domains.information.models import Addressee, Item
from accordant.entries.envelope import EntryRef
from accordant.entries.errors import Refused
from accordant.entries.kinds import Fact
from accordant.ledger.append import append
from accordant.ledger.models import Body, Entry, State
from tests.domains.information.conftest import CANARY, DAY, GUARD, MILITARY, OUTSIDER, PARTIES, PROVINCE, Exchange

pytestmark = pytest.mark.slow  # each test runs four nodes


def refused(exchange: Exchange, agency: str, *to: str, **given: object) -> list[str]:
    """The codes that stand against sending it."""
    with pytest.raises(Refused) as caught:
        exchange.send(agency, *to, **given)
    return [refusal.code for refusal in caught.value.refusals]


def item_at(exchange: Exchange, agency: str, ref: EntryRef) -> Item | None:
    with exchange.node(agency).at():
        return Item.at_position(ref)


def test_item_reaches_its_addressee_whole(exchange: Exchange) -> None:
    ref = exchange.send(GUARD, PROVINCE, category="guests-coming", precedence="urgent", text="Xe thứ hai chậm 10 phút")
    exchange.settle()
    with exchange.node(PROVINCE).at():
        row = Item.visible_to(exchange.subject(PROVINCE), exchange.world.clock.now).get()
    assert (row.agency, row.number, row.subject, row.addressees) == (GUARD, "01/2026", CANARY, [PROVINCE])
    assert (row.purpose, row.category, row.precedence, row.irregular) == (
        "information",
        "guests-coming",
        "urgent",
        "",
    )
    assert item_at(exchange, PROVINCE, ref) == row


def test_party_not_addressed_holds_the_headline_alone(exchange: Exchange) -> None:
    ref = exchange.send(GUARD, PROVINCE)
    exchange.settle()
    with exchange.node(MILITARY).at():
        row = Item.at_position(ref)
        assert row is not None
        assert (row.number, row.subject) == ("01/2026", "")
        assert not Item.visible_to(exchange.subject(MILITARY), exchange.world.clock.now).exists()
        assert not Body.objects.filter(entry_id=row.entry_id).exists()


def test_outsider_holds_nothing(exchange: Exchange) -> None:
    ref = exchange.send(GUARD, PROVINCE)
    exchange.settle()
    assert item_at(exchange, OUTSIDER, ref) is None
    with exchange.node(OUTSIDER).at():
        assert not Entry.objects.filter(log__circle=exchange.circle).exists()


def test_marked_item_hides_purpose_class_and_subject(exchange: Exchange) -> None:
    with exchange.node(GUARD).at():
        record, body = rules.records_of(
            rules.NewItem((PROVINCE,), DAY, CANARY, purpose="warning", category="situation", marking=1), "07/2026"
        )
        fact = Fact(record, body, to=(PROVINCE,), marking=1)
        append(circle=exchange.circle, by=exchange.by(GUARD), now=exchange.world.clock.now, facts=[fact])
    exchange.settle()
    for agency in PARTIES:
        with exchange.node(agency).at():
            row = Item.objects.get()
            assert (row.number, row.marking, row.purpose, row.category, row.subject) == ("07/2026", 1, "", "", "")


def test_numbers_run_through_the_year_and_start_again(exchange: Exchange) -> None:
    for day in (DAY, DAY, "2025-12-31", DAY):
        exchange.send(GUARD, PROVINCE, day=day)
    exchange.send(PROVINCE, GUARD)
    exchange.settle()
    for agency in PARTIES:
        with exchange.node(agency).at():
            rows = Item.objects.order_by("agency", "entry_id").values_list("agency", "number")
            assert sorted(rows) == sorted(
                [
                    (GUARD, "01/2025"),
                    (GUARD, "01/2026"),
                    (GUARD, "02/2026"),
                    (GUARD, "03/2026"),
                    (PROVINCE, "01/2026"),
                ]
            )
            last = ((GUARD, "2025", 1), (GUARD, "2026", 3), (PROVINCE, "2026", 1), (PROVINCE, "2025", 0))
            for sender, year, serial in last:
                assert Item.objects.next_serial(agency=sender, year=year) == serial + 1


def test_number_of_paper_is_kept_and_the_next_one_goes_on_after_it(exchange: Exchange) -> None:
    exchange.send(GUARD, PROVINCE, number="12/TB-K01")
    exchange.send(GUARD, PROVINCE, number="08/2026")
    exchange.send(GUARD, PROVINCE)
    with exchange.node(GUARD).at():
        assert list(Item.objects.order_by("entry_id").values_list("number", flat=True)) == [
            "12/TB-K01",
            "08/2026",
            "09/2026",
        ]


def test_several_items_are_sent_all_or_none(exchange: Exchange) -> None:
    guard = exchange.node(GUARD)
    good = rules.NewItem((PROVINCE,), DAY, CANARY)
    with guard.at():
        refs = actions.send_items(by=exchange.by(GUARD), now=guard.now, circle=exchange.circle, new=[good, good])
        bad = rules.NewItem((GUARD,), DAY, CANARY)
        with pytest.raises(Refused):
            actions.send_items(by=exchange.by(GUARD), now=guard.now, circle=exchange.circle, new=[good, bad])
        assert [ref.index for ref in refs] == [refs[0].index, refs[0].index + 1]
        assert sorted(Item.objects.values_list("number", flat=True)) == ["01/2026", "02/2026"]


def test_second_item_of_a_number_and_year_is_refused(exchange: Exchange) -> None:
    exchange.send(GUARD, PROVINCE, number="12/TB")
    assert refused(exchange, GUARD, PROVINCE, number="12/TB") == ["item-number-taken"]
    exchange.send(GUARD, PROVINCE, number="12/TB", day="2025-12-31")


def test_agency_outside_the_circle_is_no_addressee(exchange: Exchange) -> None:
    assert refused(exchange, GUARD, OUTSIDER) == ["item-outside"]


def test_marking_above_the_circles_ceiling_is_refused(exchange: Exchange) -> None:
    assert refused(exchange, GUARD, PROVINCE, marking=3) == ["item-above-ceiling"]


def test_commander_sends_nothing(exchange: Exchange) -> None:
    guard = exchange.node(GUARD)
    with guard.at(), pytest.raises(Refused) as caught:
        actions.send_item(
            by=exchange.by(GUARD, "commander"),
            now=guard.now,
            circle=exchange.circle,
            new=rules.NewItem((PROVINCE,), DAY, CANARY),
        )
    assert caught.value.code == "information-office"


def test_foreign_number_given_twice_is_irregular_everywhere(exchange: Exchange) -> None:
    guard = exchange.node(GUARD)
    exchange.send(GUARD, PROVINCE, number="12/TB")
    with guard.at():
        forged = Fact(
            facts.ItemSent(number="12/TB", day=DAY, purpose="notice", category="plan"),
            facts.ItemSentBody(subject=CANARY),
            to=(PROVINCE,),
        )
        append(circle=exchange.circle, by=exchange.by(GUARD), now=guard.now, facts=[forged])
    exchange.settle()
    for agency in PARTIES:
        with exchange.node(agency).at():
            assert sorted(Item.objects.values_list("number", "irregular")) == [
                ("12/TB", ""),
                ("12/TB", "item-number-taken"),
            ]
            assert Entry.objects.get(state=State.IRREGULAR).code == "item-number-taken"


def test_reply_settles_the_item_at_the_agency_that_replies(exchange: Exchange) -> None:
    item = exchange.send(GUARD, PROVINCE, MILITARY, purpose="request")
    exchange.settle()
    reply = exchange.answer(PROVINCE, item, GUARD)
    exchange.settle()
    for agency in PARTIES:
        with exchange.node(agency).at():
            asked = Item.at_position(item)
            given = Item.at_position(reply)
            assert asked is not None
            assert given is not None
            assert given.answers_id == asked.entry_id
            settled = Addressee.objects.filter(item_id=asked.entry_id).values_list("agency", "settled")
            assert dict(settled) == {PROVINCE: True, MILITARY: False}


def test_reply_that_comes_before_its_item_waits_for_it(exchange: Exchange) -> None:
    exchange.world.cut.add(frozenset((GUARD, MILITARY)))
    item = exchange.send(GUARD, PROVINCE, MILITARY)
    exchange.settle()
    reply = exchange.answer(PROVINCE, item, GUARD, MILITARY)
    exchange.settle()
    assert item_at(exchange, MILITARY, reply) is None
    with exchange.node(MILITARY).at():
        assert Entry.objects.filter(state=State.HELD, code="waits").count() == 1
    exchange.world.cut.clear()
    exchange.world.clock.forward(minutes=5)
    exchange.settle()
    row = item_at(exchange, MILITARY, reply)
    assert row is not None
    assert row.answers_id is not None


@pytest.mark.parametrize(
    ("to", "given", "code"),
    [
        ((GUARD, MILITARY), {}, "item-beyond-thread"),
        ((PROVINCE,), {}, "item-addressee"),
    ],
)
def test_reply_goes_to_nobody_outside_the_thread(
    exchange: Exchange, to: tuple[str, ...], given: dict[str, object], code: str
) -> None:
    item = exchange.send(GUARD, PROVINCE)
    exchange.settle()
    with pytest.raises(Refused) as caught:
        exchange.answer(PROVINCE, item, *to, **given)
    assert caught.value.code == code


def test_party_not_addressed_does_not_reply(exchange: Exchange) -> None:
    item = exchange.send(GUARD, PROVINCE)
    exchange.settle()
    with pytest.raises(Refused) as caught:
        exchange.answer(MILITARY, item, GUARD)
    assert "item-answers-foreign" in [refusal.code for refusal in caught.value.refusals]


def test_reply_without_an_item_is_refused(exchange: Exchange) -> None:
    assert refused(exchange, GUARD, PROVINCE, purpose=rules.REPLY) == ["item-answers-nothing"]
    nowhere = EntryRef(f"{PROVINCE}/{exchange.circle}/1", 99, "0" * 64)
    with pytest.raises(Refused) as caught:
        exchange.answer(GUARD, nowhere, PROVINCE)
    assert caught.value.code == "item-answers-nothing"
