"""Pages of reviews: who sees them, what every number leads to, what is said while somebody is not reached."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import docx as python_docx
import pypdf
import pytest
from django.test import Client

from accordant.domains.reviews.models import CutoffConsent, FigureStatement, Review
from accordant.entries.envelope import EntryRef
from accordant.node import frame
from tests.domains.reviews.conftest import (
    ACTIVITIES,
    CITY,
    DELEGATIONS,
    EVENTS,
    GUARD,
    ITEMS,
    MILITARY,
    OUTSIDER,
    PARTIES,
    TITLE,
    Room,
)

pytestmark = [pytest.mark.slow, pytest.mark.access]  # each test runs four nodes

ROW = re.compile(r"<tr data-row>")
FIGURES = {
    "programmes.activities_guarded": ACTIVITIES,
    "programmes.delegations_guarded": DELEGATIONS,
    "programmes.events_guarded": EVENTS,
    "information.items_exchanged": ITEMS,
}


def address(ref: EntryRef, *more: str) -> str:
    return "/".join(("/reviews", quote(ref.origin), str(ref.index), *more))


def get(room: Room, agency: str, browser: Client, path: str) -> Any:
    with room.node(agency).at():
        return browser.get(path)


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    page = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_whoever_is_not_signed_in_is_asked_to(room: Room, agreed: EntryRef) -> None:
    for more in ((), ("report",), ("report.pdf",), ("report.docx",), ("figures", "programmes.activities_guarded")):
        response = get(room, GUARD, Client(), address(agreed, *more))
        assert (response.status_code, response.headers["Location"].partition("?")[0]) == (302, "/accounts/sign-in")


def test_outsider_and_whoever_holds_no_office_see_nothing(room: Room, agreed: EntryRef) -> None:
    nobody = room.browser(GUARD, "")
    outsider = room.browser(OUTSIDER)
    for more in ((), ("report",), ("report.pdf",), ("report.docx",), ("figures", "programmes.activities_guarded")):
        assert get(room, GUARD, nobody, address(agreed, *more)).status_code == 404
        assert get(room, OUTSIDER, outsider, address(agreed, *more)).status_code == 404
    assert TITLE not in get(room, OUTSIDER, outsider, "/reviews/").content.decode()


def test_every_number_opens_to_as_many_entries(room: Room, agreed: EntryRef) -> None:
    browser = room.browser(CITY)
    for name, value in FIGURES.items():
        path = address(agreed, "figures", name)
        page = get(room, CITY, browser, path).content.decode()
        assert len(ROW.findall(page)) == value, name
        parts = [len(ROW.findall(get(room, CITY, browser, f"{path}?agency={a}").content.decode())) for a in PARTIES]
        assert sum(parts) == value, name
        assert "/entries/" in page


def test_joint_part_and_export_hold_the_same_entries(room: Room, agreed: EntryRef) -> None:
    browser = room.browser(MILITARY)
    path = address(agreed, "figures", "programmes.activities_guarded")
    assert len(ROW.findall(get(room, MILITARY, browser, f"{path}?part=joint").content.decode())) == ACTIVITIES // 2
    response = get(room, MILITARY, browser, f"{path}?export=csv")
    with room.node(MILITARY).at():
        rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert len(rows) == ACTIVITIES
    assert {row["Day"] for row in rows} == {f"20{20 + n % 4}-03-{n + 1:02d}" for n in range(ACTIVITIES)}


def test_unknown_figure_and_review_are_not_found(room: Room, agreed: EntryRef) -> None:
    browser = room.browser(GUARD)
    assert get(room, GUARD, browser, address(agreed, "figures", "programmes.nothing")).status_code == 404
    assert get(room, GUARD, browser, "/reviews/guard.example/x/1/99").status_code == 404


def test_all_pages_show_that_parties_agree(room: Room, agreed: EntryRef) -> None:
    digests = set()
    for agency in PARTIES:
        text = text_of(get(room, agency, room.browser(agency), address(agreed)))
        assert "parties agree" in text
        assert "figures stated" in text
        assert "incomplete" not in text
        digests |= set(re.findall(r"\b[0-9a-f]{16}\b", text))
    assert len(digests) == 2  # the cutoff's, and one of the figures


def test_node_that_is_down_is_named_with_its_entry_until_it_is_back(room: Room) -> None:
    frame.install()
    room.node(CITY).down = True
    room.send()
    ref = room.open()
    room.settle()
    browser = room.browser(GUARD)
    text = text_of(get(room, GUARD, browser, address(ref)))
    assert "incomplete" in text
    assert f"lacks 2 entries of {GUARD}" in text
    assert re.search(r"not reached since \d\d:\d\d", text), text
    assert "Item 01/2024" in text
    report = text_of(get(room, GUARD, browser, address(ref, "report")))
    assert "provisional" in report
    assert f"Incomplete: {CITY}" in report
    room.node(CITY).down = False
    room.settle()
    room.settle()
    text = text_of(get(room, GUARD, browser, address(ref)))
    assert "incomplete" not in text
    assert "parties agree" in text


def test_report_says_each_number_as_a_link(room: Room, agreed: EntryRef) -> None:
    page = get(room, GUARD, room.browser(GUARD), address(agreed, "report")).content.decode()
    links = dict(re.findall(r'href="([^"]+/figures/[^"?]+)">([^<]+)</a>', page))
    for name, value in FIGURES.items():
        wanted = f"{value}/33" if name == "programmes.delegations_guarded" else str(value)
        assert links[address(agreed, "figures", name)] == wanted, name
    assert "No figure of timeliness is given" in page


def test_official_papers_say_the_figures_in_vietnamese_and_are_equal_at_all_parties(
    room: Room, agreed: EntryRef
) -> None:
    made: dict[str, set[bytes]] = {"pdf": set(), "docx": set()}
    for agency in PARTIES:
        browser = room.browser(agency)
        for suffix, files in made.items():
            response = get(room, agency, browser, address(agreed, f"report.{suffix}") + "?lang=vi")
            assert response.status_code == 200
            files.add(response.content)
    assert [len(files) for files in made.values()] == [1, 1]
    pages = pypdf.PdfReader(io.BytesIO(made["pdf"].pop())).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for said in (
        "BÁO CÁO",
        TITLE,
        "từ ngày 01/12/2019 đến hết ngày 30/06/2024",
        "Bảng 1. Kết quả theo chỉ tiêu và theo từng bên",
        f"{DELEGATIONS}/33",
        "các bên thống nhất",
        "Báo cáo không có số liệu về việc đúng hạn",
        "Nơi nhận:",
    ):
        assert said in text, said
    document = python_docx.Document(io.BytesIO(made["docx"].pop()))
    grid = next(table for table in document.tables if table.style is not None and table.style.name == "Table Grid")
    totals = {row.cells[-2].text for row in grid.rows}
    assert {str(ACTIVITIES), f"{DELEGATIONS}/33", str(EVENTS), str(ITEMS)} <= totals


def test_translation_is_in_english(room: Room, agreed: EntryRef) -> None:
    response = get(room, GUARD, room.browser(GUARD, language="vi"), address(agreed, "report.pdf") + "?lang=en")
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(response.content)).pages)
    assert "BẢN DỊCH / TRANSLATION" in text
    assert "Five years of the coordination regulation" in " ".join(text.split())


def test_pages_speak_vietnamese(room: Room, agreed: EntryRef) -> None:
    browser = room.browser(GUARD, language="vi")
    text = text_of(get(room, GUARD, browser, address(agreed)))
    for said in (TITLE, "các bên thống nhất", "Công bố số liệu của các bên", "Điểm chốt số liệu", "01/12/2019"):
        assert said in text, said


@pytest.fixture
def post(room: Room) -> Callable[..., Any]:
    """Send a form as somebody at the guard's pages."""
    browser = room.browser(GUARD)

    def send(path: str, **values: str) -> Any:
        with room.node(GUARD).at():
            return browser.post(path, values)

    return send


def test_review_is_opened_proposed_agreed_and_stated_by_forms(room: Room, post: Callable[..., Any]) -> None:
    response = post(
        "/reviews/open",
        circle=room.circle,
        code="2019-2024",
        first="2019-12-01",
        last="2024-06-30",
        sort="final",
        title_vi=TITLE,
    )
    assert response.status_code == 302, text_of(response)
    review = room.review(GUARD)
    assert (review.start, review.stop, review.title_vi) == ("2019-12-01", "2024-07-01", TITLE)
    for act in ("cutoff", "agree", "state"):
        assert post(address(review.ref, act)).status_code == 302
    with room.node(GUARD).at():
        assert CutoffConsent.objects.count() == 1
        assert FigureStatement.objects.count() == 1
    again = post(address(review.ref, "state"))
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"last": "2019-11-30"}, "The last day lies before the first day."),
        ({"first": "2019-02-30"}, "Enter a valid date."),
        ({"code": "năm 2024"}, "Enter a valid value."),
        ({"circle": "other"}, "Select a valid choice."),
        ({"title_vi": ""}, "This field is required."),
    ],
)
def test_bad_form_is_shown_again_with_the_reason(
    room: Room, post: Callable[..., Any], given: dict[str, str], said: str
) -> None:
    values = {"circle": room.circle, "code": "1", "first": "2019-12-01", "last": "2024-06-30", "sort": "final"}
    response = post("/reviews/open", **{**values, "title_vi": TITLE, **given})
    assert response.status_code == 422
    assert said in response.content.decode()
    with room.node(GUARD).at():
        assert not Review.objects.exists()


def test_security_administrator_may_not_open_a_review(room: Room) -> None:
    browser = room.browser(GUARD, "security-administrator")
    assert get(room, GUARD, browser, "/reviews/open").status_code in (403, 404, 409)


def test_list_shows_state_and_narrows(room: Room, agreed: EntryRef) -> None:
    browser = room.browser(CITY)
    page = get(room, CITY, browser, "/reviews/?sort=final&code=2019")
    assert "parties agree" in text_of(page)
    assert address(agreed) in page.content.decode()
    assert address(agreed) not in get(room, CITY, browser, "/reviews/?code=2025").content.decode()
    assert address(agreed) not in get(room, CITY, browser, "/reviews/?from=2024-07-02").content.decode()


def test_desk_and_entry_lead_to_the_review(room: Room) -> None:
    room.node(CITY).down = True
    ref = room.open()
    room.settle()
    browser = room.browser(GUARD)
    desk = get(room, GUARD, browser, "/")
    assert address(ref) in desk.content.decode()
    assert "incomplete" in text_of(desk)
    entry = get(room, GUARD, browser, f"/entries/{quote(ref.origin)}/{ref.index}").content.decode()
    assert address(ref) in entry


def test_difference_is_shown_with_the_entry_that_only_one_counts(room: Room) -> None:
    ref = room.open()
    room.world.clock.forward(seconds=60)
    room.world.settle()
    origin, index = room.state_one_less(CITY)
    room.settle()
    for agency in (GUARD, MILITARY):
        browser = room.browser(agency)
        page = get(room, agency, browser, address(ref))
        assert "figures differ" in text_of(page)
        assert f"only {agency}:" in text_of(page)
        assert f'href="/entries/{origin}/{index}"' in page.content.decode()
        assert "Table 3. Differences by entry" in text_of(get(room, agency, browser, address(ref, "report")))
