"""A body that its owner keeps from one party changes no judgement: every node comes to the same entries and states."""

from collections.abc import Sequence

import pytest
from django.db import transaction

from accordant.entries.envelope import EntryRef
from accordant.entries.errors import Refused
from accordant.entries.kinds import Fact
from accordant.ledger.append import append
from accordant.ledger.models import Body, Entry, Member, MissingBody
from accordant.regulations import actions
from accordant.regulations import entries as facts
from accordant.regulations.models import BodyNotice, Party, Provision, Regulation, Signature, Text
from accordant.regulations.rules import faults
from accordant.regulations.rules.reading import Reading, read_text
from accordant.seal import payloads
from tests.access.people import person
from tests.regulations.conftest import CITY, ENGLISH, GUARD, MILITARY, sign
from tests.simulator.world import World

PARTIES = (CITY, GUARD, MILITARY)


@pytest.fixture
def circle(world: World) -> str:
    """A main circle all three joined."""
    return world.open_circle(GUARD, CITY, MILITARY)


def outcomes(world: World, agency: str, circle: str) -> Sequence[tuple[object, ...]]:
    """What became of each entry of the circle."""
    with world.nodes[agency].at():
        rows = Entry.objects.filter(log__circle=circle).order_by("log__origin", "index")
        return list(rows.values_list("log__origin", "index", "leaf", "state", "code"))


def keep_back(world: World, owner: str, victim: str, ref: EntryRef) -> None:
    """A hostile owner gives the body to all but one party, whom its node tells that the body was erased."""
    road = frozenset((owner, victim))
    world.cut.add(road)
    world.settle()
    with world.nodes[owner].at():
        pk = Entry.objects.get(log__origin=ref.origin, index=ref.index).pk
        held = Body.objects.get(entry_id=pk)
        with transaction.atomic():
            Body.objects.filter(entry_id=pk).delete()
            MissingBody.objects.create(entry_id=pk, why=payloads.ERASED)
    world.cut.remove(road)
    world.clock.forward(minutes=5)
    world.settle()
    with world.nodes[owner].at():
        MissingBody.objects.filter(entry_id=pk).delete()
        held.save(force_insert=True)
    world.settle()


def put(world: World, circle: str, reading: Reading, language: str = "vi", of: EntryRef | None = None) -> EntryRef:
    node = world.nodes[GUARD]
    with node.at():
        return actions.import_text(
            by=node.officer("liaison", "liaison-officer"),
            now=node.now,
            circle=circle,
            reading=reading,
            language=language,
            translation_of=of,
        )


def assert_alike(world: World, circle: str) -> None:
    assert outcomes(world, CITY, circle) == outcomes(world, GUARD, circle) == outcomes(world, MILITARY, circle)
    for node in world.nodes.values():
        node.assert_rebuilds()


@pytest.mark.slow
def test_text_kept_from_one_party_is_signed_by_the_others_and_judged_alike(
    world: World, circle: str, reading: Reading
) -> None:
    text = put(world, circle, reading)
    keep_back(world, GUARD, MILITARY, text)
    guard, military = world.nodes[GUARD], world.nodes[MILITARY]
    with guard.at():
        by = guard.officer("liaison", "liaison-officer")
        actions.confirm_text(by=by, now=guard.now, text=text, root_hash=reading.root)
    world.settle()
    for agency in (GUARD, CITY):
        sign(world.nodes[agency], text, reading.root)
    with pytest.raises(Refused) as refused:
        sign(military, text, reading.root)
    assert refused.value.code == faults.ABSENT
    assert GUARD in str(refused.value)
    world.settle()
    assert_alike(world, circle)
    for agency, node in world.nodes.items():
        with node.at():
            regulation = Regulation.objects.get()
            assert (regulation.state, regulation.root) == ("confirmed", reading.root)
            assert sorted(row.agency for row in Signature.objects.all()) == [CITY, GUARD]
            assert BodyNotice.objects.get().entries == [str(text)]
            absent = agency == MILITARY
            assert regulation.fault == Text.objects.get().fault == (faults.ABSENT if absent else "")
            assert (regulation.title_vi == "") == (not Provision.objects.exists()) == absent


@pytest.mark.slow
def test_false_text_kept_from_one_party_is_judged_alike(world: World, circle: str, reading: Reading) -> None:
    guard = world.nodes[GUARD]
    body = facts.TextImportedBody(number="1", day="2026-01-01", title="", language="vi", source="a" * 64)
    header = facts.TextImported(number="1", language="vi", parts=1, articles=2, root=reading.root, day="2026-01-01")
    with guard.at():
        by = guard.officer("liaison", "liaison-officer")
        ref = append(circle=circle, by=by, now=guard.now, facts=[Fact(header, body)])[0]
    keep_back(world, GUARD, MILITARY, ref)
    with guard.at(), pytest.raises(Refused) as refused:
        actions.confirm_text(by=by, now=guard.now, text=ref, root_hash=reading.root)
    assert refused.value.code == faults.UNLIKE
    with guard.at():
        confirmed = Fact(facts.TextConfirmed(root=reading.root), refs=(ref.as_reference("text"),))
        append(circle=circle, by=by, now=guard.now, facts=[confirmed])
    world.settle()
    assert_alike(world, circle)
    found = {}
    for agency, node in world.nodes.items():
        with node.at():
            found[agency] = (Regulation.objects.get().state, Text.objects.get().fault)
    assert found == {
        GUARD: ("confirmed", faults.UNLIKE),
        CITY: ("confirmed", faults.UNLIKE),
        MILITARY: ("confirmed", faults.ABSENT),
    }
    with pytest.raises(Refused) as refused:
        sign(world.nodes[CITY], ref, reading.root)
    assert refused.value.code == faults.UNLIKE


@pytest.mark.slow
def test_translation_kept_from_one_party_takes_nothing_away_there(world: World, circle: str, reading: Reading) -> None:
    text = put(world, circle, reading)
    english = read_text(ENGLISH.encode())
    put(world, circle, english, "en", of=text)
    world.settle()
    world.clock.forward(minutes=1)
    later = put(world, circle, read_text((ENGLISH + "\n").encode()), "en", of=text)
    keep_back(world, GUARD, MILITARY, later)
    assert_alike(world, circle)
    for node in world.nodes.values():
        with node.at():
            assert Regulation.objects.get().title_en == "COORDINATION REGULATION"


@pytest.mark.slow
def test_genesis_of_another_circle_kept_from_one_party_is_judged_alike(world: World) -> None:
    """Whatever founds an own log by its body, the entry 0 of a party is its answer to the proposal."""
    guard, city = world.nodes[GUARD], world.nodes[CITY]
    with guard.at():
        by = guard.officer("commander", "commander")
        opened = actions.open_circle(
            by=by,
            now=guard.now,
            label="qc",
            sort="main",
            regulation="12",
            members=[CITY, MILITARY],
            nonce=bytes(16),
        )
    circle = opened.origin.split("/")[1]
    world.settle()
    with city.at():
        other = facts.CircleOpenedBody(v=1, label="x", sort="main", regulation="", at=0, nonce="0" * 32, members=())
        fact = Fact(facts.CircleOpened(label="x", sort="main"), other)
        by = city.officer("commander", "commander")
        ref = append(circle=circle, by=by, now=city.now, facts=[fact])[0]
    keep_back(world, CITY, MILITARY, ref)
    military = world.nodes[MILITARY]
    with military.at():
        actions.join_circle(by=military.officer("commander", "commander"), now=military.now, circle=circle)
    world.clock.forward(minutes=5)
    world.settle()
    assert_alike(world, circle)
    for node in world.nodes.values():
        with node.at():
            assert set(Party.objects.filter(circle=circle).values_list("state", flat=True)) == {"joined"}
            assert Member.objects.filter(circle=circle, joined=True).count() == len(PARTIES)


@pytest.mark.slow
def test_page_says_whose_content_is_missing_and_offers_nothing(world: World, circle: str, reading: Reading) -> None:
    text = put(world, circle, reading)
    keep_back(world, GUARD, MILITARY, text)
    guard, military = world.nodes[GUARD], world.nodes[MILITARY]
    with guard.at():
        by = guard.officer("liaison", "liaison-officer")
        actions.confirm_text(by=by, now=guard.now, text=text, root_hash=reading.root)
    world.settle()
    path = f"/regulations/{text.origin}/{text.index}"
    with military.at():
        browser = person(military, "commander", scope=circle)
        shown = browser.get(path).content.decode()
        assert "Its content is not held here" in shown
        assert f"Ask {GUARD} to import the text again" in shown
        assert f"{path}/sign" not in shown
        refused = browser.post(f"{path}/sign", {"root_hash": reading.root})
        assert (refused.status_code, faults.ABSENT in refused.content.decode()) == (409, True)
        assert "Cannot be relied on here" in browser.get("/regulations/").content.decode()
        desk = browser.get("/").content.decode()
        assert "Regulation 12/QCPH-BTL-CA cannot be signed: its text cannot be relied on here" in desk
        assert f"{path}/sign" not in desk
    with guard.at():
        ours = person(guard, "commander", scope=circle).get(path).content.decode()
        assert "did not get the content of the text" in ours
        assert f"{path}/sign" in ours
