"""The tree of a signed text: instrument, components, provisions; their ids, order and hashes.

Rules kept here (regulations paper 1): the hash of a provision is SHA-256 of "accordant/provision/v1", LF and the
canonical JSON (sorted keys, no blanks, UTF-8; wire paper 0) of its num, heading, text and the hashes of its children,
which are left out where there are none; ids are ASCII paths from the article (`art_3a__para_1__point_dd`), chapters
`chp_II`, sections `chp_II__sec_1`, and articles carry no chapter prefix; letters sort d < đ < đ1 < e, numbers 5 < 5a
< 6. Left to others: reading a text (`reading`), changing it (amendments).
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import msgspec

from accordant.regulations.rules.cues import DD, LETTER_ORDER, ORDINALS

Level = Literal["part", "chapter", "section", "subsection", "article", "clause", "point", "indent", "wrap-up"]
ByteRange = tuple[int, int]

PREFIX: Final = b"accordant/provision/v1\n"
DIVISION_LEVELS: Final[tuple[Level, ...]] = ("part", "chapter", "section", "subsection")
_TOKENS: Final[dict[Level, str]] = {
    "part": "part", "chapter": "chp", "section": "sec", "subsection": "subsec", "article": "art", "clause": "para",
    "point": "point", "indent": "indent", "wrap-up": "wrapup",
}  # fmt: skip
_NUMBER: Final = re.compile(r"(\d*)(\D*)(\d*)")
_ROMAN_DIGITS: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_canonical: Final = msgspec.json.Encoder(order="sorted").encode


@dataclass(frozen=True, slots=True)
class Provision:
    """One unit of a text and the units inside it.

    `wid` never changes once given; `eid` is the id in this expression; `num` is as printed (`Điều 3.`, `đ)`); `bare`
    is the number in it (`3`, `đ`, `II`); `text` holds paragraphs, separated by LF; `order` counts from 0 through the
    component; `ranges` are byte ranges in the original that belong to this unit and to none of its children. What a
    unit says after its sub-units (Akoma Ntoso's wrapUp) is its last child, level `wrap-up`, so that the hash keeps
    four keys.
    """

    wid: str
    eid: str
    level: Level
    num: str
    bare: str
    heading: str
    text: str
    order: int
    ranges: tuple[ByteRange, ...]
    children: tuple["Provision", ...] = ()
    hash: str = field(init=False)

    def __post_init__(self) -> None:
        digest = node_hash(self.num, self.heading, self.text, [child.hash for child in self.children])
        object.__setattr__(self, "hash", digest)

    def walk(self) -> Iterator["Provision"]:
        """This unit and all units inside it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Component:
    """One numbering run of an instrument, or an annex without one.

    `name` is `decision`, `regulation`, `annex-n` or `form-n`; `text` is what stands before the first unit (the bases;
    of an annex all of it); `conclusions` what stands after the last (recipients, signatures); `ranges` their bytes.
    """

    name: str
    title: str
    text: str
    conclusions: str
    ranges: tuple[ByteRange, ...]
    provisions: tuple[Provision, ...] = ()

    @property
    def hash(self) -> str:
        """The hash of this component as a node: name, title, text before the units, hashes of the units."""
        return node_hash(self.name, self.title, self.text, [unit.hash for unit in self.provisions])

    def walk(self) -> Iterator[Provision]:
        """All units of the component, in the order of the text."""
        for unit in self.provisions:
            yield from unit.walk()

    def count(self, level: Level) -> int:
        """How many units of that level the component has."""
        return sum(unit.level == level for unit in self.walk())


@dataclass(frozen=True, slots=True)
class Instrument:
    """The signed act: its number in clean spelling, ISO date (empty when not found), title, issuers, language."""

    number: str
    date: str
    title: str
    issuers: tuple[str, ...]
    language: Literal["vi", "en"]


def node_hash(num: str, heading: str, text: str, children: Sequence[str]) -> str:
    """The hash, lower-case hex, of a unit with these parts (regulations paper 1)."""
    content: dict[str, object] = {"num": num, "heading": heading, "text": text}
    if children:
        content["children"] = list(children)
    return hashlib.sha256(PREFIX + _canonical(content)).hexdigest()


def root_hash(instrument: Instrument, components: Sequence[Component]) -> str:
    """The hash, lower-case hex, that all parties sign: number, date and title over the hashes of the components."""
    heading = f"{instrument.date} {instrument.title}".strip()
    return node_hash(instrument.number, heading, "", [component.hash for component in components])


def sort_key(num: str) -> tuple[int, tuple[int, ...], int]:
    """Order of siblings by number, letter, digit: 5 < 5a < 6, a < a1 < b, d < đ < đ1 < e, II < IIa < III.

    Takes the number alone (`5a`, `đ1`, `IV`), as `Provision.bare` has it. Domain paper 1.
    """
    roman = re.fullmatch(r"([IVXLCDM]+)([a-zđ]?)", num)
    if roman:
        return roman_value(roman[1]), _letters(roman[2]), 0
    match = _NUMBER.match(num)
    assert match is not None, "the pattern matches the empty text"
    return int(match[1] or 0), _letters(match[2].lower()), int(match[3] or 0)


def _letters(letters: str) -> tuple[int, ...]:
    return tuple(LETTER_ORDER.find(letter) + 1 for letter in letters)


def roman_value(roman: str) -> int:
    """The value of a Roman numeral, read the additive-subtractive way (`IV` = 4); not checked for good form."""
    values = [_ROMAN_DIGITS[letter] for letter in roman]
    following = [*values[1:], 0]
    return sum(-value if value < later else value for value, later in zip(values, following, strict=True))


def token(level: Level, bare: str, position: int) -> str:
    """The id of a unit among its siblings: `art_3a`, `point_dd1`, `chp_II`; `position` (from 1) names bullets."""
    if level == "wrap-up":
        return _TOKENS[level]
    if level == "indent" and not bare:
        return f"{_TOKENS[level]}_{position}"
    return f"{_TOKENS[level]}_{ascii_number(level, bare)}"


def ascii_number(level: Level, bare: str) -> str:
    """The number in ASCII for an id: đ is `dd`, `1.2` is `1-2`, `thứ hai` of a part is `2`."""
    words = bare.lower().split()
    if level == "part" and words and words[-1] in ORDINALS:
        return str(ORDINALS[words[-1]])
    plain = bare.replace(DD, "dd").replace(DD.upper(), "DD").replace(".", "-")
    return re.sub(r"[^A-Za-z0-9-]", "", plain) or "x"


def eid_of(parent: str, level: Level, own: str) -> str:
    """The id below `parent`: articles and what is above them do not hand their path on to articles."""
    if level == "article" or not parent:
        return own
    return f"{parent}__{own}"
