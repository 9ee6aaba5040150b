"""A text as it travels: the tree flattened to the body of an entry, its root hash computed again by every reader.

Rules kept here (regulations paper 1 and 4, wire paper 3): a text goes to all parties and fits one body, or is refused
before anything is written; a text without an article, number or day is no regulation; a translation has the components
and articles of its original; a text is confirmed by its owner, over the same root. All of it is judged by headers.
Left to others: reading a file (`reading`), hashing one unit (`tree`), what only the body shows (`faults`), signing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import msgspec

from accordant.entries import codec
from accordant.entries.envelope import Officer
from accordant.entries.errors import Malformed, Refusal, Sentence, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.entries.limits import HEADER_FACT_CHARACTERS
from accordant.regulations.entries import (
    TextComponent,
    TextDoubt,
    TextImported,
    TextImportedBody,
    TextProvision,
)
from accordant.regulations.rules import tree
from accordant.regulations.rules.reading import Reading, UnreadableText, read_text
from accordant.regulations.rules.writers import refusals_to_write

LANGUAGES: Final = ("vi", "en")
SORTS: Final = ("main", "exercise")
_NOT_IMPORTED: Final = _("The text was not imported.")
_NOT_CONFIRMED: Final = _("The text was not confirmed.")


class BadTree(ValueError):
    """Flattened units whose depths make no tree."""


@dataclass(frozen=True)
class HeldText:
    """What the rules need of a text held here: circle, owner agency, root hash, language, size, original or not."""

    circle: str
    owner: str
    root: str
    language: str
    parts: int
    articles: int
    original: bool


def read_source(data: bytes) -> Reading:
    """The reading of a text file's bytes; raises `Malformed` with what to do when it cannot be read."""
    try:
        return read_text(data)
    except UnreadableText as error:
        message, reason, repair = (Sentence(text, error.places) for text in error.sentences)
        raise Malformed([Refusal(error.code, message, reason, repair)]) from error


def body_of(reading: Reading, *, language: str) -> TextImportedBody:
    """The reading as the body of an entry."""
    instrument = reading.instrument
    return TextImportedBody(
        number=instrument.number,
        day=instrument.date,
        title=instrument.title,
        language=language,
        source=reading.sha256,
        issuers=instrument.issuers,
        components=tuple(map(flat_component, reading.components)),
        doubts=tuple(TextDoubt(d.line, d.code, d.found, d.expected) for d in reading.diagnostics),
    )


def parts_of(body: TextImportedBody) -> int:
    """How many components have units of their own."""
    return sum(bool(component.provisions) for component in body.components)


def articles_of(body: TextImportedBody) -> int:
    """How many articles all components have."""
    return sum(unit.level == "article" for component in body.components for unit in component.provisions)


def root_of(body: TextImportedBody) -> str:
    """The root hash (hex) of the body's tree, as `tree.root_hash` gives it for the reading; raises `BadTree`."""
    hashes = [tree.node_hash(part.name, part.title, part.text, hashes_of(part.provisions)) for part in body.components]
    return tree.node_hash(body.number, f"{body.day} {body.title}".strip(), "", hashes)


def refusals_to_import_text(
    header: TextImported,
    *,
    main: bool,
    original: HeldText | None = None,
    translates: bool = False,
    to_all: bool = True,
    by: Officer | None = None,
) -> list[Refusal]:
    """Empty when the text may stand in the circle.

    `to_all`: the header promises its content to all parties. `translates` says that it names an original, `original`
    is that text when it is one.
    """
    refusals = list(refusals_to_write("regulations.text-imported", by))
    if not main:
        refusals.append(_no_main_circle())
    if not to_all:
        refusals.append(_for_some())
    if header.language not in LANGUAGES:
        refusals.append(_no_language(header.language))
    if header.articles < 1:
        refusals.append(_no_articles())
    if translates:
        refusals += _translation(header, original)
    elif not header.number or not header.day:
        refusals.append(_unnamed())
    if header.day and not _is_day(header.day):
        refusals.append(_bad_day(header.day))
    return refusals


def refusals_to_send_body(body: TextImportedBody) -> list[Refusal]:
    """Empty when the text fits one body and its number one header fact (wire paper 3)."""
    refusals = []
    if len(body.number) > HEADER_FACT_CHARACTERS:
        refusals.append(_long_number(body.number))
    try:
        codec.encode_checked({"d": msgspec.to_builtins(body)}, codec.BODY)
    except codec.BadJson as error:
        refusals.append(_too_big(articles_of(body), str(error)))
    return refusals


def refusals_to_confirm_text(
    text: HeldText | None, *, author: str, root: str, by: Officer | None = None, confirmed: bool = False
) -> list[Refusal]:
    """Empty when the owner of the text may confirm it over this root (regulations paper 4.8).

    `confirmed`, that it did so before, stops our own act alone: which of two comes first is not the same everywhere.
    """
    refusals = list(refusals_to_write("regulations.text-confirmed", by))
    if text is None:
        return [*refusals, _no_text()]
    if text.owner != author:
        refusals.append(_not_owner(text.owner))
    if text.root != root:
        refusals.append(_other_root(_NOT_CONFIRMED))
    if confirmed:
        refusals.append(_confirmed_already())
    return refusals


def refusals_without_text() -> list[Refusal]:
    """What stands against acting on a text that is not held here, or not for this office."""
    return [_no_text()]


def flat_component(component: tree.Component) -> TextComponent:
    """A component with its units in the order of the text, each with its depth."""
    units = tuple(_flat(component.provisions, 0))
    return TextComponent(component.name, component.title, component.text, component.conclusions, units)


def _flat(units: Sequence[tree.Provision], depth: int) -> list[TextProvision]:
    flat: list[TextProvision] = []
    for unit in units:
        eid = "" if unit.eid == unit.wid else unit.eid
        flat.append(TextProvision(unit.wid, unit.level, unit.num, unit.heading, unit.text, eid, depth))
        flat += _flat(unit.children, depth + 1)
    return flat


def hashes_of(units: Sequence[TextProvision]) -> list[str]:
    """The hashes of the units at depth 0: read from the end, each unit takes the hashes that lie open below it."""
    below: dict[int, list[str]] = {}
    for unit in reversed(units):
        if unit.depth < 0 or any(depth > unit.depth + 1 for depth in below):
            raise BadTree(f"the unit {unit.wid} stands at depth {unit.depth}, what follows it deeper than one step")
        children = below.pop(unit.depth + 1, [])
        digest = tree.node_hash(unit.num, unit.heading, unit.text, children[::-1])
        below.setdefault(unit.depth, []).append(digest)
    if below.keys() - {0}:
        raise BadTree("the first unit does not stand at depth 0")
    return below.get(0, [])[::-1]


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _translation(header: TextImported, original: HeldText | None) -> list[Refusal]:
    if original is None or not original.original or original.language == header.language:
        return [_no_original()]
    if (original.parts, original.articles) != (header.parts, header.articles):
        return [_unlike_original(header, original)]
    return []


def _no_main_circle() -> Refusal:
    return refusal(
        "text-outside-main",
        _NOT_IMPORTED,
        _("A regulation's text stands in its main circle, which all parties share."),
        _("Open the main circle first, or choose it."),
    )


def _for_some() -> Refusal:
    return refusal(
        "text-for-some",
        _NOT_IMPORTED,
        _("Its content is not addressed to all parties of the circle."),
        _("Its owner imports the text again, for all parties."),
    )


def _no_language(language: str) -> Refusal:
    return refusal(
        "text-language",
        _NOT_IMPORTED,
        _("{language} is no language of this program; the text is Vietnamese (vi) or English (en)."),
        _("Choose the language of the text."),
        language=language,
    )


def _no_articles() -> Refusal:
    return refusal(
        "text-without-articles",
        _NOT_IMPORTED,
        _("No article was found in it."),
        _("Check that the file is the regulation itself, with a numbered heading for each article."),
    )


def _unnamed() -> Refusal:
    return refusal(
        "text-unnamed",
        _NOT_IMPORTED,
        _("Its number or its date was not found before the first article."),
        _("Put the line with number and date, as signed, above the title and import it again."),
    )


def _bad_day(day: str) -> Refusal:
    return refusal(
        "text-day",
        _NOT_IMPORTED,
        _("{day} is no day of the calendar."),
        _("Its owner corrects the date and imports the text again."),
        day=day,
    )


def _no_original() -> Refusal:
    return refusal(
        "translation-of-nothing",
        _NOT_IMPORTED,
        _("What it should translate is no original text in another language."),
        _("Choose the original that all parties sign."),
    )


def _unlike_original(header: TextImported, original: HeldText) -> Refusal:
    return refusal(
        "translation-unlike",
        _NOT_IMPORTED,
        _("It has {articles} articles, the original has {expected}."),
        _("Complete the translation, article by article, and import it again."),
        articles=header.articles,
        expected=original.articles,
    )


def _long_number(number: str) -> Refusal:
    return refusal(
        "text-number-long",
        _NOT_IMPORTED,
        _("Its number has {characters} characters; at most {limit} fit an entry."),
        _("Check the line with the number in the file."),
        characters=len(number),
        limit=HEADER_FACT_CHARACTERS,
    )


def _too_big(articles: int, why: str) -> Refusal:
    return refusal(
        "text-too-big",
        _NOT_IMPORTED,
        _("With {articles} articles it does not fit one entry: {why}."),
        _("Import the regulation alone, without annexes of tables and forms."),
        articles=articles,
        why=why,
    )


def _no_text() -> Refusal:
    return refusal(
        "text-unknown",
        _NOT_CONFIRMED,
        _("No text is held here at that position."),
        _("Choose the text on the page of its regulation."),
    )


def _not_owner(owner: str) -> Refusal:
    return refusal(
        "text-of-another",
        _NOT_CONFIRMED,
        _("{owner} imported the text and confirms it."),
        _("Ask {owner} to confirm it; every party reads it again before it signs."),
        owner=owner,
    )


def _other_root(message: str) -> Refusal:
    return refusal(
        "text-root",
        message,
        _("The root hash is not the one of this text."),
        _("Open the text again and act on what is shown there."),
    )


def _confirmed_already() -> Refusal:
    return refusal(
        "text-confirmed-already",
        _NOT_CONFIRMED,
        _("It is confirmed already."),
        _("Nothing needs to be done: the parties may sign."),
    )
