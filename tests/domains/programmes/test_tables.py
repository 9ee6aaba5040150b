"""Reading the three tables: what people's files hold, and each way in which they are wrong."""

import pytest

from accordant.domains.programmes import rules
from accordant.entries.errors import Malformed
from accordant.entries.table_files import DAY_FIRST
from tests.domains.programmes.conftest import CITY, MILITARY, ZONE

ACTIVITIES = "code,day,class,what,place,leader_office,programme,with,at\n"
FIRST = f"HD-1,2024-06-01,journey,Đoàn đi thăm,Quảng Ninh,PA06,,{CITY} {MILITARY},2024-06-01T08:30\n"


def read(text: str, encoding: str = "utf-8", days: str = "iso") -> "rules.File[rules.ActivityRow]":
    return rules.read_activities(text.encode(encoding), zone=ZONE, days=days)


def codes(data: bytes) -> list[str]:
    with pytest.raises(Malformed) as caught:
        rules.read_activities(data, zone=ZONE)
    return [refusal.code for refusal in caught.value.refusals]


def test_activities_are_read_whole() -> None:
    file = read(ACTIVITIES + FIRST)
    (row,) = file.rows
    assert (row.line, row.programme) == (2, "")
    assert row.new == rules.NewActivity(
        code="HD-1",
        day="2024-06-01",
        what="Đoàn đi thăm",
        category="journey",
        place="Quảng Ninh",
        leader_office="PA06",
        partners=(CITY, MILITARY),
        at=1_717_205_400_000,
        file=file.mark,
    )


def test_delegations_are_read_whole() -> None:
    text = "code,day,heads,name,country,programme\nDT-1,2024-05-02,14,Đoàn cấp cao,Lào,TH-1\n"
    file = rules.read_delegations(text.encode(), zone=ZONE)
    (row,) = file.rows
    assert row.programme == "TH-1"
    assert row.new == rules.NewDelegation("DT-1", "2024-05-02", 14, "Đoàn cấp cao", "Lào", file=file.mark)


def test_event_without_a_last_day_lasts_one_day() -> None:
    text = "code,day,day_end,title\nSK-1,2024-04-30,,Lễ kỷ niệm\nSK-2,2024-05-07,2024-05-09,Hội nghị\n"
    file = rules.read_events(text.encode(), zone=ZONE)
    assert [(row.new.sort, row.new.day, row.new.day_end) for row in file.rows] == [
        ("special_event", "2024-04-30", "2024-04-30"),
        ("special_event", "2024-05-07", "2024-05-09"),
    ]


def test_byte_order_mark_and_line_ends_change_nothing() -> None:
    plain = read(ACTIVITIES + FIRST)
    assert read(ACTIVITIES + FIRST, "utf-8-sig") == plain
    assert read((ACTIVITIES + FIRST).replace("\n", "\r\n")) == plain


@pytest.mark.parametrize(
    ("encoding", "code"), [("utf-16", "table-utf-16"), ("cp1258", "table-not-utf-8"), ("cp1252", "table-not-utf-8")]
)
def test_another_character_code_is_named(encoding: str, code: str) -> None:
    text = ACTIVITIES + FIRST.replace("Đoàn đi thăm", "Đoàn").replace("Quảng Ninh", "Đà Lạt")
    data = text.encode(encoding, errors="replace")
    assert codes(data) == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "table-empty"),
        (ACTIVITIES, "table-empty"),
        ("code,day,what\nHD-1,2024-06-01,x\n", "table-columns"),
        ("code,day,class,what,who\nHD-1,2024-06-01,journey,x,y\n", "table-columns"),
        ("code;day;class;what\nHD-1;2024-06-01;journey;x\n", "table-separator"),
        ("code,day,class,what\nHD-1,2024-06-01,journey\n", "table-width"),
        ("code,day,class,what\nHD-1,01/06/2024,journey,x\n", "table-day-form"),
        ("code,day,class,what\nHD-1,2024-06-31,journey,x\n", "table-cell"),
        ("code,day,class,what\nHD-1,2024-06-01,party,x\n", "table-cell"),
        ("code,day,class,what\n,2024-06-01,journey,x\n", "table-cell-empty"),
        ("code,day,class,what\nHD-1,2024-06-01,journey,x\nHD-1,2024-06-02,stay,y\n", "table-repeats"),
        ('code,day,class,what\nHD-1,2024-06-01,journey,"x\n', "table-bad-quotes"),
    ],
)
def test_wrong_table_is_refused_with_its_rule(text: str, code: str) -> None:
    assert codes(text.encode()) == [code]


def test_heads_are_digits_alone() -> None:
    with pytest.raises(Malformed) as caught:
        rules.read_delegations(b"code,day,heads,name\nDT-1,2024-05-02,1.000,x\n", zone=ZONE)
    assert caught.value.code == "table-cell"


def test_day_first_is_read_where_it_is_chosen() -> None:
    text = "code,day,class,what\nHD-1,01/06/2024,journey,x\n"
    assert read(text, days=DAY_FIRST).rows[0].new.day == "2024-06-01"


def test_rows_known_from_elsewhere_refuse_the_file_and_are_named() -> None:
    rows = [(2, "HD-1"), (3, "HD-2"), (4, "HD-3")]
    assert rules.refusals_to_import(rows, {"HD-2": "a1", "HD-9": "b2"}, mark="a1") == []
    (refusal,) = rules.refusals_to_import(rows, {"HD-1": "", "HD-3": "b2"}, mark="a1")
    assert refusal.code == "programmes-imported"
    assert (refusal.reason.places["lines"], refusal.reason.places["rows"]) == ("2, 4", "HD-1, HD-3")


def test_programmes_named_by_rows_are_open() -> None:
    rows = [(2, ""), (3, "TH-1"), (4, "TH-2"), (5, "TH-2")]
    assert rules.refusals_to_name_programmes(rows, {"TH-1", "TH-2"}) == []
    (refusal,) = rules.refusals_to_name_programmes(rows, {"TH-1"})
    assert (refusal.code, str(refusal.reason)) == (
        "programmes-not-open",
        "This agency has no such programme in this circle. Lines: 4, 5. Programmes: TH-2.",
    )
