"""The one error and the doubts of the reader.

Rules kept here: whatever the bytes are, only `UnreadableText` leaves the reader (style paper, habit 9); a doubt is a
`Diagnostic` with line, code, what was found and what was expected, and repairs nothing (regulations paper 4).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from accordant.entries.kinds import gettext_noop as _


class UnreadableText(ValueError):
    """A text that cannot be read at all: what was not done, why, what to do; English sentences, ready to translate.

    `places` are the values of the named places in the three sentences; the attributes have them filled in.
    """

    def __init__(self, code: str, message: str, reason: str, repair: str, **places: object) -> None:
        self.code = code
        self.sentences = (message, reason, repair)
        self.places: Mapping[str, object] = places
        self.message, self.reason, self.repair = (sentence.format(**places) for sentence in self.sentences)
        super().__init__(f"{self.message} {self.reason} {self.repair}")


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One doubt: the line of the source (from 1), a stable code, what was found and what was expected there."""

    line: int
    code: str
    found: str
    expected: str


# What each code says to a person; the places are those of `Diagnostic`.
SENTENCES: Final[Mapping[str, str]] = {
    "article-cited": _("Line {line}: “{found}” was read as text that cites an article, not as the heading of one."),
    "article-gap": _("Line {line}: article {found} follows where article {expected} was expected."),
    "article-not-first": _("Line {line}: the first article found is {found}; article 1 was expected."),
    "article-split": _("Line {line}: the word and the number of the heading “{found}” stand on two lines."),
    "article-slip": _("Line {line}: “{found}” was read as “{expected}”."),
    "article-no-dot": _("Line {line}: the heading “{found}” has no full stop after its number."),
    "article-no-heading": _("Line {line}: article {found} has neither heading nor text before its first clause."),
    "division-cited": _("Line {line}: “{found}” was read as text that cites a division, not as the heading of one."),
    "division-gap": _("Line {line}: {found} follows where number {expected} was expected; nothing was renumbered."),
    "clause-unexpected": _("Line {line}: “{found}” was read as text, because clause {expected} was expected."),
    "point-unexpected": _("Line {line}: “{found}” was read as text, because point {expected} was expected."),
    "point-unusual": _(
        "Line {line}: point {found} uses a letter that Vietnamese lists leave out; {expected} is usual."
    ),
    "quote-unclosed": _("Line {line}: the quotation that begins “{found}” has no closing quotation mark."),
    "number-missing": _("Line {line}: no number of the instrument was found before the first article."),
    "number-unusual": _("Line {line}: the number “{found}” is unusual: {expected}."),
    "date-missing": _("Line {line}: no date of the instrument was found before the first article."),
    "date-after-effect": _("Line {line}: the date {found} lies after the date of effect {expected}."),
    "date-impossible": _("Line {line}: “{found}” is not a date; a day of the calendar was expected."),
    "date-ambiguous": _("Line {line}: “{found}” may have day and month exchanged; {expected} was read."),
    "year-differs": _("Line {line}: “{found}” is cited with a date of the year {expected}."),
    "slip": _("Line {line}: “{found}” may be a slip of the pen; usual is “{expected}”."),
}
