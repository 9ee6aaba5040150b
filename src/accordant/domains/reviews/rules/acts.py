"""What stands against an act of a review, and against a foreign one.

Rules kept here: a review has a code of its own circle and a period of whole days; whoever opened it proposes the
cutoff, one checkpoint per log; a party agrees to a cutoff once, when it lacks nothing, and states its figures once,
under the digest that they give (domain paper 7). Left to others: digests and comparison (`statements`), folding
(`entries.indicators`), what is held here (`ledger.read.fold`).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from accordant.domains.reviews.entries import CutoffHead
from accordant.domains.reviews.rules.statements import Period, cutoff_digest
from accordant.entries.envelope import Officer
from accordant.entries.errors import Refusal, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.entries.table_files import is_day

PRELIMINARY: Final = "preliminary"
FINAL: Final = "final"
SORTS: Final = (PRELIMINARY, FINAL)
OPENERS: Final = frozenset(("liaison-officer", "commander"))
NODE: Final = "node"
TITLE_CHARACTERS: Final = 300
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]{0,39}")


def refusals_to_open_review(
    *, code: str, period: Period, sort: str, taken: bool, by: Officer | None = None
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
    *, opener: str, author: str, heads: Sequence[CutoffHead], digest: str, proposed: bool, by: Officer | None = None
) -> list[Refusal]:
    """Empty when the author may propose this cutoff: it opened the review, none stands yet, the heads are sorted."""
    found = list(_office(by, OPENERS))
    logs = [head.log for head in heads]
    if opener != author:
        found.append(_not_opener(opener))
    if proposed:
        found.append(_cutoff_stands())
    if not heads or logs != sorted(set(logs)) or digest != cutoff_digest(heads):
        found.append(_bad_cutoff())
    return found


def refusals_to_agree_cutoff(
    *,
    digest: str,
    stated: str,
    agreed: bool,
    lacking: Mapping[str, int],
    differing: Sequence[str] = (),
    by: Officer | None = None,
) -> list[Refusal]:
    """Empty when the party may agree: it names the cutoff's digest, did not agree before, lacks nothing (ours only)."""
    found = list(_office(by, OPENERS | {NODE}))
    if digest != stated:
        found.append(_other_cutoff())
    if agreed:
        found.append(_agreed())
    if lacking:
        found.append(_lacks(lacking))
    if differing:
        found.append(_differs(differing))
    return found


def refusals_to_state_figures(
    *, agreed: bool, stated: bool, digests: tuple[str, str], by: Officer | None = None
) -> list[Refusal]:
    """Empty when the party may state its figures: it agreed to the cutoff, did not state them before, and the digest
    it states is the one its figures give (`digests`: stated, given; equal where the body is not here).
    """
    found = list(_office(by, OPENERS | {NODE}))
    if not agreed:
        found.append(_not_agreed())
    if stated:
        found.append(_stated())
    if digests[0] != digests[1]:
        found.append(_other_digest())
    return found


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


def _bad_cutoff() -> Refusal:
    return refusal(
        "cutoff-heads",
        _("The cutoff was not proposed."),
        _("It does not name one checkpoint per log, sorted, with its own digest."),
        _("Propose the newest checkpoints again."),
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


def _other_digest() -> Refusal:
    return refusal(
        "figures-digest",
        _("The figures were not stated."),
        _("The digest of the statement is not the one that its figures give."),
        _("Fold the figures again and state them with their own digest."),
    )
