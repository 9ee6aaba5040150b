"""Texts as they travel: flattened, measured, refused."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accordant.entries.envelope import Officer
from accordant.regulations.entries import TextComponent, TextImported, TextImportedBody, TextProvision
from accordant.regulations.rules import faults, texts, tree
from accordant.regulations.rules.reading import read_text
from accordant.regulations.rules.texts import HeldText

SOURCE = """Number: 12/QCPH-BTL-CA
1 May 2026

COORDINATION REGULATION

Article 1. Scope
1. This regulation covers protection.
2. It binds both sides:
a) the command;
b) the department.

Article 2. Principles
Each side informs the other.
"""


def body(**changes: object) -> TextImportedBody:
    plain = TextImportedBody(
        number="12/QCPH-BTL-CA",
        day="2026-05-01",
        title="Regulation",
        language="en",
        source="a" * 64,
        components=(
            TextComponent(
                "regulation",
                provisions=(
                    TextProvision("art_1", "article", "Article 1.", "Scope"),
                    TextProvision("art_1__para_1", "clause", "1.", text="Covers.", depth=1),
                    TextProvision("art_2", "article", "Article 2.", "Principles", "Each informs."),
                ),
            ),
        ),
    )
    return msgspec.structs.replace(plain, **changes)


def header(text: TextImportedBody) -> TextImported:
    return TextImported(
        text.number, text.language, texts.parts_of(text), texts.articles_of(text), texts.root_of(text), text.day
    )


def codes(**changes: object) -> list[str]:
    stated = msgspec.structs.replace(header(body()), **changes)
    return [refusal.code for refusal in texts.refusals_to_import_text(stated, main=True)]


def test_reading_keeps_its_root_hash_as_a_body() -> None:
    reading = read_text(SOURCE.encode())
    text = texts.body_of(reading, language="en")
    assert texts.root_of(text) == reading.root
    assert (texts.parts_of(text), texts.articles_of(text)) == (1, 2)
    assert text.source == reading.sha256


@pytest.mark.slow
def test_every_published_text_fits_one_entry(shared: Path) -> None:
    for path in sorted((shared / "texts").glob("*.txt")):
        reading = read_text(path.read_bytes())
        text = texts.body_of(reading, language="vi")
        assert texts.root_of(text) == reading.root, path.name
        assert texts.refusals_to_send_body(text) == [], path.name


def units(depth: int = 0) -> st.SearchStrategy[list[tree.Provision]]:
    children = st.just([]) if depth == 2 else units(depth + 1)
    one = st.builds(
        lambda num, inner: tree.Provision(f"u{num}", f"u{num}", "clause", num, num, "", "text", 0, (), tuple(inner)),
        st.text("abc", max_size=2),
        children,
    )
    return st.lists(one, max_size=3)


@settings(max_examples=15, deadline=None)
@given(units())
def test_any_tree_keeps_its_hashes_flattened(provisions: list[tree.Provision]) -> None:
    component = tree.Component("regulation", "", "", "", (), tuple(provisions))
    flat = texts.flat_component(component)
    assert texts.hashes_of(flat.provisions) == [unit.hash for unit in provisions]


@pytest.mark.parametrize("depths", [(1,), (0, 2), (0, 1, 3), (-1,), (1, 0)])
def test_depths_that_make_no_tree_are_a_fault(depths: tuple[int, ...]) -> None:
    units = tuple(TextProvision("u", "article", depth=depth) for depth in depths)
    text = body(components=(TextComponent("regulation", provisions=units),))
    stated = msgspec.structs.replace(header(body()), articles=len(depths))
    assert faults.text_fault(stated, text) == faults.NO_TREE


def test_whole_text_in_the_main_circle_is_regular() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"articles": 0}, ["text-without-articles"]),
        ({"number": ""}, ["text-unnamed"]),
        ({"day": ""}, ["text-unnamed"]),
        ({"day": "2026-02-30"}, ["text-day"]),
        ({"language": "fr"}, ["text-language"]),
    ],
)
def test_header_is_judged_by_itself(changes: dict[str, object], expected: list[str]) -> None:
    assert codes(**changes) == expected


@pytest.mark.parametrize(
    "changes",
    [{"root": "b" * 64}, {"articles": 3}, {"parts": 2}, {"number": "1"}, {"day": "2026-05-02"}, {"language": "vi"}],
)
def test_header_that_differs_from_the_body_is_a_fault(changes: dict[str, object]) -> None:
    text = body()
    assert faults.text_fault(header(text), text) == ""
    assert faults.text_fault(msgspec.structs.replace(header(text), **changes), text) == faults.UNLIKE


def test_body_that_is_gone_or_names_no_source_is_a_fault() -> None:
    text = body(source="file.txt")
    assert faults.text_fault(header(text), text) == faults.NO_SOURCE
    assert faults.text_fault(header(text), None) == faults.ABSENT


@pytest.mark.parametrize("fault", [faults.ABSENT, faults.NO_TREE, faults.NO_SOURCE, faults.UNLIKE])
def test_nobody_here_relies_on_a_text_with_a_fault(fault: str) -> None:
    (refusal,) = faults.refusals_to_rely_on_text(fault, owner="guard.example")
    assert refusal.code == fault
    assert "guard.example" in str(refusal.repair)
    assert faults.refusals_to_rely_on_text("", owner="guard.example") == []


def test_text_outside_a_main_circle_is_refused() -> None:
    refusals = texts.refusals_to_import_text(header(body()), main=False)
    assert [refusal.code for refusal in refusals] == ["text-outside-main"]


ORIGINAL = HeldText("c", "guard.example", "a" * 64, "vi", 1, 2, original=True)


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        (ORIGINAL, []),
        (None, ["translation-of-nothing"]),
        (HeldText("c", "guard.example", "a" * 64, "en", 1, 2, original=True), ["translation-of-nothing"]),
        (HeldText("c", "guard.example", "a" * 64, "vi", 1, 2, original=False), ["translation-of-nothing"]),
        (HeldText("c", "guard.example", "a" * 64, "vi", 1, 3, original=True), ["translation-unlike"]),
    ],
)
def test_translation_has_the_shape_of_its_original(original: HeldText | None, expected: list[str]) -> None:
    text = body(number="", day="")
    refusals = texts.refusals_to_import_text(header(text), main=True, original=original, translates=True)
    assert [refusal.code for refusal in refusals] == expected


def test_text_over_the_limits_of_a_body_is_refused_before_it_is_written() -> None:
    long = body(components=(TextComponent("regulation", text="a" * 65_537),), number="1" * 65)
    assert [refusal.code for refusal in texts.refusals_to_send_body(long)] == ["text-number-long", "text-too-big"]
    many = body(components=(TextComponent("regulation", provisions=(TextProvision("art_1", "article"),) * 4000),))
    assert [refusal.code for refusal in texts.refusals_to_send_body(many)] == ["text-too-big"]


@pytest.mark.parametrize(
    ("text", "author", "root", "confirmed", "expected"),
    [
        (ORIGINAL, "guard.example", "a" * 64, False, []),
        (None, "guard.example", "a" * 64, False, ["text-unknown"]),
        (ORIGINAL, "city.example", "a" * 64, False, ["text-of-another"]),
        (ORIGINAL, "guard.example", "b" * 64, False, ["text-root"]),
        (ORIGINAL, "guard.example", "a" * 64, True, ["text-confirmed-already"]),
    ],
)
def test_owner_confirms_what_was_read(
    text: HeldText | None, author: str, root: str, confirmed: bool, expected: list[str]
) -> None:
    refusals = texts.refusals_to_confirm_text(text, author=author, root=root, confirmed=confirmed)
    assert [refusal.code for refusal in refusals] == expected


def test_text_is_imported_by_a_coordinating_office() -> None:
    clerk = Officer("o1", "gate", "guard.example", frozenset(("gate-officer",)))
    liaison = Officer("o1", "liaison", "guard.example", frozenset(("liaison-officer",)))
    assert texts.refusals_to_import_text(header(body()), main=True, by=liaison) == []
    refusals = texts.refusals_to_import_text(header(body()), main=True, by=clerk)
    assert [refusal.code for refusal in refusals] == ["regulations-office"]
