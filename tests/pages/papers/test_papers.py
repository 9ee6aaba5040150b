"""Official papers: the boxes of Decree 30/2020, Vietnamese whole, the same bytes twice, data never markup."""

import io
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx as python_docx
import pypdf
import pytest
from docx.oxml.ns import qn
from msgspec.structs import replace

from accordant.entries.errors import Refused
from accordant.pages import papers
from accordant.pages.papers.words import words

AGENCIES = ("Bộ Tư lệnh Cảnh vệ", "Công an Thành phố Hải Lăng", "Bộ Tư lệnh Thành phố Hải Lăng")
MARKUP = "*đậm* _nghiêng_ #strong[x] $y$ <w:p/> & \\ @nhãn // `mã`"
COLUMNS = (papers.Column("Chỉ tiêu", 2), papers.Column("Tổng số", 1, "right"))
PAPER = papers.Paper(
    language="vi",
    agencies=AGENCIES,
    title="Báo cáo",
    abstract="Tổng kết 5 năm thực hiện Quy chế phối hợp số 28/QCPH-BTLCV-CATP",
    at=datetime(2026, 2, 5, 3, 0, tzinfo=UTC),
    sign="BC",
    blocks=(
        papers.Paragraph("Căn cứ Quy chế phối hợp số 28/QCPH-BTLCV-CATP.", style="basis"),
        papers.Heading("I. KẾT QUẢ"),
        papers.Heading("1. Số liệu", 2),
        papers.Paragraph(MARKUP, lead="Ghi chú:"),
        papers.Paragraph("đoàn khách quốc tế", style="item"),
        papers.Table("Bảng 1. Kết quả", COLUMNS, (("Hoạt động được bảo vệ (cuộc)", "1.898"), ("Cộng", "1.898")), 1),
        papers.Paragraph("Cột phối hợp không cộng vào tổng số.", style="small"),
    ),
    recipients=("Các bên;", "Lưu: VT."),
    signatories=tuple(papers.Signatory(agency, "Đại diện") for agency in AGENCIES),
    reference="guard.example/qc-28 412",
)


def text_of(data: bytes) -> str:
    """The words of a PDF, line breaks as blanks."""
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def opened(paper: papers.Paper) -> Any:
    return python_docx.Document(io.BytesIO(papers.docx(paper)))


def words_of(document: Any) -> str:
    """All words of a DOCX, cells too."""
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join([*(paragraph.text for paragraph in document.paragraphs), *cells]).split())


@pytest.mark.slow  # the first PDF of a process loads the layout
def test_pdf_says_every_word_in_its_box() -> None:
    text = text_of(papers.pdf(PAPER))
    for said in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "BỘ TƯ LỆNH CẢNH VỆ -",
        "CÔNG AN THÀNH PHỐ HẢI LĂNG -",
        "/BC",
        "ngày …… tháng …… năm 2026",
        "BÁO CÁO",
        PAPER.abstract,
        "Bảng 1. Kết quả",
        "Hoạt động được bảo vệ (cuộc) 1.898",
        "Nơi nhận:",
        "- Lưu: VT.",
        "ĐẠI DIỆN",
        PAPER.reference,
    ):
        assert said in text, said


@pytest.mark.slow  # as above
def test_data_is_never_markup() -> None:
    assert MARKUP in text_of(papers.pdf(PAPER))
    assert MARKUP in words_of(opened(PAPER))


@pytest.mark.slow  # as above
def test_same_paper_gives_the_same_bytes() -> None:
    assert papers.pdf(PAPER) == papers.pdf(PAPER)
    assert papers.docx(PAPER) == papers.docx(PAPER)
    assert papers.pdf(PAPER) != papers.pdf(replace(PAPER, title="Tờ trình"))


@pytest.mark.slow  # as above
def test_pdf_is_tagged_and_says_its_language_and_title() -> None:
    reader = pypdf.PdfReader(io.BytesIO(papers.pdf(PAPER)))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("vi")
    assert reader.metadata is not None
    assert reader.metadata.title == f"{PAPER.title}. {PAPER.abstract}"
    xmp = root["/Metadata"].get_data().decode()
    assert "pdfaid" in xmp
    assert "pdfuaid" in xmp


@pytest.mark.slow  # as above
def test_pdf_carries_our_own_fonts_alone() -> None:
    reader = pypdf.PdfReader(io.BytesIO(papers.pdf(PAPER)))
    fonts = {str(font["/BaseFont"]) for page in reader.pages for font in _fonts(page)}
    assert fonts
    assert all("LiberationSerif" in font for font in fonts), fonts


@pytest.mark.slow  # as above
def test_letter_without_glyph_makes_no_paper() -> None:
    with pytest.raises(Refused, match="総") as caught:
        papers.pdf(replace(PAPER, abstract="Tổng kết 総括"))
    assert caught.value.code == "paper-layout"


@pytest.mark.slow  # as above
def test_translation_is_neither_numbered_nor_signed() -> None:
    paper = replace(PAPER, language="en", title="Report", abstract="Five years of coordination", signatories=())
    for text in (text_of(papers.pdf(paper)), words_of(opened(paper))):
        assert "BẢN DỊCH / TRANSLATION" in text
        assert "SOCIALIST REPUBLIC OF VIET NAM" in text
        assert "No. as on the Vietnamese original" in text
        assert "/BC" not in text


@pytest.mark.slow  # as above
def test_long_table_repeats_its_head_and_pages_are_numbered_from_the_second() -> None:
    rows = tuple((f"Chỉ tiêu thứ {number}", "1") for number in range(90))
    paper = replace(PAPER, blocks=(papers.Table("Bảng 1. Dài", COLUMNS, rows),))
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(papers.pdf(paper))).pages]
    assert len(pages) > 2
    assert [page.count("Tổng số") for page in pages[:3]] == [1, 1, 1]
    assert pages[1].split()[0] == "2"
    assert pages[0].split()[0] != "1"


@pytest.mark.slow  # the first DOCX of a process loads its template
def test_docx_has_real_headings_and_a_repeated_head() -> None:
    document = opened(PAPER)
    assert [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith("Heading")] == [
        ("Heading 1", "I. KẾT QUẢ"),
        ("Heading 2", "1. Số liệu"),
    ]
    grid = next(table for table in document.tables if table.style.name == "Table Grid")
    assert [[cell.text for cell in row.cells] for row in grid.rows] == [
        ["Chỉ tiêu", "Tổng số"],
        ["Hoạt động được bảo vệ (cuộc)", "1.898"],
        ["Cộng", "1.898"],
    ]
    assert grid.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert document.core_properties.title == f"{PAPER.title}. {PAPER.abstract}"
    assert document.core_properties.language == "vi-VN"
    assert document.styles["Normal"].font.name == "Times New Roman"


@pytest.mark.slow  # as above
def test_docx_says_every_word_in_its_box() -> None:
    text = words_of(opened(PAPER))
    for said in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "BÁO CÁO",
        "Nơi nhận:",
        "ĐẠI DIỆN",
    ):
        assert said in text, said


@pytest.mark.parametrize(
    ("day", "place", "said"),
    [
        ("2026-02-05", "Hải Lăng", "Hải Lăng, ngày 05 tháng 02 năm 2026"),
        ("2026-11-24", "Hải Lăng", "Hải Lăng, ngày 24 tháng 11 năm 2026"),
        ("2026-03-24", "Hải Lăng", "Hải Lăng, ngày 24 tháng 3 năm 2026"),
        ("", "", "……………, ngày …… tháng …… năm 2026"),
    ],
)
def test_place_and_day_are_written_as_prescribed(day: str, place: str, said: str) -> None:
    assert words(replace(PAPER, day=day, place=place)).place_and_day == said


def test_translation_writes_the_day_in_english() -> None:
    paper = replace(PAPER, language="en", day="2026-02-05", place="Hai Lang")
    assert words(paper).place_and_day == "Hai Lang, 5 February 2026"


def test_number_waits_to_be_given_or_stands() -> None:
    assert words(PAPER).number.endswith("/BC")
    assert words(replace(PAPER, number="15/BC-BTLCV")).number == "Số: 15/BC-BTLCV"


@pytest.mark.parametrize(("marking", "said"), [(0, ""), (1, "MẬT"), (2, "TỐI MẬT"), (3, "TUYỆT MẬT")])
def test_marking_is_said(marking: int, said: str) -> None:
    assert words(replace(PAPER, marking=marking)).marking == said


@pytest.mark.slow  # runs a program
def test_another_program_opens_the_pdf(tmp_path: Path) -> None:
    """poppler reads the same words; skipped where it is not installed."""
    path = tmp_path / "paper.pdf"
    path.write_bytes(papers.pdf(replace(PAPER, marking=1, superior="Bộ Công an")))
    try:
        done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    except FileNotFoundError:
        pytest.skip("skipped: poppler-utils is not installed")
    text = done.stdout.decode()
    assert "BỘ CÔNG AN" in text
    assert "MẬT" in text
    assert "1.898" in text
    assert not done.stderr


def _fonts(page: Any) -> list[Any]:
    held = page["/Resources"].get("/Font", {})
    return [font.get_object() for font in held.values()]
