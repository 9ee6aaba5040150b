"""Every sentence people read is there in Vietnamese, whole and with the same places (style paper 11)."""

import gettext
import io
from pathlib import Path

import polib
import pytest

from tests.architecture.tree import ROOT, none_of
from tools import catalogue, messages


def test_every_message_has_a_translation() -> None:
    problems = [
        f"{use.place} {use.source!r} has no Vietnamese; run `make messages` and translate it"
        for use in messages.missing(messages.uses())
    ]
    none_of(problems)


def test_catalogues_are_complete() -> None:
    problems = [
        problem
        for path, entries in messages.translations().items()
        for message in entries
        for problem in messages.problems_of(path, message)
    ]
    none_of(problems)


def test_catalogues_hold_nothing_unused() -> None:
    used = {use.key for use in messages.uses()}
    problems = [
        f"{path.relative_to(ROOT)}:{message.line} is used nowhere any more: {message.source!r}"
        for path, entries in messages.translations().items()
        for message in entries
        if message.key not in used
    ]
    none_of(problems)


def test_one_message_has_one_translation() -> None:
    seen: dict[tuple[str | None, str], tuple[str, dict[int, str]]] = {}
    problems: list[str] = []
    for path, entries in messages.translations().items():
        for message in entries:
            place = f"{path.relative_to(ROOT)}:{message.line}"
            held = seen.setdefault(message.key, (place, message.texts))
            if held[1] != message.texts:
                problems.append(f"{place} translates {message.source!r} otherwise than {held[0]}")
    none_of(problems)


def test_templates_have_no_words_outside_translation_tags() -> None:
    problems = [
        f"{path.relative_to(ROOT)}:{line} {words!r}: put it into a translate tag"
        for path in messages.templates()
        for line, words in messages.untranslated_words(path)
    ]
    none_of(problems)


PO = """\
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=1; plural=0;\\n"

#: somewhere.py
msgid "Sent to {agency}"
msgstr "Đã gửi "
"{agency}"

msgctxt "month"
msgid "May"
msgstr "Tháng Năm"

msgid "%(n)s item"
msgid_plural "%(n)s items"
msgstr[0] "%(n)s tin"

#, fuzzy
msgid "Left out"
msgstr "Chưa chắc"

msgid "Not yet"
msgstr ""

#~ msgid "Gone"
#~ msgstr "Đã bỏ"
"""


def test_compiled_catalogue_is_read_by_pythons_own_reader(tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    path.write_text(PO, encoding="utf-8")
    read = gettext.GNUTranslations(io.BytesIO(catalogue.compiled(catalogue.read(path))))
    assert read.gettext("Sent to {agency}") == "Đã gửi {agency}"
    assert read.pgettext("month", "May") == "Tháng Năm"
    assert read.ngettext("%(n)s item", "%(n)s items", 5) == "%(n)s tin"
    assert read.gettext("Left out") == "Left out"
    assert read.gettext("Not yet") == "Not yet"


@pytest.mark.parametrize("path", catalogue.catalogues(messages.PACKAGE), ids=lambda path: path.parents[2].parent.name)
def test_compiled_catalogue_equals_a_second_opinion(path: Path) -> None:
    """polib writes the same messages; its file has no other entries."""
    ours = gettext.GNUTranslations(io.BytesIO(catalogue.compiled(catalogue.read(path))))
    theirs = gettext.GNUTranslations(io.BytesIO(polib.pofile(str(path)).to_binary()))
    assert ours._catalog == theirs._catalog  # type: ignore[attr-defined]  # the reader's table, for a comparison of all


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ('msgid "a"\nmsgid "b"\nmsgstr "c"\n', 2, "msgstr"),
        ('msgid "a"\nmsgstr "b\n', 2, "quotes"),
        ('"a"\n', 1, "keyword"),
        ('msgid "a"\nmsgtext "b"\n', 2, "msgtext"),
        ('msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', 4, "repeats"),
    ],
)
def test_bad_catalogue_is_refused_by_its_line(tmp_path: Path, text: str, line: int, word: str) -> None:
    path = tmp_path / "django.po"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(catalogue.BadCatalogue, match=word) as refused:
        catalogue.read(path)
    assert f"{path}:{line}:" in str(refused.value)


def test_words_outside_tags_are_found(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        '{% load i18n %}<p class="{% if a %}one{% endif %}">{% translate "Fine" %}</p>\n'
        '{% blocktranslate %}Also fine{% endblocktranslate %}<b title="Bare title">{{ value }}</b>\n<i>Bare words</i>',
        encoding="utf-8",
    )
    assert messages.untranslated_words(path) == [(2, "Bare title"), (3, "Bare words")]


def test_messages_of_templates_and_code_are_found(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '{% load i18n %}{% translate "May" context "month" %}\n{% blocktranslate count n=n trimmed %}\n One {{ a }}\n'
        '{% plural %}\n {{ n }} of "it"\n{% endblocktranslate %}{{ x|default:_("None") }}',
        encoding="utf-8",
    )
    code = tmp_path / "code.py"
    code.write_text(
        'x = refusal("a-b", "What.", "Why {x}.", repair=_("Do."), x=1)\ny = ngettext("a", "b", n)', encoding="utf-8"
    )
    assert {(use.context, use.source, use.plural) for use in messages.uses_in_template(page, "p")} == {
        ("month", "May", ""),
        ("", "One %(a)s", '%(n)s of "it"'),
        ("", "None", ""),
    }
    assert {(use.source, use.plural) for use in messages.uses_in_code(code, "c")} == {
        ("What.", ""),
        ("Why {x}.", ""),
        ("Do.", ""),
        ("a", "b"),
    }
