"""The rules of reviews.

Rules kept here: a review has a code of its own circle and a period of whole days; whoever opened it proposes the cutoff,
one checkpoint per log; a party agrees to a cutoff once and states its figures once; the digest of figures binds period,
cutoff, rule versions, values and positions (domain paper 7). Left to others: folding (`entries.indicators`), what is
held here (`ledger.read.fold`).
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from accordant.domains.reviews.entries import CutoffHead, StatedFigure, StatedLine
from accordant.entries import codec
from accordant.entries.envelope import Officer
from accordant.entries.errors import Refusal, refusal
from accordant.entries.indicators import Figure, Indicator
from accordant.entries.kinds import gettext_noop as _

SORTS = ("preliminary", "final")
OPENERS = frozenset(("liaison-officer", "commander"))
NODE = "node"
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]{0,39}")
_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True)
class Period:
    """Days [start, stop), ISO."""

    start: str
    stop: str


def refusals_to_open_review(
    *, code: str, period: Period, sort: str, taken: bool, by: Officer | None = None
) -> list[Refusal]:
    """Empty when the review may be opened; `taken`: this agency has a review of that code. `by` None: a foreign act."""
    found = list(_office(by, OPENERS))
    if _CODE.fullmatch(code) is None:
        found.append(_bad_code(code))
    if _DAY.fullmatch(period.start) is None or _DAY.fullmatch(period.stop) is None or period.start >= period.stop:
        found.append(_bad_period(period))
    if sort not in SORTS:
        found.append(_bad_sort(sort))
    if taken:
        found.append(_taken(code))
    return found


def refusals_to_propose_cutoff(
    *, opener: str, author: str, heads: Sequence[CutoffHead], digest: str, proposed: bool, by: Officer | None = None
) -> list[Refusal]:
    """Empty when the author may propose this cutoff: it opened the review, no other cutoff stands, the heads are sorted."""
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
    *, digest: str, stated: str, agreed: bool, lacking: Mapping[str, int], by: Officer | None = None
) -> list[Refusal]:
    """Empty when the party may agree: it names the cutoff's digest, did not agree before, and lacks nothing (ours only)."""
    found = list(_office(by, OPENERS | {NODE}))
    if digest != stated:
        found.append(_other_cutoff())
    if agreed:
        found.append(_agreed())
    if lacking:
        found.append(_lacks(lacking))
    return found


def refusals_to_state_figures(*, agreed: bool, stated: bool, by: Officer | None = None) -> list[Refusal]:
    """Empty when the party may state its figures: it agreed to the cutoff and did not state them before."""
    found = list(_office(by, OPENERS | {NODE}))
    if not agreed:
        found.append(_not_agreed())
    if stated:
        found.append(_stated())
    return found


def cutoff_digest(heads: Sequence[CutoffHead]) -> str:
    """Hex SHA-256 of the cutoff: the CJ array of {log, root, size} sorted by log (wire paper 5)."""
    plain = msgspec.to_builtins(sorted(heads, key=lambda head: head.log))
    return hashlib.sha256(codec.encode(plain)).hexdigest()


def stated_figures(figures: Iterable[Figure], indicators: Mapping[str, Indicator]) -> tuple[StatedFigure, ...]:
    """Folded figures as they are stated: sorted by indicator, lines by agency, positions as runs by log."""
    return tuple(
        StatedFigure(
            indicator=figure.indicator,
            rule=indicators[figure.indicator].rule_version,
            lines=tuple(
                StatedLine(agency, line.value, line.paired, runs(line.refs))
                for agency, line in sorted(figure.lines.items())
            ),
            joint=figure.joint.value,
            joint_paired=figure.joint.paired,
            irregular=figure.irregular.value,
        )
        for figure in sorted(figures, key=lambda f: f.indicator)
    )


def figures_digest(period: Period, cutoff: str, figures: Sequence[StatedFigure]) -> str:
    """Hex SHA-256 over period, cutoff digest, rule versions, values and positions."""
    plain = {
        "cutoff": cutoff,
        "figures": msgspec.to_builtins(figures),
        "period": [period.start, period.stop],
    }
    return hashlib.sha256(codec.encode(plain)).hexdigest()


def runs(refs: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """Positions as texts: `<origin> 0-12,15` for each log, cut before a text grows over 32,000 characters."""
    found: list[str] = []
    by_log: dict[str, list[int]] = {}
    for origin, index in refs:
        by_log.setdefault(origin, []).append(index)
    for origin, indexes in sorted(by_log.items()):
        line = ""
        for first, last in _joined(sorted(indexes)):
            run = str(first) if first == last else f"{first}-{last}"
            if len(line) + len(run) > 32_000:
                found.append(f"{origin} {line}")
                line = ""
            line = f"{line},{run}" if line else run
        found.append(f"{origin} {line}")
    return tuple(found)


def positions(texts: Iterable[str]) -> list[tuple[str, int]]:
    """The positions that `runs` wrote; malformed texts give none."""
    found: list[tuple[str, int]] = []
    for text in texts:
        origin, _blank, listed = text.partition(" ")
        for run in listed.split(","):
            first, dash, last = run.partition("-")
            if first.isdigit() and (not dash or last.isdigit()):
                stop = int(last) if dash else int(first)
                found.extend((origin, index) for index in range(int(first), min(stop, int(first) + 1_000_000) + 1))
    return found


@dataclass(frozen=True)
class Difference:
    """What two statements of one figure count differently: positions only ours and only theirs."""

    indicator: str
    ours: int
    theirs: int
    only_ours: tuple[tuple[str, int], ...]
    only_theirs: tuple[tuple[str, int], ...]


def differences(ours: Sequence[StatedFigure], theirs: Sequence[StatedFigure]) -> list[Difference]:
    """The figures in which two statements differ, by entry; empty when they agree."""
    found = []
    mine = {figure.indicator: figure for figure in ours}
    other = {figure.indicator: figure for figure in theirs}
    for name in sorted(mine.keys() | other.keys()):
        if mine.get(name) == other.get(name):
            continue
        counted = _counted(mine.get(name))
        theirs_counted = _counted(other.get(name))
        found.append(
            Difference(
                name,
                _value(mine.get(name)),
                _value(other.get(name)),
                tuple(sorted(counted - theirs_counted)),
                tuple(sorted(theirs_counted - counted)),
            )
        )
    return found


def _joined(indexes: Sequence[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for index in indexes:
        if found and found[-1][1] + 1 == index:
            found[-1] = (found[-1][0], index)
        else:
            found.append((index, index))
    return found


def _counted(figure: StatedFigure | None) -> set[tuple[str, int]]:
    return set() if figure is None else {place for line in figure.lines for place in positions(line.entries)}


def _value(figure: StatedFigure | None) -> int:
    return 0 if figure is None else sum(line.value for line in figure.lines)


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
        _("{code} is no code of a review: 1 to 40 letters, digits, dots, slashes and hyphens."),
        _("Give a code such as 2019-2024."),
        code=code,
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
        _("This agency has already opened a review with the code {code}."),
        _("Open that one, or give another code."),
        code=code,
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
