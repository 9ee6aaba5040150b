"""A circle under a main circle: joined only by who shares that main circle with all its parties."""

import pytest

from accordant.entries.errors import Refused
from accordant.entries.kinds import Fact
from accordant.ledger.append import append
from accordant.regulations import actions
from accordant.regulations import entries as facts
from accordant.regulations.models import AcceptedCard, Opening, Party
from accordant.regulations.rules import parents
from accordant.regulations.rules.circles import Founding, circle_from, genesis_of
from tests.access.people import person
from tests.regulations.conftest import CITY, GUARD, MILITARY
from tests.simulator.world import SimulatedNode, World

ELSEWHERE = f"qc-{'0' * 32}"


def open_smaller(node: SimulatedNode, parent: str, *members: str) -> str:
    with node.at():
        by = node.officer("liaison", "liaison-officer")
        nonce = bytes(16)
        ref = actions.open_circle(
            by=by,
            now=node.now,
            label="smaller",
            sort="smaller",
            regulation="",
            members=list(members),
            nonce=nonce,
            parent=parent,
        )
    return ref.origin.split("/")[1]


def open_in_spite(node: SimulatedNode, parent: str, *members: str) -> str:
    """A program without our rules opens what it likes."""
    with node.at():
        found = {agency: AcceptedCard.objects.accepted_card(agency) for agency in (node.agency, *members)}
        cards = {agency: card for agency, card in found.items() if card is not None}
        body = genesis_of(Founding("smaller", "smaller", "", 1, bytes(16), parent=parent), cards)
        circle = circle_from(body).id
        fact = Fact(facts.CircleOpened(label="smaller", sort="smaller"), body)
        append(circle=circle, by=node.officer("liaison", "liaison-officer"), now=node.now, facts=[fact])
    return circle


def join(node: SimulatedNode, circle: str) -> None:
    with node.at():
        actions.join_circle(by=node.officer("liaison", "liaison-officer"), now=node.now, circle=circle)


@pytest.mark.slow
def test_smaller_circle_is_joined_by_who_shares_the_main_one(world: World) -> None:
    main = world.open_circle(GUARD, CITY, MILITARY)
    circle = open_smaller(world.nodes[GUARD], main, CITY)
    world.settle()
    join(world.nodes[CITY], circle)
    world.settle()
    with world.nodes[GUARD].at():
        assert set(Party.objects.answers(circle).values()) == {"joined"}


@pytest.mark.slow
def test_main_circle_that_is_not_here_hinders_joining_and_the_page_says_so(world: World) -> None:
    circle = open_in_spite(world.nodes[GUARD], ELSEWHERE, CITY)
    world.settle()
    city = world.nodes[CITY]
    with pytest.raises(Refused) as refused:
        join(city, circle)
    assert (refused.value.code, ELSEWHERE in str(refused.value)) == ("circle-parent-unknown", True)
    browser = person(city, "liaison-officer", scope=circle)
    with city.at():
        assert Opening.objects.filter(circle=circle).exists()  # the genesis stands: others may hold its main circle
        shown = browser.get("/regulations/circles").content.decode()
        assert f"The main circle {ELSEWHERE} that it names is none" in shown
        assert f"/regulations/circles/{circle}/join" not in shown
        assert f"/regulations/circles/{circle}/decline" in shown


@pytest.mark.slow
def test_party_that_is_none_of_the_main_circle_hinders_joining(world: World) -> None:
    main = world.open_circle(GUARD, CITY)
    guard = world.nodes[GUARD]
    with pytest.raises(Refused) as refused:
        open_smaller(guard, main, CITY, MILITARY)
    assert refused.value.code == "circle-parent-parties"
    circle = open_in_spite(guard, main, CITY, MILITARY)
    world.settle()
    for agency, code in ((CITY, "circle-parent-parties"), (MILITARY, "circle-parent-unknown")):
        with pytest.raises(Refused) as refused:
            join(world.nodes[agency], circle)
        assert refused.value.code == code


@pytest.mark.slow
def test_main_circle_that_we_closed_takes_no_smaller_ones(world: World) -> None:
    main = world.open_circle(GUARD, CITY)
    guard, city = world.nodes[GUARD], world.nodes[CITY]
    circle = open_smaller(guard, main, CITY)
    world.settle()
    with city.at():
        actions.close_circle(by=city.officer("liaison", "liaison-officer"), now=city.now, circle=main)
    with pytest.raises(Refused) as refused:
        join(city, circle)
    assert refused.value.code == "circle-parent-unknown"


@pytest.mark.slow
def test_circle_that_its_opener_closed_is_not_joined(world: World) -> None:
    guard, city = world.nodes[GUARD], world.nodes[CITY]
    with guard.at():
        by = guard.officer("liaison", "liaison-officer")
        opened = actions.open_circle(
            by=by, now=guard.now, label="qc", sort="main", regulation="12", members=[CITY], nonce=bytes(16)
        )
        circle = opened.origin.split("/")[1]
        actions.close_circle(by=by, now=guard.now, circle=circle)
    world.settle()
    with pytest.raises(Refused) as refused:
        join(city, circle)
    assert (refused.value.code, GUARD in str(refused.value)) == ("circle-closing", True)


@pytest.mark.parametrize(
    ("sort", "parent", "known", "code"),
    [
        ("main", "", (), ""),
        ("exercise", "", (), ""),
        ("smaller", "", (CITY, GUARD), "circle-parent"),
        ("smaller", ELSEWHERE, (CITY, GUARD), ""),
        ("main", ELSEWHERE, (), "circle-parent-unknown"),
        ("smaller", ELSEWHERE, (), "circle-parent-unknown"),
        ("smaller", ELSEWHERE, (GUARD, MILITARY), "circle-parent-parties"),
    ],
)
def test_parties_share_the_main_circle_that_is_named(sort: str, parent: str, known: tuple[str, ...], code: str) -> None:
    refusals = parents.refusals_to_share_parent("", sort=sort, parent=parent, parties={CITY, GUARD}, known=known)
    assert [refusal.code for refusal in refusals] == ([code] if code else [])
