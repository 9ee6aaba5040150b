"""Opening programmes and recording what happens in them: one, or several in one write. Each asks its rule inside.

An activity that names no programme belongs to its agency's standing programme of that year, which is opened first when
it is not open yet.
"""

from collections.abc import Sequence
from datetime import datetime

from accordant.domains.programmes import rules
from accordant.domains.programmes.actions.desk import Desk
from accordant.entries.envelope import EntryRef, Officer
from accordant.entries.errors import refuse_if
from accordant.ledger.append import append


def open_programme(*, by: Officer, now: datetime, circle: str, new: rules.NewProgramme) -> EntryRef:
    """Open a programme for the parties of the circle; without a code it gets the next one of its year."""
    return _written(Desk(circle, by, now, [new]))[0]


def open_programmes(*, by: Officer, now: datetime, circle: str, new: Sequence[rules.NewProgramme]) -> list[EntryRef]:
    """Open several programmes: all of them or none."""
    return _written(Desk(circle, by, now, new))


def record_activity(*, by: Officer, now: datetime, circle: str, new: rules.NewActivity) -> EntryRef:
    """Record an activity in its programme; without a code it gets the next one of its year."""
    return _written(Desk(circle, by, now, [new]))[0]


def record_activities(*, by: Officer, now: datetime, circle: str, new: Sequence[rules.NewActivity]) -> list[EntryRef]:
    """Record several activities: all of them or none."""
    return _written(Desk(circle, by, now, new))


def record_delegation(*, by: Officer, now: datetime, circle: str, new: rules.NewDelegation) -> EntryRef:
    """Record a delegation that arrived; without a code it gets the next one of its year."""
    return _written(Desk(circle, by, now, [new]))[0]


def record_delegations(
    *, by: Officer, now: datetime, circle: str, new: Sequence[rules.NewDelegation]
) -> list[EntryRef]:
    """Record several delegations: all of them or none."""
    return _written(Desk(circle, by, now, new))


def _written(desk: Desk) -> list[EntryRef]:
    """Where the facts stand. What a rule forbids is refused before anything is written."""
    refuse_if([found for new in desk.new for found in desk.examined(new)[0]])
    refs: list[EntryRef] = []
    for write in desk.writes():
        refs += append(circle=desk.circle, by=desk.by, now=desk.now, facts=write.builders())
    return refs[len(refs) - len(desk.new) :]
