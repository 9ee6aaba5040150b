"""Closing a circle: who closed writes nothing more, what stands behind a closing counts nowhere."""

from collections.abc import Callable
from itertools import permutations

import pytest

from accordant.entries.envelope import EntryRef, Officer, automatic
from accordant.entries.errors import NotVisible, Refused
from accordant.entries.heads import heads_digest
from accordant.entries.kinds import Fact
from accordant.ledger import replay, replica, sections
from accordant.ledger.append import append
from accordant.ledger.models import Circle, Entry, State
from accordant.regulations import actions
from accordant.regulations import entries as facts
from accordant.regulations.entries import LastHead
from accordant.regulations.models import Closing, Opening, Party
from accordant.regulations.rules import circles, closing
from accordant.regulations.rules.places import Place
from tests.access.people import PASSWORD, forget_proof, person
from tests.regulations.conftest import CITY, GUARD, MILITARY
from tests.regulations.test_circles import open_only
from tests.regulations.test_kept_back import keep_back
from tests.simulator.arrivals import own_log
from tests.simulator.facts import NoteBody, NoteMade
from tests.simulator.world import SimulatedNode, World

PLACE = Place("qc", "main", {CITY: "party", GUARD: "party", MILITARY: "witness"})
DIGEST = "a" * 64


def close(node: SimulatedNode, circle: str, role: str = "liaison-officer") -> EntryRef:
    with node.at():
        return actions.close_circle(by=node.officer("office", role), now=node.now, circle=circle)


def note(node: SimulatedNode, circle: str, number: int, *after: EntryRef, text: str = "") -> EntryRef:
    with node.at():
        body = NoteBody(text=text) if text else None
        fact = Fact(NoteMade(no=number), body, refs=tuple(ref.as_reference("after") for ref in after))
        return append(circle=circle, by=node.officer("office", "commander"), now=node.now, facts=[fact])[0]


def note_in_spite(node: SimulatedNode, circle: str, number: int, *after: EntryRef) -> EntryRef:
    """A program without our rules writes on; its tables are built again afterwards, as ours would be."""
    with node.at():
        closed = Circle.objects.get(id=circle).closed
        Circle.objects.filter(id=circle).update(closed={})
        ref = note(node, circle, number, *after)
        Circle.objects.filter(id=circle).update(closed=closed)
        replay.rebuild()
    return ref


def standing(node: SimulatedNode, *refs: EntryRef) -> list[tuple[int, str]]:
    with node.at():
        return [Entry.objects.values_list("state", "code").get(log__origin=r.origin, index=r.index) for r in refs]


@pytest.mark.slow
def test_party_that_closed_writes_nothing_more_and_still_takes_in(world: World) -> None:
    circle = world.open_circle(GUARD, CITY, MILITARY)
    guard, city = world.nodes[GUARD], world.nodes[CITY]
    world.settle()
    with city.at():
        held = {log.origin: log.size for log in sections.logs_of(circle)}
    closed = close(city, circle)
    for role in ("commander", "liaison-officer"):
        with pytest.raises(Refused) as refused:
            close(city, circle, role)
        assert refused.value.code == "circle-closed"
    with pytest.raises(Refused) as refused:
        note(city, circle, 1)
    assert (refused.value.code, circle in str(refused.value)) == ("circle-closed", True)
    world.settle()
    later = note(guard, circle, 2, text="after")
    world.settle()
    for agency, node in world.nodes.items():
        assert standing(node, later) == [(State.PROJECTED, "")]
        with node.at():
            row = Closing.objects.get()
            assert (row.agency, row.ref, row.fault) == (CITY, closed, "")
            assert {head["log"]: head["size"] for head in row.heads} == held
            assert Circle.objects.get(id=circle).closed == {CITY: closed.index}
            assert closing.still_open(Party.objects.answers(circle), [CITY]) == [GUARD, MILITARY]
            assert (circle in Party.objects.open_to(agency)) == (agency != CITY)
            log = next(log for log in sections.logs_of(circle) if log.origin == later.origin)
            assert agency == GUARD or sections.cosigned_size(log, agency) == later.index + 1


@pytest.mark.slow
def test_circle_is_closed_once_all_parties_closed(world: World) -> None:
    circle = world.open_circle(GUARD, CITY)
    close(world.nodes[CITY], circle)
    world.settle()
    close(world.nodes[GUARD], circle)
    world.settle()
    for agency in (GUARD, CITY):
        with world.nodes[agency].at():
            answers, closed = Party.objects.answers(circle), Circle.objects.get(id=circle).closed
            assert closing.still_open(answers, closed) == []
            ours = next(log for log in sections.logs_of(circle) if log.ours)
            other = CITY if agency == GUARD else GUARD
            assert sections.cosigned_size(ours, other) == ours.size == closed[agency] + 1


@pytest.mark.slow
def test_what_stands_behind_a_closing_is_irregular_everywhere(world: World) -> None:
    circle = world.open_circle(GUARD, CITY, MILITARY)
    guard, city = world.nodes[GUARD], world.nodes[CITY]
    world.cut.add(frozenset((GUARD, MILITARY)))
    first = note(guard, circle, 1)
    world.settle()
    before = note(city, circle, 2, first)  # waits at the military, which does not hear from the guard
    closed = close(city, circle)
    behind = [note_in_spite(city, circle, 3), note_in_spite(city, circle, 4, first)]
    world.settle()
    assert standing(world.nodes[MILITARY], before, closed) == [(State.HELD, "waits"), (State.PROJECTED, "")]
    assert standing(world.nodes[MILITARY], *behind) == [(State.IRREGULAR, "circle-closed")] * 2
    world.cut.clear()
    world.clock.forward(minutes=5)
    world.settle()
    for node in world.nodes.values():
        assert standing(node, before, closed) == [(State.PROJECTED, "")] * 2
        assert standing(node, *behind) == [(State.IRREGULAR, "circle-closed")] * 2
        node.assert_rebuilds()


@pytest.mark.slow
def test_closing_that_refers_to_something_closes_nothing_in_any_order(make_world: Callable[..., World]) -> None:
    """It would wait at one node and not at another: there what stands behind it would be judged otherwise."""
    world = make_world(GUARD, CITY, MILITARY)
    circle = world.open_circle(GUARD, CITY, MILITARY)
    military, city = world.nodes[MILITARY], world.nodes[CITY]
    named = note(military, circle, 1)
    world.settle()
    fact = Fact(
        facts.CircleClosed(digest=DIGEST), facts.CircleClosedBody(heads=()), refs=(named.as_reference("after"),)
    )
    with city.at():
        bad = append(circle=circle, by=city.officer("office", "commander"), now=city.now, facts=[fact])[0]
    behind = note(city, circle, 2)
    logs = [own_log(world.nodes[agency], circle) for agency in (CITY, MILITARY)]
    first = own_log(world.nodes[GUARD], circle)
    for number, order in enumerate(permutations(logs)):
        node = world.add(f"n{number}.example")
        with node.at():
            for section, key in (first, *order):
                replica.take_section(section, log_key=key, us=node.agency, stored_at=0)
            assert not Closing.objects.exists()
        assert standing(node, bad, behind) == [(State.IRREGULAR, "closing-heads"), (State.PROJECTED, "")]
        node.assert_rebuilds()


@pytest.mark.slow
def test_closing_by_a_party_that_declined_is_regular_everywhere(world: World) -> None:
    """Its own node refuses it; to others its entry 0 may come to stand only later, so they judge no closing by it."""
    circle = open_only(world, CITY, MILITARY)
    city = world.nodes[CITY]
    with city.at():
        by = city.officer("office", "commander")
        actions.decline_circle(by=by, now=city.now, circle=circle, reason="wrong regulation")
        with pytest.raises(Refused) as refused:
            actions.close_circle(by=by, now=city.now, circle=circle)
        assert refused.value.code == "closing-not-joined"
        fact = Fact(facts.CircleClosed(digest=DIGEST), facts.CircleClosedBody(heads=()))
        closed = append(circle=circle, by=by, now=city.now, facts=[fact])[0]
    world.settle()
    for node in world.nodes.values():
        assert standing(node, closed) == [(State.PROJECTED, "")]
        with node.at():
            answers = Party.objects.answers(circle)
            assert answers[CITY] == circles.DECLINED
            assert closing.still_open(answers, [CITY]) == closing.still_open(answers, []) == [GUARD, MILITARY]
        node.assert_rebuilds()


@pytest.mark.slow
def test_closing_kept_from_one_party_closes_there_too(world: World) -> None:
    circle = world.open_circle(GUARD, CITY, MILITARY)
    city = world.nodes[CITY]
    closed = close(city, circle)
    keep_back(world, CITY, MILITARY, closed)
    behind = note_in_spite(city, circle, 1)
    world.settle()
    faults = {}
    for agency, node in world.nodes.items():
        assert standing(node, closed, behind) == [(State.PROJECTED, ""), (State.IRREGULAR, "circle-closed")]
        with node.at():
            faults[agency] = Closing.objects.get().fault
    assert faults == {CITY: "", GUARD: "", MILITARY: closing.ABSENT}


@pytest.mark.slow
def test_party_that_closed_gives_no_receipt_for_what_is_kept_back_then(world: World) -> None:
    """It can name no missing body in its log any more, so it does not say that it holds everything."""
    circle = world.open_circle(GUARD, CITY, MILITARY)
    guard, military = world.nodes[GUARD], world.nodes[MILITARY]
    close(military, circle)
    world.settle()
    ref = note(guard, circle, 1, text="kept back")
    keep_back(world, GUARD, MILITARY, ref)
    assert standing(military, ref) == [(State.PROJECTED, "")]
    with guard.at():
        log = next(log for log in sections.logs_of(circle) if log.ours)
        assert sections.cosigned_size(log, CITY) == ref.index + 1
        assert sections.cosigned_size(log, MILITARY) == ref.index
        liaison, stranger = (person(guard, "liaison-officer", scope=scope) for scope in (circle, "other"))
        shown = liaison.get("/links").content.decode()
        assert "it cannot note that in a log of its own" in shown
        assert log.origin in shown
        assert log.origin not in stranger.get("/links").content.decode()
        assert log.origin in person(guard, "node-administrator", scope="private").get("/links").content.decode()
    military.assert_rebuilds()


def test_own_circle_and_unknown_ones_are_not_closed(world: World) -> None:
    guard = world.nodes[GUARD]
    with guard.at():
        private = Opening.objects.private_circle()
    with pytest.raises(Refused) as refused:
        close(guard, private)
    assert refused.value.code == "wrong-circle"
    with pytest.raises(NotVisible):
        close(guard, f"qc-{'0' * 32}")


def judged(**changes: object) -> list[str]:
    given: dict[str, object] = {"place": PLACE, "author": CITY, "index": 1, "digest": DIGEST, "whole": True, **changes}
    place = given.pop("place")
    refusals = closing.refusals_to_close_circle(place, **given)  # type: ignore[arg-type]  # as named above
    return [refusal.code for refusal in refusals]


def test_party_closes_after_its_entry_zero() -> None:
    assert judged() == []
    assert judged(by=Officer("o1", "liaison", CITY, frozenset(("liaison-officer",)))) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"index": 0}, "closing-not-joined"),
        ({"state": circles.DECLINED}, "closing-not-joined"),
        ({"state": circles.INVITED}, "closing-not-joined"),
        ({"author": MILITARY}, "wrong-circle"),
        ({"place": Place("qc", "private", {CITY: "party"})}, "wrong-circle"),
        ({"whole": False}, "closing-heads"),
        ({"digest": "A" * 64}, "closing-heads"),
        ({"by": Officer("o1", "room", CITY, frozenset(("node-administrator",)))}, "regulations-office"),
        ({"by": automatic(CITY)}, "regulations-office"),
    ],
)
def test_closing_is_refused(changes: dict[str, object], code: str) -> None:
    assert judged(**changes) == [code]


def test_heads_are_those_of_the_digest_and_the_circle() -> None:
    circle = f"qc-{'0' * 32}"
    heads = (LastHead(f"{GUARD}/{circle}/1", "b" * 64, 2), LastHead(f"{CITY}/{circle}/1", "c" * 64, 1))
    digest = heads_digest(heads)
    assert closing.heads_fault(heads[::-1], digest=digest, circle=circle) == ""
    assert closing.heads_fault(None, digest=digest, circle=circle) == closing.ABSENT
    assert closing.heads_fault(heads[:1], digest=digest, circle=circle) == closing.UNLIKE
    for log in (f"{GUARD}/other-{'0' * 32}/1", "no origin"):
        stray = (LastHead(log, "b" * 64, 2),)
        assert closing.heads_fault(stray, digest=heads_digest(stray), circle=circle) == closing.UNLIKE


def test_circle_stays_open_for_who_neither_declined_nor_closed() -> None:
    states = {CITY: "joined", GUARD: "joined", MILITARY: "declined", "late.example": "invited"}
    assert closing.still_open(states, [CITY]) == [GUARD, "late.example"]
    assert closing.still_open({CITY: "joined", MILITARY: "declined"}, {CITY: 3}) == []


@pytest.mark.slow
def test_circle_is_closed_on_its_page_after_a_confirmation(world: World) -> None:
    circle = world.open_circle(GUARD, CITY)
    guard, city = world.nodes[GUARD], world.nodes[CITY]
    path = f"/regulations/circles/{circle}/close"
    browser = person(city, "liaison-officer", scope=circle)
    with city.at():
        assert path in browser.get("/regulations/circles").content.decode()
        asked = browser.get(path).content.decode()
        assert "this cannot be undone" in asked
        assert GUARD in asked
        assert browser.post(path).status_code == 200  # nobody said that it was understood
        assert not Closing.objects.exists()
    forget_proof(city, browser)
    with city.at():
        asked_again = browser.post(path, {"understood": "on"})
        assert asked_again.headers["Location"].startswith("/accounts/step-up?")
        assert not Closing.objects.exists()
        browser.post("/accounts/step-up", {"password": PASSWORD, "next": path})
        assert browser.post(path, {"understood": "on"}).headers["Location"] == "/regulations/circles"
        shown = browser.get("/regulations/circles").content.decode()
        assert f"Not yet closed by: {GUARD}." in shown
        assert "holding 2 entries" in shown
        assert path not in shown
        assert "nothing to close here" in browser.get(path).content.decode()
        assert browser.post(path, {"understood": "on"}).status_code == 409
        assert browser.get("/regulations/import").content.decode().count(circle) == 0
    world.settle()
    other = person(guard, "commander", scope=circle)
    with guard.at():
        assert "Circle of 28/QCPH closed by another party" in other.get("/").content.decode()
        assert other.post(path, {"understood": "on"}).status_code == 302
        shown = other.get("/regulations/circles").content.decode()
        assert "Nobody writes here any more" in shown
        assert "closed by another party" not in other.get("/").content.decode()
