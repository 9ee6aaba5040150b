"""Whatever a party writes into a shared circle: which cards are kept and which roots trusted stays our affair."""

import pytest

from accordant.entries import cards as statements
from accordant.entries.envelope import EntryRef
from accordant.entries.kinds import Fact
from accordant.exchange import partners
from accordant.ledger.append import append
from accordant.ledger.models import Entry, State
from accordant.regulations import entries as facts
from accordant.regulations.models import AcceptedCard, BodyNotice, ConfirmedRoot, Opening, Text
from accordant.regulations.rules import places, texts
from accordant.regulations.rules.places import Place
from accordant.regulations.rules.reading import Reading
from tests.regulations.conftest import CITY, GUARD, MILITARY
from tests.regulations.keys import make_card
from tests.simulator.world import SimulatedNode, World

EVIL = "evil.example"
PARTIES = {CITY: "party", GUARD: "party", "inspectorate.example": "witness"}


def write(node: SimulatedNode, circle: str, *written: Fact) -> EntryRef:
    """A program without our rules appends what it likes; gives the first position."""
    with node.at():
        by = node.officer("clerk", "liaison-officer")
        return append(circle=circle, by=by, now=node.now, facts=list(written))[0]


def trust_at(node: SimulatedNode) -> tuple[list[str], int, int]:
    with node.at():
        return AcceptedCard.objects.trusted_agencies(), AcceptedCard.objects.count(), ConfirmedRoot.objects.count()


@pytest.mark.slow
def test_party_pins_no_root_at_another_node(world: World) -> None:
    circle = world.open_circle(GUARD, CITY)
    city, card = world.nodes[CITY], make_card(EVIL)
    before = {agency: trust_at(node) for agency, node in world.nodes.items()}
    subject = facts.agency_fact(EVIL)
    accepted = Fact(facts.CardAccepted(serial=1, subject=subject), facts.CardAcceptedBody(card=card.data.decode()))
    named = write(city, circle, accepted).as_reference("card")
    mark = statements.fingerprint(card.card.root).hex()
    body = facts.RootConfirmedBody(agency=EVIL, channel="nobody")
    write(city, circle, Fact(facts.RootConfirmed(fingerprint=mark, how="voice", subject=subject), body, refs=(named,)))
    world.settle()
    assert {agency: trust_at(node) for agency, node in world.nodes.items()} == before
    for agency in (GUARD, CITY):
        with world.nodes[agency].at():
            assert partners.confirmed_card(EVIL) is None
            assert Entry.objects.filter(state=State.IRREGULAR, code="wrong-circle").count() == 2


@pytest.mark.slow
def test_party_changes_no_card_of_a_known_agency(world: World) -> None:
    """A newer card of ours under our own root, or of a third party, comes by the party's own circle alone."""
    circle = world.open_circle(GUARD, CITY)
    before = trust_at(world.nodes[GUARD])
    for agency in (GUARD, CITY, MILITARY):
        body = facts.CardAcceptedBody(card=make_card(agency, serial=9).data.decode())
        write(world.nodes[CITY], circle, Fact(facts.CardAccepted(serial=9, subject=agency), body))
    world.settle()
    assert trust_at(world.nodes[GUARD]) == before


@pytest.mark.slow
def test_notice_about_own_entries_is_irregular_everywhere(world: World) -> None:
    circle = world.open_circle(GUARD, CITY)
    city = world.nodes[CITY]
    with city.at():
        joining = Entry.objects.select_related("log").get(log__circle=circle, log__ours=True)
    own = EntryRef(joining.log.origin, joining.index, bytes(joining.leaf).hex()).as_reference("body")
    write(city, circle, Fact(facts.BodyMissed(why=2), refs=(own,)), Fact(facts.BodyGarbled(), refs=(own,)))
    world.settle()
    for agency in (GUARD, CITY):
        with world.nodes[agency].at():
            assert not BodyNotice.objects.exists()
            assert Entry.objects.filter(state=State.IRREGULAR, code="body-notice-place").count() == 2


@pytest.mark.slow
def test_text_for_some_parties_is_irregular_everywhere(world: World, reading: Reading) -> None:
    """Who cannot read a text cannot judge it, so that a text for some would stand at some nodes alone."""
    circle = world.open_circle(GUARD, CITY, MILITARY)
    body = texts.body_of(reading, language="vi")
    record = facts.TextImported(
        number=body.number,
        day=body.day,
        language=body.language,
        parts=texts.parts_of(body),
        articles=texts.articles_of(body),
        root=texts.root_of(body),
    )
    with world.nodes[CITY].at():
        genesis = Opening.objects.get(circle=circle).ref.as_reference("genesis")
    write(world.nodes[CITY], circle, Fact(record, body, to=(GUARD,), refs=(genesis,)))
    world.settle()
    for node in world.nodes.values():
        with node.at():
            assert not Text.objects.exists()
            assert Entry.objects.filter(state=State.IRREGULAR, code="text-for-some").count() == 1


@pytest.mark.parametrize(
    "place",
    [
        Place("qc"),
        Place("qc", "main", PARTIES),
        Place("qc", "private", {CITY: "party"}),
        Place("qc", "private", PARTIES),
    ],
)
def test_private_facts_stand_in_the_author_s_own_circle(place: Place) -> None:
    refusals = places.refusals_outside_private_circle(place, author=GUARD)
    assert [refusal.code for refusal in refusals] == ["wrong-circle"]


@pytest.mark.parametrize(
    ("place", "author"),
    [
        (Place("qc"), GUARD),
        (Place("qc", "private", {GUARD: "party"}), GUARD),
        (Place("qc", "main", PARTIES), MILITARY),
        (Place("qc", "main", PARTIES), "inspectorate.example"),
    ],
)
def test_shared_facts_come_from_a_party_of_a_shared_circle(place: Place, author: str) -> None:
    refusals = places.refusals_outside_shared_circle(place, author=author)
    assert [refusal.code for refusal in refusals] == ["wrong-circle"]


def test_right_circles_take_their_facts() -> None:
    own = Place("private", "private", {GUARD: "party"})
    assert places.refusals_outside_private_circle(own, author=GUARD) == []
    assert places.refusals_outside_shared_circle(Place("qc", "main", PARTIES), author=GUARD) == []
