"""Pages of regulations as people in offices see them."""

import pytest
from django.test import Client

from accordant.accounts.models import Officer
from accordant.entries.envelope import EntryRef
from accordant.regulations.models import Regulation
from accordant.regulations.rules.reading import Reading
from tests.access.people import PASSWORD, forget_proof, person
from tests.regulations.conftest import CITY, GUARD, VIETNAMESE, import_and_confirm, sign
from tests.simulator.world import SimulatedNode, World

pytestmark = pytest.mark.slow
SIGN_IN = "/accounts/sign-in"


@pytest.fixture
def guard(world: World) -> SimulatedNode:
    return world.nodes[GUARD]


@pytest.fixture
def circle(world: World) -> str:
    return world.open_circle(GUARD, CITY)


@pytest.fixture
def text(world: World, circle: str, reading: Reading) -> EntryRef:
    placed = import_and_confirm(world, circle, reading)
    world.settle()
    return placed


def address(text: EntryRef, act: str = "") -> str:
    return f"/regulations/{text.origin}/{text.index}{act}"


def page(node: SimulatedNode, browser: Client, path: str, status: int = 200) -> str:
    with node.at():
        response = browser.get(path)
    assert response.status_code == status, response.content[:2000]
    return str(response.content.decode())


def test_list_shows_number_state_and_whose_signature_is_missing(
    guard: SimulatedNode, circle: str, text: EntryRef
) -> None:
    shown = page(guard, person(guard, "commander", scope=circle), "/regulations/")
    assert "12/QCPH-BTL-CA" in shown
    assert "Waits for signatures" in shown
    assert CITY in shown


def test_list_is_filtered_by_its_address_and_exported_whole(guard: SimulatedNode, circle: str, text: EntryRef) -> None:
    browser = person(guard, "liaison-officer", scope=circle)
    assert "12/QCPH-BTL-CA" not in page(guard, browser, "/regulations/?state=in-force")
    assert "12/QCPH-BTL-CA" in page(guard, browser, "/regulations/?q=QCPH&from=2026-05-01&to=2026-05-01")
    with guard.at():
        exported = browser.get("/regulations/?export=csv")
        assert exported.headers["Content-Type"].startswith("text/csv")
        rows = b"".join(exported).decode("utf-8-sig").splitlines()
    assert rows[1].startswith("12/QCPH-BTL-CA,2026-05-01,")


def test_page_shows_text_hashes_and_signatures(
    world: World, guard: SimulatedNode, circle: str, text: EntryRef, reading: Reading
) -> None:
    sign(world.nodes[CITY], text, reading.root)
    world.settle()
    shown = page(guard, person(guard, "commander", scope=circle), address(text))
    assert reading.root in shown
    assert "Hai bên thông báo cho nhau." in shown
    assert "signature missing" in shown
    assert "Sign the regulation" in shown


def test_provisions_are_a_list_with_filters(guard: SimulatedNode, circle: str, text: EntryRef) -> None:
    browser = person(guard, "liaison-officer", scope=circle)
    every = page(guard, browser, address(text, "/provisions"))
    assert "bộ tư lệnh" in every
    assert f"{address(text)}#regulation__art_1__para_2__point_a" in every
    articles = page(guard, browser, address(text, "/provisions?level=article"))
    assert "Nguyên tắc" in articles
    assert "bộ tư lệnh" not in articles


@pytest.mark.parametrize("act", ["", "/provisions", "/sign", "/confirm"])
def test_page_of_a_regulation_is_not_found_by_who_may_not_read_it(
    world: World, guard: SimulatedNode, circle: str, text: EntryRef, act: str
) -> None:
    for browser in (
        person(guard),
        person(guard, "node-administrator", scope="private"),
        person(guard, "security-administrator", scope="private"),
        person(guard, "commander", scope="other-0123456789abcdef0123456789abcdef"),
    ):
        assert "12/QCPH-BTL-CA" not in page(guard, browser, address(text, act), 404)
    military = world.nodes["military.example"]  # it confirmed the others, but is no party of this circle
    assert "12/QCPH-BTL-CA" not in page(military, person(military, "commander", scope=circle), address(text, act), 404)


def test_list_of_another_circles_officer_is_empty(guard: SimulatedNode, circle: str, text: EntryRef) -> None:
    browser = person(guard, "commander", scope="other-0123456789abcdef0123456789abcdef")
    assert "12/QCPH-BTL-CA" not in page(guard, browser, "/regulations/")


def test_text_is_previewed_with_doubts_then_imported_once(guard: SimulatedNode, circle: str) -> None:
    browser = person(guard, "liaison-officer", scope=circle)
    source = f"{VIETNAMESE}3. Ba.\n"
    with guard.at():
        preview = browser.post("/regulations/import", {"circle": circle, "language": "vi", "pasted": source})
        assert "because clause 1 was expected" in preview.content.decode()
        assert not Regulation.objects.exists()
        carried = preview.context["carried"]
        for _twice in range(2):
            answer = browser.post("/regulations/import", {**carried, "import": "1"})
            assert answer.status_code == 302
        assert Regulation.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"pasted": "Biên bản cuộc họp"}, "No line was found that heads an article"),
        ({"pasted": ""}, "No text was given"),
        ({"source": "%%%"}, "did not come back whole"),
        ({"pasted": "a" * 720_000}, "at most"),
    ],
)
def test_text_that_is_no_regulation_is_refused_in_words(
    guard: SimulatedNode, circle: str, data: dict[str, str], sentence: str
) -> None:
    browser = person(guard, "liaison-officer", scope=circle)
    with guard.at():
        answer = browser.post("/regulations/import", {"circle": circle, "language": "vi", **data})
        assert sentence in answer.content.decode()
        assert not Regulation.objects.exists()


def test_text_is_confirmed_by_its_owner_alone(world: World, guard: SimulatedNode, circle: str) -> None:
    browser = person(guard, "liaison-officer", scope=circle)
    with guard.at():
        data = {"circle": circle, "language": "vi", "pasted": VIETNAMESE}
        carried = browser.post("/regulations/import", data).context["carried"]
        browser.post("/regulations/import", {**carried, "import": "1"})
        text = Regulation.objects.get()
    world.settle()
    path = address(text.ref, "/confirm")
    form = {"root_hash": text.root, "compared": "on"}
    city = world.nodes[CITY]
    stranger = person(city, "liaison-officer", scope=circle)
    with city.at():
        assert stranger.post(path, form).status_code == 409
    with guard.at():
        assert browser.post(path, {"root_hash": text.root}).status_code == 200  # nobody said that it was compared
        assert Regulation.objects.get().state == "imported"
        assert browser.post(path, form).status_code == 302
        assert Regulation.objects.get().state == "confirmed"


def test_signing_asks_for_the_password_again(
    guard: SimulatedNode, circle: str, text: EntryRef, reading: Reading
) -> None:
    browser = person(guard, "commander", scope=circle)
    forget_proof(guard, browser)
    path = address(text, "/sign")
    with guard.at():
        asked = browser.post(path, {"root_hash": reading.root})
        assert asked.status_code == 302
        assert asked.headers["Location"].startswith("/accounts/step-up?next=")
        assert browser.post(asked.headers["Location"], {"password": "wrong words 1234"}).status_code == 403
        assert Regulation.objects.get().state == "confirmed"
        assert browser.post(asked.headers["Location"], {"password": PASSWORD}).headers["Location"] == path
        assert browser.post(path, {"root_hash": reading.root}).status_code == 302
    assert "signature missing" in page(guard, browser, address(text))
    assert "Sign the regulation" not in page(guard, browser, address(text))


def test_officer_who_may_not_sign_is_told_who_may(
    guard: SimulatedNode, circle: str, text: EntryRef, reading: Reading
) -> None:
    browser = person(guard, "liaison-officer", scope=circle)
    with guard.at():
        answer = browser.post(address(text, "/sign"), {"root_hash": reading.root})
    assert answer.status_code == 409
    assert "commander" in answer.content.decode()


def test_hash_that_was_not_on_the_page_is_not_signed(guard: SimulatedNode, circle: str, text: EntryRef) -> None:
    browser = person(guard, "commander", scope=circle)
    with guard.at():
        assert browser.post(address(text, "/sign"), {"root_hash": "b" * 64}).status_code == 409
        assert browser.post(address(text, "/sign"), {"root_hash": "short"}).status_code == 200
        assert Regulation.objects.get().state == "confirmed"


def test_ended_officer_is_out_at_once(guard: SimulatedNode, circle: str, text: EntryRef) -> None:
    browser = person(guard, "commander", scope=circle)
    page(guard, browser, address(text))
    with guard.at():
        Officer.objects.update(ended_at=1)
        answer = browser.get(address(text))
    assert answer.headers["Location"].startswith(SIGN_IN)
