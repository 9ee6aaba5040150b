"""What reviews count of the exchange of information (domain paper 7).

Rules kept here: an item counts once, in the line of its sender, on its own day; an acknowledgement counts once, in the
line of the agency that acknowledged. Sender and addressees are the parties taking part, so that an item between
two parties is joint. Timeliness is not counted here: it needs the true times of receipts.
"""

from accordant.domains.information.entries import ItemAcknowledged, ItemSent
from accordant.entries.indicators import Counted, Indicator, Tick, indicator
from accordant.entries.kinds import gettext_noop as _


def item_exchanged(entry: Counted) -> Tick | None:
    """One item: 1, on its day, for its sender and addressees."""
    record = entry.record
    if not isinstance(record, ItemSent):
        return None
    return Tick(1, 0, record.day, (entry.header.agency, *entry.header.to))


def item_acknowledged(entry: Counted) -> Tick | None:
    """One acknowledgement: 1, on its day, for the agency that gave it and the item's sender."""
    record = entry.record
    if not isinstance(record, ItemAcknowledged):
        return None
    senders = (reference.o.partition("/")[0] for reference in entry.header.re if reference.as_ == "item")
    return Tick(1, 0, record.day, (entry.header.agency, *senders))


items_exchanged = indicator(
    Indicator(
        name="information.items_exchanged",
        title=_("Items of information exchanged"),
        unit=_("item"),
        kinds=("information.item-sent",),
        tick=item_exchanged,
    )
)
items_acknowledged = indicator(
    Indicator(
        name="information.items_acknowledged",
        title=_("Items of information acknowledged"),
        unit=_("item"),
        kinds=("information.item-acknowledged",),
        tick=item_acknowledged,
    )
)
