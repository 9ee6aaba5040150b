"""The audit: one function appends a record; nothing changes or removes one."""

from datetime import datetime

from accordant.accounts.models import AuditRecord


def record(
    *, at: datetime, who: str, office: str, act: str, thing: str, decision: str, clause: str = "", session: str = ""
) -> None:
    """Append a record in the current transaction. `thing` is a position or an id, never a title or a name."""
    AuditRecord.objects.create(
        at=int(at.timestamp() * 1000),
        who=who,
        office=office,
        session=session,
        act=act,
        thing=thing[:400],
        decision=decision,
        clause=clause,
    )


def count(*, who: str, act: str, since: int) -> int:
    """How often somebody did an act since an instant (ms)."""
    return AuditRecord.objects.filter(who=who, act=act, at__gt=since, decision="allowed").count()
