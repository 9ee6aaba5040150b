"""The state of reviews in plain values, for the command line: who agreed, who lacks which entries, who states what."""

from typing import Any, Final

from django.db import connection

from accordant.domains.reviews.models import Cutoff, CutoffConsent, FigureStatement, Review, figures_of, lacks_of
from accordant.domains.reviews.rules import Lack
from accordant.entries.envelope import decode_header
from accordant.entries.indicators import INDICATORS
from accordant.entries.kinds import gettext_noop as _
from accordant.ledger import sections
from accordant.ledger.models import Member
from accordant.ledger.storing import load_log
from accordant.pages.headlines import headline

SHOWN: Final = 20


def states() -> list[dict[str, Any]]:
    """Each review held here: parties with their state, our own figures, whether all statements are equal."""
    return [_state(review) for review in Review.objects.order_by("entry_id")]


def _state(review: Review) -> dict[str, Any]:
    cutoff = Cutoff.objects.filter(entry_id=review.cutoff_id).first()
    members = Member.objects.filter(circle=review.circle, role="party").order_by("agency")
    parties = [_party(cutoff, member.agency) for member in members]
    digests = {party["digest"] for party in parties}
    return {
        "code": review.code,
        "start": review.start,
        "stop": review.stop,
        "parties": parties,
        "figures": {} if cutoff is None else _figures(review, cutoff),
        "agree": len(digests) == 1 and "" not in digests,
    }


def _party(cutoff: Cutoff | None, agency: str) -> dict[str, Any]:
    plain: dict[str, Any] = {"agency": agency, "state": _("no cutoff"), "digest": "", "lacks": {}, "undelivered": []}
    if cutoff is None:
        return plain
    held = {"cutoff_id": cutoff.entry_id, "agency": agency}
    statement = FigureStatement.objects.filter(**held).first()
    if statement is not None:
        return {**plain, "state": _("stated"), "digest": statement.digest}
    if CutoffConsent.objects.filter(**held).exists():
        return {**plain, "state": _("agreed")}
    late = lacks_of(cutoff, agency)
    lacks = {lack.agency: lack.count for lack in late}
    undelivered = [named for lack in late for named in _undelivered(lack)]
    return {**plain, "state": _("incomplete"), "lacks": lacks, "undelivered": undelivered}


def _undelivered(lack: Lack) -> list[dict[str, Any]]:
    """The entries that figures count and the party's receipts do not reach, by their headlines, of the first twenty."""
    wanted = {kind for definition in INDICATORS.values() for kind in definition.kinds}
    log = load_log(connection, lack.log)
    if log is None:
        return []
    found = []
    for entry in sections.entries_between(log, lack.start, min(lack.stop, log.size, lack.start + SHOWN)):
        header = decode_header(entry.data)
        if header.kind in wanted:
            found.append({"origin": lack.log, "index": entry.index, "headline": headline(header)})
    return found


def _figures(review: Review, cutoff: Cutoff) -> dict[str, dict[str, int]]:
    return {
        name: {"value": figure.value, "paired": figure.paired, "joint": figure.joint.value}
        for name, figure in sorted(figures_of(review, cutoff).items())
    }
