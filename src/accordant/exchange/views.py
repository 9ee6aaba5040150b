"""The node interface: card, heads, parcel (wire paper 8). Nodes speak here, people never."""

import json
from collections.abc import Callable
from functools import wraps

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from accordant.entries import limits
from accordant.entries.errors import AccordantError, Malformed, Refusal, Sentence, Untrusted, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.exchange import observing, partners, push, receive, requests
from accordant.exchange.heads import build as build_heads
from accordant.exchange.sync import PARCEL_TYPE
from accordant.ledger import sql

NodeView = Callable[..., HttpResponse]
"""Takes the request, the peer who signed it, and the places of its address by name."""
CONTACTS: list[Callable[[str], None]] = []
"""Called with a peer's id when it spoke to us and a try waits for it: the composition root wakes the sync loop."""

_CARD_REQUESTS_A_MINUTE = 10


def card(request: HttpRequest) -> HttpResponse:
    """Our newest card, for everybody, ten times a minute per address."""
    if request.method != "GET":
        return error(405, wrong_method(), {"Allow": "GET"})
    asked = f"card-{request.META.get('REMOTE_ADDR', '')}"
    cache.add(asked, 0, timeout=60)
    if cache.incr(asked) > _CARD_REQUESTS_A_MINUTE:
        return error(429, _too_many(), {"Retry-After": "60"})
    own = partners.confirmed_card(push.our_agency())
    if own is None:
        return HttpResponse(status=404)
    return HttpResponse(own.data, content_type="text/plain; charset=utf-8")


def authenticated(view: NodeView) -> Callable[..., HttpResponse]:
    """The request must be signed by the link key of an agency whose root is confirmed here."""

    @csrf_exempt
    @wraps(view)
    def checked(request: HttpRequest, **places: str) -> HttpResponse:
        length = request.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > limits.PARCEL_BYTES:
            return error(413, _too_large(), {})
        if request.headers.get("Host", "") not in partners.hosts_of(push.our_agency()):
            # Signed for another node: a peer that got it could hand it on to us as if it were sent to us.
            return error(421, _another_receiver(), {})
        try:
            peer, waited = _authenticate(request)
            response = view(request, peer, **places)
        except AccordantError as refused:
            return error(refused.status, refused.refusals[0], {})
        if waited:
            for wake in CONTACTS:
                wake(peer)
        return response

    return checked


@authenticated
def heads(request: HttpRequest, peer: str) -> HttpResponse:
    """A parcel without sections: cards, what we hold of all shared circles, the newest heads."""
    if request.method != "GET":
        return error(405, wrong_method(), {"Allow": "GET"})
    return HttpResponse(build_heads(peer, now=milliseconds(request)), content_type=PARCEL_TYPE)


@authenticated
def take_parcel(request: HttpRequest, peer: str) -> HttpResponse:
    """Take a parcel in and answer with receipts and whatever the sender lacks."""
    if request.method != "POST":
        return error(405, wrong_method(), {"Allow": "POST"})
    if request.headers.get("Content-Encoding"):
        return error(415, _compressed(), {})
    now = milliseconds(request)
    received = receive.receive(content(request), now=now, ceiling=_ceiling(request), sender=peer)
    outgoing = receive.answer(received, now=now, ceiling=_ceiling(request))
    with sql.may_be_lost():
        push.remember(peer, outgoing, received.statement.have, now)
    return HttpResponse(outgoing.data, content_type=PARCEL_TYPE)


def _authenticate(request: HttpRequest) -> tuple[str, bool]:
    """The peer that signed the request, a contact, and whether something waits for its next sign of life."""
    signed = requests.parse(request.headers.get("Authorization", ""))
    card_held = partners.confirmed_card(signed.agency)
    if card_held is None:
        raise Untrusted([_no_peer(signed.agency)])
    now = milliseconds(request)
    requests.verify(
        signed,
        method=request.method or "",
        host=request.headers.get("Host", ""),
        path=request.get_full_path(),
        body=content(request),
        key=card_held.card.verifier("link"),
        now=now,
    )
    talk = observing.talk_with(signed.agency)
    if talk is not None and talk.stopped:
        raise Untrusted([_stopped(signed.agency)])
    _use_request(signed, now)
    return signed.agency, talk is None or talk.tries > 0


def content(request: HttpRequest) -> bytes:
    """The whole body: parcels are larger than the forms for which Django's own limit stands."""
    held: bytes | None = getattr(request, "parcel", None)
    if held is None:
        held = request.read(limits.PARCEL_BYTES + 1)
        request.parcel = held  # type: ignore[attr-defined]  # a request's stream can be read once only
    if len(held) > limits.PARCEL_BYTES:
        raise Malformed([_too_large()])
    return held


def _use_request(signed: requests.Signed, now: int) -> None:
    with sql.may_be_lost():
        fresh = observing.use_nonce(signed.agency, signed.nonce, now, oldest=now - 2 * requests.SKEW_MILLISECONDS)
        if fresh:
            observing.remember_contact(signed.agency, now)
    if not fresh:
        raise Untrusted([_repeated(signed.agency)])


def milliseconds(request: HttpRequest) -> int:
    """When the request came, as the clock of this node says."""
    return int(request.now.timestamp() * 1000)  # type: ignore[attr-defined]  # set by the clock middleware


def _ceiling(request: HttpRequest) -> int:
    return int(getattr(request, "ceiling", 0))


def error(status: int, why: Refusal, headers: dict[str, str]) -> HttpResponse:
    """The answer that says what was not done, why, and what now."""
    answer = {
        "code": why.code,
        "message": _say(why.message),
        "reason": _say(why.reason),
        "repair": _say(why.repair),
        "refs": list(why.refs),
    }
    return HttpResponse(
        json.dumps(answer, ensure_ascii=False), status=status, content_type="application/json", headers=headers
    )


def _say(sentence: Sentence) -> str:
    return str(Sentence(gettext(sentence.text), sentence.places))


def _no_peer(agency: str) -> Refusal:
    return refusal(
        "no-peer",
        _("The request was not taken."),
        _("The card of {agency} is not accepted and confirmed at this node."),
        _("A person at this node accepts the card and confirms its fingerprint on the page Peers and keys."),
        agency=agency,
    )


def _stopped(agency: str) -> Refusal:
    return refusal(
        "stopped",
        _("The request was not taken."),
        _("The exchange with {agency} is stopped at this node."),
        _("Call the liaison officer of this agency."),
        agency=agency,
    )


def _another_receiver() -> Refusal:
    return refusal(
        "another-receiver",
        _("The request was not taken."),
        _("It is addressed to a host that is on no card of this agency."),
        _("Send to the address on our newest card; a proxy in between keeps the Host header as it is."),
    )


def _repeated(agency: str) -> Refusal:
    return refusal(
        "repeated",
        _("The request was not taken."),
        _("A request of {agency} with the same number was taken before."),
        _("The sender's node makes a new request by itself."),
        agency=agency,
    )


def _too_large() -> Refusal:
    return refusal(
        "too-large",
        _("The parcel was not taken."),
        _("It is larger than 32 MiB or does not say its length."),
        _("The sender cuts it into several."),
    )


def _too_many() -> Refusal:
    return refusal(
        "too-many", _("The card was not sent."), _("It was asked for too often."), _("Ask again in a minute.")
    )


def wrong_method() -> Refusal:
    """What stands against a request by a method that its address does not take."""
    return refusal(
        "method",
        _("The request was not taken."),
        _("This address takes no such request."),
        _("Use a node of Accordant."),
    )


def _compressed() -> Refusal:
    return refusal(
        "compressed",
        _("The parcel was not taken."),
        _("Its content is encoded, and parcels are never compressed."),
        _("Send it as it is."),
    )
