"""A paper as PDF (made as PDF/A-2a and PDF/UA-1) by typst: own fonts, data never markup, same paper same bytes."""

from functools import cache
from pathlib import Path
from typing import Final

import msgspec
import typst

from accordant.pages.papers.paper import Paper
from accordant.pages.papers.words import words

_DATA: Final = Path(__file__).parent / "data"
FONTS: Final = Path(__file__).parent.parent / "fonts"


class BadPaper(Exception):
    """The layout warned: a letter without glyph, a font that is not here. Such a paper must not go out."""


def pdf(paper: Paper) -> bytes:
    """The bytes of the PDF; raises `BadPaper` when the layout has anything to warn of."""
    data = {"paper": paper, "words": words(paper)}
    made, warnings = typst.compile_with_warnings(
        str(_DATA / "state.typ"),
        root=str(_DATA),
        font_paths=_fonts(),
        sys_inputs={"data": msgspec.json.encode(data, order="sorted").decode()},
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(paper.at.timestamp()),
    )
    if warnings or not isinstance(made, bytes):
        raise BadPaper("; ".join(warning.message for warning in warnings))
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
