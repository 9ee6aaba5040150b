"""Pages of programmes as people in offices see them."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accordant.accounts import audit, officers
from accordant.accounts.models import Officer
from accordant.domains.programmes.models import Activity, Delegation, Programme
from accordant.entries.kinds import Fact
from accordant.ledger.append import append
from accordant.node import clock
from accordant.pages import formats
from tests.access.people import person
from tests.domains.programmes.conftest import CANARY, CITY, GUARD, Circle, activity

pytestmark = pytest.mark.slow  # whole nodes act and render
CSV = "code,day,class,what,with\n"


@dataclass
class Guard:
    """The guard command's node with a browser of its liaison officer."""

    circle: Circle
    browser: Client

    def get(self, path: str, status: int = 200) -> str:
        with self.circle.node(GUARD).at():
            response = self.browser.get(path)
        assert response.status_code == status, response.content[:2000]
        return str(response.content.decode())

    def post(self, path: str, values: Mapping[str, object], status: int = 302) -> str:
        with self.circle.node(GUARD).at():
            response = self.browser.post(path, dict(values))
        assert response.status_code == status, response.content.decode()[:6000]
        return str(response.headers.get("Location", "")) or str(response.content.decode())


@pytest.fixture
def guard(fresh: Circle) -> Guard:
    return Guard(fresh, person(fresh.node(GUARD), "liaison-officer", scope=fresh.id))


def test_daily_work_of_a_year_is_named_in_words(guard: Guard) -> None:
    guard.circle.record(GUARD, code="HD-1")
    page = guard.get(reverse("programmes:programmes"))
    assert "daily work of 2026" in page
    assert "standing-2026" not in page
    with guard.circle.node(GUARD).at():
        shown = Programme.ref_of(agency=GUARD, circle=guard.circle.id, code="standing-2026")
    assert shown is not None
    assert "<h1>Programme daily work of 2026</h1>" in guard.get(
        reverse("programmes:programme", args=[shown.origin, shown.index])
    )


def test_activities_are_filtered_by_the_address(guard: Guard) -> None:
    guard.circle.record(GUARD, code="HD-1", what="Lễ đón tại Phủ Chủ tịch", partners=(CITY,))
    guard.circle.record(GUARD, code="HD-2", what="Họp báo", category="meeting", day="2026-02-03")
    for query, codes in (
        ("", {"HD-1", "HD-2"}),
        ("?class=meeting", {"HD-2"}),
        ("?from=2026-02-01", {"HD-2"}),
        ("?to=2026-01-31", {"HD-1"}),
        ("?partner=" + CITY, {"HD-1"}),
        ("?agency=" + CITY, set()),
        ("?text=le+don", {"HD-1"}),
        ("?text=phu+le", {"HD-1"}),
        ("?programme=standing-2026", {"HD-1", "HD-2"}),
        ("?programme=standing-2025", set()),
    ):
        shown = guard.get(f"/programmes/{query}")
        assert {code for code in ("HD-1", "HD-2") if f">{code}<" in shown} == codes, query


def test_activities_are_exported_whole_in_iso_form(guard: Guard) -> None:
    guard.circle.record(GUARD, code="HD-1", what="=1+1", partners=(CITY,))
    with guard.circle.node(GUARD).at():
        response = guard.browser.get("/programmes/?export=csv")
        head, first = b"".join(response).decode("utf-8-sig").splitlines()
    assert head.startswith("Code,Day,")
    assert first == f"HD-1,2026-01-05,ceremony,'=1+1,,,{GUARD},{CITY},standing-2026"


def test_page_of_an_activity_shows_its_facts_proof_and_programme(guard: Guard) -> None:
    visit = guard.circle.open(GUARD)
    ref = guard.circle.record(GUARD, code="HD-1", what="Lễ đón", place="Hà Nội", leader_office="PA06", programme=visit)
    guard.circle.settle()
    shown = guard.get(f"/programmes/{ref.origin}/{ref.index}")
    for text in ("Lễ đón", "Hà Nội", "PA06", ref.leaf, f"/programmes/programmes/{visit.origin}/{visit.index}"):
        assert text in shown


def test_programme_shows_its_activities_and_delegations(guard: Guard) -> None:
    visit = guard.circle.open(GUARD)
    guard.circle.record(GUARD, code="HD-1", programme=visit)
    guard.circle.record(GUARD, code="HD-2")
    ref = guard.circle.receive(GUARD, programme=visit)
    shown = guard.get(f"/programmes/programmes/{visit.origin}/{visit.index}")
    assert ">HD-1<" in shown
    assert ">HD-2<" not in shown
    assert CANARY in shown
    assert CANARY in guard.get(f"/programmes/delegations/{ref.origin}/{ref.index}")
    assert CANARY in guard.get("/programmes/delegations?text=cong+so+3")
    assert ">TH-1<" in guard.get("/programmes/programmes?sort=visit")
    assert ">TH-1<" not in guard.get("/programmes/programmes?sort=special_event")


def test_activity_is_recorded_from_its_form(guard: Guard) -> None:
    visit = guard.circle.open(GUARD)
    form = guard.get(f"/programmes/record?programme={visit.origin}+{visit.index}")
    assert f'value="{visit}" selected' in form
    values = {
        "circle": guard.circle.id,
        "day": "2026-01-06",
        "category": "reception",
        "what": "Tiếp đoàn",
        "programme": str(visit),
        "partners": [CITY],
    }
    place = guard.post("/programmes/record", values)
    assert "Tiếp đoàn" in guard.get(place)
    with guard.circle.node(GUARD).at():
        row = Activity.objects.get()
        assert (row.code, row.partners, row.category, row.day) == ("2026-0001", [CITY], "reception", "2026-01-06")


def test_refusal_keeps_what_was_typed_and_says_the_repair(guard: Guard) -> None:
    visit = guard.circle.open(GUARD)
    values = {
        "circle": guard.circle.id,
        "day": "2026-03-06",
        "category": "reception",
        "what": "Tiếp đoàn",
        "programme": str(visit),
    }
    shown = guard.post("/programmes/record", values, status=409)
    assert "2026-03-06 lies outside the days of its programme" in shown
    assert "Tiếp đoàn" in shown
    wrong = guard.post("/programmes/record", {**values, "what": ""}, status=200)
    assert "govuk-error-summary" in wrong


def test_delegation_and_programme_are_recorded_from_their_forms(guard: Guard) -> None:
    event = {"circle": guard.circle.id, "sort": "special_event", "title": "Lễ kỷ niệm", "day": "30/04/2026"}
    assert "Lễ kỷ niệm" in guard.get(guard.post("/programmes/programmes/open", event))
    guests = {"circle": guard.circle.id, "day": "2026-04-30", "heads": "14", "name": "Đoàn cấp cao", "country": "Lào"}
    assert "Đoàn cấp cao" in guard.get(guard.post("/programmes/delegations/record", guests))
    with guard.circle.node(GUARD).at():
        assert (Delegation.objects.get().heads, Programme.objects.get().day_end) == (14, "2026-04-30")


def test_month_counts_activities_of_each_agency_by_day(guard: Guard) -> None:
    for code in ("HD-1", "HD-2"):
        guard.circle.record(GUARD, code=code, day="2026-01-15")
    guard.circle.open(GUARD)
    shown = guard.get("/programmes/calendar?month=2026-01")
    assert f"/programmes/?agency={GUARD}&amp;from=2026-01-15&amp;to=2026-01-15" in shown
    assert "TH-1" in shown
    assert "month=2025-12" in shown
    empty = guard.get("/programmes/calendar?month=2025-07")
    assert "No activities in this month" in empty
    assert 'href="?month=2026-01">Newest month with activities: Jan 2026' in empty
    guard.get("/programmes/calendar?month=2025-13")


def test_table_is_looked_at_and_then_imported_once(guard: Guard) -> None:
    table = f"{CSV}HD-1,2024-06-01,journey,Đoàn đi thăm,{CITY}\nHD-2,2024-06-02,stay,Nghỉ đêm,\n".encode("utf-8-sig")
    values = {"circle": guard.circle.id, "table": "activities", "days": "iso"}
    shown = guard.post("/programmes/import", {**values, "file": SimpleUploadedFile("a.csv", table)}, status=200)
    assert "Đoàn đi thăm" in shown
    with guard.circle.node(GUARD).at():
        assert not Activity.objects.exists()
    carried = {**values, "source": base64.b64encode(table).decode()}
    assert carried["source"] in shown
    assert guard.post("/programmes/import", {**carried, "import": "yes"}) == "/programmes/"
    again = guard.post("/programmes/import", carried, status=200)
    assert "Every row of this file was imported before" in again
    with guard.circle.node(GUARD).at():
        assert Activity.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        (b"code,day\n", 400, "Its columns are wrong."),
        (f"{CSV}HD-1,06/01/2024,stay,x,\n".encode(), 400, "Line 2: 06/01/2024"),
        (f"{CSV}HD-1,2024-06-01,stay,Đ,\n".encode("utf-16"), 400, "stored as UTF-16"),
        (f"{CSV}HD 1,2024-06-01,stay,x,\n".encode(), 409, "Line 2 was not imported"),
        (b"", 200, "choose the table to import"),
    ],
)
def test_wrong_table_is_named_and_nothing_is_written(guard: Guard, data: bytes, status: int, sentence: str) -> None:
    file = SimpleUploadedFile("a.csv", data)
    values = {"circle": guard.circle.id, "table": "activities", "days": "iso", "file": file}
    for act in ({}, {"import": "yes"}):
        file.seek(0)
        assert sentence in guard.post("/programmes/import", {**values, **act}, status=status)
    with guard.circle.node(GUARD).at():
        assert not Activity.objects.exists()


def test_desk_shows_the_activities_of_the_next_seven_days(guard: Guard) -> None:
    today = formats.day_of(clock.milliseconds())
    ahead = date.fromisoformat(today) + timedelta(days=6)
    guard.circle.record(GUARD, code="HD-1", day=ahead.isoformat(), what="Lễ đón")
    guard.circle.record(GUARD, code="HD-2", day=(ahead + timedelta(days=3)).isoformat())
    guard.circle.record(GUARD, code="HD-3", day=(ahead - timedelta(days=7)).isoformat())
    shown = guard.get("/")
    assert "HD-1 · Lễ đón" in shown
    assert f"{ahead.day} {ahead:%b} {ahead.year}" in shown
    assert "HD-2" not in shown
    assert "HD-3" not in shown


def test_page_of_an_entry_leads_to_the_page_of_its_noun(guard: Guard) -> None:
    visit = guard.circle.open(GUARD)
    for name, ref in (
        ("activity", guard.circle.record(GUARD, programme=visit)),
        ("delegation", guard.circle.receive(GUARD, programme=visit)),
        ("programme", visit),
    ):
        shown = guard.get(f"/entries/{ref.origin}/{ref.index}")
        assert reverse(f"programmes:{name}", args=[ref.origin, ref.index]) in shown
    related = guard.get(f"/programmes/programmes/{visit.origin}/{visit.index}")
    assert "Activity 2026-0001 of guard.example" in related
    assert "Delegation DT-1 of guard.example" in related


def test_marked_entry_shows_its_words_on_its_own_page_alone_and_the_reading_is_recorded(guard: Guard) -> None:
    node = guard.circle.node(GUARD)
    visit = guard.circle.open(GUARD)
    new = activity(what=CANARY)
    marked = Fact(new.record, new.body, marking=1, refs=(visit.as_reference("programme"),))
    with node.at():
        (ref,) = append(circle=guard.circle.id, by=guard.circle.by(GUARD), now=node.now, facts=[marked])
    place = f"/programmes/{ref.origin}/{ref.index}"
    guard.get(place, status=404)
    with node.at():
        by = node.officer("security", "security-administrator")
        reader = Officer.objects.get(sign_in__startswith="liaison-officer")
        officers.set_clearance(by=by, now=node.now, officer=reader, level=1, compartments=(), source="02/QĐ")
    assert CANARY not in guard.get("/programmes/")
    assert "marked, not in lists" in guard.get("/programmes/")
    assert CANARY in guard.get(place)
    with node.at():
        assert audit.count(who=reader.id, act="read-body", since=0) == 1


def test_offices_that_may_not_write_are_offered_nothing_to_write(guard: Guard) -> None:
    commander = Guard(guard.circle, person(guard.circle.node(GUARD), "commander", scope=guard.circle.id))
    for path in ("", "delegations", "programmes", "calendar"):
        assert "/record" in guard.get(f"/programmes/{path}") or path == "programmes"
        assert "/programmes/import" in guard.get(f"/programmes/{path}")
        shown = commander.get(f"/programmes/{path}")
        assert not any(act in shown for act in ("/record", "/open", "/programmes/import"))
