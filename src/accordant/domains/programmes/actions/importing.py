"""Tables of activities, delegations and events to facts, in writes of a few hundred rows.

A file is taken whole or refused whole; a second run of the same file, or one after a crash, writes what is missing.
"""

from collections.abc import Callable
from datetime import datetime

from accordant.domains.programmes import rules
from accordant.domains.programmes.actions.incoming import Incoming
from accordant.entries.envelope import EntryRef, Officer
from accordant.entries.errors import refuse_if
from accordant.ledger.append import append


def import_activities(
    *,
    by: Officer,
    now: datetime,
    circle: str,
    file: "rules.File[rules.ActivityRow]",
    progress: Callable[[int], object] = int,
) -> list[EntryRef]:
    """Record the activities of a table that are not recorded yet; gives their positions, none at a second run.

    Opens the standing programmes that they need. The whole file is refused when a row is known from elsewhere or
    breaks a rule. `progress` is told after each write how many rows are done.
    """
    return _written(Incoming.of(file, by=by, now=now, circle=circle), progress)


def import_delegations(
    *,
    by: Officer,
    now: datetime,
    circle: str,
    file: "rules.File[rules.DelegationRow]",
    progress: Callable[[int], object] = int,
) -> list[EntryRef]:
    """Record the delegations of a table that are not recorded yet; refused whole as `import_activities` is."""
    return _written(Incoming.of(file, by=by, now=now, circle=circle), progress)


def import_events(
    *,
    by: Officer,
    now: datetime,
    circle: str,
    file: "rules.File[rules.EventRow]",
    progress: Callable[[int], object] = int,
) -> list[EntryRef]:
    """Open the events of a table that are not open yet; refused whole as `import_activities` is."""
    return _written(Incoming.of(file, by=by, now=now, circle=circle), progress)


def _written(incoming: Incoming, progress: Callable[[int], object]) -> list[EntryRef]:
    refuse_if(incoming.refusals)
    desk = incoming.desk
    writes = desk.writes()
    opened = sum(len(write.new) for write in writes) - len(desk.new)
    refs: list[EntryRef] = []
    for write in writes:
        refs += append(circle=desk.circle, by=desk.by, now=desk.now, facts=write.builders())
        progress(max(len(refs) - opened, 0))
    return refs[opened:]
