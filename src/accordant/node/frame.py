"""What the composition root hands down: link lamps and agencies' names for the frame, observations for the ladder."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext, ngettext

from accordant.exchange import partners, push, refusals, sync
from accordant.exchange.models import Peer
from accordant.ledger import sections
from accordant.ledger.models import Entry
from accordant.ledger.read.delivery import Observed, observe_with
from accordant.pages import formats, frame, panels
from accordant.regulations.models import AcceptedCard, Party

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
_NAMES: dict[str, tuple[str, str]] = {}
"""Agencies' names as this process read them last; an agency that is not among them makes it read again."""


def install() -> None:
    """Hand everything in; called once the applications are ready."""
    _NAMES.clear()
    frame.provide(frame.Provider(links=links, names=names))
    panels.panel("links.refused")(refusals.shown_to)
    observe_with(lambda origin, index, agency: Observed(*sync.observed(origin, index, agency)))


def links(now: datetime) -> Sequence[frame.LinkLamp]:
    """Each confirmed peer: not reached since when, or how many entries wait for how long, or all is received."""
    instant = int(now.timestamp() * 1000)
    rows = {row.agency: row for row in Peer.objects.all()}
    return [
        _link(agency, rows.get(agency) or Peer(agency=agency), instant)
        for agency in partners.confirmed_agencies(push.our_agency())
    ]


def names(agency: str) -> tuple[str, str]:
    """The agency's name in Vietnamese and English, from its newest card here; its id twice before one is held."""
    if agency not in _NAMES:
        for model, field in ((Party, "agency"), (AcceptedCard, "subject")):
            for found, vietnamese, english in model.objects.order_by("serial").values_list(field, "name_vi", "name_en"):
                _NAMES[found] = (vietnamese, english)
    return _NAMES.get(agency, (agency, agency))


def _link(agency: str, peer: Peer, now: int) -> frame.LinkLamp:
    if peer.stopped:
        return frame.LinkLamp(agency, "not-reached", gettext("exchange stopped here"))
    if peer.tries:
        return frame.LinkLamp(agency, "not-reached", _since(peer.contact_at))
    waiting = sync.waiting_for(agency)
    if not waiting:
        late = now - peer.contact_at > 2 * sync.HEADS_MILLISECONDS
        return frame.LinkLamp(agency, "not-reached" if late else "met", _since(peer.contact_at) if late else "")
    return frame.LinkLamp(agency, "waiting", _waiting(waiting, now - _oldest(agency, now)))


def _since(contact_at: int) -> str:
    if not contact_at:
        return gettext("never reached")
    return gettext("not reached since {instant}").format(instant=formats.instant_text(contact_at))


def _waiting(count: int, milliseconds: int) -> str:
    number = formats.number_text(count)
    if milliseconds < MINUTE:
        return ngettext("{count} entry waits", "{count} entries wait", count).format(count=number)
    return ngettext("{count} entry waits, for {span}", "{count} entries wait, the first for {span}", count).format(
        count=number, span=_span(milliseconds)
    )


def _span(milliseconds: int) -> str:
    """A span in its largest unit: 40 min, 3 hours, 12 days."""
    if milliseconds >= DAY:
        days = milliseconds // DAY
        return ngettext("{n} day", "{n} days", days).format(n=formats.number_text(days))
    if milliseconds >= HOUR:
        hours = milliseconds // HOUR
        return ngettext("{n} hour", "{n} hours", hours).format(n=hours)
    return gettext("{n} min").format(n=milliseconds // MINUTE)


def _oldest(peer: str, now: int) -> int:
    """When the first entry of ours that the peer has no receipt for was stored here (ms)."""
    found = [now]
    for circle in partners.circles_with(peer, push.our_agency()):
        for log in sections.logs_of(circle):
            reached = sections.cosigned_size(log, peer)
            if log.ours and log.size > reached:
                rows = Entry.objects.filter(log_id=log.id, index=reached)
                found.extend(rows.values_list("stored_at", flat=True))
    return min(found)
