"""The desk, the links to other agencies, one entry with its proof."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accordant.entries.errors import Refusal, Unavailable, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.ledger import read
from accordant.pages import entry, frame, live, panels
from accordant.pages.acting import ActingRequest, in_office

PROOF_TYPE = "text/plain; charset=utf-8"


@require_safe
@in_office
def show_desk(request: ActingRequest) -> HttpResponse:
    """What waits for the officer's offices, what others owe this agency, the days ahead, links in trouble.

    A page that asks again shows the rows it knew as they are now, and how many came since.
    """
    known = live.known(request, frame.newest_entry() or 0)
    rows = frame.waiting(request)
    held = [row for row in rows if row.entry <= known]
    part = live.Part("desk", "pages/parts/desk.html", href=f"{request.path}?known={known}")
    context = {
        "part": part,
        "waiting": held,
        "news": len(rows) - len(held),
        "owed": sorted(panels.at("desk.owed", request), key=lambda row: (row.due is None, row.due or 0, row.at)),
        "next": panels.at("desk.next", request),
        "starts": panels.at("desk.start", request),
        "troubled": [link for link in frame.links(request) if link.lamp != "met"],
    }
    return live.answer(request, part, context) if live.asked(request) else render(request, "pages/desk.html", context)


@require_safe
@in_office
def show_status(request: ActingRequest) -> HttpResponse:
    """The state of node and links, for a page that asks again."""
    return live.answer(request, frame.frame(request)["frame_status"], {})


@require_safe
@in_office
def list_links(request: ActingRequest) -> HttpResponse:
    """Every agency this node exchanges with, how the link is, and which logs of ours are refused there."""
    refused = panels.at("links.refused", request)
    return render(request, "pages/links.html", {"links": frame.links(request), "refused": refused})


@require_safe
@in_office
def show_entry(request: ActingRequest, origin: str, index: int) -> HttpResponse:
    """One entry of any kind, with its proof and the entries around it."""
    shown = entry.shown(request, origin, index)
    context = {"shown": shown, "marking": shown.marking, "proof": shown.proof, "related": shown.related}
    return render(request, "pages/entry.html", context)


@require_safe
@in_office
def download_receipt(request: ActingRequest, origin: str, index: int) -> HttpResponse:
    """The receipt file of an entry: what proves offline that it stands in its log, and who holds it."""
    data = read.entries.proof_of(entry.readable(request, origin, index))
    if data is None:
        raise Unavailable([_unsigned()])
    response = HttpResponse(data, content_type=PROOF_TYPE)
    name = f"{origin.replace('/', '_')}-{index}.tlog-proof"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _unsigned() -> Refusal:
    return refusal(
        "receipt-unsigned",
        _("There is no receipt yet."),
        _("No signed checkpoint covers the entry so far."),
        _("Try again in a moment; a checkpoint is signed right after the entry is stored."),
    )
