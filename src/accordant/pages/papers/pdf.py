"""A paper as PDF (made as PDF/A-2a and PDF/UA-1) by typst: own fonts, data never markup, same paper same bytes."""

from functools import cache
from pathlib import Path
from typing import Final

import msgspec
import typst

from accordant.entries.errors import Refusal, Refused, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.pages.papers.paper import Paper
from accordant.pages.papers.words import words

_DATA: Final = Path(__file__).parent / "data"
FONTS: Final = Path(__file__).parent.parent / "fonts"


def pdf(paper: Paper) -> bytes:
    """The bytes of the PDF; raises `Refused` when the layout has anything to warn of: such a paper must not go out."""
    data = {"paper": paper, "words": words(paper)}
    try:
        made, warnings = typst.compile_with_warnings(
            str(_DATA / "state.typ"),
            root=str(_DATA),
            font_paths=_fonts(),
            sys_inputs={"data": msgspec.json.encode(data, order="sorted").decode()},
            format="pdf",
            pdf_standards=["a-2a", "ua-1"],
            timestamp=int(paper.at.timestamp()),
        )
    except typst.TypstError as error:
        raise Refused([_not_made(error.message)]) from error
    if warnings or not isinstance(made, bytes):
        raise Refused([_not_made("; ".join(warning.message for warning in warnings))])
    return made


def _not_made(why: str) -> Refusal:
    return refusal(
        "paper-layout",
        _("The PDF was not made."),
        _("The layout stopped: {why}"),
        _("A letter that official papers do not use has to leave the text; the DOCX can be made as it is."),
        why=why,
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
