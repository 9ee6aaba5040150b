"""Tables of items and acknowledgements, as pure rules: what is read, what is refused with its lines."""

import csv
import io
import unicodedata
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordant.domains.information import rules
from accordant.entries.errors import Malformed

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HEAD = "number,day,to,purpose,class,subject"
ROW = "01/TB,2024-02-03,province.example,information,plan,Phương án bảo vệ"
CELLS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=60).filter(
    lambda text: bool(text.strip("' \u3000")) and text == text.strip()
)


def items(*lines: str, head: str = HEAD, days: str = "iso") -> "rules.File[rules.ItemRow]":
    return rules.read_items("\n".join((head, *lines)).encode(), zone=ZONE, days=days)


def refused(*lines: str, head: str = HEAD, days: str = "iso") -> list[str]:
    with pytest.raises(Malformed) as caught:
        items(*lines, head=head, days=days)
    return [refusal.code for refusal in caught.value.refusals]


def test_row_becomes_an_item() -> None:
    head = HEAD + ",text,precedence,reliability,credibility,due,at,answers"
    row = ROW + ",Nội dung,urgent,b,2,2024-02-10T17:00,2024-02-03T08:00+07:00,guard.example 12 TB 2024"
    (read,) = items(row, head=head).rows
    assert read.new == rules.NewItem(
        to=("province.example",),
        day="2024-02-03",
        subject="Phương án bảo vệ",
        text="Nội dung",
        number="01/TB",
        purpose="information",
        category="plan",
        precedence="urgent",
        reliability="B",
        credibility="2",
        due=1707559200000,
        at=1706922000000,
        file=items(row, head=head).mark,
    )
    assert read.answers == rules.Named("guard.example", "12 TB", "2024")
    assert read.key("guard.example") == "guard.example 01/TB 2024"


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ((ROW, ROW), "table-repeats"),
        ((ROW.replace("2024-02-03", "03/02/2024"),), "table-day-form"),
        ((ROW.replace("2024-02-03", "1899-12-31"),), "table-cell"),
        ((ROW.replace("province.example", "Province!"),), "table-cell"),
        ((ROW.replace(",information,", ",rumour,"),), "table-cell"),
        ((ROW.replace("01/TB", ""),), "table-cell-empty"),
        ((ROW + ",more",), "table-width"),
        ((), "table-empty"),
    ],
)
def test_table_is_refused_with_its_line(lines: tuple[str, ...], code: str) -> None:
    assert refused(*lines) == [code]


def test_answers_must_name_sender_number_and_year() -> None:
    assert refused(ROW + ",12/TB", head=HEAD + ",answers") == ["information-answers"]


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (HEAD.replace("class", "category"), "table-columns"),
        (HEAD.replace("class,", ""), "table-columns"),
        (HEAD + ",class", "table-columns"),
        (HEAD.replace(",", ";"), "table-separator"),
    ],
)
def test_wrong_columns_are_named(head: str, code: str) -> None:
    assert refused(ROW, head=head) == [code]


def test_same_number_in_two_years_is_two_items() -> None:
    assert len(items(ROW, ROW.replace("2024-02-03", "2025-02-03")).rows) == 2


def test_day_first_days_are_read_where_they_are_declared() -> None:
    (row,) = items(ROW.replace("2024-02-03", "3/2/2024"), days="day-first").rows
    assert row.new.day == "2024-02-03"


@pytest.mark.parametrize("encoding", ["utf-16", "cp1258"])
def test_other_encodings_are_refused(encoding: str) -> None:
    with pytest.raises(Malformed) as caught:
        rules.read_items(f"{HEAD}\n{ROW.replace('Phương án bảo vệ', 'Đoàn')}".encode(encoding), zone=ZONE)
    assert caught.value.code in ("table-utf-16", "table-not-utf-8")


def test_byte_order_mark_changes_nothing() -> None:
    assert rules.read_items(f"\ufeff{HEAD}\n{ROW}".encode(), zone=ZONE) == items(ROW)


def test_acknowledgement_names_its_item() -> None:
    data = "sender,number,year,day,note\nguard.example,01/TB,2024,2024-02-03,Đã nhận\n".encode()
    (row,) = rules.read_acknowledgements(data, zone=ZONE).rows
    assert (row.line, str(row.item), row.day, row.at, row.note) == (
        2,
        "guard.example 01/TB 2024",
        "2024-02-03",
        None,
        "Đã nhận",
    )


def test_item_is_acknowledged_once_in_a_table() -> None:
    line = "guard.example,01/TB,2024,2024-02-03\n"
    with pytest.raises(Malformed) as caught:
        rules.read_acknowledgements(f"sender,number,year,day\n{line}{line}".encode(), zone=ZONE)
    assert caught.value.code == "table-repeats"


def test_rows_known_from_the_same_file_are_left_alone() -> None:
    rows = [(2, "guard.example 01/TB 2024"), (3, "guard.example 02/TB 2024")]
    assert rules.refusals_to_import(rows, {rows[0][1]: "aa"}, mark="aa") == []


@pytest.mark.parametrize("mark", ["bb", ""])
def test_rows_known_from_elsewhere_are_named(mark: str) -> None:
    rows = [(2, "guard.example 01/TB 2024"), (3, "guard.example 02/TB 2024")]
    (found,) = rules.refusals_to_import(rows, {rows[1][1]: mark}, mark="aa")
    assert found.code == "information-imported"
    assert "Lines: 3." in str(found.reason)
    assert "02/TB" in str(found.reason)


@settings(max_examples=25)
@given(known=st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(("", "aa", "bb"))))
def test_file_is_refused_exactly_when_a_row_came_from_elsewhere(known: dict[str, str]) -> None:
    rows = list(enumerate("abcdefgh", start=2))
    foreign = [line for line, key in rows if known.get(key, "aa") != "aa"]
    found = rules.refusals_to_import(rows, known, mark="aa")
    assert bool(found) == bool(foreign)
    for refusal in found:
        assert f"Lines: {', '.join(map(str, foreign))}." in str(refusal.reason)


@settings(max_examples=20)
@given(subject=CELLS, number=CELLS)
def test_any_text_in_a_cell_comes_back_as_it_was_written(subject: str, number: str) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([HEAD.split(","), [number, "2024-02-03", "a.example", "notice", "plan", subject]])
    (row,) = rules.read_items(out.getvalue().encode(), zone=ZONE).rows
    assert (row.new.number, row.new.subject) == (
        unicodedata.normalize("NFC", number),
        unicodedata.normalize("NFC", subject),
    )
