"""Whose entries a figure shows: those that the reader may open, in the page and in its file; the rest as a number."""

import csv
import io
import re

import msgspec
import pytest

from accordant.domains.information.rules import NewItem, records_of
from accordant.domains.reviews.models import Cutoff, Review, figures_of
from accordant.entries.envelope import EntryRef
from accordant.entries.kinds import Fact, Handling
from accordant.ledger.append import append
from tests.domains.reviews.conftest import CITY, GUARD, ITEMS, MILITARY, Room
from tests.domains.reviews.test_pages import ROW, address, get, text_of

pytestmark = [pytest.mark.slow, pytest.mark.access]  # each test runs four nodes

NAME = "information.items_exchanged"


def send_handled(room: Room, number: str, handling: Handling) -> EntryRef:
    """An item whose body says how it is handled."""
    node = room.node(GUARD)
    record, body = records_of(NewItem(to=(CITY,), day="2024-06-30", subject="Thông báo"), number)
    fact = Fact(record, msgspec.structs.replace(body, handling=handling), to=(CITY,))
    with node.at():
        return append(circle=room.circle, by=room.by(GUARD), now=node.now, facts=[fact])[0]


def exported(room: Room, agency: str, path: str, role: str) -> list[dict[str, str]]:
    response = get(room, agency, room.browser(agency, role), f"{path}?export=csv")
    with room.node(agency).at():
        return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


@pytest.mark.parametrize("handling", [Handling(compartments=("kho-a",)), Handling(reach="named")])
@pytest.mark.parametrize("agency", [GUARD, CITY])
def test_entry_that_the_office_may_not_open_is_counted_and_not_shown(
    room: Room, agency: str, handling: Handling
) -> None:
    hidden = send_handled(room, "KHO-A-77", handling)
    review = room.open()
    room.settle()
    with room.node(agency).at():
        assert figures_of(Review.objects.get(), Cutoff.objects.get())[NAME].value == ITEMS + 1
    path = address(review, "figures", NAME)
    role = "liaison-officer"
    page = get(room, agency, room.browser(agency, role), path)
    text = text_of(page)
    assert len(ROW.findall(page.content.decode())) == ITEMS
    assert "1 more entry is counted that this office may not open" in text
    assert "KHO-A-77" not in text
    assert f"/entries/{hidden.origin}/{hidden.index}" not in page.content.decode()
    rows = exported(room, agency, path, role)
    assert len(rows) == ITEMS
    assert "KHO-A-77" not in str(rows)


def test_reader_of_stubs_gets_the_number_and_no_headlines(room: Room, agreed: EntryRef) -> None:
    """Items between two parties are counted at the third, which knows that they exist, not what they are called."""
    path = address(agreed, "figures", NAME)
    page = get(room, MILITARY, room.browser(MILITARY), path)
    assert ROW.findall(page.content.decode()) == []
    assert f"{ITEMS} more entries are counted that this office may not open" in text_of(page)
    assert exported(room, MILITARY, path, "liaison-officer") == []
    entries = {agency: links(room, agency, path) for agency in (GUARD, CITY)}
    assert entries[GUARD] == entries[CITY]
    assert len(entries[GUARD]) == ITEMS


def links(room: Room, agency: str, path: str) -> set[str]:
    """The entries that a figure's page leads to; each of them opens."""
    browser = room.browser(agency)
    found = set(re.findall(r'href="(/entries/[^"]+/\d+)"', get(room, agency, browser, path).content.decode()))
    cutoff = {href for href in found if get(room, agency, browser, href).status_code == 200}
    assert cutoff == found
    return {href for href in found if "Item" in text_of(get(room, agency, browser, href))}
