"""The reader on real signed texts, and on the sample regulation that the product carries."""

import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from accordant.regulations.rules import Reading, gaps, read_text, source_map, summary

DECISION, DECREE, GUARD_LAW = "63-2025", "154-2026", "13-2017"
# File by its first words: number, then chapters and articles of each numbering run (INDEX.tsv, counted by hand).
EXPECTED: dict[str, tuple[str, list[tuple[int, int]]]] = {
    "63-2025": ("63/2025/QĐ-CTUBND", [(0, 3), (3, 25)]),
    "154-2026": ("154/2026/NĐ-CP", [(10, 45)]),
    "265-2013": ("265/2013/TTLT-BQP-BCA", [(0, 12)]),
    "64-2015": ("64/2015/NĐ-CP", [(0, 16)]),
    "85-2016": ("85/2016/TTLT-BTC-BCA", [(0, 16)]),
    "13-2017": ("13/2017/QH14", [(5, 33)]),
    "14-2018": ("14/2018/TT-BCA", [(0, 17)]),
    "96-2021": ("96/2021/NĐ-CP", [(0, 18)]),
    "282-2025": ("282/2025/NĐ-CP", [(2, 20)]),
}
SAMPLES = files("accordant.node.demo") / "data"


def source(shared: Path, name: str) -> bytes:
    return next((shared / "texts").glob(f"{name}-*.txt")).read_bytes()


@cache
def read_once(data: bytes) -> Reading:
    return read_text(data)


def runs(reading: Reading) -> list[tuple[int, int]]:
    return [(one.count("chapter"), one.count("article")) for one in reading.components if one.provisions]


def shape(reading: Reading) -> list[tuple[str, str, str, str]]:
    return [(unit.eid, unit.num, unit.heading, unit.text) for one in reading.components for unit in one.walk()]


def codes(reading: Reading) -> list[str]:
    return [doubt.code for doubt in reading.diagnostics]


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPECTED)
def test_chapters_and_articles_are_those_a_person_counts(shared: Path, name: str) -> None:
    reading = read_once(source(shared, name))
    assert (reading.instrument.number, runs(reading)) == EXPECTED[name]


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPECTED)
def test_every_byte_belongs_to_one_owner(shared: Path, name: str) -> None:
    data = source(shared, name)
    reading = read_once(data)
    assert gaps(reading) == []
    assert b"".join(data[start:end] for start, end, _ in source_map(reading)) == data


def test_decision_and_regulation_are_two_parts(shared: Path) -> None:
    decision, regulation = read_once(source(shared, DECISION)).components
    assert (decision.name, regulation.name) == ("decision", "regulation")
    chapters = [unit for unit in regulation.provisions if unit.level == "chapter"]
    assert [(unit.bare, len(unit.children)) for unit in chapters] == [("I", 5), ("II", 18), ("III", 2)]


def test_slips_and_a_wrong_year_are_reported_not_repaired(shared: Path) -> None:
    data = source(shared, DECISION)
    reading = read_once(data)
    assert {"slip", "year-differs", "article-cited"} <= set(codes(reading))
    assert "NDD-CP" in data.decode()
    assert any("NDD-CP" in text for *_, text in shape(reading))


def test_annexes_after_the_last_article_are_components_of_their_own(shared: Path) -> None:
    reading = read_once(source(shared, DECREE))
    assert [one.name for one in reading.components] == ["regulation", "annex-1", "form-1", "form-2", "form-3"]
    chapter = next(unit for unit in reading.components[0].walk() if unit.eid == "chp_VII")
    assert [unit.bare for unit in chapter.children] == [str(number) for number in range(28, 35)]


def test_missing_chapter_is_reported_and_nothing_renumbered(shared: Path) -> None:
    reading = read_once(source(shared, GUARD_LAW))
    chapters = [unit.bare for unit in reading.components[0].provisions if unit.level == "chapter"]
    assert chapters == ["I", "II", "III", "V", "VI"]
    assert [doubt.expected for doubt in reading.diagnostics if doubt.code == "division-gap"] == ["4"]


def test_date_after_the_day_of_effect_is_a_doubt(shared: Path) -> None:
    assert "date-after-effect" in codes(read_once(source(shared, "265-2013")))


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPECTED)
def test_other_line_ends_and_decomposed_marks_give_the_same_tree(shared: Path, name: str) -> None:
    data = source(shared, name)
    text = data.decode()
    expected = shape(read_once(data))
    assert shape(read_text(unicodedata.normalize("NFD", text).encode())) == expected
    assert shape(read_text(text.replace("\r\n", "\n").replace("\n", "\r\n").encode())) == expected
    assert shape(read_text(b"\xef\xbb\xbf" + data)) == expected


@pytest.mark.slow
def test_second_run_gives_the_same_reading(shared: Path) -> None:
    data = source(shared, DECISION)
    assert read_text(data) == read_once(data)


def test_summary_is_the_contract_for_machines(shared: Path) -> None:
    answer = summary(read_once(source(shared, DECISION)))
    assert list(answer)[:2] == ["instrument", "parts"]
    assert answer["instrument"] == {"number": "63/2025/QĐ-CTUBND", "date": "2025-10-17"}
    assert [(part["chapters"], part["articles"]) for part in answer["parts"]] == [(0, 3), (3, 25)]  # type: ignore[attr-defined]  # the contract: a list of objects
    assert {"line", "code", "found", "expected"} == set(answer["warnings"][0])  # type: ignore[index]  # the contract: a list of objects


def test_sample_regulation_reads_without_doubts_and_alike_in_both_languages() -> None:
    vietnamese, english = (read_text((SAMPLES / f"regulation.{code}.txt").read_bytes()) for code in ("vi", "en"))
    for reading in (vietnamese, english):
        assert reading.diagnostics == ()
        assert runs(reading) == [(3, 9)]
        assert gaps(reading) == []
    assert [(u.eid, u.level) for u in vietnamese.components[0].walk()] == [
        (u.eid, u.level) for u in english.components[0].walk()
    ]
    assert (vietnamese.instrument.number, vietnamese.instrument.date) == (
        english.instrument.number,
        english.instrument.date,
    )
    assert (vietnamese.instrument.language, english.instrument.language) == ("vi", "en")
