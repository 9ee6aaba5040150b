"""The data table: filters, sort and pages in the address, the whole query as CSV that no spreadsheet executes."""

import asyncio
import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accordant.accounts.models import AuditRecord
from accordant.accounts.subjects import Subject
from accordant.domains.information.models import Item
from accordant.entries.envelope import Officer
from accordant.entries.errors import Refused
from accordant.ledger.models import OPEN_END
from accordant.pages import listing
from accordant.pages.acting import ActingRequest
from accordant.pages.listing import Cell, Choose, Column, Filter, Listing, asked, csv_file, paging
from accordant.pages.listing.table import Table, filled, table

NOW = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
ROWS = 130
AGENCIES = [("a", "A"), ("b", "B")]
LIST = Listing(
    name="items",
    columns=(
        Column("number", "Number", lambda row: Cell(row.number, href=f"/items/{row.pk}"), sort="number"),
        Column("day", "Day", lambda row: Cell(f"on {row.day}", datum=row.day), sort="day"),
        Column("due", "Due", lambda row: row.due or 0, sort="due", align="right"),
        Column("subject", "Subject", lambda row: row.subject),
    ),
    filters=(
        Filter("agency", "Agency", lambda rows, value: rows.filter(agency=value), choices=lambda: AGENCIES),
        Filter("q", "Words", lambda rows, value: rows.filter(subject__contains=value), sort="text"),
        Filter("from", "From", lambda rows, value: rows.filter(day__gte=value), sort="from"),
        Filter("to", "To", lambda rows, value: rows.filter(day__lte=value), sort="to"),
    ),
    order=("-at",),
    empty_title="No items",
    empty_text="Nothing was sent yet.",
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def items(db: None) -> None:
    """Rows of any table: lists know no domain. Many share an instant and a day, half have no due time."""
    Item.objects.bulk_create(
        Item(
            entry_id=number,
            label_id=1,
            at=number // 7,
            circle="c",
            agency="a" if number % 2 else "b",
            number=f"{number:03}",
            day=f"2025-01-{1 + number % 20:02}",
            purpose="",
            category="",
            precedence="",
            marking=0,
            due=None if number % 2 else number % 5,
            subject=f"Đoàn {number}",
        )
        for number in range(1, ROWS + 1)
    )


def request_for(query: str = "", *, role: str = "liaison-officer", **headers: str) -> ActingRequest:
    request = RequestFactory().get(f"/items/?{query}", headers=headers)
    acting: ActingRequest = request  # type: ignore[assignment]  # what the middleware adds follows
    acting.now = NOW
    acting.subject = Subject("o1", "test.example", 0, (), (), OPEN_END)
    acting.officer = Officer(id="o1", office="lienlac", agency="test.example", roles=frozenset((role,)))
    return acting


def table_for(query: str = "") -> Table:
    return table(asked.read(LIST, request_for(query).GET), Item.objects.all(), may_export=True)


def numbers(shown: Table) -> list[str]:
    return [row.cells[0].text for row in shown.rows]


def walk(query: str, way: str = "next") -> list[list[str]]:
    """The numbers of each page from the one asked for, following a link of the pager."""
    pages: list[list[str]] = []
    while True:
        shown = table_for(query)
        pages.append(numbers(shown))
        link: str = getattr(shown.pager, way)
        if not link:
            return pages
        query = link[1:]


def expected(order: str) -> list[str]:
    """All rows in an order, by Python: ties by id in the same direction, empty values last."""
    rows = list(Item.objects.all())
    name, down = order.lstrip("-"), order.startswith("-")
    rows.sort(key=lambda row: row.pk, reverse=down)
    filled = [row for row in rows if getattr(row, name) is not None]
    filled.sort(key=lambda row: getattr(row, name), reverse=down)
    return [row.number for row in (*filled, *(row for row in rows if getattr(row, name) is None))]


@pytest.mark.parametrize("order", ["number", "-number", "day", "-day", "due", "-due"])
def test_next_links_give_every_row_once_in_order(items: None, order: str) -> None:
    pages = walk(f"sort={order}&per=50")
    assert [number for page in pages for number in page] == expected(order)
    assert [len(page) for page in pages] == [50, 50, 30]


@pytest.mark.parametrize("order", ["day", "-day", "due", "-due"])
def test_previous_links_lead_back_through_the_same_pages(items: None, order: str) -> None:
    query = f"sort={order}&per=50"
    forth = walk(query)
    third = table_for(table_for(table_for(query).pager.next[1:]).pager.next[1:])
    second = table_for(third.pager.previous[1:])
    first = table_for(second.pager.previous[1:])
    assert [numbers(first), numbers(second), numbers(third)] == forth
    assert (first.pager.page, second.pager.page, third.pager.page) == (1, 2, 3)
    assert (first.pager.previous, third.pager.next) == ("", "")


def test_order_without_a_sort_is_the_listing_s_with_ties_settled(items: None) -> None:
    assert [number for page in walk("per=100") for number in page] == expected("-at")


def test_page_by_number_is_the_page_of_the_links(items: None) -> None:
    assert numbers(table_for("sort=day&page=2")) == walk("sort=day")[1]
    assert numbers(table_for("sort=day&page=99")) == walk("sort=day")[0], "beyond the end is the beginning"


def test_new_row_above_moves_nothing_on_the_next_page(items: None) -> None:
    link = table_for("sort=-number").pager.next
    Item.objects.filter(entry_id=1).update(number="999")
    assert numbers(table_for(link[1:]))[0] == "080"


@pytest.mark.parametrize("cursor", ["x", "W10", "W1siZGF5IixmYWxzZSwiMjAyNSJdXQ:forged", ""])
def test_cursor_that_is_not_ours_gives_the_first_page(items: None, cursor: str) -> None:
    assert numbers(table_for(f"sort=day&below={cursor}")) == walk("sort=day")[0]


def test_cursor_of_another_order_gives_the_first_page(items: None) -> None:
    link = table_for("sort=day").pager.next.replace("sort=day", "sort=number")
    assert numbers(table_for(link[1:].replace("page=2", "page=1"))) == walk("sort=number")[0]


@pytest.mark.parametrize(("query", "per"), [("", 50), ("per=100", 100), ("per=9999", 200), ("per=-3", 50)])
def test_rows_a_page_have_a_limit(items: None, query: str, per: int) -> None:
    assert len(table_for(query).rows) == min(per, ROWS)


def test_filters_narrow_and_name_themselves(items: None) -> None:
    shown = table_for("agency=a&from=2025-01-05&to=2025-01-06&sort=day")
    assert {row.cells[1].text for row in shown.rows} == {"on 2025-01-06"}, "odd numbers fall on even days"
    assert [one.text for one in shown.active] == ["A", "5 Jan 2025", "6 Jan 2025"]
    assert shown.active[0].without == "?from=2025-01-05&to=2025-01-06&sort=day"
    assert shown.reset == "?sort=day"
    assert shown.kept == [("sort", "day")]
    assert (shown.narrowed, shown.count_text) == (True, f"{len(shown.rows)} rows")


def test_typed_words_are_normalised(items: None) -> None:
    decomposed = "q=%C4%90oa%CC%80n%201"  # a and its mark as two characters
    assert table_for(decomposed).count == len([n for n in range(1, ROWS + 1) if str(n).startswith("1")])


@pytest.mark.parametrize(
    ("query", "name"),
    [("agency=z", "agency"), ("from=2025-02-30", "from"), ("to=20250101", "to"), (f"q={'x' * 201}", "q")],
)
def test_wrong_value_is_named_and_not_obeyed(items: None, query: str, name: str) -> None:
    shown = table_for(query)
    assert [one.name for one in shown.filters if one.error] == [name]
    assert (shown.count, shown.narrowed, list(shown.active)) == (ROWS, False, [])


def test_list_without_rows_is_asked_for_once(items: None) -> None:
    with CaptureQueriesContext(connection) as asked_for:
        assert table_for("q=nothing").count == 0
    assert len(asked_for) == 1
    assert len(table_for("page=77&agency=a").rows) == 50, "a page beyond the last one gives the first"


def test_unknown_sort_is_the_listing_s_order(items: None) -> None:
    assert numbers(table_for("sort=subject")) == numbers(table_for("sort=password")) == numbers(table_for())


def test_columns_without_a_value_on_the_page_are_left_out() -> None:
    silent = Column("note", "Note", lambda row: row.note)
    rows = [SimpleNamespace(note=""), SimpleNamespace(note="")]
    assert filled([silent], rows)[0] == []
    columns, shown = filled([silent], [*rows, SimpleNamespace(note="x")])
    assert (columns, [row.cells[0].text for row in shown]) == ([silent], ["", "", "x"])
    assert filled([Column("note", "Note", lambda row: row.note, sort="note")], rows)[0], "what sorts stays"


def test_cells_are_asked_for_once() -> None:
    asked_for: list[str] = []

    def cell(row: str) -> str:
        asked_for.append(row)
        return row

    column = Column("note", "Note", cell)
    filled([column], ["a", "b"])
    assert asked_for == ["a", "b"]


def test_heads_turn_the_order(items: None) -> None:
    up = {head.name: head for head in table_for("sort=day&agency=a").heads}
    down = {head.name: head for head in table_for("sort=-day").heads}
    assert (up["day"].sorted, up["day"].href) == ("ascending", "?sort=-day&agency=a")
    assert (down["day"].sorted, down["day"].href) == ("descending", "?sort=day")
    assert (up["subject"].href, up["number"].sorted) == ("", "")


def test_empty_list_says_why(db: None) -> None:
    assert (table_for().empty.title, table_for().count_text) == ("No items", "0 rows")
    narrowed = table_for("q=nothing").empty
    assert (narrowed.title, narrowed.href, narrowed.act) == ("Nothing fits the filters", "?", "Take all off")


def test_list_of_another_office_says_so_even_when_filtered(db: None) -> None:
    shown = table(asked.read(LIST, request_for("q=nothing").GET), Item.objects.all(), may_export=False, may_read=False)
    assert (shown.empty.title, shown.empty.href) == ("Not shown to this office", "")


def test_count_stops_at_ten_thousand(items: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "COUNTED", 100)
    assert (table_for().count, table_for().count_text) == (101, "more than 100 rows")
    with translation.override("vi"):
        monkeypatch.setattr(paging, "COUNTED", 10_000)
        assert table_for().count_text == "130 dòng"


def answer(request: ActingRequest) -> HttpResponse:
    return listing.answer(request, Item.objects.all(), LIST, template="reviews/review_list.html")


@pytest.mark.slow
def test_boxes_stand_before_rows_that_can_be_chosen(items: None) -> None:
    chosen = replace(LIST, choose=Choose("Take in", "/taken", lambda row: row.number if row.agency == "a" else ""))
    shown = table(asked.read(chosen, request_for().GET), Item.objects.all(), may_export=True)
    boxes = [row.box for row in shown.rows]
    assert (boxes.count(""), len([box for box in boxes if box])) == (25, 25)
    first = next(row for row in shown.rows if row.box)
    assert first.markup.startswith(
        f'<tr data-row><td class="choose"><input type="checkbox" name="row" value="{first.box}"'
    )
    many = table(asked.read(chosen, request_for("per=200").GET), Item.objects.all(), may_export=True)
    assert (many.choose, many.rows[0].box) == (None, None)


def test_htmx_gets_the_table_alone(items: None) -> None:
    part = answer(request_for("agency=a", **{"HX-Request": "true"}))
    whole = answer(request_for("agency=a", **{"HX-Request": "true", "HX-Boosted": "true"}))
    assert b"<html" not in part.content
    assert b"<html" in whole.content
    assert b"129" in part.content
    assert "HX-Request" in part.headers["Vary"]


def test_export_says_what_it_holds_beside_the_table(items: None) -> None:
    query = "agency=a&sort=-day&per=100&q=%C4%90o%C3%A0n"
    response = answer(request_for(f"{query}&export=about"))
    lines = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert lines["Filters"] == "Agency = A; Words = Đoàn"
    assert lines["Order"] == "Day, descending"
    assert (lines["Rows"], lines["Highest marking of a row"]) == ("65", "No secrecy marking")
    assert lines["As of"] == "2026-01-05T15:00:00+07:00"
    name = "items-20260105T080000Z-agency.a-sort._day-q._o_n"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}.txt"'
    table_file = answer(request_for(f"{query}&export=csv"))
    assert table_file.headers["Content-Disposition"] == f'attachment; filename="{name}.csv"'


def test_export_without_filters_says_so_and_asks_for_the_role(items: None) -> None:
    said = answer(request_for("export=about")).content.decode()
    assert "Filters: none\r\nOrder: as the list stands by itself\r\nRows: 130\r\n" in said
    with pytest.raises(Refused):
        answer(request_for("export=about", role="security-administrator"))


def exported(query: str = "export=csv") -> list[list[str]]:
    response: HttpResponseBase = answer(request_for(query))
    assert isinstance(response, StreamingHttpResponse)
    data = response.getvalue()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_export_holds_the_whole_query_with_iso_values(items: None) -> None:
    lines = exported("export=csv&agency=b&sort=number&page=2&per=50")
    assert lines[0] == ["Number", "Day", "Due", "Subject"]
    assert lines[1] == ["002", "2025-01-03", "2", "Đoàn 2"]
    assert len(lines) == 1 + ROWS // 2


def test_export_reads_block_after_block(items: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "BLOCK", 40)
    assert [line[0] for line in exported("export=csv&sort=-due")[1:]] == expected("-due")


def test_export_is_a_file_that_runs_nothing(items: None) -> None:
    response = answer(request_for("export=csv"))
    assert response.headers["Content-Disposition"] == 'attachment; filename="items-20260105T080000Z.csv"'
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠"])
def test_text_that_starts_a_formula_is_kept_from_it(start: str) -> None:
    assert csv_file.safe(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"


def test_numbers_and_plain_text_stay_as_they_are() -> None:
    assert [csv_file.safe(value) for value in (-5, "a-b", "", "Đoàn")] == [-5, "a-b", "", "Đoàn"]


def test_export_is_recorded_before_a_byte_leaves(items: None) -> None:
    answer(request_for("export=csv"))
    record = AuditRecord.objects.get(act="export")
    assert (record.who, record.office, record.thing, record.decision) == ("o1", "lienlac", "items csv", "allowed")


def test_export_needs_a_role_that_exports(items: None) -> None:
    request = request_for("export=csv", role="node-administrator")
    with pytest.raises(Refused) as refused:
        answer(request)
    assert refused.value.code == "export-role"
    assert not AuditRecord.objects.exists()


def test_export_has_an_hourly_limit(items: None) -> None:
    for _number in range(10):
        answer(request_for("export=csv"))
    with pytest.raises(Refused) as refused:
        answer(request_for("export=csv"))
    assert refused.value.code == "export-rate"


@pytest.mark.django_db(transaction=True)
def test_asynchronous_server_gets_the_same_file(items: None) -> None:
    async def gathered() -> bytes:
        pieces = csv_file.blocks(asked.read(LIST, request_for("sort=day").GET), Item.objects.none())
        return b"".join([piece async for piece in csv_file.awaited(pieces)])

    assert asyncio.run(gathered()).decode("utf-8-sig").split("\r\n") == ["Number,Day,Due,Subject", ""]
