"""Tables of items and acknowledgements: taken whole or refused whole, and a second time without effect."""

from zoneinfo import ZoneInfo

import pytest

from accordant.domains.information import actions, rules
from accordant.domains.information.models import Addressee, Item, ItemStep
from accordant.entries.envelope import EntryRef, Officer
from accordant.entries.errors import Refused
from accordant.ledger.models import Entry
from tests.domains.information.conftest import DAY, GUARD, MILITARY, PARTIES, PROVINCE, Exchange

pytestmark = pytest.mark.slow  # each test runs four nodes

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
KEYBOARD = Officer(id="", office="node-keyboard", agency=GUARD, roles=frozenset())
ITEMS = (
    "number,day,at,to,purpose,class,subject,answers\n"
    f"01/TB,2024-02-03,2024-02-03T08:00+07:00,{PROVINCE} {MILITARY},information,guests-coming,Đoàn khách đến,\n"
    f"02/TB,2024-03-04,2024-03-04T08:00+07:00,{PROVINCE},request,special-event,Đề nghị phối hợp,\n"
)
ANSWERS = (
    "number,day,at,to,purpose,class,subject,answers\n"
    f"07/TL,2024-03-06,2024-03-06T09:00+07:00,{GUARD},reply,special-event,Nhất trí,{GUARD} 02/TB 2024\n"
)
ACKNOWLEDGEMENTS = (
    "sender,number,year,day,at,note\n"
    f"{GUARD},01/TB,2024,2024-02-03,2024-02-03T09:00+07:00,Đã nhận\n"
    f"{GUARD},02/TB,2024,2024-03-04,2024-03-04T10:00+07:00,\n"
)


def take(exchange: Exchange, agency: str, text: str) -> list[EntryRef]:
    node = exchange.node(agency)
    with node.at():
        by = Officer(id="", office="node-keyboard", agency=agency, roles=frozenset())
        file = rules.read_items(text.encode(), zone=ZONE)
        return actions.import_items(by=by, now=node.now, circle=exchange.circle, file=file)


def take_acknowledgements(exchange: Exchange, agency: str, text: str) -> list[EntryRef]:
    node = exchange.node(agency)
    with node.at():
        file = rules.read_acknowledgements(text.encode(), zone=ZONE)
        by = exchange.by(agency)
        return actions.import_acknowledgements(by=by, now=node.now, circle=exchange.circle, file=file)


def entries(exchange: Exchange, agency: str) -> int:
    with exchange.node(agency).at():
        return Entry.objects.count()


def test_table_of_items_is_sent_and_reaches_all(exchange: Exchange) -> None:
    assert len(take(exchange, GUARD, ITEMS)) == 2
    exchange.settle()
    for agency in PARTIES:
        with exchange.node(agency).at():
            assert list(Item.objects.order_by("day").values_list("number", "day", "purpose")) == [
                ("01/TB", "2024-02-03", "information"),
                ("02/TB", "2024-03-04", "request"),
            ]


def test_same_table_again_changes_nothing(exchange: Exchange) -> None:
    take(exchange, GUARD, ITEMS)
    before = entries(exchange, GUARD)
    assert take(exchange, GUARD, ITEMS) == []
    assert take(exchange, GUARD, "\ufeff" + ITEMS) == []
    assert entries(exchange, GUARD) == before


def test_table_cut_short_is_finished_by_the_next_run(exchange: Exchange) -> None:
    """What a stopped import left is done by importing the same file again."""
    guard = exchange.node(GUARD)
    file = rules.read_items(ITEMS.encode(), zone=ZONE)
    with guard.at():
        half = rules.File(file.rows[:1], file.mark)
        actions.import_items(by=KEYBOARD, now=guard.now, circle=exchange.circle, file=half)
        done: list[int] = []
        refs = actions.import_items(by=KEYBOARD, now=guard.now, circle=exchange.circle, file=file, progress=done.append)
        assert (len(refs), done) == (1, [1])


@pytest.mark.parametrize("earlier", ["another file", "by hand"])
def test_rows_known_from_elsewhere_refuse_the_whole_file(exchange: Exchange, earlier: str) -> None:
    if earlier == "by hand":
        exchange.send(GUARD, PROVINCE, number="02/TB", day="2024-03-04")
    else:
        take(exchange, GUARD, ITEMS.replace("01/TB,2024-02-03", "09/TB,2024-02-03"))
    before = entries(exchange, GUARD)
    with pytest.raises(Refused) as caught:
        take(exchange, GUARD, ITEMS)
    assert caught.value.code == "information-imported"
    assert "3" in str(caught.value.refusals[0].reason)
    assert "02/TB" in str(caught.value.refusals[0].reason)
    assert "01/TB" not in str(caught.value.refusals[0].reason)
    assert entries(exchange, GUARD) == before


def test_row_that_breaks_a_rule_refuses_the_whole_file_and_names_its_line(exchange: Exchange) -> None:
    before = entries(exchange, GUARD)
    with pytest.raises(Refused) as caught:
        take(exchange, GUARD, ITEMS.replace(f"{PROVINCE},request", "nowhere.example,request"))
    assert caught.value.code == "item-outside"
    assert "3" in str(caught.value.refusals[0].message)
    assert entries(exchange, GUARD) == before


def test_table_of_replies_answers_the_items_it_names(exchange: Exchange) -> None:
    take(exchange, GUARD, ITEMS)
    exchange.settle()
    take(exchange, PROVINCE, ANSWERS)
    exchange.settle()
    for agency in PARTIES:
        with exchange.node(agency).at():
            reply, asked = Item.objects.get(number="07/TL"), Item.objects.get(number="02/TB")
            assert reply.answers_id == asked.entry_id
            assert Addressee.objects.get(item_id=asked.entry_id).settled


@pytest.mark.parametrize("purpose", ["reply", "notice"])
def test_reply_to_an_item_not_held_refuses_the_file(exchange: Exchange, purpose: str) -> None:
    with pytest.raises(Refused) as caught:
        take(exchange, PROVINCE, ANSWERS.replace(",reply,", f",{purpose},"))
    assert caught.value.code == "item-answers-nothing"


def test_acknowledgements_settle_items_with_the_time_of_the_table(exchange: Exchange) -> None:
    take(exchange, GUARD, ITEMS)
    exchange.settle()
    assert len(take_acknowledgements(exchange, PROVINCE, ACKNOWLEDGEMENTS)) == 2
    exchange.settle()
    for agency in PARTIES:
        with exchange.node(agency).at():
            done = Addressee.objects.filter(agency=PROVINCE).order_by("item_id")
            assert [row.settled for row in done] == [True, True]
            assert done[0].acknowledged_at == 1706925600000
            assert ItemStep.objects.exclude(file="").count() == 2


def test_same_acknowledgements_again_change_nothing(exchange: Exchange) -> None:
    take(exchange, GUARD, ITEMS)
    exchange.settle()
    take_acknowledgements(exchange, PROVINCE, ACKNOWLEDGEMENTS)
    before = entries(exchange, PROVINCE)
    assert take_acknowledgements(exchange, PROVINCE, ACKNOWLEDGEMENTS) == []
    assert entries(exchange, PROVINCE) == before


def test_acknowledgement_given_by_hand_refuses_the_whole_file(exchange: Exchange) -> None:
    take(exchange, GUARD, ITEMS)
    exchange.settle()
    with exchange.node(PROVINCE).at():
        second = Item.objects.get(number="02/TB")
        ref = EntryRef(
            f"{GUARD}/{exchange.circle}/1",
            Entry.objects.get(id=second.entry_id).index,
            Entry.objects.get(id=second.entry_id).leaf.hex(),
        )
    exchange.acknowledge(PROVINCE, ref)
    before = entries(exchange, PROVINCE)
    with pytest.raises(Refused) as caught:
        take_acknowledgements(exchange, PROVINCE, ACKNOWLEDGEMENTS)
    assert caught.value.code == "information-imported"
    assert "3" in str(caught.value.refusals[0].reason)
    assert entries(exchange, PROVINCE) == before


def test_acknowledgement_of_an_item_not_held_names_its_line(exchange: Exchange) -> None:
    take(exchange, GUARD, ITEMS)
    exchange.settle()
    wrong = ACKNOWLEDGEMENTS.replace("02/TB,2024", "99/TB,2024")
    with pytest.raises(Refused) as caught:
        take_acknowledgements(exchange, PROVINCE, wrong)
    assert caught.value.code == "step-no-addressee"
    assert "3" in str(caught.value.refusals[0].message)
    with exchange.node(PROVINCE).at():
        assert not ItemStep.objects.exists()


def test_agency_not_addressed_acknowledges_no_row(exchange: Exchange) -> None:
    take(exchange, GUARD, ITEMS)
    exchange.settle()
    with pytest.raises(Refused) as caught:
        take_acknowledgements(exchange, MILITARY, ACKNOWLEDGEMENTS)
    assert caught.value.code == "step-no-addressee"


def test_by_hand_after_an_import_goes_on_with_the_numbers(exchange: Exchange) -> None:
    take(exchange, GUARD, ITEMS.replace("01/TB", "01/2024").replace("02/TB", "17/2024"))
    exchange.send(GUARD, PROVINCE, day="2024-12-30")
    exchange.send(GUARD, PROVINCE, day=DAY)
    with exchange.node(GUARD).at():
        assert sorted(Item.objects.values_list("number", flat=True)) == ["01/2024", "01/2026", "17/2024", "18/2024"]
