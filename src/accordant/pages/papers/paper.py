"""An official paper as plain data: what stands in the numbered boxes of Decree 30/2020, Annex I. No markup anywhere."""

from datetime import datetime
from typing import Literal

import msgspec


class Heading(msgspec.Struct, frozen=True, tag="heading", tag_field="sort"):
    """A title inside the body: level 1 is a part ("I. …"), level 2 a clause of it ("1. …")."""

    text: str
    level: int = 1


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph", tag_field="sort"):
    """A justified paragraph; `lead` stands before it in bold, a basis is set in italics, an item hangs on its dash."""

    text: str
    lead: str = ""
    style: Literal["plain", "basis", "item", "small"] = "plain"


class Column(msgspec.Struct, frozen=True):
    """A column of a table: its head, its share of the width, to which side its cells stand."""

    title: str
    share: float = 1.0
    side: Literal["left", "centre", "right"] = "left"


class Table(msgspec.Struct, frozen=True, tag="table", tag_field="sort"):
    """A table under its caption; the last `totals` rows are bold. Each row has a cell per column."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: int = 0


Block = Heading | Paragraph | Table


class Signatory(msgspec.Struct, frozen=True):
    """A signature block: whose, by which authority (the lines above the seal), the name below once it is known."""

    agency: str
    authority: str = ""
    name: str = ""


class Paper(msgspec.Struct, frozen=True):
    """One paper. `language` is vi or en; an English paper is a translation: neither numbered nor signed.

    `agencies` are the issuers, one for each line of box 2; `sign` is what follows the number to be given ("BC");
    `day` is ISO or empty while it waits to be written in; `at` is the instant in the file's own properties.
    """

    language: Literal["vi", "en"]
    agencies: tuple[str, ...]
    title: str
    abstract: str
    at: datetime
    blocks: tuple[Block, ...]
    superior: str = ""
    number: str = ""
    sign: str = ""
    place: str = ""
    day: str = ""
    recipients: tuple[str, ...] = ()
    signatories: tuple[Signatory, ...] = ()
    marking: int = 0
    reference: str = ""
