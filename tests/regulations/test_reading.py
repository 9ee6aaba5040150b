"""How lines become articles, clauses and points, and what the reader says when it doubts."""

import pytest

from accordant.regulations.rules import SENTENCES, Diagnostic, Reading, gaps, read_text


def read(text: str) -> Reading:
    reading = read_text(text.encode())
    assert gaps(reading) == []
    assert {doubt.code for doubt in reading.diagnostics} <= set(SENTENCES)
    return reading


def eids(reading: Reading) -> list[str]:
    return [unit.eid for one in reading.components for unit in one.walk()]


def texts(reading: Reading) -> dict[str, str]:
    return {unit.eid: unit.text for one in reading.components for unit in one.walk()}


def doubts(reading: Reading) -> list[tuple[str, str]]:
    """Codes with what was expected, but for the head of the text, which most texts here do not have."""
    heads = {"number-missing", "date-missing"}
    return [(doubt.code, doubt.expected) for doubt in reading.diagnostics if doubt.code not in heads]


def test_citation_at_the_start_of_a_wrapped_line_is_text() -> None:
    reading = read(
        "Điều 1. Phạm vi\nTheo quy định tại\nĐiều 6 của Nghị định này,\nhai bên phối hợp.\nĐiều 2. Nguyên tắc\n"
    )
    assert eids(reading) == ["art_1", "art_2"]
    assert texts(reading)["art_1"].endswith("Điều 6 của Nghị định này, hai bên phối hợp.")
    assert doubts(reading) == [("article-cited", "2")]


def test_article_inserted_with_a_letter_follows_its_number() -> None:
    assert eids(read("Điều 5. A\nĐiều 5a. B\nĐiều 5b. C\nĐiều 6. D\n")) == ["art_5", "art_5a", "art_5b", "art_6"]


def test_gap_between_articles_and_a_first_one_that_is_not_one_are_reported() -> None:
    reading = read("\n".join(f"Điều {number}. Tên" for number in (2, 3, 5, 6, 7, 8, 9, 10)))
    assert doubts(reading) == [("article-not-first", "1"), ("article-gap", "4")]


def test_numbering_that_begins_anew_makes_a_second_component() -> None:
    reading = read("QUYẾT ĐỊNH\nĐiều 1. A\nĐiều 2. B\nQUY CHẾ\nĐiều 1. C\nĐiều 2. D\nĐiều 3. E\n")
    assert [(one.name, one.count("article")) for one in reading.components] == [("decision", 2), ("regulation", 3)]


@pytest.mark.parametrize(
    ("heading", "code", "expected"),
    [
        ("Điền 2. Tên", "article-slip", "Điều"),
        ("Điều\n2. Tên", "article-split", "Điều"),
        ("Điều 2 Tên", "article-no-dot", "Điều 2."),
    ],
)
def test_unusual_heading_is_taken_and_reported(heading: str, code: str, expected: str) -> None:
    reading = read(f"Điều 1. Tên.\n\n{heading}\n\nĐiều 3. Tên\n")
    assert eids(reading) == ["art_1", "art_2", "art_3"]
    assert (code, expected) in doubts(reading)


def test_article_inside_quoted_wording_is_no_article_of_this_text() -> None:
    reading = read("Điều 1. Sửa đổi\nĐiều 4 được sửa như sau:\n“Điều 2. Mới\n1. Nội dung”.\nĐiều 2. Hiệu lực\n")
    assert eids(reading) == ["art_1", "art_2"]
    assert "“Điều 2. Mới" in texts(reading)["art_1"]


def test_quote_that_never_closes_swallows_nothing() -> None:
    reading = read("Điều 1. Sửa đổi\nNhư sau:\n“Khoản mới.\nĐiều 2. Hiệu lực\n1. Ngay.\n")
    assert eids(reading) == ["art_1", "art_2", "art_2__para_1"]
    assert ("quote-unclosed", "”") in doubts(reading)


def test_divisions_nest_and_hand_no_path_to_articles() -> None:
    reading = read(
        "Phần thứ nhất\nNHỮNG VẤN ĐỀ CHUNG\nChương I\nQUY ĐỊNH CHUNG\nMục 1. TÊN MỤC\nTiểu mục 1. TÊN\nĐiều 1. A\n"
        "Chương II\nTRÁCH NHIỆM\nĐiều 2. B\n"
    )
    assert eids(reading) == [
        "part_1", "part_1__chp_I", "part_1__chp_I__sec_1", "part_1__chp_I__sec_1__subsec_1", "art_1",
        "part_1__chp_II", "art_2",
    ]  # fmt: skip
    chapter = next(unit for unit in reading.components[0].walk() if unit.eid == "part_1__chp_I")
    assert (chapter.num, chapter.heading) == ("Chương I", "QUY ĐỊNH CHUNG")


def test_cited_chapter_is_text_and_a_missing_one_is_reported() -> None:
    reading = read(
        "Chương I\nCHUNG\nĐiều 1. A\nTheo quy định tại\nChương II của Luật này,\nlàm.\nChương III\nCUỐI\nĐiều 2. B\n"
    )
    assert eids(reading) == ["chp_I", "art_1", "chp_III", "art_2"]
    assert doubts(reading) == [("division-cited", "2"), ("division-gap", "2")]


def test_points_follow_the_vietnamese_alphabet() -> None:
    letters = "a b c d đ e g h i k".split()
    reading = read("Điều 1. A\n1. Gồm:\n" + "".join(f"{letter}) nội dung;\n" for letter in letters))
    assert eids(reading)[2:] == [f"art_1__para_1__point_{letter.replace('đ', 'dd')}" for letter in letters]
    assert doubts(reading) == []


def test_unusual_letter_is_taken_and_reported_and_an_unexpected_one_is_text() -> None:
    reading = read("Điều 1. A\n1. Gồm:\na) x;\nb) x;\nc) x;\nd) x;\nđ) x;\ne) x;\nf) x;\nk) x;\n")
    assert eids(reading)[-2:] == ["art_1__para_1__point_f", "art_1__para_1__wrapup"]
    assert texts(reading)["art_1__para_1__wrapup"] == "k) x;"
    assert doubts(reading) == [("point-unusual", "g"), ("point-unexpected", "g")]


def test_clauses_count_on_or_are_inserted_and_else_are_text() -> None:
    reading = read("Điều 1. A\n1. Một.\n1a. Một chèn.\n2. Hai.\n7. Bảy.\n3. Ba.\n")
    assert eids(reading) == ["art_1", *(f"art_1__para_{number}" for number in ("1", "1a", "2", "3"))]
    assert doubts(reading) == [("clause-unexpected", "3")]


def test_inserted_point_has_its_digit_and_decimals_hang_on_their_clause() -> None:
    reading = read("Điều 1. A\n1. Gồm:\nd) x;\nĐiều 2. B\n1. Gồm:\na) x;\na1) y;\n2. Gồm:\n2.1. z\n2.2. z\n")
    assert "art_2__para_1__point_a1" in eids(reading)
    assert eids(reading)[-2:] == ["art_2__para_2__point_2-1", "art_2__para_2__point_2-2"]


def test_bullets_hang_on_the_unit_before_and_pluses_on_their_dash() -> None:
    reading = read("Điều 1. A\n1. Gồm:\na) x:\n- y:\n+ z;\n+ z.\n- y.\n2. Hai.\n")
    assert [eid.removeprefix("art_1__para_1__point_a") for eid in eids(reading)[3:-1]] == [
        "__indent_1", "__indent_1__indent_1", "__indent_1__indent_2", "__indent_2",
    ]  # fmt: skip


def test_roman_points_stand_under_an_english_point() -> None:
    reading = read("Article 1. Scope\n1. It has:\n(a) one:\n(i) x;\n(ii) y;\n(b) two.\n")
    assert reading.instrument.language == "en"
    assert eids(reading)[2:] == [
        "art_1__para_1__point_a", "art_1__para_1__point_a__indent_i", "art_1__para_1__point_a__indent_ii",
        "art_1__para_1__point_b",
    ]  # fmt: skip


def test_paragraph_after_the_last_point_closes_its_clause() -> None:
    reading = read("Điều 1. A\n1. Gồm:\na) x;\nb) y.\n\nCác bên thông báo cho nhau.\n2. Hai.\n")
    assert texts(reading)["art_1__para_1__wrapup"] == "Các bên thông báo cho nhau."
    assert texts(reading)["art_1__para_1__point_b"] == "y."


def test_heading_that_is_a_sentence_is_the_first_paragraph() -> None:
    reading = read("Điều 1. Ban hành kèm theo Quyết định này Quy chế phối hợp.\nĐiều 2. Tên của điều\n1. Một.\n")
    first, second = reading.components[0].provisions
    assert (first.heading, first.text) == ("", "Ban hành kèm theo Quyết định này Quy chế phối hợp.")
    assert (second.heading, second.text) == ("Tên của điều", "")


def test_title_of_a_chapter_in_small_letters_is_its_heading() -> None:
    reading = read("Chương I. Quy định chung\n\nĐiều 1. A\nChương II\nTrách nhiệm của\ncác bên\n\nĐiều 2. B\n")
    headings = [unit.heading for unit in reading.components[0].walk() if unit.level == "chapter"]
    assert headings == ["Quy định chung", "Trách nhiệm của các bên"]


def test_number_that_stands_twice_gets_an_id_of_its_own() -> None:
    reading = read("Chương I\nMỘT\nĐiều 1. A\nChương I\nHAI\nĐiều 2. B\nChương I\nBA\nĐiều 3. C\n")
    assert eids(reading) == ["chp_I", "art_1", "chp_I_2", "art_2", "chp_I_3", "art_3"]


def test_article_without_any_words_is_reported() -> None:
    assert ("article-no-heading", "") in doubts(read("Điều 1.\n1. Một.\n"))


def test_what_follows_the_end_mark_is_conclusions_then_annexes() -> None:
    reading = read(
        "QUY CHẾ\nĐiều 1. A\n1. Một./.\nNơi nhận:\n- Lưu: VT.\nTM. ỦY BAN\n"
        "Phụ lục I\nDANH SÁCH\nMẫu số 01 - Tên mẫu\nx\n"
    )
    body, annex, form = reading.components
    assert (body.name, annex.name, form.name) == ("regulation", "annex-1", "form-1")
    assert body.conclusions.splitlines() == ["Nơi nhận:", "- Lưu: VT.", "TM. ỦY BAN"]
    assert not annex.provisions


def test_head_gives_number_date_title_and_leaves_the_letterhead_out() -> None:
    reading = read(
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nSố: 63   /2025/QĐ-CTUBND\n"
        "Phú Thọ, ngày 17 tháng 10 năm 2025\nQUYẾT ĐỊNH\nBan hành quy chế\n"
        "Căn cứ Luật số 72/2025/QH15 ngày 16 tháng 6 năm 2025;\nĐiều 1. A\n"
    )
    assert (reading.instrument.number, reading.instrument.date) == ("63/2025/QĐ-CTUBND", "2025-10-17")
    assert reading.instrument.issuers == ("CTUBND",)
    assert reading.components[0].title == "QUYẾT ĐỊNH Ban hành quy chế"
    assert "letterhead" in {piece.kind for piece in reading.furniture}


@pytest.mark.parametrize(
    ("line", "code", "date"),
    [
        ("Hà Nội, ngày 31 tháng 02 năm 2020", "date-impossible", ""),
        ("May 6, 2026", "date-ambiguous", "2026-05-06"),
        ("Ngày 01/5/2026, có hiệu lực từ ngày 01/4/2026", "date-after-effect", "2026-05-01"),
    ],
)
def test_doubtful_date_is_reported(line: str, code: str, date: str) -> None:
    reading = read(f"Số: 1/2020/QĐ-UBND\n{line}\nQUYẾT ĐỊNH\nĐiều 1. A\n")
    assert reading.instrument.date == date
    assert code in [doubt.code for doubt in reading.diagnostics]


def test_text_without_number_and_date_says_so() -> None:
    reading = read("QUY CHẾ\nĐiều 1. A\n")
    assert (reading.instrument.number, reading.instrument.date) == ("", "")
    assert reading.diagnostics == (Diagnostic(1, "date-missing", "", ""), Diagnostic(1, "number-missing", "", ""))


def test_unusual_number_is_read_with_its_warning() -> None:
    reading = read("Số: 03/2019/ND-CP\nĐiều 1. A\n")
    assert reading.instrument.number == "03/2019/NĐ-CP"
    assert ("number-unusual", "bar-lost") in doubts(reading)


def test_cited_number_whose_year_differs_from_its_date_is_reported() -> None:
    reading = read("Điều 1. A\nTheo Nghị định số 12/2024/NĐ-CP ngày 05 tháng 6 năm 2025 của Chính phủ.\n")
    assert doubts(reading) == [("year-differs", "2025")]


def test_footnote_leaves_the_text_and_keeps_its_bytes() -> None:
    reading = read("Điều 1. A\n1. Công an tỉnh1 phối hợp.\n\f1 Sửa đổi năm 2025\ntheo Luật mới.\n")
    assert texts(reading)["art_1__para_1"] == "Công an tỉnh phối hợp."
    assert [(note.num, note.text, note.line) for note in reading.footnotes] == [
        ("1", "Sửa đổi năm 2025 theo Luật mới.", 2)
    ]


def test_digits_of_a_unit_are_no_footnote() -> None:
    reading = read("Điều 1. A\n1. Diện tích 5 m2 và phòng K01.\n")
    assert texts(reading)["art_1__para_1"] == "Diện tích 5 m2 và phòng K01."
    assert reading.footnotes == ()


def test_page_numbers_and_gazette_lines_are_furniture() -> None:
    page = "CÔNG BÁO/Số {n} + 1/Ngày 0{n}-11-2025\n" + "".join(f"Dòng chữ thứ {w} dài.\n" for w in "abcdefghijkl")
    reading = read("Điều 1. A\n" + "".join(page.format(n=n) + f"{n}\n\f" for n in range(1, 5)))
    kinds = [piece.kind for piece in reading.furniture]
    assert kinds.count("gazette-line") + kinds.count("page-number") == 8
    assert "CÔNG BÁO" not in texts(reading)["art_1"]


def test_number_alone_on_a_wrapped_line_stays_text() -> None:
    reading = read("Điều 1. A\nTheo quy định tại khoản\n2\nĐiều này, hai bên làm.\n")
    assert "khoản 2 Điều này" in texts(reading)["art_1"].replace("\n", " ")


def test_wrapped_lines_join_and_a_hyphen_at_the_end_leaves_no_blank() -> None:
    line = "Các bên phối hợp bảo vệ các hoạt động trên địa bàn thành phố"
    reading = read(f"Điều 1. A\n1. {line}\n{line.lower()}\nvà bảo-\nđảm an\u00ad\ntoàn.\n2. Hai.\n")
    assert texts(reading)["art_1__para_1"] == f"{line} {line.lower()} và bảo-đảm antoàn."


def test_normalised_letters_keep_the_bytes_of_the_original() -> None:
    data = "\ufeffĐiều 1.\u00a0\u00d0ịa  bàn\n".encode()
    reading = read_text(data)
    unit = reading.components[0].provisions[0]
    assert unit.heading == "Địa bàn"
    assert [data[start:end] for start, end in unit.ranges] == [data[3:]]


def test_byte_of_a_character_is_found_behind_composed_and_dropped_signs() -> None:
    from accordant.regulations.rules.reading.normal import split  # noqa: PLC0415  # inner part, used by this test alone

    data = "  a\u0301\u200bb  c\n".encode()
    row = split(data)[0][0]
    assert row.text == "áb c"
    assert [data[row.byte_at(index)] for index in (0, 1, 3)] == [ord("a"), ord("b"), ord("c")]
    assert row.byte_at(4) == len(data)
