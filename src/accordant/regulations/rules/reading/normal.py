"""Step 1: a normalised copy of the text, line by line, with a map back to the bytes of the original.

Rules kept here (regulations paper 4.1): NFC; Ð (U+00D0) becomes Đ; no-break and odd blanks become a blank, runs of
them one; controls and zero-width signs are dropped; a soft hyphen at a line end joins the lines; form feeds end a
line. The original is never changed: each row knows its bytes, and `byte_at` finds the byte of a character. Refused
before anything else: more than 5 MiB, more than 20,000 lines, anything but UTF-8 (a byte order mark is allowed).
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Final

from accordant.entries.kinds import gettext_noop as _
from accordant.entries.limits import REGULATION_BYTES
from accordant.regulations.rules.reading.errors import UnreadableText

LINES: Final = 20_000
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_BLANKS: Final = "\t\x0b\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_DROPPED: Final = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff" + "".join(
    chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in _BLANKS
)
_TABLE: Final = str.maketrans({**dict.fromkeys(_BLANKS, " "), **dict.fromkeys(_DROPPED, ""), "\u00d0": "\u0110"})
_LINE_END: Final = re.compile(r"\r\n|\n|\r|\f")
_RUN: Final = re.compile(" {2,}")
# NFC never joins one of these to what stands before it, so a cluster may begin here.
_SAFE_START: Final = re.compile(
    "[\\u0000-\\u007f\\u00a0-\\u024f\\u1e00-\\u1eff\\u2000-\\u206f][^\\u0000-\\u007f\\u00a0-\\u024f\\u1e00-\\u1eff\\u2000-\\u206f]*|.[^\\u0000-\\u007f\\u00a0-\\u024f\\u1e00-\\u1eff\\u2000-\\u206f]*",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its number in the source (from 1), its bytes with the line end, its normalised text.

    `indent` and `width` count characters before blanks are joined; `soft` marks a soft hyphen at the end; `gap` is
    true when a blank line stands before it, `page` when a page ends before it.
    """

    number: int
    start: int
    end: int
    raw: str
    text: str
    indent: int
    width: int
    soft: bool
    gap: bool = False
    page: bool = False

    def byte_at(self, index: int) -> int:
        """The byte of the original where the character `index` of `text` comes from; the end of the line at its end."""
        offsets = _offsets(self.raw)
        return self.start + offsets[index] if index < len(offsets) else self.end

    def with_text(self, text: str) -> "Row":
        """The same line with other text, for signs that were read and taken out."""
        return replace(self, text=text)


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of the source that are no text: byte order mark, form feed, page number, blank line, letterhead."""

    kind: str
    start: int
    end: int


def normalise(text: str) -> str:
    """One line of text, normalised; runs of blanks are kept."""
    return unicodedata.normalize("NFC", text.translate(_TABLE))


def decode(data: bytes) -> tuple[str, int]:
    """The text and the length of its byte order mark; raises `UnreadableText` for what is over a limit or no UTF-8."""
    if len(data) > REGULATION_BYTES:
        raise UnreadableText(
            "text-too-large",
            _("The text was not read."),
            _("It has {size} bytes; at most {limit} are allowed."),
            _("Take pictures and forms out of the file and import the text alone."),
            size=len(data),
            limit=REGULATION_BYTES,
        )
    skipped = len(BYTE_ORDER_MARK) if data.startswith(BYTE_ORDER_MARK) else 0
    try:
        return data[skipped:].decode(), skipped
    except UnicodeDecodeError as error:
        raise UnreadableText(
            "text-not-utf8",
            _("The text was not read."),
            _("Byte {byte} is not part of any UTF-8 character."),
            _("Save the file as plain text in UTF-8 (in a word processor: “Unicode (UTF-8)”) and import it again."),
            byte=skipped + error.start,
        ) from error


def split(data: bytes) -> tuple[list[Row], list[Piece]]:
    """The lines of the source and the form feeds between them; raises `UnreadableText` as `decode` does."""
    text, offset = decode(data)
    _check_lines(text)
    pieces = [Piece("byte-order-mark", 0, offset)] if offset else []
    rows: list[Row] = []
    number, position, page = 1, 0, False
    while position < len(text):
        ending = _LINE_END.search(text, position)
        raw = text[position : ending.start() if ending else len(text)]
        mark = ending[0] if ending else ""
        end = offset + _size(raw) + (0 if mark == "\f" else _size(mark))
        if end > offset:
            rows.append(_row(number, offset, end, raw, page))
            page = False
        if mark == "\f":
            pieces.append(Piece("form-feed", end, end + 1))
            end, page = end + 1, True
        number += mark not in ("", "\f")
        offset, position = end, position + len(raw) + len(mark)
    return rows, pieces


def _check_lines(text: str) -> None:
    lines = text.count("\n") + text.count("\r") - text.count("\r\n") + (not text.endswith(("\n", "\r")))
    lines = max(lines, text.count("\f"))
    if lines > LINES:
        raise UnreadableText(
            "text-too-many-lines",
            _("The text was not read."),
            _("It has {lines} lines; at most {limit} are allowed."),
            _("Import the regulation alone, without its annexes of tables."),
            lines=lines,
            limit=LINES,
        )


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _row(number: int, start: int, end: int, raw: str, page: bool) -> Row:
    text = normalise(raw).rstrip(" ")
    stripped = text.lstrip(" ")
    soft = raw.rstrip().endswith("\u00ad")
    joined = _RUN.sub(" ", stripped)
    return Row(number, start, end, raw, joined, len(text) - len(stripped), len(text), soft, page=page)


def _offsets(raw: str) -> list[int]:
    """The byte of `raw` for each character of its normalised text with joined blanks."""
    found: list[int] = []
    position, blank = 0, True
    for cluster in _SAFE_START.findall(raw):
        for character in normalise(cluster):
            if character != " " or not blank:
                found.append(position)
            blank = character == " "
        position += _size(cluster)
    if blank and found:
        found.pop()
    return found
