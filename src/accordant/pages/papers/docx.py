"""A paper as DOCX by python-docx: the same boxes as the PDF, real heading styles, heads of tables repeated.

DOCX files name Times New Roman, whose widths Liberation Serif has, so that both break alike.
"""

import io
import zipfile
from typing import Any, Final

import docx as python_docx
from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.table import Table as DocxTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as DocxParagraph

from accordant.pages.papers.paper import Block, Heading, Paper, Paragraph, Signatory, Table
from accordant.pages.papers.words import Words, words

FONT: Final = "Times New Roman"
WIDTH: Final = Mm(165)  # A4 less the margins of 30 and 15 mm
SIDES: Final = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "centre": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the zip's own times: same paper, same bytes


def docx(paper: Paper) -> bytes:
    """The bytes of the DOCX."""
    around = words(paper)
    document = python_docx.Document()
    _properties(document, paper, around)
    _styles(document, around)
    _page(document, paper)
    if around.translation:
        _centred(document.add_paragraph(), around.translation, size=13, bold=True)
    _head(document, paper, around)
    _title(document, paper)
    for block in paper.blocks:
        _block(document, block)
    _foot(document, paper, around)
    raw = io.BytesIO()
    document.save(raw)
    return _same_bytes(raw.getvalue())


def _properties(document: Document, paper: Paper, around: Words) -> None:
    held = document.core_properties
    held.title = f"{paper.title}. {paper.abstract}"
    held.author = held.last_modified_by = "; ".join(paper.agencies)[:255]
    held.language = around.language
    held.comments = ""
    held.identifier = paper.reference[:255]
    held.created = held.modified = paper.at.replace(tzinfo=None, microsecond=0)


def _styles(document: Document, around: Words) -> None:
    for name, size in (("Normal", 14), ("Heading 1", 14), ("Heading 2", 14), ("Title", 14)):
        style: Any = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        properties = style.element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), FONT)
        if name == "Normal":
            language = OxmlElement("w:lang")
            language.set(qn("w:val"), around.language)
            properties.append(language)
            continue
        style.font.bold, style.font.italic = True, False
        style.font.color.rgb = None
        for color in properties.findall(qn("w:color")):
            properties.remove(color)
        for border in style.element.get_or_add_pPr().findall(qn("w:pBdr")):
            style.element.pPr.remove(border)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(10), Pt(6)
        style.paragraph_format.keep_with_next = True


def _page(document: Document, paper: Paper) -> None:
    """A4, margins of the layout, page number centred in the top margin from the second page on, reference below."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _field(number, "PAGE")
    for footer in (section.footer, section.first_page_footer):
        _centred(footer.paragraphs[0], paper.reference, size=8.5)


def _head(document: Document, paper: Paper, around: Words) -> None:
    table = _borderless(document, (Mm(71), Mm(94)))
    left, right = table.rows[0].cells
    lines = [(paper.superior.upper(), 12, False)] if paper.superior else []
    last = len(paper.agencies) - 1
    lines += [
        (agency.upper() + (" -" if place < last else ""), 12, True) for place, agency in enumerate(paper.agencies)
    ]
    for place, (text, size, bold) in enumerate(lines):
        _centred(_next(left, first=place == 0), text, size=size, bold=bold, after=2)
    _rule(left, Mm(22), left=Mm(24.5))
    _centred(left.add_paragraph(), around.number, size=13, before=4)
    if around.marking:
        _centred(left.add_paragraph(), around.marking, size=13, bold=True, before=4)
    _centred(right.paragraphs[0], around.state, size=12, bold=True, after=2)
    _centred(right.add_paragraph(), around.motto, size=13.5, bold=True)
    _rule(right, Mm(58), left=Mm(18))
    _centred(right.add_paragraph(), around.place_and_day, size=13.5, italic=True, before=4)


def _title(document: Document, paper: Paper) -> None:
    title = document.add_paragraph(style="Title")
    _centred(title, paper.title.upper(), size=14, bold=True, before=18, after=2)
    _centred(document.add_paragraph(), paper.abstract, size=14, bold=True, after=0)
    table = _borderless(document, (Mm(62), Mm(41), Mm(62)))
    _borders(table.rows[0].cells[1], top="single")
    for cell in table.rows[0].cells:
        _centred(cell.paragraphs[0], "", size=6)


def _block(document: Document, block: Block) -> None:
    if isinstance(block, Heading):
        document.add_heading(block.text, level=block.level)
    elif isinstance(block, Table):
        _table(document, block)
    else:
        _paragraph(document, block)


def _paragraph(document: Document, block: Paragraph) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    layout = paragraph.paragraph_format
    layout.space_after, layout.line_spacing = Pt(6), 1.15
    if block.style != "small":
        layout.first_line_indent = Mm(10)
    if block.lead:
        paragraph.add_run(f"{block.lead} ").bold = True
    run = paragraph.add_run(f"- {block.text}" if block.style == "item" else block.text)
    run.italic = block.style in ("basis", "small")
    if block.style == "small":
        run.font.size = Pt(12)


def _table(document: Document, block: Table) -> None:
    caption = document.add_paragraph()
    _centred(caption, block.caption, size=13, bold=True, before=6, after=4)
    caption.paragraph_format.keep_with_next = True
    table = document.add_table(rows=1 + len(block.rows), cols=len(block.columns))
    table.style = "Table Grid"
    table.autofit = False
    whole = sum(column.share for column in block.columns)
    widths = [int(WIDTH * column.share / whole) for column in block.columns]
    _repeat_head(table)
    first_total = len(block.rows) - block.totals
    texts = [tuple(column.title for column in block.columns), *block.rows]
    for number, (row, cells) in enumerate(zip(table.rows, texts, strict=True)):
        _unbroken(row)
        for cell, column, width, text in zip(row.cells, block.columns, widths, cells, strict=True):
            cell.width = width
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
            paragraph = cell.paragraphs[0]
            _centred(paragraph, text, size=12.5, bold=number == 0 or number > first_total, before=2, after=2)
            paragraph.alignment = SIDES["centre" if number == 0 else column.side]
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _foot(document: Document, paper: Paper, around: Words) -> None:
    several = len(paper.signatories) > 1
    if several:
        table = _borderless(document, tuple(WIDTH // len(paper.signatories) for _ in paper.signatories))
        for cell, signatory in zip(table.rows[0].cells, paper.signatories, strict=True):
            _signature(cell, signatory)
    table = _borderless(document, (Mm(70), Mm(95)))
    left, right = table.rows[0].cells
    for signatory in () if several else paper.signatories:
        _signature(right, signatory)
    if paper.recipients:
        _lined(left.paragraphs[0], around.recipients, size=12, bold=True, italic=True)
    for line in paper.recipients:
        _lined(left.add_paragraph(), f"- {line}", size=11)


def _signature(cell: _Cell, signatory: Signatory) -> None:
    if signatory.authority:
        _centred(_next(cell, first=True), signatory.authority.upper(), size=13, bold=True, before=12, after=2)
    _centred(_next(cell, first=not signatory.authority), signatory.agency.upper(), size=13, bold=True, after=68)
    _centred(cell.add_paragraph(), signatory.name, size=13.5, bold=True)


def _next(cell: _Cell, *, first: bool) -> DocxParagraph:
    paragraph: DocxParagraph = cell.paragraphs[0] if first else cell.add_paragraph()
    return paragraph


def _centred(paragraph: DocxParagraph, text: str, **how: Any) -> None:
    _lined(paragraph, text, **how)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _lined(
    paragraph: DocxParagraph,
    text: str,
    *,
    size: float,
    bold: bool = False,
    italic: bool = False,
    before: float = 0,
    after: float = 0,
) -> None:
    layout = paragraph.paragraph_format
    layout.space_before, layout.space_after, layout.line_spacing = Pt(before), Pt(after), 1.0
    run = paragraph.add_run(text)
    run.bold, run.italic = bold, italic
    run.font.size = Pt(size)


def _rule(cell: _Cell, length: int, *, left: int) -> None:
    """A rule under the lines above: the top border of an empty paragraph, indented on both sides."""
    paragraph = cell.add_paragraph()
    _lined(paragraph, "", size=2)
    paragraph.paragraph_format.left_indent = left
    paragraph.paragraph_format.right_indent = Mm(cell.width.mm) - left - length if cell.width else left
    borders = OxmlElement("w:pBdr")
    borders.append(_line("top"))
    # Word wants the borders before these siblings; python-docx has no interface for them.
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc")  # noqa: SLF001  # as above


def _borderless(document: Document, widths: tuple[int, ...]) -> DocxTable:
    table: DocxTable = document.add_table(rows=1, cols=len(widths))
    table.autofit = False
    for cell, width in zip(table.rows[0].cells, widths, strict=True):
        cell.width = Length(width)
    _unbroken(table.rows[0])
    return table


def _borders(cell: _Cell, **sides: str) -> None:
    borders = OxmlElement("w:tcBorders")
    for side in sides:
        borders.append(_line(side))
    cell._tc.get_or_add_tcPr().append(borders)  # noqa: SLF001  # python-docx has no interface for borders


def _line(side: str) -> Any:
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    return line


def _repeat_head(table: DocxTable) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)  # noqa: SLF001  # python-docx has no interface for it


def _unbroken(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001  # python-docx has no interface for it


def _field(paragraph: DocxParagraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    paragraph._p.append(field)  # noqa: SLF001  # python-docx has no interface for fields


def _same_bytes(data: bytes) -> bytes:
    """The same archive with fixed times, which python-docx takes from the clock."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return made.getvalue()
