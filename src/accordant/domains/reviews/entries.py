"""The facts of reviews: a review opened, a cutoff proposed and agreed, figures stated.

A record is read by all parties in the header. Cutoff and values stand in the body, which is addressed to all parties.
"""

import msgspec

from accordant.entries.kinds import Record, kind
from accordant.entries.kinds import gettext_noop as _


class ReviewOpenedBody(Record, frozen=True, omit_defaults=True):
    """What the review is called, in both languages."""

    title_vi: str
    title_en: str


@kind(
    "reviews.review-opened",
    headline=_("Review {code} from {start} to {stop} was opened by {agency}"),
    body=ReviewOpenedBody,
)
class ReviewOpened(Record, frozen=True, omit_defaults=True):
    """A review of the days [start, stop), ISO; `sort` is preliminary or final."""

    code: str
    start: str
    stop: str
    sort: str


class CutoffHead(msgspec.Struct, frozen=True):
    """One log at the cutoff: origin, size, root (hex)."""

    log: str
    size: int
    root: str


class CutoffProposedBody(Record, frozen=True, omit_defaults=True):
    """One checkpoint per log of the circle, sorted by log."""

    heads: tuple[CutoffHead, ...]


@kind(
    "reviews.cutoff-proposed",
    headline=_("{agency} proposed the cutoff of the figures"),
    body=CutoffProposedBody,
    refs={"review": ("reviews.review-opened",)},
)
class CutoffProposed(Record, frozen=True, omit_defaults=True):
    """Proposed by whoever opened the review; `digest` (hex) is that of the heads."""

    digest: str


@kind(
    "reviews.cutoff-agreed",
    headline=_("{agency} holds everything up to the cutoff and agrees to it"),
    refs={"cutoff": ("reviews.cutoff-proposed",)},
)
class CutoffAgreed(Record, frozen=True, omit_defaults=True):
    """A party holds and has cosigned all logs up to the cutoff."""

    digest: str


class StatedLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One agency's part of a figure; `entries` are the positions counted, as `index` or `first-last` runs by log."""

    agency: str
    value: int
    paired: int = 0
    entries: tuple[str, ...] = ()


class StatedFigure(msgspec.Struct, frozen=True, omit_defaults=True):
    """One figure: indicator, version of its rule, a line per agency, and how many name two or more parties."""

    indicator: str
    rule: int
    lines: tuple[StatedLine, ...]
    joint: int = 0
    joint_paired: int = 0
    irregular: int = 0


class FiguresStatedBody(Record, frozen=True, omit_defaults=True):
    """All figures of the party, folded from its own copy of the facts."""

    figures: tuple[StatedFigure, ...]


@kind(
    "reviews.figures-stated",
    headline=_("{agency} stated its figures"),
    body=FiguresStatedBody,
    refs={"cutoff": ("reviews.cutoff-proposed",)},
)
class FiguresStated(Record, frozen=True, omit_defaults=True):
    """`digest` (hex): SHA-256 of period, cutoff, rule versions, values and references; equal digests, equal reports."""

    digest: str
