"""What reviews count of programmes (domain paper 7).

Rules kept here: activities count one by one; delegations with their heads; as events the programmes of sort
`special_event`. Each counts once, in the line of the agency that owns the entry, on its own (first) day; the owner and
the agencies it names are the parties taking part.
"""

from accordant.domains.programmes.entries import ActivityRecorded, DelegationRecorded, ProgrammeOpened
from accordant.domains.programmes.rules import SPECIAL_EVENT
from accordant.entries.indicators import Counted, Indicator, Tick, indicator
from accordant.entries.kinds import gettext_noop as _


def activity_guarded(entry: Counted) -> Tick | None:
    """One activity: 1."""
    record = entry.record
    if not isinstance(record, ActivityRecorded):
        return None
    return Tick(1, 0, record.day, (entry.header.agency, *record.partners))


def delegation_guarded(entry: Counted) -> Tick | None:
    """One delegation: 1, paired with its heads (persons)."""
    record = entry.record
    if not isinstance(record, DelegationRecorded):
        return None
    return Tick(1, record.heads, record.day, (entry.header.agency, *record.partners))


def event_guarded(entry: Counted) -> Tick | None:
    """One programme of sort special event: 1, on its first day."""
    record = entry.record
    if not isinstance(record, ProgrammeOpened) or record.sort != SPECIAL_EVENT:
        return None
    return Tick(1, 0, record.day, (entry.header.agency, *record.partners))


activities_guarded = indicator(
    Indicator(
        name="programmes.activities_guarded",
        title=_("Activities protected"),
        unit=_("activity"),
        kinds=("programmes.activity-recorded",),
        tick=activity_guarded,
    )
)
delegations_guarded = indicator(
    Indicator(
        name="programmes.delegations_guarded",
        title=_("Delegations protected"),
        unit=_("delegation"),
        kinds=("programmes.delegation-recorded",),
        tick=delegation_guarded,
        paired_unit=_("person"),
    )
)
events_guarded = indicator(
    Indicator(
        name="programmes.events_guarded",
        title=_("Events protected"),
        unit=_("event"),
        kinds=("programmes.programme-opened",),
        tick=event_guarded,
    )
)
