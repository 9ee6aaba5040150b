"""Slips of the pen that readers of signed texts met, and cited numbers whose year contradicts their date.

Rules kept here (regulations paper 4 and 5): both are warnings only; the text is signed as it is.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from accordant.regulations.rules import cues
from accordant.regulations.rules.reading.errors import Diagnostic
from accordant.regulations.rules.reading.normal import Row

_CITED: Final = re.compile(cues.CITED_WITH_DATE, re.IGNORECASE)


def find_slips(rows: Sequence[Row]) -> list[Diagnostic]:
    """What looks like a slip, line by line; a citation may run over to the next line."""
    found: list[Diagnostic] = []
    for row in rows:
        for pattern, usual in cues.SLIPS:
            found += [Diagnostic(row.number, "slip", match[0], usual) for match in pattern.finditer(row.text)]
    return found + list(_years(rows))


def _years(rows: Sequence[Row]) -> Iterator[Diagnostic]:
    for index, row in enumerate(rows):
        if "/" not in row.text:
            continue
        following = rows[index + 1].text if index + 1 < len(rows) else ""
        for match in _CITED.finditer(f"{row.text} {following}"):
            year = match["long"] or match["short"]
            if match.start() <= len(row.text) and match["year"] != year:
                yield Diagnostic(row.number, "year-differs", match["number"], year)
