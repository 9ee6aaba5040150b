"""CSV files of people: rows, or every reason why not."""

import contextlib
import csv
import io
from datetime import timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordant.entries import limits
from accordant.entries.errors import Malformed
from accordant.entries.table_files import (
    AGENCIES,
    DAY,
    DAY_FIRST,
    INSTANT,
    WHOLE,
    WORD,
    Column,
    Table,
    is_day,
    read_table,
    refusals_to_repeat,
)

ZONE = timezone(timedelta(hours=7))
COLUMNS = (
    Column("code", longest=20),
    Column("day", DAY),
    Column("heads", WHOLE, needed=False),
    Column("sort", WORD, needed=False, words=("visit", "standing")),
    Column("with", AGENCIES, needed=False),
    Column("at", INSTANT, needed=False),
)
HEAD = "code,day,heads,sort,with,at\n"


def read(text: str | bytes, days: str = "iso") -> Table:
    return read_table(text.encode() if isinstance(text, str) else text, COLUMNS, zone=ZONE, days=days)


def refused(text: str | bytes, days: str = "iso") -> list[str]:
    with pytest.raises(Malformed) as caught:
        read(text, days)
    return [str(r.reason) for r in caught.value.refusals]


def codes(text: str | bytes, days: str = "iso") -> list[str]:
    with pytest.raises(Malformed) as caught:
        read(text, days)
    return [r.code for r in caught.value.refusals]


def test_rows_are_read_with_their_lines() -> None:
    table = read(HEAD + "\nA-1,2024-06-12,14,Visit,province.example military.example,2024-06-12T08:00\n")
    row = table.rows[0]
    assert (row.line, row["code"], row["day"], row.whole("heads"), row["sort"]) == (3, "A-1", "2024-06-12", 14, "visit")
    assert row.agencies("with") == ("military.example", "province.example")
    assert row.instant("at") == 1718154000000


def test_missing_optional_columns_are_empty() -> None:
    row = read("day,code\n2024-06-12,A-1\n").rows[0]
    assert (row.whole("heads"), row.agencies("with"), row.instant("at")) == (0, (), None)


@pytest.mark.parametrize("form", ["\ufeff{}", "{}"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_bom_and_line_ends_change_nothing(form: str, end: str) -> None:
    plain = HEAD + "Đ-1,2024-06-12,,,,\n"
    assert read(form.format(plain.replace("\n", end))).mark == read(plain).mark


def test_decomposed_letters_become_one() -> None:
    assert read(HEAD + "e\u0302\u0301,2024-06-12,,,,\n").rows[0]["code"] == "\u1ebf"


def test_quote_of_our_own_exports_is_removed() -> None:
    assert read(HEAD + "'=1+1,2024-06-12,,,,\n").rows[0]["code"] == "=1+1"


def test_other_encodings_are_refused_with_their_line() -> None:
    assert codes((HEAD + "A-1,2024-06-12,,,,\n").encode("utf-16")) == ["table-utf-16"]
    assert codes((HEAD + "A-1,2024-06-12,,,,\n").encode("utf-16-le")) == ["table-utf-16"]
    reasons = refused((HEAD + "A-1,2024-06-12,,,,\n").encode() + "Đ-2,2024-06-12,,,,\n".encode("cp1258"))
    assert len(reasons) == 1
    assert "Line 3" in reasons[0]


@pytest.mark.parametrize("text", ["", "\n\n", HEAD, HEAD + ",,,,,\n"])
def test_file_without_rows_is_refused(text: str) -> None:
    assert codes(text)[0] in ("table-empty", "table-columns")


def test_wrong_columns_are_all_named() -> None:
    (reason,) = refused("code,kode,code\n1,2,3\n")
    assert "Missing: day" in reason
    assert "'kode'" in reason
    assert "twice: code" in reason


def test_semicolons_are_named() -> None:
    assert codes(HEAD.replace(",", ";")) == ["table-separator"]


def test_ambiguous_days_are_refused_unless_declared() -> None:
    text = HEAD + "A-1,06/12/2025,,,,\n"
    assert codes(text) == ["table-day-form"]
    assert read(text, DAY_FIRST).rows[0]["day"] == "2025-12-06"
    assert codes(HEAD + "A-1,2025-12-06,,,,\n", DAY_FIRST) == ["table-cell"]


@pytest.mark.parametrize(
    "row",
    [
        "A-1,2025-02-30,,,,",
        "A-1,20250203,,,,",
        "A-1,2025-02-03,4.5,,,",
        "A-1,2025-02-03,-4,,,",
        "A-1,2025-02-03,,trip,,",
        "A-1,2025-02-03,,,Province,",
        "A-1,2025-02-03,,,,yesterday",
        "A-1,2025-02-03,,,,2025-02-03T25:00",
        "A-1\x07,2025-02-03,,,,",
        f"{'A' * 21},2025-02-03,,,,",
        ",2025-02-03,,,,",
        "A-1,2025-02-03",
        '"A"1,2025-02-03,,,,',
    ],
)
def test_wrong_cells_are_refused_by_line(row: str) -> None:
    reasons = refused(f"{HEAD}A-0,2025-02-03,,,,\n{row}\n")
    assert len(reasons) == 1
    assert "ine 3" in reasons[0]


def test_many_wrong_lines_are_counted() -> None:
    assert codes(HEAD + "A-1,nonsense,,,,\n" * 25) == ["table-cell"] * 20 + ["table-and-more"]


def test_limits_hold_at_the_limit() -> None:
    line = b"A,2025-02-03\n"
    assert len(read(b"code,day\n" + line * 1000).rows) == 1000
    assert codes(b"code,day\n" + b" " * limits.CSV_BYTES) == ["table-too-big"]


@pytest.mark.slow
def test_row_limit_holds_at_the_limit() -> None:
    line = b"A,2025-02-03\n"
    assert len(read(b"code,day\n" + line * limits.CSV_ROWS).rows) == limits.CSV_ROWS
    assert codes(b"code,day\n" + line * (limits.CSV_ROWS + 1)) == ["table-too-many-rows"]


def test_repeated_keys_name_both_lines() -> None:
    table = read(HEAD + "A-1,2025-02-03,,,,\nA-2,2025-02-03,,,,\nA-1,2025-02-04,,,,\n")
    (found,) = refusals_to_repeat(table.rows, lambda row: row["code"])
    assert str(found.reason) == "Line 4 repeats A-1 of line 2."


@pytest.mark.parametrize("text", ["2025-2-03", "2025-02-3 ", "1800-01-01", "2025-W01-1", "abcd-ef-gh", ""])
def test_other_forms_are_no_days(text: str) -> None:
    assert not is_day(text)


@given(st.binary(max_size=300))
@settings(max_examples=60)
def test_any_bytes_give_rows_or_one_error(data: bytes) -> None:
    with contextlib.suppress(Malformed):
        read(HEAD.encode() + data)


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=20)


@given(st.lists(TEXTS, min_size=1, max_size=6), st.booleans())
@settings(max_examples=60)
def test_written_tables_come_back_and_keep_their_mark(codes_: list[str], bom: bool) -> None:
    def written(terminator: str, quoting: int) -> bytes:
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator=terminator, quoting=quoting)  # type: ignore[arg-type]  # a csv constant
        writer.writerow(["code", "day"])
        writer.writerows([code, "2025-02-03"] for code in codes_)
        return out.getvalue().encode("utf-8-sig" if bom else "utf-8")

    try:
        first = read(written("\n", csv.QUOTE_MINIMAL))
    except Malformed:
        assert any(
            not code.strip() or len(code.strip()) != len(code) or "'" in code or len(code) > 10 for code in codes_
        )
        return
    assert first.mark == read(written("\r\n", csv.QUOTE_ALL)).mark
