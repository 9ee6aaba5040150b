"""Reads translation catalogues (.po) and writes the compiled form (.mo), with the standard library alone.

GNU gettext's programs are not on every machine, and the set-up must leave a translated node behind. What msgfmt
does is kept: fuzzy and empty translations are left out, a context joins its message with the byte 4, plural forms
join with the byte 0, and messages stand in the order of their bytes.
"""

import ast
import struct
from dataclasses import dataclass, field
from pathlib import Path

MAGIC = 0x950412DE
HEADER_BYTES = 28
TABLE_ROW_BYTES = 8


class BadCatalogue(ValueError):
    """A .po file that does not read as one; the sentence names file, line and repair."""


@dataclass
class Message:
    """One entry of a catalogue; `texts` holds a translation per plural form, in order."""

    line: int
    context: str | None = None
    source: str = ""
    plural: str | None = None
    texts: dict[int, str] = field(default_factory=dict)
    fuzzy: bool = False

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.source

    @property
    def translated(self) -> bool:
        return bool(self.texts) and all(self.texts.values())


class Reader:
    """Collects the messages of one file, line by line."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.messages: list[Message] = []
        self.current: Message | None = None
        self.fuzzy = False
        self.target: tuple[str, int] | None = None

    def refuse(self, line: int, what: str) -> BadCatalogue:
        return BadCatalogue(f"{self.name}:{line}: {what}")

    def finish(self) -> None:
        if self.current is not None and self.current.texts:
            self.messages.append(self.current)
            self.current = None
        self.target = None

    def read(self, number: int, text: str) -> None:
        line = text.strip()
        if not line:
            return
        if line.startswith("#"):
            self.finish()
            if line.startswith("#,") and "fuzzy" in line[2:].replace(",", " ").split():
                self.fuzzy = True
            return
        if line.startswith('"'):
            self.extend(number, self.quoted(number, line))
            return
        keyword, _, rest = line.partition(" ")
        self.begin(number, keyword)
        self.extend(number, self.quoted(number, rest.strip()))

    def quoted(self, number: int, text: str) -> str:
        if len(text) < 2 or not (text.startswith('"') and text.endswith('"')):
            raise self.refuse(number, "a text stands in double quotes; close or add them.")
        try:
            return str(ast.literal_eval(text))
        except (SyntaxError, ValueError) as error:
            raise self.refuse(number, f"this text does not read ({error}); escape quotes and backslashes.") from error

    def begin(self, number: int, keyword: str) -> None:
        if keyword in ("msgctxt", "msgid"):
            self.finish()
            if self.current is not None and (keyword == "msgctxt" or self.current.source):
                raise self.refuse(number, f"the message of line {self.current.line} has no msgstr; add one.")
        if self.current is None:
            self.current = Message(number, fuzzy=self.fuzzy)
            self.fuzzy = False
        index = 0
        if keyword.startswith("msgstr[") and keyword.endswith("]") and keyword[7:-1].isdigit():
            keyword, index = "msgstr", int(keyword[7:-1])
        if keyword == "msgctxt":
            self.current.context = ""
        elif keyword == "msgid_plural":
            self.current.plural = ""
        elif keyword == "msgstr":
            self.current.texts[index] = ""
        elif keyword != "msgid":
            raise self.refuse(number, f"{keyword!r} is no keyword of a catalogue.")
        self.target = (keyword, index)

    def extend(self, number: int, text: str) -> None:
        message = self.current
        if message is None or self.target is None:
            raise self.refuse(number, "a text without a keyword before it; put msgid or msgstr in front.")
        keyword, index = self.target
        if keyword == "msgctxt":
            message.context = (message.context or "") + text
        elif keyword == "msgid":
            message.source += text
        elif keyword == "msgid_plural":
            message.plural = (message.plural or "") + text
        else:
            message.texts[index] += text


def read(path: Path) -> list[Message]:
    """The messages of one .po file, the header (empty source) first; raises BadCatalogue, also for a repeated one."""
    reader = Reader(str(path))
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise BadCatalogue(f"{path}: not UTF-8 ({error}); save the file as UTF-8.") from error
    for number, line in enumerate(lines, start=1):
        reader.read(number, line)
    reader.finish()
    seen: dict[tuple[str | None, str], int] = {}
    for message in reader.messages:
        if message.key in seen:
            raise BadCatalogue(f"{path}:{message.line}: repeats line {seen[message.key]}; remove one of them.")
        seen[message.key] = message.line
    return reader.messages


def compiled(messages: list[Message]) -> bytes:
    """The .mo bytes of these messages, without the fuzzy and the untranslated ones."""
    rows = []
    for message in messages:
        header = not message.source and message.context is None
        if not message.translated or (message.fuzzy and not header):
            continue
        source = message.source if message.plural is None else f"{message.source}\0{message.plural}"
        if message.context is not None:
            source = f"{message.context}\x04{source}"
        text = "\0".join(message.texts[index] for index in sorted(message.texts))
        rows.append((source.encode(), text.encode()))
    rows.sort()
    sources, texts = bytearray(), bytearray()
    source_table, text_table = bytearray(), bytearray()
    data_start = HEADER_BYTES + 2 * TABLE_ROW_BYTES * len(rows)
    texts_start = data_start + sum(len(source) + 1 for source, _ in rows)
    for source_bytes, text_bytes in rows:
        source_table += struct.pack("<II", len(source_bytes), data_start + len(sources))
        text_table += struct.pack("<II", len(text_bytes), texts_start + len(texts))
        sources += source_bytes + b"\0"
        texts += text_bytes + b"\0"
    text_table_start = HEADER_BYTES + TABLE_ROW_BYTES * len(rows)
    head = struct.pack("<7I", MAGIC, 0, len(rows), HEADER_BYTES, text_table_start, 0, data_start)
    return bytes(head + source_table + text_table + sources + texts)


def catalogues(root: Path) -> list[Path]:
    """Every .po file below a folder, in a fixed order."""
    return sorted(root.rglob("locale/*/LC_MESSAGES/*.po"))


def compile_all(root: Path) -> list[Path]:
    """Writes the .mo beside each .po below a folder and returns those that changed."""
    changed = []
    for path in catalogues(root):
        data = compiled(read(path))
        target = path.with_suffix(".mo")
        if not target.is_file() or target.read_bytes() != data:
            target.write_bytes(data)
            changed.append(target)
    return changed
