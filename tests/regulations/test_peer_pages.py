"""Pages of peers and circles: cards good and bad, fingerprints, proposals; and what of it waits on the desk."""

from xml.etree import ElementTree

import pytest
from django.test import Client

from accordant.entries import cards
from accordant.entries.cards import SignedCard
from accordant.entries.envelope import EntryRef
from accordant.regulations import actions
from accordant.regulations.models import AcceptedCard, Party
from accordant.regulations.rules.reading import Reading
from tests.access.people import person
from tests.regulations.conftest import CITY, GUARD, MILITARY, import_and_confirm, sign
from tests.regulations.keys import make_card
from tests.simulator.world import SimulatedNode, World

pytestmark = pytest.mark.slow
OTHER = "port.example"


@pytest.fixture
def guard(world: World) -> SimulatedNode:
    return world.nodes[GUARD]


@pytest.fixture
def administrator(guard: SimulatedNode) -> Client:
    return person(guard, "node-administrator", scope="private")


def offer(node: SimulatedNode, browser: Client, card: str) -> tuple[int, str]:
    with node.at():
        answer = browser.post("/regulations/peers/import", {"pasted": card})
    return answer.status_code, str(answer.content.decode())


def text_of(signed: SignedCard) -> str:
    return signed.data.decode()


def kept(node: SimulatedNode) -> int:
    with node.at():
        return AcceptedCard.objects.count()


def test_fingerprint_stands_as_words_digits_and_qr_code(guard: SimulatedNode, administrator: Client) -> None:
    card = make_card(OTHER)
    value = cards.fingerprint(card.card.root)
    assert offer(guard, administrator, text_of(card))[0] == 302
    with guard.at():
        shown = administrator.get(f"/regulations/peers/{OTHER}").content.decode()
        picture = administrator.get(f"/regulations/peers/{OTHER}/fingerprint.svg")
        own = administrator.get("/regulations/peers").content.decode()
        assert "/regulations/peers/import" in own
        assert "its node administrator sees" not in own
        own_card = AcceptedCard.objects.accepted_card(GUARD)
    assert cards.fingerprint_words(value) in shown
    assert cards.fingerprint_digits(value) in shown
    assert picture.headers["Content-Type"] == "image/svg+xml"
    drawing = ElementTree.fromstring(picture.content)  # our own answer
    assert not [node for node in drawing.iter() if "style" in node.attrib]
    assert own_card is not None
    assert cards.fingerprint_words(cards.fingerprint(own_card.card.root)) in own


@pytest.mark.parametrize(
    ("make", "status", "sentence"),
    [
        (lambda: "hello", 400, "It is no agency card"),
        (lambda: text_of(make_card(OTHER)).replace('"serial":1', '"serial":2'), 400, "It is no agency card"),
        (lambda: text_of(make_card(OTHER))[:-40], 400, "It is no agency card"),
        (lambda: "x" * 20_000, 400, "too long"),
        (lambda: "", 400, "No card was given"),
        (lambda: text_of(make_card(CITY)), 409, "another root key than the one confirmed"),
    ],
    ids=("no card", "altered", "cut", "too long", "nothing", "another root"),
)
def test_wrong_card_is_refused_in_words_and_nothing_is_kept(
    guard: SimulatedNode, administrator: Client, make: object, status: int, sentence: str
) -> None:
    assert callable(make)
    before = kept(guard)
    answered, shown = offer(guard, administrator, make())
    assert answered == status
    assert sentence in shown
    assert kept(guard) == before


def test_older_card_and_a_second_card_with_one_serial_are_refused(guard: SimulatedNode, administrator: Client) -> None:
    assert offer(guard, administrator, text_of(make_card(OTHER, serial=2)))[0] == 302
    status, shown = offer(guard, administrator, text_of(make_card(OTHER, serial=1)))
    assert (status, "Card 2 of port.example is held here; this is card 1." in shown) == (409, True)
    status, shown = offer(guard, administrator, text_of(make_card(OTHER, serial=2, name="Cảng khác")))
    assert (status, "Another card 2 of port.example" in shown) == (409, True)
    assert offer(guard, administrator, text_of(make_card(OTHER, serial=3)))[0] == 302


def test_agency_is_trusted_once_a_person_says_that_the_words_are_the_same(
    guard: SimulatedNode, administrator: Client
) -> None:
    card = make_card(OTHER)
    offer(guard, administrator, text_of(card))
    mark = cards.fingerprint(card.card.root).hex()
    form = {"fingerprint": mark, "how": "voice", "channel": "duty officer, 069 1", "compared": "on"}
    path = f"/regulations/peers/{OTHER}"
    with guard.at():
        for missing in ("compared", "channel", "how"):
            answer = administrator.post(path, {name: value for name, value in form.items() if name != missing})
            assert answer.status_code == 200
            assert OTHER not in AcceptedCard.objects.trusted_agencies()
        assert administrator.post(path, {**form, "fingerprint": "0" * 32}).status_code == 409
        assert administrator.post(path, form).status_code == 302
        assert OTHER in AcceptedCard.objects.trusted_agencies()
        assert "confirmed by voice" in administrator.get("/regulations/peers").content.decode()


def test_officer_without_the_office_neither_sees_nor_keeps_cards_of_others(world: World, guard: SimulatedNode) -> None:
    circle = world.open_circle(GUARD, CITY)
    browser = person(guard, "liaison-officer", scope=circle)
    status, shown = offer(guard, browser, text_of(make_card(OTHER)))
    assert (status, "node-administrator" in shown) == (409, True)
    with guard.at():
        listed = browser.get("/regulations/peers").content.decode()
        assert "its node administrator sees, imports and confirms them" in listed
        assert "/regulations/peers/import" not in listed
        assert f"/regulations/peers/{MILITARY}" not in listed
        for address in ("", "/card", "/fingerprint.svg"):
            assert browser.get(f"/regulations/peers/{MILITARY}{address}").status_code == 404
        own = browser.get(f"/regulations/peers/{GUARD}/card")
        assert own.headers["Content-Disposition"] == f'attachment; filename="{GUARD}-1.card"'
        assert cards.read(own.content).card.agency == GUARD


def proposed(world: World) -> str:
    """A circle that the guard command opened and nobody has answered."""
    node = world.nodes[GUARD]
    with node.at():
        ref = actions.open_circle(
            by=node.officer("commander", "commander"),
            now=node.now,
            label="qc-5",
            sort="main",
            regulation="5/QCPH",
            members=[CITY],
            nonce=bytes(16),
        )
    world.settle()
    return ref.origin.split("/")[1]


@pytest.mark.parametrize(("act", "state"), [("join", "joined"), ("decline", "declined")])
def test_proposed_circle_waits_on_the_desk_and_is_answered(world: World, act: str, state: str) -> None:
    circle = proposed(world)
    city = world.nodes[CITY]
    browser = person(city, "commander", scope=circle)
    path = f"/regulations/circles/{circle}/{act}"
    with city.at():
        assert "Circle proposed under 5/QCPH" in browser.get("/").content.decode()
        if act == "decline":
            assert browser.post(path, {}).status_code == 200  # without a reason the page comes back
        assert browser.post(path, {"reason": "wrong regulation"}).status_code == 302
        assert Party.objects.get(circle=circle, agency=CITY).state == state
        assert "Circle proposed under 5/QCPH" not in browser.get("/").content.decode()
        assert browser.post(path, {"reason": "again"}).status_code == 409


def test_circle_is_opened_from_its_page_with_confirmed_agencies_alone(guard: SimulatedNode) -> None:
    browser = person(guard, "commander", scope="7/QCPH")
    form = {"regulation": "7/QCPH", "label": "qc-7", "members": [CITY]}
    with guard.at():
        assert browser.post("/regulations/circles/open", {**form, "members": [OTHER]}).status_code == 200
        assert browser.post("/regulations/circles/open", {**form, "label": "Quy chế"}).status_code == 200
        assert not Party.objects.filter(agency=CITY).exists()
        assert browser.post("/regulations/circles/open", form).status_code == 302
        assert sorted(Party.objects.filter(agency=CITY).values_list("state", flat=True)) == ["invited"]
        assert "7/QCPH" in browser.get("/regulations/circles").content.decode()


def test_signatures_wait_on_our_desk_and_then_are_owed_by_others(world: World, reading: Reading) -> None:
    circle = world.open_circle(GUARD, CITY)
    text: EntryRef = import_and_confirm(world, circle, reading)
    guard = world.nodes[GUARD]
    commander, liaison = (person(guard, role, scope=circle) for role in ("commander", "liaison-officer"))
    with guard.at():
        assert "Regulation 12/QCPH-BTL-CA to be signed" in commander.get("/").content.decode()
        assert "to be signed" not in liaison.get("/").content.decode()
        assert "Signature on 12/QCPH-BTL-CA" not in commander.get("/").content.decode()
    sign(guard, text, reading.root)
    with guard.at():
        shown = commander.get("/").content.decode()
        assert "to be signed" not in shown
        assert "Signature on 12/QCPH-BTL-CA" in shown
