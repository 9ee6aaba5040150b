"""Agencies by their cards: fingerprints to compare, confirmations, our own card for others."""

import io

import segno
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accordant.entries.errors import AccordantError, NotVisible
from accordant.pages.acting import ActingRequest, in_office
from accordant.regulations import actions, forms, models
from accordant.regulations.models import PeerShown
from accordant.regulations.rules.cards import read_card, refusals_without_card
from accordant.regulations.rules.writers import refusals_to_write

QR_SCALE = 5
CARD_TYPE = "text/plain; charset=utf-8"


@require_safe
@in_office
def list_peers(request: ActingRequest) -> HttpResponse:
    """Our own card to read aloud, then every agency whose card is kept here, for who may read that."""
    us = request.officer.agency
    context = {
        "own": models.show_own_card(us),
        "peers": models.show_peers(request.subject, request.now, us=us),
        "reads_cards": models.reads_cards(request.subject),
        "may_import": not refusals_to_write("regulations.card-accepted", request.officer),
        "form": forms.CardSource(),
    }
    return render(request, "regulations/peer_list.html", context)


@require_POST
@in_office
def accept_card(request: ActingRequest) -> HttpResponse:
    """Keep a card from a file or pasted text; nothing is trusted yet."""
    form = forms.CardSource(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "regulations/card_import.html", {"form": form}, status=400)
    try:
        signed = read_card(form.cleaned_data["data"])
        actions.accept_card(by=request.officer, now=request.now, card=signed.data)
    except AccordantError as error:
        context = {"form": form, "refusals": error.refusals}
        return render(request, "regulations/card_import.html", context, status=error.status)
    return redirect("regulations:peer", agency=signed.card.agency)


@require_http_methods(["GET", "POST"])
@in_office
def confirm_root(request: ActingRequest, agency: str) -> HttpResponse:
    """One agency: fingerprint as words, digits and QR; the form that confirms it."""
    peer = _peer(request, agency)
    form = forms.RootComparison(request.POST or None, initial={"fingerprint": peer.fingerprint.hex})
    context = {"peer": peer, "form": form, "ours": agency == request.officer.agency}
    if not form.is_valid():
        return render(request, "regulations/peer_confirm.html", context)
    try:
        actions.confirm_root(
            by=request.officer,
            now=request.now,
            agency=agency,
            fingerprint=form.cleaned_data["fingerprint"],
            how=form.cleaned_data["how"],
            channel=form.cleaned_data["channel"],
        )
    except AccordantError as error:
        context["refusals"] = error.refusals
        return render(request, "regulations/peer_confirm.html", context, status=error.status)
    return redirect("regulations:peers")


@require_safe
@in_office
def download_card(request: ActingRequest, agency: str) -> HttpResponse:
    """The card's own bytes as a file."""
    card = _peer(request, agency).card
    response = HttpResponse(card.data, content_type=CARD_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{agency}-{card.serial}.card"'
    return response


@require_safe
@in_office
def draw_fingerprint(request: ActingRequest, agency: str) -> HttpResponse:
    """The fingerprint as a QR code, drawn without a style attribute."""
    peer = _peer(request, agency)
    drawn = io.BytesIO()
    code = segno.make(f"ACCORDANT-ROOT {agency} {peer.fingerprint.digits}", error="m", micro=False)
    code.save(drawn, kind="svg", scale=QR_SCALE, svgclass=None, lineclass=None, xmldecl=False, light="#fff")
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


def _peer(request: ActingRequest, agency: str) -> PeerShown:
    peer = models.show_peer(request.subject, request.now, agency, us=request.officer.agency)
    if peer is None:
        raise NotVisible(refusals_without_card(agency))
    return peer
