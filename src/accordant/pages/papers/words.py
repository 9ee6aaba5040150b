"""The words of the layout that stand in every paper, from `data/words.toml`: data, as an authority prescribes them."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from accordant.pages.papers.paper import Paper

_FILE = Path(__file__).parent / "data" / "words.toml"


class Words(msgspec.Struct, frozen=True):
    """The fixed words around one paper, ready to print."""

    state: str
    motto: str
    translation: str
    number: str
    place_and_day: str
    recipients: str
    marking: str
    language: str


def words(paper: Paper) -> Words:
    """Head and foot of a paper in its language."""
    held = _words()[paper.language]
    return Words(
        state=held["state"],
        motto=held["motto"],
        translation=held["translation"],
        number=held["number" if paper.number else "blank_number"].format(number=paper.number, sign=paper.sign),
        place_and_day=_place_and_day(paper, held),
        recipients=held["recipients"],
        marking=held["markings"][paper.marking],
        language=held["language"],
    )


def _place_and_day(paper: Paper, held: dict[str, Any]) -> str:
    """Days below 10 and the months 1 and 2 are written with a zero before them (Decree 30/2020, Annex I, II.4)."""
    if not paper.day and "undated" in held:
        return str(held["undated"])
    blank = held["blank_day"]
    year, month, day = (paper.day or f"{paper.at.year}--").split("-")
    if "months" in held:
        day, month = day.lstrip("0"), held["months"][int(month) - 1] if month else ""
    else:
        month = month if int(month or 0) < 3 else month.lstrip("0")
    return str(
        held["place_and_day"].format(
            place=paper.place or held["blank_place"], day=day or blank, month=month or blank, year=year
        )
    )


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
