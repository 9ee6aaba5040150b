"""The page of any entry between nodes: what it says to whom, its state, its proof; the desk and the frame around it."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from accordant.accounts.models import AuditRecord
from accordant.domains.information import actions, rules
from accordant.entries.envelope import EntryRef
from accordant.pages import frame, panels
from accordant.regulations.models import ConfirmedRoot
from accordant.tlog import proof_file
from tests.access.people import person
from tests.simulator.conftest import make_world
from tests.simulator.world import SimulatedNode, World

__all__ = ["make_world"]  # a fixture of this file

pytestmark = pytest.mark.slow
GUARD, CITY, MILITARY, OUTSIDER = "guard.example", "city.example", "military.example", "outsider.example"
CANARY = "Đoàn khách đến lúc 07:30, cổng số 3"
REGULATION = "28/QCPH"


@pytest.fixture
def world(make_world: Callable[..., World]) -> Iterator[World]:
    made = make_world(GUARD, CITY, MILITARY, OUTSIDER)
    yield made
    for node in made.nodes.values():
        node.assert_rebuilds()


@pytest.fixture
def item(world: World) -> EntryRef:
    """An item from the guard command to the city alone, in a circle of three."""
    circle = world.open_circle(GUARD, CITY, MILITARY)
    guard = world.nodes[GUARD]
    with guard.at():
        sent = actions.send_item(
            by=guard.officer("liaison", "liaison-officer"),
            now=guard.now,
            circle=circle,
            new=rules.NewItem(to=(CITY,), day="2026-01-05", subject=CANARY, text="x"),
        )
    world.settle()
    return sent


def address(ref: EntryRef, more: str = "") -> str:
    return f"/entries/{ref.origin}/{ref.index}{more}"


def page(node: SimulatedNode, browser: Client, path: str, status: int = 200) -> str:
    with node.at():
        answer = browser.get(path)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def words(markup: str) -> str:
    """The text of a page without its markup and the time of its making."""
    return " ".join(re.sub(r"<[^>]+>|[0-9]+:[0-9]+:[0-9]+", " ", markup).split())


def test_entry_of_a_domain_leads_to_the_page_of_that_domain(world: World, item: EntryRef) -> None:
    city = world.nodes[CITY]
    shown = page(city, person(city, "liaison-officer", scope=REGULATION), address(item))
    assert f'href="/information/{item.origin}/{item.index}"' in shown
    assert CANARY not in shown, "the content is read on the item's own page, which notes the opening"
    assert "2026-01-05" not in words(shown), "days are written as people write them"
    with city.at():
        assert not AuditRecord.objects.filter(act="read-body").exists()


def test_content_without_a_page_of_its_own_is_shown_and_its_reading_recorded(world: World) -> None:
    city = world.nodes[CITY]
    with city.at():
        confirmed = ConfirmedRoot.objects.get(subject=GUARD).ref
    shown = words(page(city, person(city, "node-administrator", scope="private"), address(confirmed)))
    assert "test line" in shown
    with city.at():
        assert AuditRecord.objects.get(act="read-body").thing == str(confirmed)


def test_entry_shows_its_owner_how_far_it_got(world: World, item: EntryRef) -> None:
    guard = world.nodes[GUARD]
    shown = page(guard, person(guard, "liaison-officer", scope=REGULATION), address(item))
    assert shown.count(f'href="{address(item, "/receipt.tlog-proof")}"') >= 2, "both others received the header"
    assert "own observation" in shown


def test_party_that_is_not_addressed_sees_that_it_exists(world: World, item: EntryRef) -> None:
    military = world.nodes[MILITARY]
    browser = person(military, "liaison-officer", scope=REGULATION)
    shown = words(page(military, browser, address(item)))
    assert "none of its words" in shown
    assert CANARY not in shown
    assert "information.item-sent" in shown
    page(military, browser, address(item, "/receipt.tlog-proof"), status=404)


@pytest.mark.parametrize("role", ["", "commander", "node-administrator"])
def test_whoever_may_not_see_it_finds_nothing(world: World, item: EntryRef, role: str) -> None:
    military = world.nodes[MILITARY]
    browser = person(military, role, scope=REGULATION)
    there = page(military, browser, address(item), status=404)
    nowhere = page(military, browser, address(EntryRef(item.origin, 10_000, "")), status=404)
    assert CANARY not in there
    if role:
        assert words(there) == words(nowhere).replace("10000", str(item.index))


def test_outsider_finds_nothing(world: World, item: EntryRef) -> None:
    outsider = world.nodes[OUTSIDER]
    page(outsider, person(outsider, "liaison-officer", scope=REGULATION), address(item), status=404)


def test_held_entry_names_what_it_waits_for(world: World, item: EntryRef) -> None:
    """The military's node learns of an acknowledgement while the item it names is kept from it."""
    guard, city, military = (world.nodes[agency] for agency in (GUARD, CITY, MILITARY))
    world.cut.add(frozenset((GUARD, MILITARY)))
    with guard.at():
        second = actions.send_item(
            by=guard.officer("liaison", "liaison-officer"),
            now=guard.now,
            circle=item.origin.split("/")[1],
            new=rules.NewItem(to=(CITY, MILITARY), day="2026-01-05", subject="y", text="x"),
        )
    world.settle()
    with city.at():
        by = city.officer("liaison", "liaison-officer")
        taken = actions.acknowledge_item(by=by, now=city.now, item=second, day="2026-01-05", note="")
    world.settle()
    browser = person(military, "liaison-officer", scope=REGULATION)
    shown = page(military, browser, address(taken))
    assert "lamp--held" in shown
    assert f'href="{address(second)}"' in shown
    world.cut.clear()
    world.clock.forward(seconds=120)
    world.settle()
    assert "lamp--held" not in page(military, browser, address(taken))


def test_related_entries_lead_both_ways(world: World, item: EntryRef) -> None:
    city = world.nodes[CITY]
    with city.at():
        by = city.officer("liaison", "liaison-officer")
        taken = actions.acknowledge_item(by=by, now=city.now, item=item, day="2026-01-05", note="")
    world.settle()
    for agency in (GUARD, CITY):
        node = world.nodes[agency]
        browser = person(node, "liaison-officer", scope=REGULATION)
        assert f'href="{address(taken)}"' in page(node, browser, address(item))
        assert f'href="{address(item)}"' in page(node, browser, address(taken))


def test_receipt_is_a_proof_file_of_the_entry(world: World, item: EntryRef) -> None:
    guard = world.nodes[GUARD]
    browser = person(guard, "liaison-officer", scope=REGULATION)
    with guard.at():
        answer = browser.get(address(item, "/receipt.tlog-proof"))
    read = proof_file.parse(answer.content)
    assert read.index == item.index
    assert len(read.checkpoint.signatures) == 3, "the log's own line and two cosignatures"
    assert answer.headers["Content-Disposition"].endswith(f'-{item.index}.tlog-proof"')


def test_desk_counts_what_waits_and_the_frame_says_so(world: World, item: EntryRef) -> None:
    city = world.nodes[CITY]
    browser = person(city, "liaison-officer", scope=REGULATION)
    desk = page(city, browser, "/")
    elsewhere = page(city, browser, "/links")
    assert f"/{item.origin}/{item.index}" in desk
    counts = [re.search(r'data-key="g d">[^<]*<span class="count">([0-9.,]+)<', one) for one in (desk, elsewhere)]
    assert [found and found[1] for found in counts] == ["1", "1"]


def test_count_changes_with_the_entry_that_changes_it(world: World, item: EntryRef) -> None:
    city = world.nodes[CITY]
    browser = person(city, "liaison-officer", scope=REGULATION)
    assert 'class="count">1<' in page(city, browser, "/links")
    with city.at():
        by = city.officer("liaison", "liaison-officer")
        actions.acknowledge_item(by=by, now=city.now, item=item, day="2026-01-05", note="")
    assert 'class="count"' not in page(city, browser, "/links")


def test_links_name_every_confirmed_peer(world: World, item: EntryRef) -> None:
    city = world.nodes[CITY]
    shown = page(city, person(city, "liaison-officer", scope=REGULATION), "/links")
    assert all(agency in shown for agency in (GUARD, MILITARY, OUTSIDER))


def test_menu_holds_what_a_role_reads(world: World, item: EntryRef) -> None:
    city = world.nodes[CITY]
    liaison = page(city, person(city, "liaison-officer", scope=REGULATION), "/links")
    security = page(city, person(city, "security-administrator", scope="private"), "/links")
    assert 'href="/information/"' in liaison
    assert 'href="/information/"' not in security
    assert "aria-current" not in re.findall(r'<a href="/information/"[^>]*>', liaison)[0]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_frame_is_in_the_officer_s_language(world: World, item: EntryRef, language: str) -> None:
    city = world.nodes[CITY]
    shown = page(city, person(city, "liaison-officer", scope=REGULATION, language=language), "/")
    assert f'<html lang="{language}"' in shown


def test_panels_give_their_rows_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_PANELS", {})

    @panels.panel("here")
    def first(request: object, ref: object) -> list[str]:
        return ["a", "b"]

    @panels.panel("here")
    def second(request: object, ref: object) -> list[str]:
        return ["c"]

    panels.panel("here")(first)
    assert panels.at("here", None) == ["a", "b", "c"]  # type: ignore[arg-type]  # these panels ask nothing of it
    assert panels.at("there", None) == []  # type: ignore[arg-type]  # as above


def test_frame_without_a_provider_knows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "_PROVIDED", [])
    assert frame.provider().names("guard.example") == ("guard.example", "guard.example")
