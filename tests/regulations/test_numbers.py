"""Numbers of documents, as texts print them."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordant.regulations.rules import UnreadableNumber, fold_number, parse_number
from accordant.regulations.rules.numbers import LONGEST, WARNINGS


def test_every_number_met_in_signed_texts_is_read(shared: Path) -> None:
    with (shared / "texts" / "number-formats.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) == 39
    for row in rows:
        read = parse_number(row["# raw"])
        got = (read.first, read.year, read.type, "+".join(read.issuers))
        assert got == (row["number"], row["year"], row["type"], row["issuers(+)"]), row["# raw"]
        assert set(read.warnings) <= set(WARNINGS)


@pytest.mark.parametrize(
    ("raw", "clean", "warnings"),
    [
        ("63   /2025/QĐ-CTUBND", "63/2025/QĐ-CTUBND", ()),
        ("28_2019_QCPH", "28-2019-QCPH", ("no-type", "party-form")),
        ("01-QC/VPTW-BTLCV", "01-QC/VPTW-BTLCV", ("party-form",)),
        ("12/2020/TT-NHNN7", "12/2020/TT-NHNN-7", ("issuer-split",)),
        ("12", "12", ("no-issuer",)),
        ("12/2020/QĐ-UBND-", "12/2020/QĐ-UBND", ("issuers-open",)),
        ("12.1/2020/QĐ-UBND", "12.1/2020/QĐ-UBND", ()),
        ("12/1900/QĐ-UBND", "12/1900-QĐ-UBND", ("no-type",)),
    ],
)
def test_spelling_is_cleaned_and_doubts_are_named(raw: str, clean: str, warnings: tuple[str, ...]) -> None:
    number = parse_number(raw)
    assert (number.clean, number.warnings) == (clean, warnings)
    assert number.raw == raw


@pytest.mark.parametrize("raw", ["", "QĐ-UBND", "1" * (LONGEST + 1), "12abc", "/2020"])
def test_text_without_a_number_is_refused(raw: str) -> None:
    with pytest.raises(UnreadableNumber):
        parse_number(raw)


def test_one_look_up_key_for_all_spellings_of_a_number() -> None:
    spellings = ("03/2019/NĐ-CP", "3 / 2019/nđ-cp", "03/2019/N\u00d0-CP", "03/2019/ND_CP")
    assert {fold_number(raw) for raw in spellings} == {"3/2019/ND-CP"}


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet="0123456789/-_. ()&ĐQđaTLB\u00d0", max_size=40))
def test_any_text_lets_one_error_out(raw: str) -> None:
    try:
        parse_number(raw)
    except UnreadableNumber:
        return
    assert not fold_number(raw).startswith("0")
