"""The state of reviews in plain values, for the command line: who agreed, who lacks which entries, who states what."""

from typing import Any

from accordant.domains.reviews.models import Cutoff, CutoffConsent, FigureStatement, Review, figures_of, heads_in
from accordant.ledger.models import Member
from accordant.ledger.read.fold import cosigned


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
    plain: dict[str, Any] = {"agency": agency, "state": "no cutoff", "digest": "", "lacks": {}}
    if cutoff is None:
        return plain
    held = {"cutoff_id": cutoff.entry_id, "agency": agency}
    statement = FigureStatement.objects.filter(**held).first()
    if statement is not None:
        return {**plain, "state": "stated", "digest": statement.digest}
    if CutoffConsent.objects.filter(**held).exists():
        return {**plain, "state": "agreed"}
    heads = heads_in(cutoff)
    reached = cosigned(heads, agency)
    lacks = {h.log.partition("/")[0]: h.size - reached.get(h.log, 0) for h in heads if h.size > reached.get(h.log, 0)}
    words = ", ".join(f"{count} of {log}" for log, count in sorted(lacks.items()))
    return {**plain, "state": f"incomplete: lacks {words}" if lacks else "incomplete", "lacks": lacks}


def _figures(review: Review, cutoff: Cutoff) -> dict[str, dict[str, int]]:
    return {
        name: {"value": figure.value, "paired": figure.paired, "joint": figure.joint.value}
        for name, figure in sorted(figures_of(review, cutoff).items())
    }
