"""How reviews are said: titles, states, figures with their units, why something is not there yet."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

from accordant.domains.reviews import rules
from accordant.domains.reviews.models import Cut, LackShown, Review
from accordant.entries.indicators import Indicator
from accordant.pages import formats
from accordant.pages.frame import LinkLamp
from accordant.pages.headlines import name_words

SORTS: Final[Mapping[str, str]] = {rules.PRELIMINARY: _("Preliminary review"), rules.FINAL: _("Final review")}
STATES: Final[Mapping[str, tuple[str, str]]] = {
    rules.OPEN: ("waiting", _("no cutoff yet")),
    rules.WAITING: ("waiting", _("statements awaited")),
    rules.EQUAL: ("met", _("parties agree")),
    rules.DIFFERENT: ("refused", _("figures differ")),
}
PARTY_STATES: Final[Mapping[str, tuple[str, str]]] = {
    rules.NO_CUTOFF: ("waiting", _("no cutoff yet")),
    rules.INCOMPLETE: ("held", _("incomplete")),
    rules.AGREED: ("claimed", _("agreed to the cutoff")),
    rules.STATED: ("met", _("figures stated")),
    rules.UNSOUND: ("irregular", _("its figures do not give the digest it stated")),
}
name_words("reviews.review-opened", "sort", SORTS)


def title_of(review: Review) -> str:
    """What the review is called in the reader's language; its sort and code where it has no title."""
    vietnamese, english = review.title_vi, review.title_en
    title = (vietnamese or english) if formats.is_vietnamese() else (english or vietnamese)
    return str(title) or f"{gettext(SORTS[review.sort])} {review.code}"


def last_day(review: Review) -> str:
    """The last day that counts, ISO: the period ends before `stop`."""
    return (date.fromisoformat(review.stop) - timedelta(days=1)).isoformat()


def period_of(review: Review) -> str:
    """The days of the review, both counted."""
    return gettext("{first} to {last}").format(
        first=formats.day_text(review.start), last=formats.day_text(last_day(review))
    )


def value_text(definition: Indicator, value: int, paired: int) -> str:
    """A value, with its paired value where the indicator has one: 42/512."""
    text = formats.number_text(value)
    return f"{text}/{formats.number_text(paired)}" if definition.paired_unit else text


def unit_text(definition: Indicator) -> str:
    """The unit, with the paired one: delegation/person."""
    unit = gettext(definition.unit)
    return f"{unit}/{gettext(definition.paired_unit)}" if definition.paired_unit else unit


def lack_text(lack: LackShown) -> str:
    """How many entries of whose log are not confirmed."""
    return ngettext("lacks {count} entry of {agency}", "lacks {count} entries of {agency}", lack.count).format(
        count=formats.number_text(lack.count), agency=formats.agency_name(lack.agency)
    )


def cut_text(cut: Cut) -> str:
    """Which log counts up to which size, and the entry for want of which."""
    owner, place = cut.missing
    come = gettext(
        "The log of {agency} counts up to its first {size} entries: its entry {index} rests on entry {place} "
        "of {owner}, which has not come. Ask {owner} whether there is such an entry: if it never comes, "
        "nothing behind it counts, and the parties close the circle and go on in a new one."
    )
    counted = gettext(
        "The log of {agency} counts up to its first {size} entries: its entry {index} rests on entry {place} "
        "of {owner}, which does not count yet either."
    )
    return (counted if cut.held else come).format(
        agency=formats.agency_name(cut.log.partition("/")[0]),
        owner=formats.agency_name(owner.partition("/")[0]),
        size=formats.number_text(cut.size),
        index=formats.number_text(cut.index),
        place=formats.number_text(place),
    )


def why_lacking(party: str, log_of: str, links: Sequence[LinkLamp], *, us: str) -> str:
    """Why they are not there: the node that is not reached, as far as it is known here."""
    lamps = {link.agency: link for link in links}
    for agency in (log_of,) if party == us else (party, log_of):
        link = lamps.get(agency)
        if link is not None and link.lamp == "not-reached":
            return gettext("node of {agency}: {why}").format(agency=formats.agency_name(agency), why=link.text)
    return gettext("on the way: no receipt has come back yet")
