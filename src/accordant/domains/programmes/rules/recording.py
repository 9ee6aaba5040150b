"""Recording activities and delegations.

Rules kept here (domain paper 7): an activity belongs to one programme of its circle and lies within its days, a
standing one being the author's own; a delegation names a programme or none and has 1 to 10,000 heads; codes, days and
agencies as in `opening`. A foreign fact is judged by its header alone. Left to others: the office (`writers`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from accordant.domains.programmes.entries import (
    ActivityRecorded,
    ActivityRecordedBody,
    DelegationRecorded,
    DelegationRecordedBody,
)
from accordant.domains.programmes.rules.opening import (
    STANDING,
    TITLE_CHARACTERS,
    refusals_of_code,
    refusals_of_day,
    refusals_of_partners,
)
from accordant.domains.programmes.rules.writers import refusals_to_write
from accordant.entries.envelope import EntryRef, Officer
from accordant.entries.errors import Refusal, refusal
from accordant.entries.kinds import gettext_noop as _

CATEGORIES: Final = ("meeting", "inspection", "ceremony", "reception", "journey", "stay", "other")
MOST_HEADS: Final = 10_000
ACTIVITY: Final = "activity"
DELEGATION: Final = "delegation"
_NO_ACTIVITY: Final = _("The activity was not recorded.")
_NO_DELEGATION: Final = _("The delegation was not recorded.")


@dataclass(frozen=True, slots=True)
class HeldProgramme:
    """A programme of the circle that is held here: its owner, sort and days."""

    author: str
    sort: str
    day: str
    day_end: str


@dataclass(frozen=True, slots=True)
class NewActivity:
    """An activity as its office wrote it; `programme` None = the author's standing programme of that year."""

    code: str
    day: str
    what: str
    category: str = "other"
    place: str = ""
    leader_office: str = ""
    partners: tuple[str, ...] = ()
    programme: EntryRef | None = None
    at: int | None = None
    file: str = ""

    @property
    def record(self) -> ActivityRecorded:
        """The header facts."""
        return ActivityRecorded(self.code, self.day, self.category, self.partners, self.file)

    @property
    def body(self) -> ActivityRecordedBody:
        """The body facts."""
        return ActivityRecordedBody(self.what.strip(), self.place.strip(), self.leader_office.strip())


@dataclass(frozen=True, slots=True)
class NewDelegation:
    """A delegation as its office wrote it."""

    code: str
    day: str
    heads: int
    name: str
    country: str = ""
    place: str = ""
    partners: tuple[str, ...] = ()
    programme: EntryRef | None = None
    at: int | None = None
    file: str = ""

    @property
    def record(self) -> DelegationRecorded:
        """The header facts."""
        return DelegationRecorded(self.code, self.day, self.heads, self.partners, self.file)

    @property
    def body(self) -> DelegationRecordedBody:
        """The body facts."""
        return DelegationRecordedBody(self.name.strip(), self.country.strip(), self.place.strip())


def refusals_to_record_activity(
    record: ActivityRecorded,
    *,
    author: str,
    taken: bool,
    programme: HeldProgramme | None,
    body: ActivityRecordedBody | None = None,
    by: Officer | None = None,
    parties: Collection[str] | None = None,
) -> list[Refusal]:
    """Empty when the activity may be recorded; `body`, `by` and `parties` are given for our own acts alone."""
    found = [
        *refusals_to_write(by),
        *refusals_of_code(_NO_ACTIVITY, record.code, taken=taken),
        *refusals_of_day(_NO_ACTIVITY, record.day),
        *refusals_of_partners(_NO_ACTIVITY, record.partners, author, parties),
        *_of_programme(_NO_ACTIVITY, record.day, programme, author),
    ]
    if record.category not in CATEGORIES:
        found.append(_bad_category(record.category))
    if body is not None and not 1 <= len(body.what) <= TITLE_CHARACTERS:
        found.append(_bad_text(_NO_ACTIVITY))
    return found


def refusals_to_record_delegation(
    record: DelegationRecorded,
    *,
    author: str,
    taken: bool,
    named: bool,
    programme: HeldProgramme | None,
    body: DelegationRecordedBody | None = None,
    by: Officer | None = None,
    parties: Collection[str] | None = None,
) -> list[Refusal]:
    """Empty when the delegation may be recorded; `named`: it refers to a programme. The rest as for an activity."""
    found = [
        *refusals_to_write(by),
        *refusals_of_code(_NO_DELEGATION, record.code, taken=taken),
        *refusals_of_day(_NO_DELEGATION, record.day),
        *refusals_of_partners(_NO_DELEGATION, record.partners, author, parties),
    ]
    if named:
        found.extend(_of_programme(_NO_DELEGATION, record.day, programme, author))
    if not 1 <= record.heads <= MOST_HEADS:
        found.append(_bad_heads(record.heads))
    if body is not None and not 1 <= len(body.name) <= TITLE_CHARACTERS:
        found.append(_bad_text(_NO_DELEGATION))
    return found


def _of_programme(message: str, day: str, programme: HeldProgramme | None, author: str) -> list[Refusal]:
    if programme is None:
        return [_no_programme(message)]
    if programme.sort == STANDING and programme.author != author:
        return [_foreign_standing(message, programme.author)]
    return [] if programme.day <= day <= programme.day_end else [_outside_days(message, day, programme)]


def _no_programme(message: str) -> Refusal:
    return refusal(
        "programme-missing",
        message,
        _("It names no programme of this circle that is held here."),
        _("Open the programme first, or record it under the standing programme of its year."),
    )


def _foreign_standing(message: str, author: str) -> Refusal:
    return refusal(
        "programme-foreign-standing",
        message,
        _("The standing programme belongs to {author}; each agency keeps its daily work in its own."),
        _("Record it under this agency's standing programme."),
        author=author,
    )


def _outside_days(message: str, day: str, programme: HeldProgramme) -> Refusal:
    return refusal(
        "programme-outside-days",
        message,
        _("{day} lies outside the days of its programme, {first} to {last}."),
        _("Correct the day, or choose the programme that holds it."),
        day=day[:40] or "–",
        first=programme.day,
        last=programme.day_end,
    )


def _bad_category(category: str) -> Refusal:
    return refusal(
        "activity-class",
        _NO_ACTIVITY,
        _("{category} is no class of activities."),
        _("Choose one of: {categories}."),
        category=category[:40] or "–",
        categories=", ".join(CATEGORIES),
    )


def _bad_heads(heads: int) -> Refusal:
    return refusal(
        "delegation-heads",
        _NO_DELEGATION,
        _("It has {heads} persons; 1 to {limit} can be recorded."),
        _("Give the number of persons in the delegation."),
        heads=heads,
        limit=MOST_HEADS,
    )


def _bad_text(message: str) -> Refusal:
    return refusal(
        "programme-text",
        message,
        _("It does not say what it is, or takes more than {limit} characters for it."),
        _("Say it in one line."),
        limit=TITLE_CHARACTERS,
    )
