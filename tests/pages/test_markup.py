"""Rows of the data table as HTML: escaped, each cell with its column's title, lamps in the reader's words."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from accordant.pages import lamps
from accordant.pages.listing import Cell, Column, markup

PLAIN = Column("n", 'A "b"', str)
RIGHT = Column("n", "N", str, align="right")
BRIEF = Column("n", "N", str, brief=True)
LABEL = 'data-label="A &quot;b&quot;"'


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        (PLAIN, Cell("<b>&"), f'<td {LABEL} class="short"><span>&lt;b&gt;&amp;</span></td>'),
        (PLAIN, Cell(""), f'<td {LABEL} class="short"></td>'),
        (PLAIN, Cell("x" * 16), f'<td {LABEL} class="short"><span>{"x" * 16}</span></td>'),
        (PLAIN, Cell("x" * 17), f'<td {LABEL} class="middling"><span>{"x" * 17}</span></td>'),
        (PLAIN, Cell("x" * 33), f'<td {LABEL} class="wide"><span>{"x" * 33}</span></td>'),
        (PLAIN, Cell("x" * 61), f'<td {LABEL} class="long"><span>{"x" * 61}</span></td>'),
        (
            PLAIN,
            Cell("<i>", href='/?a="&'),
            f'<td {LABEL} class="short"><a href="/?a=&quot;&amp;">&lt;i&gt;</a></td>',
        ),
        (PLAIN, Cell("", lamp="met"), f'<td {LABEL} class="short"><span class="lamp lamp--met">met</span></td>'),
        (
            PLAIN,
            Cell("<u>", href="/", lamp="held"),
            f'<td {LABEL} class="short"><a href="/"><span class="lamp lamp--held">&lt;u&gt;</span></a></td>',
        ),
        (RIGHT, Cell("x" * 70), f'<td data-label="N" class="number short"><span>{"x" * 70}</span></td>'),
        (BRIEF, Cell("a'b"), '<td data-label="N" class="brief" title="a&#x27;b"><span>a&#x27;b</span></td>'),
        (BRIEF, Cell(""), '<td data-label="N" class="short"></td>'),
    ],
)
def test_a_cell_is_escaped_labelled_and_as_wide_as_its_text(column: Column, cell: Cell, expected: str) -> None:
    with translation.override("en"):
        assert markup.row([column], [cell]) == f"<tr data-row>{expected}</tr>"


def test_a_row_holds_its_cells_in_order() -> None:
    shown = markup.row([RIGHT, BRIEF], [Cell("1"), Cell("2")])
    assert shown.index("<span>1<") < shown.index("<span>2<")
    assert shown.count("<tr") == 1


@pytest.mark.parametrize("lamp", sorted(lamps.WORDS))
def test_lamps_say_their_state_in_the_reader_s_language(lamp: str) -> None:
    said = {}
    for language in ("en", "vi"):
        with translation.override(language):
            said[language] = render_to_string("pages/components/lamp.html", {"lamp": lamp, "text": ""}).strip()
            assert said[language] == lamps.markup(lamp, "")
    assert said["en"] != said["vi"]


def test_words_of_a_lamp_are_the_page_s_where_it_has_some() -> None:
    with translation.override("en"):
        assert render_to_string("pages/components/lamp.html", {"lamp": "met", "text": "<b>"}).strip() == (
            '<span class="lamp lamp--met">&lt;b&gt;</span>'
        )
        assert lamps.markup("anything", "") == '<span class="lamp lamp--anything">waiting</span>'
