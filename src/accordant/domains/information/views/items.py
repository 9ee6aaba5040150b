"""One item: its page, and what an addressee does with it."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accordant.domains.information import actions, forms, models, rules
from accordant.domains.information.models import ItemRow, ItemShown, Step, Way
from accordant.domains.information.views import words
from accordant.entries.errors import AccordantError, NotVisible, refuse_if
from accordant.pages import formats, live, proofs
from accordant.pages.acting import ActingRequest, in_office
from accordant.pages.entry import Row
from accordant.pages.ladder import Ladder, Rung
from accordant.pages.timeline import Event

STANDING: Final = live.Part("standing", "information/parts/standing.html", beside=("information/parts/state.html",))


@require_safe
@in_office
def show_item(request: ActingRequest, origin: str, index: int) -> HttpResponse:
    """The item; the first reading at an addressee is remembered, so that its node tells the sender."""
    shown = _found(request, origin, index, content=True)
    if live.asked(request):
        return live.answer(request, STANDING, _context(request, shown))
    if shown.body is not None:
        actions.mark_read(by=request.officer, now=request.now, item=shown.ref)
    return render(request, "information/item_show.html", _context(request, shown))


@require_http_methods(["GET", "POST"])
@in_office
def acknowledge_item(request: ActingRequest, origin: str, index: int) -> HttpResponse:
    """Take the item in, with a note or without."""
    shown = readable(request, origin, index)
    form = forms.Acknowledge(request.POST if request.method == "POST" else None)
    context = {"shown": shown, "form": form, "title": words.title(shown.row, stub=False), "marking": shown.row.marking}
    if not form.is_valid():
        return render(request, "information/item_acknowledge.html", context)
    try:
        actions.acknowledge_item(
            by=request.officer,
            now=request.now,
            item=shown.ref,
            day=today(request),
            note=form.cleaned_data["note"],
        )
    except AccordantError as error:
        context["refusals"] = error.refusals
        return render(request, "information/item_acknowledge.html", context, status=error.status)
    return redirect(words.href(shown.ref))


@require_http_methods(["GET", "POST"])
@in_office
def return_item(request: ActingRequest, origin: str, index: int) -> HttpResponse:
    """Give the item back with a reason."""
    shown = readable(request, origin, index)
    form = forms.Return(request.POST if request.method == "POST" else None)
    context = {"shown": shown, "form": form, "title": words.title(shown.row, stub=False), "marking": shown.row.marking}
    if not form.is_valid():
        return render(request, "information/item_return.html", context)
    try:
        actions.return_item(
            by=request.officer, now=request.now, item=shown.ref, day=today(request), **form.cleaned_data
        )
    except AccordantError as error:
        context["refusals"] = error.refusals
        return render(request, "information/item_return.html", context, status=error.status)
    return redirect(words.href(shown.ref))


def readable(request: ActingRequest, origin: str, index: int) -> ItemShown:
    """An item that one acts on, its content unopened; raises `NotVisible` for what may not be read, `Refused` for an
    office without a role in its circle.
    """
    shown = _found(request, origin, index, content=False)
    if shown.stub:
        raise NotVisible(rules.refusals_when_not_shown())
    office, regulation = request.officer.office, shown.circle.regulation
    refuse_if(rules.refusals_to_act(office=office, regulation=regulation, in_scope=shown.in_scope))
    return shown


def _found(request: ActingRequest, origin: str, index: int, *, content: bool) -> ItemShown:
    shown = models.show_item(
        subject=request.subject, officer=request.officer, at=request.now, origin=origin, index=index, content=content
    )
    if shown is None:
        raise NotVisible(rules.refusals_when_not_shown())
    return shown


def today(request: ActingRequest) -> str:
    """The day of the act in the node's zone."""
    return formats.day_of(words.milliseconds(request.now))


def _context(request: ActingRequest, shown: ItemShown) -> dict[str, Any]:
    ended = shown.stub or shown.settled or shown.closed or shown.row.irregular
    may_act = shown.in_scope and shown.ours is not None and not ended
    row = models.rows_of([shown.row], us=request.officer.agency)[0]
    return {
        "shown": shown,
        "standing": STANDING,
        "title": words.title(shown.row, stub=shown.stub),
        "marking": shown.row.marking,
        "state": words.state(row, request.now),
        "rows": _facts(request, shown),
        "missing": "" if shown.body is not None else _missing(request, shown),
        "may_settle": may_act and not rules.refusals_to_write("information.item-acknowledged", request.officer),
        "may_answer": _may_answer(request, shown),
        "ladders": [_ladder(shown, way, request.officer.agency) for way in shown.ways],
        "events": _events(shown, request.officer.agency),
        "answers": None if shown.answers is None else _thread(request, shown.answers),
        "replies": [_thread(request, reply) for reply in shown.replies],
        "proof": proofs.proof_of(shown.stored),
        "related": [] if shown.stub else proofs.related(request, shown.ref),
    }


def _may_answer(request: ActingRequest, shown: ItemShown) -> bool:
    if not shown.in_scope or shown.stub or shown.row.irregular or shown.closed:
        return False
    if rules.refusals_to_write("information.item-sent", request.officer):
        return False
    return request.officer.agency in (shown.row.agency, *shown.row.addressees)


def _facts(request: ActingRequest, shown: ItemShown) -> list[Row]:
    row, body = shown.row, shown.body
    facts = [
        Row(_("Number"), row.number),
        Row(_("Day"), formats.day_text(row.day)),
        Row(pgettext("item", "From"), formats.agency_name(row.agency)),
        Row(pgettext("item", "To"), words.agencies(row.addressees)),
        Row(_("Regulation"), shown.circle.regulation),
    ]
    if row.due is not None:
        facts.append(Row(_("To be settled by"), words.due(row, request.now).text))
    if row.precedence:
        facts.append(Row(_("Precedence"), words.said(rules.PRECEDENCE_WORDS, row.precedence), lamp="due-soon"))
    if shown.stub:
        return facts
    purpose = row.purpose or ("" if body is None else body.purpose)
    category = row.category or ("" if body is None else body.category)
    grading = "" if body is None else body.grading.reliability + body.grading.credibility
    facts.append(Row(_("Purpose"), words.said(rules.PURPOSE_WORDS, purpose)))
    facts.append(Row(_("Class"), words.said(rules.CATEGORY_WORDS, category)))
    if grading:
        facts.append(Row(_("Grade"), f"{grading} ({words.grade(grading)})"))
    return facts


def _missing(request: ActingRequest, shown: ItemShown) -> str:
    """Why there is no content on the page."""
    if request.officer.agency not in (shown.row.agency, *shown.row.addressees):
        return _("The content is not addressed to this agency.")
    if shown.stub:
        return _("The content is not for this office.")
    return _("The content is not here: it was erased, or it may not be held by this node.")


def _ladder(shown: ItemShown, way: Way, us: str) -> Ladder:
    """Signed, sent, received, opened, then what the addressee did; the first two are known to the sender alone."""
    done, delivery = way.done, way.delivery
    rungs: list[Rung] = [Rung(_("signed"), "met", shown.row.at if delivery is None else delivery.signed_at)]
    if delivery is not None:
        received = None if delivery.received_at is None else delivery.received_at * 1000
        sent = "claimed" if delivery.sent_at is not None else "waiting"
        proof = "" if received is None else proofs.receipt_href(shown.ref)
        rungs.append(Rung(_("sent"), sent, delivery.sent_at, _("our own observation")))
        rungs.append(Rung(_("received"), "waiting" if received is None else "met", received, proof=proof))
    elif done.agency == us:
        rungs.append(Rung(_("received"), "met", shown.stored.stored_at, proof=proofs.receipt_href(shown.ref)))
    if done.opened_at is not None or not done.settled:
        rungs.append(_rung(_("opened"), done.opened_at))
    if done.returned_at is not None:
        reason = words.said(rules.REASON_WORDS, done.return_reason)
        rungs.append(Rung(_("returned"), "refused", done.returned_at, reason))
    else:
        rungs.append(_rung(_("acknowledged"), done.acknowledged_at))
    if done.answered_at is not None:
        rungs.append(_rung(_("answered"), done.answered_at))
    return Ladder(done.agency, rungs, "" if delivery is None else delivery.reason)


def _rung(state: str, at: int | None) -> Rung:
    return Rung(state, "waiting" if at is None else "met", at)


def _events(shown: ItemShown, us: str) -> list[Event]:
    """What happened, newest first."""
    row = shown.row
    author = formats.office_title(shown.stored.header.by, row.agency, us=us)
    found = [Event(row.at, _("Item sent"), row.agency, author, href=proofs.entry_href(shown.ref))]
    found += [_step(step, us) for step in shown.steps]
    found += [
        Event(
            reply.item.at,
            _("Answered by {number}").format(number=reply.item.number),
            reply.item.agency,
            href=words.href(reply.ref),
        )
        for reply in shown.replies
    ]
    return sorted(found, key=lambda event: -event.at)


def _step(step: Step, us: str) -> Event:
    text = " ".join(filter(None, (words.said(rules.REASON_WORDS, step.reason), step.note)))
    title = {
        rules.OPENED: _("Item opened"),
        rules.ACKNOWLEDGED: _("Item acknowledged"),
        rules.RETURNED: _("Item returned"),
    }[step.step]
    lamp = words.LAMPS[step.step] if step.step == rules.RETURNED else ""
    author = formats.office_title(step.author, step.agency, us=us)
    return Event(step.at, title, step.agency, author, text, proofs.entry_href(step.ref), lamp)


def _thread(request: ActingRequest, row: ItemRow) -> Row:
    """Another item of the thread, as a line that leads to it."""
    title = words.title(row.item, stub=row.stub)
    text = _("{number} of {agency}: {title}").format(
        number=row.item.number, agency=formats.agency_name(row.item.agency), title=title
    )
    return Row(formats.instant_text(row.item.at), text, words.href(row.ref))
