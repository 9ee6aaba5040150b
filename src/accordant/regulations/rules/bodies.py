"""Bodies that did not arrive, or that cannot be read.

Rules kept here (wire paper 3 and 5): an addressee names the entries of other parties' logs in the same circle whose
bodies it was not given (why: 1, 2 or 4, as the parcel says) or cannot read. Left to others: noticing it (`exchange`).
"""

from collections.abc import Sequence
from typing import Final

from accordant.entries import names
from accordant.entries.envelope import EntryRef, Officer
from accordant.entries.errors import Refusal, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.entries.limits import HEADER_REFERENCES
from accordant.regulations.rules.writers import refusals_to_write

REASONS: Final = (1, 2, 4)
_NOT_NOTED: Final = _("The missing content was not noted.")


def refusals_to_miss_body(
    entries: Sequence[EntryRef], *, why: int, circle: str, author: str, by: Officer | None = None
) -> list[Refusal]:
    """Empty when the author may say that it was not given these bodies."""
    refusals = [*refusals_to_write("regulations.body-missed", by), *_named(entries, circle, author)]
    if why not in REASONS:
        refusals.append(_bad_reason(why))
    return refusals


def refusals_to_garble_body(
    entries: Sequence[EntryRef], *, circle: str, author: str, by: Officer | None = None
) -> list[Refusal]:
    """Empty when the author may say that it cannot read these bodies."""
    return [*refusals_to_write("regulations.body-garbled", by), *_named(entries, circle, author)]


def _named(entries: Sequence[EntryRef], circle: str, author: str) -> list[Refusal]:
    if not 1 <= len(entries) <= HEADER_REFERENCES:
        return [_bad_count(len(entries))]
    origins = [names.parse_origin(entry.origin) for entry in entries]
    if any(origin.circle != circle or origin.agency == author for origin in origins):
        return [_bad_place(circle)]
    return []


def _bad_reason(why: int) -> Refusal:
    return refusal(
        "body-missed-why",
        _NOT_NOTED,
        _("{why} is no reason for which a body stays away for good."),
        _("Ask its owner for the body again."),
        why=why,
    )


def _bad_count(count: int) -> Refusal:
    return refusal(
        "body-notice-count",
        _NOT_NOTED,
        _("It names {count} entries; one to {limit} are allowed."),
        _("Write several notices."),
        count=count,
        limit=HEADER_REFERENCES,
    )


def _bad_place(circle: str) -> Refusal:
    return refusal(
        "body-notice-place",
        _NOT_NOTED,
        _("It names an entry that is not another party's in the circle {circle}."),
        _("Name the entries in the circle they stand in."),
        circle=circle,
    )
