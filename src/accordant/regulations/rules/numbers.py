"""Numbers of documents: `81/2014/QĐ-TTg`, `01-QC/VPTW-BTLCV`, `63   /2025/QĐ-CTUBND`, `21 - TC`.

Rules kept here (regulations paper 5, domain paper 1): blanks at separators are dropped, `_` and brackets become `-`;
the number comes first, then perhaps a year (1945 to 2100), then the type if the next part is in the type table after
folding and an issuer follows; the rest are issuers. Nothing is guessed without a warning. The look-up key folds case,
marks, Ð and Đ, blanks and leading zeros; it finds every hit, for two decrees may bear one number. Left to others:
which instrument is meant (number, date and issuers together).
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from accordant.entries.kinds import gettext_noop as _
from accordant.regulations.rules import cues

LONGEST: Final = 200
_YEARS: Final = range(1945, 2101)
_SEPARATOR_BLANKS: Final = re.compile(r"\s*([/\-])\s*")
_BRACKETS: Final = re.compile(r"\s*[(\[]\s*([^)\]]*?)\s*[)\]]")
_FIRST: Final = re.compile(r"(?P<number>\d{1,9})(?P<letter>[A-Za-zĐđ])?(?:\.(?P<sub>\d{1,4}))?(?![\w.])")
_DIGIT_TAIL: Final = re.compile(r"(?P<code>\D+)(?P<digit>\d{1,2})")

# What each warning says; `DocumentNumber.warnings` holds these codes.
WARNINGS: Final = {
    "party-form": _("it is written with the hyphen first, as Party documents are"),
    "no-type": _("it has no type, as laws and official letters"),
    "old-form": _("it has the form of the years before 1997"),
    "old-type": _("its type is no longer used"),
    "issuer-cut": _("the issuer is cut short"),
    "issuers-open": _("it ends in a hyphen, so an issuer may be missing"),
    "bar-lost": _("the bar of the letter Đ is lost or doubled"),
    "issuer-split": _("a digit is glued to the issuer"),
    "no-issuer": _("it names no issuer"),
}


class UnreadableNumber(ValueError):
    """Text that is no number of a document: too long, or without a number at its beginning."""


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """The parts of a number; `number` keeps its leading zeros, `letter` its case; `warnings` are keys of `WARNINGS`."""

    number: str
    letter: str
    sub: str
    year: str
    type: str
    issuers: tuple[str, ...]
    raw: str
    warnings: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        """Number, letter and sub-number as they are written: `30a`, `522B`, `12.1`."""
        return f"{self.number}{self.letter}{'.' + self.sub if self.sub else ''}"

    @property
    def clean(self) -> str:
        """The number in State spelling: `63/2025/QĐ-CTUBND`; Party documents keep the hyphen first."""
        issuers = "-".join(self.issuers)
        if "party-form" in self.warnings:
            return f"{self.first}-{'/'.join(part for part in (self.type, issuers) if part)}"
        tail = "-".join(part for part in (self.type, issuers) if part)
        return "/".join(part for part in (self.first, self.year, tail) if part)


def parse_number(raw: str) -> DocumentNumber:
    """The parts of the number; raises `UnreadableNumber` when there is none at its beginning. Regulations paper 5."""
    if len(raw) > LONGEST:
        raise UnreadableNumber(f"{len(raw)} characters, at most {LONGEST}")
    text = _tidy(raw)
    first = _FIRST.match(text)
    if first is None:
        raise UnreadableNumber("no number at the beginning")
    warnings: list[str] = []
    rest = text[first.end() :]
    if rest.endswith("-"):
        warnings.append("issuers-open")
    separators, parts = re.findall(r"[/\-]", rest), [part for part in re.split(r"[/\-]", rest)[1:] if part]
    year = ""
    if parts and separators[0] == "/" and re.fullmatch(r"\d{4}", parts[0]) and int(parts[0]) in _YEARS:
        year, parts, separators = parts[0], parts[1:], separators[1:]
    kind, issuers = _type_and_issuers(parts, warnings)
    if separators[:1] == ["-"] and not year:
        warnings.append("party-form")
    if not year and len(separators) > 1 and separators[0] == "-" and kind in cues.OLD_TYPES:
        warnings.append("old-form")
    return DocumentNumber(
        first["number"], first["letter"] or "", first["sub"] or "", year, kind, issuers, raw, tuple(warnings)
    )


def _tidy(raw: str) -> str:
    text = unicodedata.normalize("NFC", raw).replace("\u00d0", "\u0110").replace("_", "-").strip()
    text = _BRACKETS.sub(r"-\1", text)
    return _SEPARATOR_BLANKS.sub(r"\1", text)


def _type_and_issuers(parts: list[str], warnings: list[str]) -> tuple[str, tuple[str, ...]]:
    kind = _TYPES.get(_fold_type(parts[0]), "") if len(parts) > 1 else ""
    if kind:
        if _bars(parts[0]) != _bars(kind):
            warnings.append("bar-lost")
        if kind in cues.OLD_TYPES:
            warnings.append("old-type")
        parts = parts[1:]
    else:
        warnings.append("no-type" if parts else "no-issuer")
    cut, whole = cues.PRIME_MINISTER
    if kind in cues.DECISION_TYPES and parts == [cut]:
        warnings.append("issuer-cut")
        parts = [whole]
    return kind, tuple(piece for part in parts for piece in _split_digit(part, warnings))


def _split_digit(issuer: str, warnings: list[str]) -> list[str]:
    match = _DIGIT_TAIL.fullmatch(issuer)
    if match is None or match["code"] not in cues.DIGIT_SPLIT:
        return [issuer]
    warnings.append("issuer-split")
    return [match["code"], match["digit"]]


def _bars(code: str) -> tuple[int, int]:
    return code.upper().count(cues.LETTER_BAR), len(code)


def _fold_type(code: str) -> str:
    doubled, single = cues.DOUBLED_BAR
    folded = code.upper().replace(cues.LETTER_BAR, "D")
    return single if folded == doubled else folded


_TYPES: Final = {_fold_type(code): code for code in reversed(cues.TYPES)}


def fold_number(raw: str) -> str:
    """The key for look-up: NFC, Ð as Đ as D, no blanks at separators, `_` as `-`, capitals, no marks, no leading zeros.

    Two numbers with one key may be two instruments: show every hit (domain paper 1).
    """
    text = _SEPARATOR_BLANKS.sub(r"\1", unicodedata.normalize("NFC", raw).replace("\u00d0", "\u0110").replace("_", "-"))
    decomposed = unicodedata.normalize("NFD", text.strip().upper())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return plain.replace(cues.LETTER_BAR, "D").lstrip("0")
