"""Link lamps and agencies' names, as the composition root tells the frame of every page."""

from collections.abc import Callable

import pytest
from django.utils import translation

from accordant.domains.information.actions import send_item
from accordant.domains.information.rules import NewItem
from accordant.node import frame
from tests.simulator.world import World

pytestmark = pytest.mark.slow
A, B = "guard.example", "police.example"


def lamp(world: World, language: str = "en") -> tuple[str, str]:
    with world.nodes[A].at(), translation.override(language):
        links = frame.links(world.nodes[A].now)
    assert [link.agency for link in links] == [B]
    return links[0].lamp, links[0].text


def send(world: World, circle: str) -> None:
    node = world.nodes[A]
    with node.at():
        by = node.officer("liaison", "liaison-officer")
        send_item(by=by, now=node.now, circle=circle, new=NewItem(to=(B,), day="2026-01-05", subject="Tin"))


def test_link_is_met_when_the_peer_has_signed_for_all(make_world: Callable[..., World]) -> None:
    world = make_world(A, B)
    world.open_circle(A, B)
    assert lamp(world) == ("met", "")


def test_link_waits_with_number_and_age(make_world: Callable[..., World]) -> None:
    world = make_world(A, B)
    circle = world.open_circle(A, B)
    send(world, circle)
    assert lamp(world) == ("waiting", "1 entry waits")
    send(world, circle)
    world.clock.forward(minutes=1)
    assert lamp(world) == ("waiting", "2 entries wait, the first for 1 min")
    world.clock.forward(hours=3)
    assert lamp(world) == ("waiting", "2 entries wait, the first for 3 hours")
    world.clock.forward(days=400)
    assert lamp(world) == ("waiting", "2 entries wait, the first for 400 days")


def test_link_says_since_when_the_peer_was_not_reached(make_world: Callable[..., World]) -> None:
    world = make_world(A, B)
    circle = world.open_circle(A, B)
    world.nodes[B].down = True
    send(world, circle)
    world.step(A)
    state, text = lamp(world)
    assert state == "not-reached"
    assert text.startswith("not reached since 15:00")


def test_link_that_was_silent_for_more_than_two_rounds_is_not_reached(make_world: Callable[..., World]) -> None:
    world = make_world(A, B)
    world.open_circle(A, B)
    world.clock.forward(seconds=121)
    assert lamp(world)[0] == "not-reached"


def test_names_come_from_cards_and_are_read_again_for_an_unknown_agency(make_world: Callable[..., World]) -> None:
    world = make_world(A, B)
    frame.install()
    with world.nodes[A].at():
        assert frame.names("nobody.example") == ("nobody.example", "nobody.example")
        assert frame.names(B) == (B, B)
        assert B in frame._NAMES
