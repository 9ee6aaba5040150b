"""Templates of the shell: frame, refusals, forms; what a page says, and that it says it without a request too."""

import re
from types import SimpleNamespace

import pytest
from django import forms
from django.template import engines
from django.template.loader import render_to_string
from django.utils import translation

from accordant.entries.errors import Refusal, Sentence
from accordant.pages import frame
from accordant.pages.ladder import Ladder, Rung
from accordant.pages.listing import Cell, Column
from accordant.pages.listing.table import RowShown
from accordant.pages.templatetags.shell import said

REFUSAL = Refusal(
    code="sample-rule",
    message=Sentence("Nothing was kept of <b>{name}</b>.", {"name": "<script>"}),
    reason=Sentence("The form was not taken"),
    repair=Sentence("Close"),
    refs=("guard.example/qc-12-2026-d7d7/1 412",),
)


class Sample(forms.Form):
    """A field of each sort that has markup of its own."""

    number = forms.CharField(label="Number", help_text="As on <paper>.")
    sort = forms.ChoiceField(label="Sort", choices=[("a", "A")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="Compared")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    hash = forms.CharField(widget=forms.HiddenInput)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_title_of_a_page_is_its_heading_too() -> None:
    page = engines["django"].from_string(
        '{% extends "pages/base.html" %}{% block title %}Item {{ number }}{% endblock %}'
    )
    html = page.render({"number": "12 & 13"})
    assert "<title>Item 12 &amp; 13 ·" in html
    assert "<h1>Item 12 &amp; 13</h1>" in html


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_error_page_speaks_without_request_and_context(name: str) -> None:
    with translation.override("vi"):
        html = render_to_string(name)
    assert "Về trang Việc của tôi" in html
    assert '<html lang="vi" data-theme="auto" data-density="compact"' in html


def test_refusal_says_what_why_and_repair_in_the_language_of_the_reader() -> None:
    with translation.override("vi"):
        html = render_to_string("pages/components/refusals.html", {"refusals": [REFUSAL]})
    assert "Nothing was kept of &lt;b&gt;&lt;script&gt;&lt;/b&gt;." in html
    assert "Chưa nhận biểu mẫu" in html
    assert "Đóng" in html
    assert 'href="/entries/guard.example/qc-12-2026-d7d7/1/412"' in html
    assert "sample-rule" in html


def test_no_refusal_leaves_nothing() -> None:
    assert render_to_string("pages/components/refusals.html", {"refusals": ()}).strip() == ""


def test_sentence_within_a_sentence_is_translated() -> None:
    with translation.override("vi"):
        assert said(Sentence("[{inner}]", {"inner": Sentence("Close")})) == "[Đóng]"
        assert said("Close") == "Đóng"
        assert said("") == ""


def test_form_names_each_field_and_escapes_what_it_is_given() -> None:
    html = Sample().as_div()
    assert '<label class="govuk-label" for="id_number">Number</label>' in html
    assert 'id="id_number_helptext">As on &lt;paper&gt;.' in html
    assert '<legend class="govuk-fieldset__legend">Sort</legend>' in html
    assert 'class="govuk-radios__input" type="radio"' in html
    assert 'class="govuk-checkboxes__input" type="checkbox"' in html
    assert '<input type="hidden" name="hash"' in html
    assert "govuk-error-summary" not in html


def test_form_in_error_leads_to_its_fields() -> None:
    html = Sample({"number": ""}).as_div()
    links = re.findall(r'<a href="#([a-z_0-9]+)">', html)
    assert links == ["id_number", "id_sort_0", "id_sure"]
    for target in links:
        assert f'id="{target}"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_number_error"' in html


def test_step_not_reached_has_no_time_and_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "_PROVIDED", [])
    rungs = (Rung("signed", "met", 0, proof="/p"), Rung("received", "waiting", None, proof="/q"))
    html = render_to_string("pages/components/ladder.html", {"ladders": [Ladder("x.example", rungs, "no answer")]})
    assert 'href="/p"' in html
    assert 'href="/q"' not in html
    assert "no answer" in text_of(html)


@pytest.mark.parametrize(("marking", "bars"), [(0, 0), (1, 1), (2, 2), (3, 3)])
def test_marking_is_legible_without_colour(marking: int, bars: int) -> None:
    html = render_to_string("pages/components/marking.html", {"marking": marking})
    assert html.count("<i></i>") == bars
    assert text_of(html)


def test_table_hides_what_is_not_permitted() -> None:
    pager = SimpleNamespace(page=1, rows="", first="", previous="", next="", per=())
    head = SimpleNamespace(name="n", title="Number", align="", href="", sorted="")
    row = RowShown([Column("n", "Number", str)], [Cell("12 <b>")])
    table = SimpleNamespace(name="t", heads=[head], rows=[row], filters=[], count=1, count_text="1 row", pager=pager)
    html = render_to_string("pages/components/data_table.html", {"table": table})
    assert "12 &lt;b&gt;" in html
    assert "download" not in html
    assert 'data-label="Number"' in html
