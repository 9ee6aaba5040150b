"""A review: its page, opening one, and the acts of its parties."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accordant.domains.reviews import actions, forms, models, rules
from accordant.domains.reviews.models import PartyShown, ReviewShown
from accordant.domains.reviews.views import words
from accordant.domains.reviews.views.lists import refusals_to_open
from accordant.entries.envelope import EntryRef
from accordant.entries.errors import AccordantError, NotVisible, refuse_if
from accordant.ledger.read.entries import StoredEntry
from accordant.pages import formats, frame
from accordant.pages.acting import ActingRequest, in_office

NAMED_ENTRIES = 20


@dataclass(frozen=True)
class LackLine:
    """What a party lacks of one log, and why; the first entries by name."""

    text: str
    why: str
    entries: Sequence[StoredEntry]
    more: int


@dataclass(frozen=True)
class PartyLine:
    """A party in the table of statements."""

    agency: str
    name: str
    lamp: str
    state: str
    at: int | None
    ref: EntryRef | None
    digest: str
    lacks: Sequence[LackLine]


@dataclass(frozen=True)
class FigureLine:
    """A figure in the table: by party its name, the value, the address of its entries."""

    title: str
    unit: str
    href: str
    total: str
    lines: Sequence[tuple[str, str, str]]
    joint: str
    irregular: str
    lamp: str
    lamp_text: str


@dataclass(frozen=True)
class CutLine:
    """A log that counts up to some size only: the entry behind it, and why in words."""

    origin: str
    index: int
    text: str


@dataclass(frozen=True)
class DifferenceLine:
    """A figure that two parties state differently, with the entries that only one of them counts."""

    figure: str
    party: str
    against: str
    ours: str
    theirs: str
    versions: str
    only_ours: Sequence[rules.Position]
    only_theirs: Sequence[rules.Position]
    more: int


def shown_or_hidden(request: ActingRequest, origin: str, index: int) -> ReviewShown:
    """The review at that position; raises `NotVisible` for whoever may not read it."""
    shown = models.show_review(request.subject, request.now, origin=origin, index=index)
    if shown is None:
        raise NotVisible(rules.refusals_without_review())
    return shown


@require_safe
@in_office
def show_review(request: ActingRequest, origin: str, index: int) -> HttpResponse:
    """Period, cutoff and who agreed to it, figures, statements, differences."""
    shown = shown_or_hidden(request, origin, index)
    us = request.officer.agency
    ours = shown.party(us)
    may_act = not refusals_to_open(request)
    lamp, state = words.STATES[shown.state]
    context = {
        "shown": shown,
        "title": words.title_of(shown.review),
        "sort": _(words.SORTS[shown.review.sort]),
        "last_day": words.last_day(shown.review),
        "lamp": lamp,
        "state": _(state),
        "parties": party_lines(request, shown),
        "cuts": [CutLine(cut.log, cut.index, words.cut_text(cut)) for cut in shown.cuts],
        "party_names": [formats.agency_name(party.agency) for party in shown.parties],
        "figures": figure_lines(shown),
        "differences": difference_lines(shown),
        "may_propose": may_act and shown.cutoff is None and shown.review.agency == us,
        "may_agree": may_act and ours is not None and ours.state == rules.INCOMPLETE and shown.sound,
        "may_state": may_act and ours is not None and ours.state == rules.AGREED,
    }
    return render(request, "reviews/review_show.html", context)


@require_http_methods(["GET", "POST"])
@in_office
def open_review(request: ActingRequest) -> HttpResponse:
    """Open a review of a regulation's work."""
    refuse_if(refusals_to_open(request))
    form = forms.NewReview(request.POST or None, circles=models.writable_circles(request.officer.agency))
    if not form.is_valid():
        return render(request, "reviews/review_open.html", {"form": form}, status=422 if form.is_bound else 200)
    try:
        ref = actions.open_review(by=request.officer, now=request.now, **form.review())
    except AccordantError as error:
        context = {"form": form, "refusals": error.refusals}
        return render(request, "reviews/review_open.html", context, status=error.status)
    return redirect("reviews:review", origin=ref.origin, index=ref.index)


@require_POST
@in_office
def propose_cutoff(request: ActingRequest, origin: str, index: int) -> HttpResponse:
    """Fix the newest checkpoints as the cutoff."""
    shown = shown_or_hidden(request, origin, index)
    actions.propose_cutoff(by=request.officer, now=request.now, review=shown.review.ref)
    return redirect("reviews:review", origin=origin, index=index)


@require_POST
@in_office
def agree_cutoff(request: ActingRequest, origin: str, index: int) -> HttpResponse:
    """Say that everything up to the cutoff is held here."""
    actions.agree_cutoff(by=request.officer, now=request.now, cutoff=_cutoff(request, origin, index))
    return redirect("reviews:review", origin=origin, index=index)


@require_POST
@in_office
def state_figures(request: ActingRequest, origin: str, index: int) -> HttpResponse:
    """State the figures as they are folded here."""
    actions.state_figures(by=request.officer, now=request.now, cutoff=_cutoff(request, origin, index))
    return redirect("reviews:review", origin=origin, index=index)


def party_lines(request: ActingRequest, shown: ReviewShown) -> list[PartyLine]:
    """Every party with its state, and for an incomplete one what it lacks and why."""
    links = frame.provider().links(request.now) if shown.incomplete else ()
    found = []
    for party in shown.parties:
        lamp, text = words.PARTY_STATES[party.state]
        lacks = _lack_lines(party, links, us=request.officer.agency) if party.state == rules.INCOMPLETE else []
        name = formats.agency_name(party.agency)
        found.append(PartyLine(party.agency, name, lamp, _(text), party.at, party.ref, party.digest, lacks))
    return found


def _lack_lines(party: PartyShown, links: Sequence[frame.LinkLamp], *, us: str) -> list[LackLine]:
    """What an incomplete party lacks and why; a single line without entries where that is known to others alone."""
    found = [
        LackLine(
            words.lack_text(lack),
            words.why_lacking(party.agency, lack.agency, links, us=us),
            lack.entries,
            lack.count - len(lack.entries),
        )
        for lack in party.lacks
    ]
    if found:
        return found
    if party.agency == us:
        return [LackLine(_("everything is held"), _("consent is awaited"), (), 0)]
    text = _("nothing of our log is lacking; what others have not delivered stands on their pages")
    return [LackLine(text, words.why_lacking(party.agency, us, links, us=us), (), 0)]


def figure_lines(shown: ReviewShown) -> list[FigureLine]:
    """Every figure with its split, each number with the address of its entries."""
    stated = sum(party.state == rules.STATED for party in shown.parties)
    found = []
    for one in shown.figures:
        definition, figure = one.definition, one.figure
        href = reverse("reviews:figure", args=[shown.review.origin, shown.review.index, definition.name])
        if one.different:
            lamp, text = "refused", _("figures differ")
        elif stated == len(shown.parties):
            lamp, text = "met", _("parties agree")
        else:
            lamp, text = "waiting", _("provisional")
        found.append(
            FigureLine(
                title=_(definition.title),
                unit=words.unit_text(definition),
                href=href,
                total=words.value_text(definition, figure.value, figure.paired),
                lines=[
                    (
                        formats.agency_name(agency),
                        words.value_text(definition, line.value, line.paired),
                        f"{href}?agency={agency}",
                    )
                    for agency, line in sorted(figure.lines.items())
                ],
                joint=words.value_text(definition, figure.joint.value, figure.joint.paired),
                irregular=formats.number_text(figure.irregular.value) if figure.irregular.value else "",
                lamp=lamp,
                lamp_text=text,
            )
        )
    return found


def difference_lines(shown: ReviewShown) -> list[DifferenceLine]:
    """Every difference with the entries that only one side counts, the first of them by position."""
    found = []
    for one in shown.differences:
        ours, theirs = one.found.only_ours, one.found.only_theirs
        versions = one.found.rules
        found.append(
            DifferenceLine(
                figure=one.found.indicator if one.definition is None else _(one.definition.title),
                party=formats.agency_name(one.agency),
                against=formats.agency_name(one.against),
                ours=_stated(one.found.ours),
                theirs=_stated(one.found.theirs),
                versions="" if versions[0] == versions[1] else f"{versions[0] or 0} / {versions[1] or 0}",
                only_ours=ours[:NAMED_ENTRIES],
                only_theirs=theirs[:NAMED_ENTRIES],
                more=max(0, len(ours) - NAMED_ENTRIES) + max(0, len(theirs) - NAMED_ENTRIES),
            )
        )
    return found


def _stated(value: int | None) -> str:
    return _("not stated") if value is None else formats.number_text(value)


def _cutoff(request: ActingRequest, origin: str, index: int) -> EntryRef:
    shown = shown_or_hidden(request, origin, index)
    if shown.cutoff is None:
        raise NotVisible(rules.refusals_without_review())
    return shown.cutoff.ref
