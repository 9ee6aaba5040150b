"""Cards, roots and circles between real nodes."""

from collections.abc import Callable

import pytest

from accordant.entries import cards as statements
from accordant.entries.envelope import automatic
from accordant.entries.errors import Malformed, NotVisible, Refused
from accordant.entries.kinds import Fact
from accordant.ledger.append import append
from accordant.ledger.models import Circle, Entry, Log, Member, State
from accordant.regulations import actions
from accordant.regulations import entries as facts
from accordant.regulations.models import AcceptedCard, BodyNotice, ConfirmedRoot, Opening, Party
from tests.regulations.conftest import CITY, GUARD, MILITARY
from tests.regulations.keys import make_card
from tests.simulator.world import SimulatedNode, World, _card

OUTSIDER = "outsider.example"


def accept(node: SimulatedNode, card: statements.SignedCard) -> str:
    with node.at():
        return str(actions.accept_card(by=automatic(node.agency), now=node.now, card=card.data))


def confirm(node: SimulatedNode, card: statements.SignedCard, *, channel: str = "room 4") -> None:
    with node.at():
        actions.confirm_root(
            by=node.officer("administrator", "node-administrator"),
            now=node.now,
            agency=card.card.agency,
            fingerprint=statements.fingerprint(card.card.root).hex(),
            how="in-person",
            channel=channel,
        )


def trusted(node: SimulatedNode, agency: str) -> statements.SignedCard | None:
    with node.at():
        return AcceptedCard.objects.accepted_card(agency)


def own_size(node: SimulatedNode) -> int:
    with node.at():
        return sum(Log.objects.filter(ours=True).values_list("size", flat=True))


def test_own_card_is_trusted_from_the_start(world: World) -> None:
    guard = world.nodes[GUARD]
    assert trusted(guard, GUARD) is not None
    with guard.at():
        circle = Opening.objects.private_circle()
        assert Circle.objects.get(id=circle).sort == "private"
        assert Party.objects.parties(circle) == [GUARD]


def test_second_private_circle_is_refused(world: World) -> None:
    guard = world.nodes[GUARD]
    card = trusted(guard, GUARD)
    assert card is not None
    with guard.at(), pytest.raises(Refused) as refused:
        actions.open_private_circle(by=automatic(GUARD), now=guard.now, card=card.data, nonce=b"2" * 16)
    assert refused.value.code == "private-circle-once"


def test_card_is_trusted_once_a_person_confirmed_its_root(world: World) -> None:
    guard, card = world.nodes[GUARD], make_card(OUTSIDER)
    accept(guard, card)
    assert trusted(guard, OUTSIDER) is None
    confirm(guard, card)
    assert trusted(guard, OUTSIDER) == card
    with guard.at():
        root = ConfirmedRoot.objects.get(subject=OUTSIDER)
        assert (root.how, root.second_channel) == ("in-person", "room 4")


def test_same_card_again_changes_nothing(world: World) -> None:
    guard, card = world.nodes[GUARD], make_card(OUTSIDER)
    first = accept(guard, card)
    size = own_size(guard)
    assert accept(guard, card) == first
    assert own_size(guard) == size


def test_newer_card_under_the_confirmed_root_is_used_at_once(world: World) -> None:
    guard = world.nodes[GUARD]
    accept(guard, make_card(OUTSIDER))
    confirm(guard, make_card(OUTSIDER))
    newer = make_card(OUTSIDER, serial=2)
    accept(guard, newer)
    assert trusted(guard, OUTSIDER) == newer


@pytest.mark.parametrize(
    ("card", "code"),
    [
        (make_card(OUTSIDER, name="Twin"), "card-same-serial"),
        (make_card(OUTSIDER, serial=7, root="other"), "card-other-root"),
    ],
)
def test_card_that_contradicts_the_confirmed_one_is_refused(
    world: World, card: statements.SignedCard, code: str
) -> None:
    guard = world.nodes[GUARD]
    accept(guard, make_card(OUTSIDER))
    confirm(guard, make_card(OUTSIDER))
    size = own_size(guard)
    with pytest.raises(Refused) as refused:
        accept(guard, card)
    assert refused.value.code == code
    assert own_size(guard) == size
    assert trusted(guard, OUTSIDER) == make_card(OUTSIDER)


def test_altered_card_is_refused_whole(world: World) -> None:
    guard = world.nodes[GUARD]
    altered = make_card(OUTSIDER).data.replace(b'"serial":1', b'"serial":2')
    with guard.at(), pytest.raises(Malformed) as refused:
        actions.accept_card(by=automatic(GUARD), now=guard.now, card=altered)
    assert refused.value.code == "card-unreadable"


def test_circle_with_an_unconfirmed_agency_is_refused_by_name(world: World) -> None:
    guard = world.nodes[GUARD]
    accept(guard, make_card(OUTSIDER))
    with guard.at(), pytest.raises(Refused) as refused:
        actions.open_circle(
            by=guard.officer("commander", "commander"),
            now=guard.now,
            label="qc",
            sort="main",
            regulation="12/QCPH",
            members=[CITY, OUTSIDER],
            nonce=bytes(16),
        )
    assert refused.value.code == "root-unconfirmed"
    assert OUTSIDER in str(refused.value)
    assert CITY not in str(refused.value.refusals[0].reason)
    with guard.at():
        assert not Opening.objects.filter(sort="main").exists()


def open_only(world: World, *others: str) -> str:
    guard = world.nodes[GUARD]
    with guard.at():
        ref = actions.open_circle(
            by=guard.officer("commander", "commander"),
            now=guard.now,
            label="qc-12-2026",
            sort="main",
            regulation="12/QCPH",
            members=list(others),
            nonce=bytes(16),
        )
    world.settle()
    return ref.origin.split("/")[1]


def joined(node: SimulatedNode, circle: str) -> dict[str, bool]:
    with node.at():
        return dict(Member.objects.filter(circle=circle).values_list("agency", "joined"))


@pytest.mark.slow
def test_circle_is_a_proposal_until_all_joined(world: World) -> None:
    circle = open_only(world, CITY, MILITARY)
    city = world.nodes[CITY]
    assert joined(city, circle) == {GUARD: True, CITY: False, MILITARY: False}
    with city.at():
        actions.join_circle(by=city.officer("commander", "commander"), now=city.now, circle=circle)
    world.settle()
    for node in world.nodes.values():
        assert joined(node, circle) == {GUARD: True, CITY: True, MILITARY: False}


@pytest.mark.slow
def test_joining_waits_for_the_root_of_every_party(make_world: Callable[..., World]) -> None:
    """The card that the proposal brings is enough to compare the fingerprint with its agency."""
    world = make_world(GUARD, CITY)
    guard, city, military = world.nodes[GUARD], world.nodes[CITY], world.add(MILITARY)
    card = _card(military)
    with military.at():
        actions.open_private_circle(by=automatic(MILITARY), now=military.now, card=card.data, nonce=bytes(16))
    accept(guard, card)
    confirm(guard, card)
    circle = open_only(world, CITY, MILITARY)
    by = city.officer("commander", "commander")
    with city.at():
        assert ConfirmedRoot.objects.unconfirmed(Party.objects.cards(circle)) == [MILITARY]
        with pytest.raises(Refused) as refused:
            actions.join_circle(by=by, now=city.now, circle=circle)
        assert refused.value.code == "root-unconfirmed"
        assert MILITARY in str(refused.value)
    assert trusted(city, MILITARY) is None
    confirm(city, card)
    assert trusted(city, MILITARY) == card
    with city.at():
        actions.join_circle(by=by, now=city.now, circle=circle)
    assert joined(city, circle) == {GUARD: True, CITY: True, MILITARY: False}
    for node in (guard, city):
        node.assert_rebuilds()


def test_joining_twice_is_refused(world: World) -> None:
    circle = open_only(world, CITY)
    city = world.nodes[CITY]
    with city.at():
        by = city.officer("commander", "commander")
        actions.join_circle(by=by, now=city.now, circle=circle)
        with pytest.raises(Refused) as refused:
            actions.join_circle(by=by, now=city.now, circle=circle)
    assert refused.value.code == "circle-answered"


@pytest.mark.slow
def test_declined_circle_says_why_everywhere(world: World) -> None:
    circle = open_only(world, CITY)
    city, guard = world.nodes[CITY], world.nodes[GUARD]
    with city.at():
        by = city.officer("commander", "commander")
        actions.decline_circle(by=by, now=city.now, circle=circle, reason=" wrong regulation ")
    world.settle()
    with guard.at():
        party = Party.objects.get(circle=circle, agency=CITY)
        assert (party.state, party.reason) == ("declined", "wrong regulation")
        assert Party.objects.shared_with(CITY) == []


def test_circle_not_known_here_cannot_be_joined(world: World) -> None:
    city = world.nodes[CITY]
    with city.at(), pytest.raises(NotVisible) as refused:
        actions.join_circle(by=city.officer("commander", "commander"), now=city.now, circle=f"qc-{'0' * 32}")
    assert refused.value.code == "no-proposal"


@pytest.mark.slow
def test_second_genesis_in_a_log_is_irregular_everywhere(world: World) -> None:
    circle = world.open_circle(GUARD, CITY)
    guard = world.nodes[GUARD]
    with guard.at():
        genesis = Opening.objects.get(circle=circle)
        body = facts.CircleOpenedBody(
            v=1, label=genesis.name, sort="main", regulation="other", at=0, nonce="0" * 32, members=()
        )
        fact = facts.CircleOpened(label=genesis.name, sort="main")
        by = guard.officer("commander", "commander")
        append(circle=circle, by=by, now=guard.now, facts=[Fact(fact, body)])
    world.settle()
    for agency in (GUARD, CITY):
        with world.nodes[agency].at():
            assert Entry.objects.filter(state=State.IRREGULAR, code="not-entry-zero").count() == 1
            assert Opening.objects.filter(circle=circle).count() == 1


@pytest.mark.slow
def test_missing_bodies_are_named(world: World) -> None:
    circle = world.open_circle(GUARD, CITY)
    guard, city = world.nodes[GUARD], world.nodes[CITY]
    with guard.at():
        genesis = Opening.objects.get(circle=circle).ref
    with city.at():
        actions.miss_body(by=automatic(CITY), now=city.now, circle=circle, entries=[genesis], why=2)
        actions.garble_body(by=automatic(CITY), now=city.now, circle=circle, entries=[genesis])
    world.settle()
    with guard.at():
        notices = list(BodyNotice.objects.order_by("entry_id"))
        assert [(notice.agency, notice.why, notice.garbled) for notice in notices] == [
            (CITY, 2, False),
            (CITY, 0, True),
        ]
        assert notices[0].entries == [str(genesis)]
