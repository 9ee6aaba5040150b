"""Finds every message that people read, in code and templates, and compares them with the catalogues.

`python -m tools.messages` adds what is missing to the catalogue of the package that uses it, for translators to fill.
In code these count: calls of Django's translation functions and of `gettext_noop`, the sentences of `refusal(…)` and
`Sentence(…)`, the headline of a kind, title and units of an indicator. In templates: Django's translation tags.
"""

import ast
import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import polib
from django.utils.translation.template import templatize

from tools import catalogue

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "accordant"
LANGUAGE = "vi"
SHARED_CATALOGUE = PACKAGE / "pages"

ONE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
CONTEXT = {"pgettext", "pgettext_lazy"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT_PLURAL = {"npgettext", "npgettext_lazy"}
# Our own calls that take messages: positions and names of the arguments that are messages.
OURS: dict[str, tuple[tuple[int, ...], tuple[str, ...]]] = {
    "refusal": ((1, 2, 3), ("message", "reason", "repair")),
    "Sentence": ((0,), ("text",)),
    "kind": ((), ("headline",)),
    "Indicator": ((1, 2), ("title", "unit", "paired_unit")),
}
PLACE = re.compile(r"%\((?P<old>[a-z_0-9]+)\)[a-z]|(?<!\{)\{(?P<new>[a-z_0-9.]+)(?:![a-z])?(?::[^{}]*)?\}(?!\})")
TEMPLATE_CALL = re.compile(r"\b(?P<name>_|gettext|pgettext|ngettext|npgettext)\(")
TEMPLATE_TEXT = re.compile(
    r"\s*(?P<text>u?(?P<quote>[\"'])(?:\\.|(?!(?P=quote)).)*(?P=quote))\s*(?P<end>[,)])?", re.DOTALL
)
TEMPLATE_TAG = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
TRANSLATED_BLOCK = re.compile(r"\{%-?\s*(blocktranslate|blocktrans|comment|verbatim)\b.*?\{%\s*end\1\s*%\}", re.DOTALL)
SPOKEN_ATTRIBUTES = {"title", "alt", "aria-label", "placeholder", "label"}
SILENT_ELEMENTS = {"script", "style", "code", "svg"}
WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, order=True)
class Use:
    """One place that shows a message."""

    place: str
    context: str
    source: str
    plural: str

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context or None, self.source


def text_of(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def uses_in_call(place: str, name: str, call: ast.Call) -> Iterator[Use]:
    texts = [text_of(argument) for argument in call.args] + ["", "", ""]
    if name in ONE:
        yield Use(place, "", texts[0], "")
    elif name in CONTEXT:
        yield Use(place, texts[0], texts[1], "")
    elif name in PLURAL:
        yield Use(place, "", texts[0], texts[1])
    elif name in CONTEXT_PLURAL:
        yield Use(place, texts[0], texts[1], texts[2])
    elif name in OURS:
        positions, names = OURS[name]
        yield from (Use(place, "", texts[position], "") for position in positions if position < len(call.args))
        yield from (Use(place, "", text_of(word.value), "") for word in call.keywords if word.arg in names)


def uses_in_code(path: Path, name: str) -> Iterator[Use]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), name)):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        called = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
        yield from (use for use in uses_in_call(f"{name}:{node.lineno}", called, node) if use.source)


def uses_in_template(path: Path, name: str) -> Iterator[Use]:
    code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for found in TEMPLATE_CALL.finditer(code):
        texts, position = [], found.end()
        while match := TEMPLATE_TEXT.match(code, position):
            texts.append(str(ast.literal_eval(match["text"])))
            position = match.end()
            if match["end"] != ",":
                break
        call = ast.Call(ast.Name(found["name"]), [ast.Constant(text) for text in texts], [])
        line = code.count("\n", 0, found.start()) + 1
        yield from (use for use in uses_in_call(f"{name}:{line}", found["name"], call) if use.source)


def templates() -> list[Path]:
    folders = sorted(PACKAGE.rglob("templates"))
    return [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in (".html", ".txt")]


def uses() -> list[Use]:
    """Every message in the package, with its place."""
    found: list[Use] = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            found.extend(uses_in_code(path, str(path.relative_to(ROOT))))
    for path in templates():
        found.extend(uses_in_template(path, str(path.relative_to(ROOT))))
    return found


class Speech(HTMLParser):
    """Collects the words of a template that stand outside translation tags."""

    def __init__(self) -> None:
        super().__init__()
        self.silent = 0
        self.found: list[tuple[int, str]] = []

    def hear(self, text: str) -> None:
        if not self.silent and WORD.search(text):
            self.found.append((self.getpos()[0], " ".join(text.split())))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT_ELEMENTS
        for name, value in attrs:
            if name in SPOKEN_ATTRIBUTES and value:
                self.hear(value)

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT_ELEMENTS and self.silent:
            self.silent -= 1

    def handle_data(self, data: str) -> None:
        self.hear(data)


def blank(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def untranslated_words(path: Path) -> list[tuple[int, str]]:
    """Line and words of a template's text that no translation tag covers."""
    speech = Speech()
    text = TRANSLATED_BLOCK.sub(blank, path.read_text(encoding="utf-8"))
    speech.feed(TEMPLATE_TAG.sub(blank, text))
    speech.close()
    return speech.found


def places_in(text: str) -> set[str]:
    return {match["old"] or match["new"] for match in PLACE.finditer(text)}


def translations() -> dict[Path, list[catalogue.Message]]:
    """Each catalogue's messages, without its header."""
    return {
        path: [message for message in catalogue.read(path) if message.source or message.context is not None]
        for path in catalogue.catalogues(PACKAGE)
        if path.parent.parent.name == LANGUAGE
    }


def problems_of(path: Path, message: catalogue.Message) -> Iterator[str]:
    place = f"{path.relative_to(ROOT)}:{message.line}"
    if message.fuzzy:
        yield f"{place} is marked fuzzy: check the sentence and remove the mark"
    if not message.translated:
        yield f"{place} has no translation: {message.source!r}"
    for text in message.texts.values():
        wanted = places_in(message.plural or message.source)
        if text and places_in(text) != wanted:
            yield f"{place} names other places than its source: {', '.join(sorted(places_in(text) ^ wanted))}"
        if unicodedata.normalize("NFC", text) != text:
            yield f"{place} is not in NFC"


def missing(found: list[Use]) -> list[Use]:
    """The uses whose message stands in no catalogue, one per message."""
    known = {message.key for messages in translations().values() for message in messages}
    return list({use.key: use for use in reversed(found) if use.key not in known}.values())[::-1]


def home(use: Use) -> Path:
    """The catalogue that a message of this place belongs to: of its package, or the shared one for pure packages."""
    parts = (ROOT / use.place.partition(":")[0]).relative_to(PACKAGE).parts
    package = PACKAGE.joinpath(*parts[: 2 if parts[0] == "domains" else 1])
    if not (package / "apps.py").is_file():
        package = SHARED_CATALOGUE
    return package / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def open_catalogue(path: Path) -> polib.POFile:
    if path.is_file():
        return polib.pofile(str(path), wrapwidth=110)
    file = polib.POFile(wrapwidth=110)
    file.metadata = {
        "Project-Id-Version": "accordant",
        "Language": LANGUAGE,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return file


def add_missing() -> int:
    """Adds missing messages, untranslated, to their catalogues; returns how many."""
    wanted: dict[Path, list[Use]] = {}
    for use in missing(uses()):
        wanted.setdefault(home(use), []).append(use)
    for path, added in wanted.items():
        file = open_catalogue(path)
        for use in added:
            plural = {"msgid_plural": use.plural, "msgstr_plural": {0: ""}} if use.plural else {}
            entry = polib.POEntry(
                msgid=use.source, msgctxt=use.context or None, comment=use.place.rpartition(":")[0], **plural
            )
            file.append(entry)
        path.parent.mkdir(parents=True, exist_ok=True)
        file.save(str(path))
        sys.stdout.write(f"{path.relative_to(ROOT)}: {len(added)} to translate\n")
    return sum(map(len, wanted.values()))


if __name__ == "__main__":
    raise SystemExit(1 if add_missing() else 0)
