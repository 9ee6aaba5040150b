"""What stands against an act of a review, and against a foreign one.

Rules kept here: a review has a code of its own circle and a period of whole days; whoever opened it proposes the
cutoff, one checkpoint per party's log of the circle, in which nothing rests on entries above it; a party agrees to a
cutoff once, when it lacks nothing, and states its figures once, under the digest that they give (domain paper 7).
A foreign act is judged by its header alone (`by` None): its body may be kept from one party, erased or unreadable,
an earlier entry of its log may wait here and not elsewhere, and all parties must judge alike. What only the body shows
is said beside it (`cutoff_fault`, `statement_fault`).
Left to others: digests and comparison (`statements`), folding (`entries.indicators`), what is held (`ledger.read`).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from accordant.domains.reviews.entries import CutoffHead, StatedFigure
from accordant.domains.reviews.rules.statements import Period, Position, figures_digest
from accordant.entries.envelope import Officer
from accordant.entries.errors import Refusal, refusal
from accordant.entries.heads import heads_digest
from accordant.entries.kinds import gettext_noop as _
from accordant.entries.table_files import is_day

PRELIMINARY: Final = "preliminary"
FINAL: Final = "final"
SORTS: Final = (PRELIMINARY, FINAL)
OPENERS: Final = frozenset(("liaison-officer", "commander"))
NODE: Final = "node"
TITLE_CHARACTERS: Final = 300
INDEX_LIMIT: Final = 2**53
NAMED: Final = 5
ABSENT: Final = "absent"
UNLIKE: Final = "unlike"
NOTHING: Final[Mapping[str, int]] = {}
_DIGEST: Final = re.compile("[0-9a-f]{64}")
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]{0,39}")


def refusals_to_open_review(
    *, code: str, period: Period, sort: str, taken: bool = False, by: Officer | None = None
) -> list[Refusal]:
    """Empty when the review may be opened; `taken`: this agency has a review of that code. `by` None: a foreign act."""
    found = list(_office(by, OPENERS))
    if _CODE.fullmatch(code) is None:
        found.append(_bad_code(code))
    if not is_day(period.start) or not is_day(period.stop) or period.start >= period.stop:
        found.append(_bad_period(period))
    if sort not in SORTS:
        found.append(_bad_sort(sort))
    if taken:
        found.append(_taken(code))
    return found


def refusals_to_propose_cutoff(
    *,
    opener: str,
    author: str,
    digest: str,
    to_all: bool,
    proposed: bool = False,
    fault: str = "",
    by: Officer | None = None,
) -> list[Refusal]:
    """Empty when the author may propose a cutoff: it opened the review, all parties get its content; ours only: none
    stands yet, and its heads have no `fault`.
    """
    found = list(_office(by, OPENERS))
    if opener != author:
        found.append(_not_opener(opener))
    if proposed:
        found.append(_cutoff_stands())
    if not to_all or _DIGEST.fullmatch(digest) is None or fault:
        found.append(_bad_cutoff(_("The cutoff was not proposed.")))
    return found


def refusals_to_agree_cutoff(
    *,
    digest: str,
    stated: str,
    agreed: bool = False,
    lacking: Mapping[str, int] = NOTHING,
    differing: Sequence[str] = (),
    unmet: Sequence[Position] = (),
    fault: str = "",
    by: Officer | None = None,
) -> list[Refusal]:
    """Empty when the party may agree: it names the cutoff's digest; ours only: it did not agree before, the cutoff is
    whole and sound, and nothing of it is missing here.
    """
    found = list(_office(by, OPENERS | {NODE}))
    if digest != stated:
        found.append(_other_cutoff())
    if agreed:
        found.append(_agreed())
    if fault:
        found.append(_bad_cutoff(_("The cutoff was not agreed to.")))
    if lacking:
        found.append(_lacks(lacking))
    if differing:
        found.append(_differs(differing))
    if unmet:
        found.append(_unmet(unmet))
    return found


def refusals_to_state_figures(
    *, agreed: bool, digest: str, to_all: bool, stated: bool = False, by: Officer | None = None
) -> list[Refusal]:
    """Empty when the party may state its figures under a digest to all parties; ours only: after it agreed to the
    cutoff, once. A foreign statement has to name a cutoff (`agreed`).
    """
    found = list(_office(by, OPENERS | {NODE}))
    if not agreed:
        found.append(_not_agreed())
    if stated:
        found.append(_stated())
    if not to_all or _DIGEST.fullmatch(digest) is None:
        found.append(_bad_statement())
    return found


def cutoff_fault(heads: Sequence[CutoffHead] | None, *, digest: str, circle: str, parties: Sequence[str]) -> str:
    """What a cutoff's content lacks: nothing (""), itself (ABSENT), or it is not one sound head per party's log."""
    if heads is None:
        return ABSENT
    wanted = [f"{agency}/{circle}/1" for agency in sorted(parties)]
    sound = all(0 <= head.size < INDEX_LIMIT and _DIGEST.fullmatch(head.root) for head in heads)
    return "" if sound and [h.log for h in heads] == sorted(wanted) and digest == heads_digest(heads) else UNLIKE


def statement_fault(figures: Sequence[StatedFigure] | None, *, digest: str, period: Period | None, cutoff: str) -> str:
    """What a statement's content lacks: nothing (""), itself (ABSENT), or it gives another digest than stated."""
    if figures is None or period is None:
        return ABSENT
    return "" if figures_digest(period, cutoff, figures) == digest else UNLIKE


def refusals_without_review() -> list[Refusal]:
    """There is no such review for this reader."""
    return [
        refusal(
            "no-review",
            _("Nothing is shown."),
            _("There is no such review, or it is not held here yet."),
            _("Open the list of reviews and choose one."),
        )
    ]


def refusals_without_report() -> list[Refusal]:
    """Nothing is counted before a cutoff is proposed."""
    return [
        refusal(
            "no-report",
            _("No report is made."),
            _("No cutoff is proposed yet, so that nothing is counted."),
            _("Let whoever opened the review propose the cutoff, then open the report."),
        )
    ]


def refusals_without_figure(name: str) -> list[Refusal]:
    """The review has no such figure: no cutoff yet, or no indicator of that name."""
    return [
        refusal(
            "no-figure",
            _("No figure is shown."),
            _("This review has no figure {name}, or no cutoff is proposed yet."),
            _("Open the review and choose one of its figures."),
            name=name,
        )
    ]


def _office(by: Officer | None, roles: frozenset[str]) -> Sequence[Refusal]:
    if by is None or by.roles & roles or (NODE in roles and by.office == NODE and not by.id):
        return []
    return [
        refusal(
            "reviews-office",
            _("Nothing was written."),
            _("The office {office} may not do this; it takes one of the roles: {roles}."),
            _("Act in an office that holds such a role, or ask its holder."),
            office=by.office,
            roles=", ".join(sorted(roles)),
        )
    ]


def _bad_code(code: str) -> Refusal:
    return refusal(
        "review-code",
        _("The review was not opened."),
        _("{given} is no code of a review: 1 to 40 letters, digits, dots, slashes and hyphens."),
        _("Give a code such as 2019-2024."),
        given=code,
    )


def _bad_period(period: Period) -> Refusal:
    return refusal(
        "review-period",
        _("The review was not opened."),
        _("The period from {start} to {stop} is not one of whole days in order."),
        _("Give both days as year-month-day, the first before the second."),
        start=period.start,
        stop=period.stop,
    )


def _bad_sort(sort: str) -> Refusal:
    return refusal(
        "review-sort",
        _("The review was not opened."),
        _("{sort} is no sort of review."),
        _("Choose preliminary or final."),
        sort=sort,
    )


def _taken(code: str) -> Refusal:
    return refusal(
        "review-taken",
        _("The review was not opened."),
        _("This agency has already opened a review with the code {given}."),
        _("Open that one, or give another code."),
        given=code,
    )


def _not_opener(opener: str) -> Refusal:
    return refusal(
        "cutoff-opener",
        _("The cutoff was not proposed."),
        _("The review was opened by {opener}, and its opener proposes the cutoff."),
        _("Ask {opener} to propose it."),
        opener=opener,
    )


def _cutoff_stands() -> Refusal:
    return refusal(
        "cutoff-stands",
        _("The cutoff was not proposed."),
        _("A cutoff stands already."),
        _("Work with the one that stands; facts signed later count in the next review."),
    )


def _bad_cutoff(message: str) -> Refusal:
    return refusal(
        "cutoff-heads",
        message,
        _("It does not name one checkpoint for each party's log of this circle to all parties, under its own digest."),
        _("Ask whoever opened the review to open another one and to propose the newest checkpoints."),
    )


def _other_cutoff() -> Refusal:
    return refusal(
        "cutoff-digest",
        _("The cutoff was not agreed to."),
        _("The agreement names another cutoff than the one proposed."),
        _("Open the review again and agree to the cutoff shown there."),
    )


def _agreed() -> Refusal:
    return refusal(
        "cutoff-agreed",
        _("The cutoff was not agreed to."),
        _("This party agreed to it before."),
        _("Nothing needs to be done."),
    )


def _lacks(lacking: Mapping[str, int]) -> Refusal:
    return refusal(
        "cutoff-lacks",
        _("The cutoff was not agreed to."),
        _("Entries below it are not held here yet: {lacking}."),
        _("Wait until the exchange has brought them; the page of links names what is stuck."),
        lacking=", ".join(f"{log}: {count}" for log, count in sorted(lacking.items())),
    )


def _differs(logs: Sequence[str]) -> Refusal:
    return refusal(
        "cutoff-differs",
        _("The cutoff was not agreed to."),
        _("It names other roots than the logs held here have: {logs}."),
        _("Do not state figures; let both security administrators compare the checkpoints of these logs."),
        logs=", ".join(sorted(logs)),
    )


def _unmet(places: Sequence[Position]) -> Refusal:
    named = ", ".join(f"{origin} {index}" for origin, index in places[:NAMED])
    return refusal(
        "cutoff-unmet",
        _("The cutoff was not agreed to."),
        _("Entries below it rest on entries above it: {count}, among them {named}."),
        _("Ask whoever opened the review to open another one; its node then proposes a cutoff that holds all of them."),
        count=len(places),
        named=named,
    )


def _not_agreed() -> Refusal:
    return refusal(
        "figures-agree-first",
        _("The figures were not stated."),
        _("This party did not agree to the cutoff."),
        _("Agree to the cutoff first."),
    )


def _stated() -> Refusal:
    return refusal(
        "figures-stated",
        _("The figures were not stated."),
        _("This party stated them before."),
        _("Nothing needs to be done; a difference is settled by its own entry."),
    )


def _bad_statement() -> Refusal:
    return refusal(
        "figures-digest",
        _("The figures were not stated."),
        _("The statement does not go to all parties, with its figures and their digest."),
        _("Fold the figures again and state them to all parties."),
    )
