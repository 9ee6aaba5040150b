"""Numbers, days, instants and words as readers of both languages write them; the Vietnamese order; the search fold."""

import random

import pytest
from django.template import Context, Template
from django.utils import translation

from accordant.entries.envelope import Header
from accordant.pages import formats, frame, headlines
from accordant.pages.fold import fold
from accordant.pages.order import sort_key

AT = 1_765_004_600_000  # 2025-12-06 07:03:20 UTC, 14:03:20 in Hà Nội


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    held = {"guard.example": ("Bộ Tư lệnh Cảnh vệ", "Guard Command"), "city.example": ("Công an thành phố", "City")}
    monkeypatch.setattr(frame, "_PROVIDED", [frame.Provider(lambda now: (), lambda a: held.get(a, (a, a)))])


@pytest.mark.parametrize(
    ("iso", "vietnamese", "english"),
    [
        ("2025-12-06", "06/12/2025", "6 Dec 2025"),
        ("2025-02-28", "28/02/2025", "28 Feb 2025"),
        ("2025-12", "12/2025", "Dec 2025"),
        ("2025", "2025", "2025"),
        ("", "", ""),
        ("tháng 5", "tháng 5", "tháng 5"),
        ("2025-13-01", "2025-13-01", "2025-13-01"),
    ],
)
def test_days(iso: str, vietnamese: str, english: str) -> None:
    with translation.override("vi"):
        assert formats.day_text(iso) == vietnamese
    with translation.override("en"):
        assert formats.day_text(iso) == english


@pytest.mark.parametrize(
    ("number", "vietnamese", "english"),
    [(0, "0", "0"), (1898, "1.898", "1,898"), (-1234567, "-1.234.567", "-1,234,567"), (2.5, "2,5", "2.5")],
)
def test_numbers(number: float, vietnamese: str, english: str) -> None:
    with translation.override("vi"):
        assert formats.number_text(number) == vietnamese
    with translation.override("en"):
        assert formats.number_text(number) == english


def test_instants_are_in_the_node_s_zone() -> None:
    with translation.override("vi"):
        assert formats.instant_text(AT) == "14:03 06/12/2025"
    with translation.override("en"):
        assert formats.instant_text(AT) == "14:03, 6 Dec 2025"
    assert formats.instant_text(None) == ""
    assert formats.clock_text(AT) == "14:03:20"
    assert formats.instant_iso(AT) == "2025-12-06T14:03:20+07:00"
    assert formats.day_of(AT + 10 * 3_600_000) == "2025-12-07"


def test_midnight_of_a_deadline_belongs_to_the_day_that_ends() -> None:
    midnight = AT - AT % 86_400_000 - 7 * 3_600_000  # 00:00 in Hà Nội on the 6th
    with translation.override("vi"):
        assert formats.deadline_text(midnight) == "24:00 05/12/2025"
        assert formats.deadline_text(AT) == "14:03 06/12/2025"
        assert formats.deadline_text(None) == ""
        assert Template("{% load pages %}{{ at|deadline }}").render(Context({"at": midnight})) == "24:00 05/12/2025"


def test_no_language_is_vietnamese() -> None:
    with translation.override(None):
        assert formats.number_text(1898) == "1.898"


def test_filters_say_the_same(names: None) -> None:
    page = Template(
        "{% load pages %}{{ at|instant }}|{{ none|instant }}|{{ at|clock }}|{{ day|day }}|{{ none|day }}|"
        "{{ n|number }}|{{ none|number }}|{{ who|agency }}|{{ none|agency }}"
    )
    context = Context({"at": AT, "none": None, "day": "2025-12-06", "n": 1898, "who": "guard.example"})
    with translation.override("en"):
        assert page.render(context) == "14:03, 6 Dec 2025||14:03:20|6 Dec 2025||1,898||Guard Command|"


def test_agency_is_named_in_the_reader_s_language(names: None) -> None:
    with translation.override("vi"):
        assert formats.agency_name("guard.example") == "Bộ Tư lệnh Cảnh vệ"
    assert formats.agency_name("nobody.example") == "nobody.example"


def header(kind: str, **facts: object) -> Header:
    return Header(
        log="guard.example/qc-12/1", seq=4, at=AT, kind=kind, kv=1, by="x", v=1, to=("city.example",),
        d=facts,  # type: ignore[arg-type]  # facts of the kind at hand
    )  # fmt: skip


def test_headline_fills_its_places_in_both_languages(names: None) -> None:
    sent = header("information.item-sent", number="12/QD", day="2025-12-06")
    with translation.override("en"):
        assert headlines.headline(sent) == "Item 12/QD from Guard Command to City"
    with translation.override("vi"):
        assert "Bộ Tư lệnh Cảnh vệ" in headlines.headline(sent)


def test_headline_says_codes_days_and_counts_in_words(names: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headlines, "_WORDS", {})
    headlines.name_words("information.item-returned", "reason", {"unreadable": "Nothing is shown."})
    with translation.override("en"):
        returned = header("information.item-returned", day="2025-12-06", reason="unreadable")
        assert headlines.headline(returned) == "Guard Command returned an item: Nothing is shown."
        other = header("information.item-returned", day="2025-12-06", reason="torn")
        assert headlines.headline(other).endswith("torn")
        delegation = header("programmes.delegation-recorded", code="D-1", day="2025-12-06", heads=1200)
        assert "6 Dec 2025" in headlines.headline(delegation)
        assert "1,200" in headlines.headline(delegation)


def test_unknown_kind_is_named_by_its_code() -> None:
    assert headlines.headline(header("screening.made-up")) == "screening.made-up"


ALPHABET = "a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y".split()
TONES = ["ma", "mà", "mả", "mã", "má", "mạ"]
NAMES = [
    "An", "Ăn", "Ân", "Bình", "Da", "Dung", "Dũng", "Đa", "Đào", "Em", "Ếch", "Hòa", "Hoàng", "Nguyen B",
    "Nguyễn An", "Nguyễn Ân", "Oanh", "Ông", "Ớt", "Tuấn", "Tưởng", "Vân", "Yến",
]  # fmt: skip


@pytest.mark.parametrize("words", [ALPHABET, TONES, NAMES, ["10 Lê Lợi", "2 Lê Lợi", "a 1", "a1", "ab"]])
def test_vietnamese_order(words: list[str]) -> None:
    mixed = words[:]
    random.Random(1).shuffle(mixed)
    expected = ["10 Lê Lợi", "2 Lê Lợi", "a 1", "a1", "ab"] if words[0] == "10 Lê Lợi" else words
    assert sorted(mixed, key=sort_key) == expected


def test_letters_count_before_tones_and_tones_before_capitals() -> None:
    assert sorted(["Má", "má", "mà", "Mà", "mac", "Ma", "ma"], key=sort_key) == [
        "ma", "Ma", "mà", "Mà", "má", "Má", "mac",
    ]  # fmt: skip


def test_order_does_not_depend_on_how_marks_are_written() -> None:
    assert sort_key("Đường") == sort_key("Đươ\u0300ng") == sort_key("Đu\u031bo\u031b\u0300ng")


def test_other_letters_come_last_and_none_are_equal() -> None:
    words = ["z", "ß", "я", "字"]
    assert sorted({"字", "я", "z", "ß"}, key=sort_key) == words
    assert len({sort_key(word) for word in (*words, "ü", "u")}) == 6


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Đường Đồng Nai", "duong dong nai"), ("THỪA THIÊN HUẾ", "thua thien hue"), ("Đươ\u0300ng", "duong"), ("", "")],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded
