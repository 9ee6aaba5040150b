"""Opening programmes.

Rules kept here (domain paper 7): a code is the owner's own, once in one log for each of the three kinds, and belongs to
the fact that stands first in it, be that regular or not (`code_claim`); a programme has whole days, the last not
before the first, over at most two years; a standing one is one calendar year of daily work; who takes part beside the
owner is a party. A foreign programme is judged by its header alone: not every party holds the body, and all must count
alike. Left to others: the office (`writers`), what happens in a programme (`recording`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from accordant.domains.programmes.entries import ProgrammeOpened, ProgrammeOpenedBody
from accordant.domains.programmes.rules.writers import refusals_to_write
from accordant.entries.envelope import Officer
from accordant.entries.errors import Refusal, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.entries.table_files import is_day

STANDING: Final = "standing"
SPECIAL_EVENT: Final = "special_event"
PROGRAMME: Final = "programme"
SORTS: Final = (STANDING, "visit", "trip", "conference", SPECIAL_EVENT)
CODE_CHARACTERS: Final = 40
TITLE_CHARACTERS: Final = 300
LONGEST_DAYS: Final = 731
_NOT_OPENED: Final = _("The programme was not opened.")


@dataclass(frozen=True, slots=True)
class NewProgramme:
    """A programme as its office wrote it; `at` in milliseconds since 1970 UTC, None = the instant of the act."""

    code: str
    sort: str
    day: str
    day_end: str
    title: str
    place: str = ""
    partners: tuple[str, ...] = ()
    at: int | None = None
    file: str = ""

    @property
    def record(self) -> ProgrammeOpened:
        """The header facts."""
        return ProgrammeOpened(self.code, self.sort, self.day, self.day_end, self.partners, self.file)

    @property
    def body(self) -> ProgrammeOpenedBody:
        """The body facts."""
        return ProgrammeOpenedBody(self.title.strip(), self.place.strip())


def standing_programme(year: str) -> NewProgramme:
    """The programme of a year's daily work; each agency has its own."""
    return NewProgramme(f"standing-{year}", STANDING, f"{year}-01-01", f"{year}-12-31", title=year)


def refusals_to_open_programme(
    record: ProgrammeOpened,
    *,
    author: str,
    taken: bool,
    body: ProgrammeOpenedBody | None = None,
    by: Officer | None = None,
    parties: Collection[str] | None = None,
) -> list[Refusal]:
    """Empty when the programme may be opened; `body`, `by` and `parties` are given for our own acts alone."""
    found = list(refusals_to_write(by))
    found.extend(refusals_of_code(_NOT_OPENED, record.code, taken=taken))
    found.extend(refusals_of_partners(_NOT_OPENED, record.partners, author, parties))
    found.extend(_of_days(record))
    if record.sort not in SORTS:
        found.append(_bad_sort(record.sort))
    if body is not None and not 1 <= len(body.title) <= TITLE_CHARACTERS:
        found.append(_bad_title())
    return found


def code_claim(noun: str, code: str) -> str:
    """What a fact claims in its log: its code among the programmes, activities or delegations."""
    return f"{noun} {code}"


def refusals_of_code(message: str, code: str, *, taken: bool) -> list[Refusal]:
    """Empty when the code has 1 to 40 letters, digits and signs `. / - _` and stands for nothing else in this log."""
    found = []
    if not 1 <= len(code) <= CODE_CHARACTERS or not all(sign.isalnum() or sign in "./-_" for sign in code):
        found.append(_bad_code(message, code))
    if taken:
        found.append(_taken(message, code))
    return found


def refusals_of_partners(
    message: str, partners: Sequence[str], author: str, parties: Collection[str] | None
) -> list[Refusal]:
    """Empty when the agencies named are sorted, each once, without the owner, and parties of the circle."""
    outside = [] if parties is None else sorted(set(partners) - set(parties))
    if list(partners) != sorted(set(partners)) or author in partners:
        return [_bad_partners(message)]
    return [_outside(message, outside)] if outside else []


def refusals_of_day(message: str, day: str) -> list[Refusal]:
    """Empty when the text is a day of the calendar, ISO."""
    return [] if is_day(day) else [_bad_day(message, day)]


def _of_days(record: ProgrammeOpened) -> list[Refusal]:
    found = [*refusals_of_day(_NOT_OPENED, record.day), *refusals_of_day(_NOT_OPENED, record.day_end)]
    if found:
        return found
    length = (date.fromisoformat(record.day_end) - date.fromisoformat(record.day)).days
    if not 0 <= length < LONGEST_DAYS:
        return [_bad_range(record.day, record.day_end)]
    if record.sort == STANDING and record.day[4:] + record.day_end[4:] != "-01-01-12-31":
        return [_no_year(record.day, record.day_end)]
    return []


def _bad_code(message: str, code: str) -> Refusal:
    return refusal(
        "programme-code",
        message,
        _("The code {given} has other signs than letters, digits and . / - _, or not 1 to {limit} of them."),
        _("Give a code such as 2026-0014, or leave the field empty: the node then gives the next one."),
        given=code[:60] or "–",
        limit=CODE_CHARACTERS,
    )


def _taken(message: str, code: str) -> Refusal:
    return refusal(
        "programme-code-taken",
        message,
        _("This agency has used the code {given} in this circle already."),
        _("Give another code; open the other one by its code in the list."),
        given=code[:60],
    )


def _bad_partners(message: str) -> Refusal:
    return refusal(
        "programme-partners",
        message,
        _("The agencies taking part are not sorted, or name one twice or the owner itself."),
        _("Name each other agency once."),
    )


def _outside(message: str, agencies: Sequence[str]) -> Refusal:
    return refusal(
        "programme-outside",
        message,
        _("No party of this circle: {agencies}."),
        _("Choose parties of the circle; agencies outside are named in the text."),
        agencies=", ".join(agencies),
    )


def _bad_day(message: str, day: str) -> Refusal:
    return refusal(
        "programme-day",
        message,
        _("{day} is no day of the calendar."),
        _("Write the day as 2025-12-06."),
        day=day[:40] or "–",
    )


def _bad_range(day: str, day_end: str) -> Refusal:
    return refusal(
        "programme-days",
        _NOT_OPENED,
        _("The days {day} to {day_end} run backwards, or over more than two years."),
        _("Give the first and the last day."),
        day=day,
        day_end=day_end,
    )


def _no_year(day: str, day_end: str) -> Refusal:
    return refusal(
        "programme-year",
        _NOT_OPENED,
        _("A standing programme is one calendar year, not {day} to {day_end}."),
        _("Give 1 January and 31 December of one year, or choose another kind."),
        day=day,
        day_end=day_end,
    )


def _bad_sort(sort: str) -> Refusal:
    return refusal(
        "programme-sort",
        _NOT_OPENED,
        _("{sort} is no kind of programme."),
        _("Choose one of: {sorts}."),
        sort=sort[:40] or "–",
        sorts=", ".join(SORTS),
    )


def _bad_title() -> Refusal:
    return refusal(
        "programme-title",
        _NOT_OPENED,
        _("It has no title, or one of more than {limit} characters."),
        _("Say in one line what the programme is."),
        limit=TITLE_CHARACTERS,
    )
