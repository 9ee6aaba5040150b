"""Importing, confirming and signing a regulation between real nodes."""

import pytest

from accordant.entries.envelope import EntryRef
from accordant.entries.errors import Refused
from accordant.entries.kinds import Fact
from accordant.ledger.append import append
from accordant.ledger.models import Entry, State
from accordant.regulations import actions
from accordant.regulations import entries as facts
from accordant.regulations.models import Provision, Regulation, Signature, Text
from accordant.regulations.rules import faults
from accordant.regulations.rules.reading import Reading, read_text
from tests.regulations.conftest import CITY, ENGLISH, GUARD, MILITARY, import_and_confirm, sign
from tests.simulator.world import SimulatedNode, World


@pytest.fixture
def circle(world: World) -> str:
    """A main circle all three joined."""
    return world.open_circle(GUARD, CITY, MILITARY)


def regulation(node: SimulatedNode) -> Regulation:
    with node.at():
        return Regulation.objects.get()


def put(
    node: SimulatedNode, circle: str, reading: Reading, language: str = "vi", of: EntryRef | None = None
) -> EntryRef:
    with node.at():
        by = node.officer("liaison", "liaison-officer")
        return actions.import_text(
            by=by, now=node.now, circle=circle, reading=reading, language=language, translation_of=of
        )


def test_text_is_the_same_at_every_party(world: World, circle: str, reading: Reading) -> None:
    put(world.nodes[GUARD], circle, reading)
    world.settle()
    for node in world.nodes.values():
        with node.at():
            text = Text.objects.get()
            assert (text.number, text.day, text.root) == ("12/QCPH-BTL-CA", "2026-05-01", reading.root)
            assert [unit.eid for unit in text.units()][:4] == [
                "art_1",
                "art_1__para_1",
                "art_1__para_2",
                "art_1__para_2__point_a",
            ]


def test_second_import_of_the_same_file_changes_nothing(world: World, circle: str, reading: Reading) -> None:
    guard = world.nodes[GUARD]
    first = put(guard, circle, reading)
    assert put(guard, circle, reading) == first
    with guard.at():
        assert Text.objects.count() == 1


def test_text_in_an_incomplete_circle_is_refused(world: World, reading: Reading) -> None:
    guard = world.nodes[GUARD]
    with guard.at():
        ref = actions.open_circle(
            by=guard.officer("commander", "commander"),
            now=guard.now,
            label="qc",
            sort="main",
            regulation="12",
            members=[CITY],
            nonce=bytes(16),
        )
    with pytest.raises(Refused) as refused:
        put(guard, ref.origin.split("/")[1], reading)
    assert refused.value.code == "not-joined"
    assert CITY in str(refused.value)


@pytest.mark.slow
def test_regulation_enters_into_force_with_the_last_signature(world: World, circle: str, reading: Reading) -> None:
    text = import_and_confirm(world, circle, reading)
    world.settle()
    for agency in (CITY, GUARD):
        sign(world.nodes[agency], text, reading.root)
    world.settle()
    assert {regulation(node).state for node in world.nodes.values()} == {"confirmed"}
    world.clock.forward(hours=1)
    sign(world.nodes[MILITARY], text, reading.root)
    last = world.clock.milliseconds()
    world.settle()
    for node in world.nodes.values():
        row = regulation(node)
        assert (row.state, row.in_force_at) == ("in-force", last)
        with node.at():
            assert Regulation.objects.circle_of("12/QCPH-BTL-CA") == circle
            assert sorted(s.agency for s in Signature.objects.all()) == [CITY, GUARD, MILITARY]


@pytest.mark.slow
def test_signature_that_comes_before_its_text_is_held_then_counts(world: World, circle: str, reading: Reading) -> None:
    world.cut.add(frozenset((GUARD, MILITARY)))
    text = import_and_confirm(world, circle, reading)
    for _ in range(8):
        for agency in (GUARD, CITY):
            world.step(agency)
        world.clock.forward(seconds=61)
    sign(world.nodes[CITY], text, reading.root)
    sign(world.nodes[GUARD], text, reading.root)
    for _ in range(8):
        world.step(CITY)
        world.clock.forward(seconds=61)
    with world.nodes[MILITARY].at():
        assert Entry.objects.filter(state=State.HELD, code="waits").count() == 1
        assert not Regulation.objects.exists()
    world.cut.clear()
    world.clock.forward(minutes=5)
    world.settle()
    sign(world.nodes[MILITARY], text, reading.root)
    world.settle()
    assert {regulation(node).state for node in world.nodes.values()} == {"in-force"}


@pytest.mark.parametrize(
    ("role", "root", "code"),
    [("liaison-officer", "", "regulations-office"), ("commander", "b" * 64, "sign-other-root")],
)
def test_signature_is_refused(world: World, circle: str, reading: Reading, role: str, root: str, code: str) -> None:
    text = import_and_confirm(world, circle, reading)
    with pytest.raises(Refused) as refused:
        sign(world.nodes[GUARD], text, root or reading.root, role=role)
    assert refused.value.code == code


def test_text_nobody_confirmed_is_not_signed(world: World, circle: str, reading: Reading) -> None:
    text = put(world.nodes[GUARD], circle, reading)
    with pytest.raises(Refused) as refused:
        sign(world.nodes[GUARD], text, reading.root)
    assert refused.value.code == "sign-unconfirmed"


def test_second_signature_of_a_party_is_refused(world: World, circle: str, reading: Reading) -> None:
    text = import_and_confirm(world, circle, reading)
    sign(world.nodes[GUARD], text, reading.root)
    with pytest.raises(Refused) as refused:
        sign(world.nodes[GUARD], text, reading.root)
    assert refused.value.code == "signed-already"


def test_text_of_another_party_is_not_confirmed_here(world: World, circle: str, reading: Reading) -> None:
    text = put(world.nodes[GUARD], circle, reading)
    world.settle()
    city = world.nodes[CITY]
    by = city.officer("liaison", "liaison-officer")
    with city.at(), pytest.raises(Refused) as refused:
        actions.confirm_text(by=by, now=city.now, text=text, root_hash=reading.root)
    assert refused.value.code == "text-of-another"


@pytest.mark.slow
def test_foreign_signature_over_another_root_is_irregular_and_counts_for_nothing(
    world: World, circle: str, reading: Reading
) -> None:
    text = import_and_confirm(world, circle, reading)
    world.settle()
    city = world.nodes[CITY]
    with city.at():
        forged = Fact(facts.RegulationSigned(root="c" * 64), refs=(text.as_reference("text"),))
        append(circle=circle, by=city.officer("commander", "commander"), now=city.now, facts=[forged])
    for agency in (GUARD, MILITARY):
        sign(world.nodes[agency], text, reading.root)
    world.settle()
    for node in world.nodes.values():
        assert regulation(node).state == "confirmed"
        with node.at():
            assert Entry.objects.get(state=State.IRREGULAR).code == "sign-other-root"


def test_foreign_text_unlike_its_header_stands_with_its_fault(world: World, circle: str, reading: Reading) -> None:
    guard = world.nodes[GUARD]
    text = put(guard, circle, reading)
    with guard.at():
        held = Text.objects.get()
        body = facts.TextImportedBody(number="1", day="2026-01-01", title="x", language="vi", source="a" * 64)
        header = facts.TextImported(
            number="1", language="vi", parts=1, articles=held.articles, root=held.root, day="2026-01-01"
        )
        append(circle=circle, by=guard.officer("liaison", "liaison-officer"), now=guard.now, facts=[Fact(header, body)])
    world.settle()
    for node in world.nodes.values():
        with node.at():
            assert Regulation.objects.get(fault="").ref == text
            false = Regulation.objects.exclude(fault="").get()
            assert (false.number, false.title_vi, false.fault) == ("1", "", faults.UNLIKE)
            assert not Entry.objects.filter(state=State.IRREGULAR).exists()
            assert Provision.objects.values("entry_id").distinct().count() == 1


def test_translation_gives_the_second_title(world: World, circle: str, reading: Reading) -> None:
    guard = world.nodes[GUARD]
    text = put(guard, circle, reading)
    put(guard, circle, read_text(ENGLISH.encode()), "en", of=text)
    world.settle()
    for node in world.nodes.values():
        row = regulation(node)
        assert (row.title_vi, row.title_en) == ("QUY CHẾ PHỐI HỢP", "COORDINATION REGULATION")
        assert row.language == "vi"


def test_translation_is_not_signed(world: World, circle: str, reading: Reading) -> None:
    guard = world.nodes[GUARD]
    text = put(guard, circle, reading)
    english = read_text(ENGLISH.encode())
    translation = put(guard, circle, english, "en", of=text)
    with pytest.raises(Refused) as refused:
        sign(guard, translation, english.root)
    assert refused.value.code == "sign-no-original"
