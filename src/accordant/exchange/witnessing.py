"""Our witness for the logs of shared circles (C2SP tlog-witness): it cosigns checkpoints without their entries.

Rules kept here: a log is known to whoever is a member of its circle with us, and to nobody else; our own logs are none
of its business. Left to others: what is submitted and its status (`tlog.witness`), the key's floor (`cosign`).
"""

import hashlib

from django.http import HttpRequest, HttpResponse

from accordant.entries import names
from accordant.entries.errors import Refusal, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.exchange import cosign, logs, partners, push
from accordant.exchange.models import Witnessed
from accordant.exchange.views import authenticated, content, error, milliseconds, wrong_method
from accordant.tlog import note, witness

SIZE_TYPE = "text/x.tlog.size"


@authenticated
def add_checkpoint(request: HttpRequest, peer: str) -> HttpResponse:
    """Cosign a submitted checkpoint; the answer is our signature line."""
    if request.method != "POST":
        return error(405, wrong_method(), {"Allow": "POST"})
    try:
        submission = witness.parse(content(request))
    except witness.BadSubmission as refused:
        return error(400, _not_cosigned(str(refused)), {})
    key = _log_key(submission.checkpoint.origin, peer)
    if key is None:
        return error(404, logs.not_found(), {})
    try:
        line = cosign.witness_checkpoint(submission, [key], now=milliseconds(request))
    except witness.NotCosigned as refused:
        if refused.status == 409:
            return HttpResponse(f"{refused.size}\n", status=409, content_type=SIZE_TYPE)
        return error(refused.status, _not_cosigned(str(refused)), {})
    return HttpResponse(note.lines_to_text([line]), content_type="text/plain; charset=utf-8")


@authenticated
def checkpoint(request: HttpRequest, peer: str, log: str) -> HttpResponse:
    """The newest checkpoint of a log that our witness cosigned."""
    if request.method != "GET":
        return error(405, wrong_method(), {"Allow": "GET"})
    shared = partners.circles_with(peer, push.our_agency())
    for row in Witnessed.objects.order_by("origin"):
        named = hashlib.sha256(row.origin.encode()).hexdigest() == log
        if named and names.parse_origin(row.origin).circle in shared:
            headers = {"Cache-Control": logs.NOT_KEPT}
            return HttpResponse(bytes(row.note), content_type="text/plain; charset=utf-8", headers=headers)
    return error(404, logs.not_found(), {})


def _log_key(origin: str, peer: str) -> note.VerifierKey | None:
    """The key of another party's log in a circle that the peer is in with us; None for every other origin."""
    us = push.our_agency()
    if not partners.is_log(origin):
        return None
    parts = names.parse_origin(origin)
    theirs = parts.agency != us and partners.is_shared(parts.circle, peer, us)
    return partners.log_key(origin) if theirs else None


def _not_cosigned(why: str) -> Refusal:
    return refusal(
        "not-cosigned",
        _("The checkpoint was not cosigned."),
        _("It does not follow from what this witness cosigned last: {why}."),
        _("Submit a checkpoint that the log signed, with the proof from the size that this witness has."),
        why=why,
    )
