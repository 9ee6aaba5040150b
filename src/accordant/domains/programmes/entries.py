"""The facts of programmes: a programme opened, an activity in it recorded, a delegation recorded.

Each fact has one owner agency; `with` names the other parties taking part. Figures read the headers alone (domain
paper 7). `file` marks the table an entry was imported from, so that a second run of the same table is known.
"""

import msgspec

from accordant.entries.kinds import Handling, Record, kind
from accordant.entries.kinds import gettext_noop as _


class ProgrammeOpenedBody(Record, frozen=True, omit_defaults=True):
    """What the programme is called, and where it takes place."""

    title: str
    place: str = ""
    handling: Handling = Handling()


@kind(
    "programmes.programme-opened",
    headline=_("Programme {code} of {agency}, {day} to {day_end}"),
    body=ProgrammeOpenedBody,
)
class ProgrammeOpened(Record, frozen=True, omit_defaults=True):
    """A programme of the days from `day` to `day_end`, ISO, both included; `sort` is a word of `rules.SORTS`."""

    code: str
    sort: str
    day: str
    day_end: str
    partners: tuple[str, ...] = msgspec.field(name="with", default=())
    file: str = ""


class ActivityRecordedBody(Record, frozen=True, omit_defaults=True):
    """What was protected, where, and which office led."""

    what: str
    place: str = ""
    leader_office: str = ""
    handling: Handling = Handling()


@kind(
    "programmes.activity-recorded",
    headline=_("Activity {code} of {agency} on {day}"),
    body=ActivityRecordedBody,
    refs={"programme": ("programmes.programme-opened",)},
)
class ActivityRecorded(Record, frozen=True, omit_defaults=True):
    """A protected activity on an ISO day, in one programme; `category` is a word of `rules.CATEGORIES`."""

    code: str
    day: str
    category: str = msgspec.field(name="class", default="other")
    partners: tuple[str, ...] = msgspec.field(name="with", default=())
    file: str = ""


class DelegationRecordedBody(Record, frozen=True, omit_defaults=True):
    """Who came, from where, to which place."""

    name: str
    country: str = ""
    place: str = ""
    handling: Handling = Handling()


@kind(
    "programmes.delegation-recorded",
    headline=_("Delegation {code} of {agency} on {day}: {heads} persons"),
    body=DelegationRecordedBody,
    refs={"programme": ("programmes.programme-opened",)},
)
class DelegationRecorded(Record, frozen=True, omit_defaults=True):
    """A guarded delegation that arrived on an ISO day, with its number of persons; in a programme or in none."""

    code: str
    day: str
    heads: int
    partners: tuple[str, ...] = msgspec.field(name="with", default=())
    file: str = ""
