"""Items in words: their state with its lamp, deadlines with their distance, grades, agencies."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accordant.domains.information import rules
from accordant.domains.information.models import ANSWERED, RECEIVED, SENT, SIGNED, Item, ItemRow, Standing
from accordant.entries.envelope import EntryRef
from accordant.entries.kinds import gettext_noop
from accordant.pages import formats
from accordant.pages.headlines import name_words
from accordant.pages.listing import Cell

RUNG_WORDS: Final[Mapping[str, str]] = {
    SIGNED: gettext_noop("signed"),
    SENT: gettext_noop("sent"),
    RECEIVED: gettext_noop("received"),
    rules.OPENED: gettext_noop("opened"),
    rules.ACKNOWLEDGED: gettext_noop("acknowledged"),
    ANSWERED: gettext_noop("answered"),
    rules.RETURNED: gettext_noop("returned"),
}
LAMPS: Final[Mapping[str, str]] = {
    SIGNED: "waiting",
    SENT: "claimed",
    RECEIVED: "waiting",
    rules.OPENED: "waiting",
    rules.ACKNOWLEDGED: "met",
    ANSWERED: "met",
    rules.RETURNED: "refused",
}
_TURNING: Final = dict.fromkeys((*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), " ")
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
SOON: Final = 5  # the last fifth of the time given is amber (screens paper 4)

for _kind, _field, _words in (
    ("information.item-sent", "purpose", rules.PURPOSE_WORDS),
    ("information.item-sent", "class", rules.CATEGORY_WORDS),
    ("information.item-sent", "precedence", rules.PRECEDENCE_WORDS),
    ("information.item-returned", "reason", rules.REASON_WORDS),
):
    name_words(_kind, _field, _words)


def said(words: Mapping[str, str], word: str) -> str:
    """A word of a table in the reader's language; itself where the table does not know it."""
    return _(words[word]) if word in words else word


def agencies(ids: Iterable[str]) -> str:
    """Names of agencies, with commas between."""
    return ", ".join(map(formats.agency_name, ids))


def href(ref: EntryRef) -> str:
    """The page of an item."""
    return reverse("information:item", args=[ref.origin, ref.index])


def plain(text: str) -> str:
    """Text of another agency on one line of ours: without control characters, which could turn words around it."""
    return " ".join(text.translate(_TURNING).split())


def title(item: Item, *, stub: bool) -> str:
    """The subject where it may be shown in lists; else why not."""
    if stub:
        return _("not addressed to us")
    return plain(item.subject) or (_("marked, not in lists") if item.marking else _("the content is not here"))


def state(row: ItemRow, now: datetime) -> Cell:
    """How far the item got: at us when it came to us, at its slowest addressee when it is ours, and what stops it."""
    item, standing = row.item, row.standing
    if item.irregular:
        return Cell(_("irregular: {rule}").format(rule=item.irregular), lamp="irregular", datum=item.irregular)
    if standing is None:
        return Cell(_("between others"), lamp="not-addressed", datum="")
    if row.closed and not row.ours and not standing.settled:
        return Cell(_("we closed the circle"), lamp="not-addressed", datum=standing.rung)
    return Cell(_state_text(row, standing), lamp=lamp(item, standing, now), datum=standing.rung)


def _state_text(row: ItemRow, standing: Standing) -> str:
    if not row.ours and not standing.settled:
        return _("waits for us")
    word = said(RUNG_WORDS, standing.rung)
    if row.ours:
        word = _("{agency}: {state}").format(agency=formats.agency_name(standing.agency), state=word)
    reason = said(rules.REASON_WORDS, standing.reason)
    return _("{state}, {reason}").format(state=word, reason=reason) if reason else word


def lamp(item: Item, standing: Standing, now: datetime) -> str:
    """The lamp of a state: deadlines count until the item is settled."""
    if standing.settled:
        return LAMPS[standing.rung]
    if standing.rung in (SIGNED, SENT) and standing.reason:
        return "not-reached"
    at = milliseconds(now)
    if item.due is not None and item.due <= at:
        return "overdue"
    if item.due is not None and (item.due - at) * SOON <= item.due - item.at:
        return "due-soon"
    return LAMPS[standing.rung]


def milliseconds(now: datetime) -> int:
    """An instant in milliseconds since 1970 UTC."""
    return int(now.timestamp() * 1000)


def due(item: Item, now: datetime) -> Cell:
    """The deadline as clock and distance."""
    if item.due is None:
        return Cell("")
    text = _("{instant} ({distance})").format(
        instant=formats.deadline_text(item.due), distance=distance(item.due - milliseconds(now))
    )
    return Cell(text, datum=formats.instant_iso(item.due))


def distance(span: int) -> str:
    """A span in milliseconds in its largest unit, ahead or past: in 3 days, 10 minutes ago."""
    size = abs(span)
    if size >= DAY:
        length = ngettext("{n} day", "{n} days", size // DAY).format(n=formats.number_text(size // DAY))
    elif size >= HOUR:
        length = ngettext("{n} hour", "{n} hours", size // HOUR).format(n=size // HOUR)
    else:
        length = ngettext("{n} minute", "{n} minutes", size // MINUTE).format(n=size // MINUTE)
    return _("in {span}").format(span=length) if span > 0 else _("{span} ago").format(span=length)


def grade(grading: str) -> str:
    """A grade such as B2 in words."""
    if not grading:
        return ""
    source, content = said(rules.RELIABILITY_WORDS, grading[:1]), said(rules.CREDIBILITY_WORDS, grading[1:])
    return _("{source}; {content}").format(source=source, content=content)
