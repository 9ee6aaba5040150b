"""What this domain puts on the desk: what waits for our offices, and the signatures that others owe."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from accordant.entries.envelope import EntryRef
from accordant.pages.acting import ActingRequest
from accordant.pages.panels import Act, DeskRow, panel
from accordant.regulations import models
from accordant.regulations.rules.circles import INVITED
from accordant.regulations.rules.writers import refusals_to_write


@panel("desk.waiting")
def waiting(request: ActingRequest, ref: EntryRef | None) -> list[DeskRow]:
    """Circles to answer or close, texts to confirm, regulations to sign: whose act the acting office may do."""
    return [*_circles(request), *_texts(request), *_regulations(request)]


@panel("desk.owed")
def owed(request: ActingRequest, ref: EntryRef | None) -> list[DeskRow]:
    """Signatures that other parties owe under regulations that this agency has signed."""
    us = request.officer.agency
    return [
        DeskRow(
            title=_("Signature on {number}").format(number=row.regulation.number),
            href=_page("regulation", row.regulation),
            agency=agency,
            at=row.regulation.at,
        )
        for row in models.show_unsigned(request.subject, request.now)
        if us not in row.missing
        for agency in row.missing
    ]


def _circles(request: ActingRequest) -> Iterator[DeskRow]:
    """Circles to answer, and those that another party has closed and this agency has not."""
    us, opens = request.officer.agency, not refusals_to_write("regulations.circle-joined", request.officer)
    for circle in models.show_circles(request.subject, request.now, agency=us) if opens else ():
        opening = circle.opening
        if circle.ours == INVITED:
            yield DeskRow(
                title=_("Circle proposed under {regulation}").format(regulation=opening.regulation),
                href=reverse("regulations:circles"),
                agency=opening.agency,
                at=opening.at,
                entry=opening.entry_id,
                acts=(Act(_("Answer"), reverse("regulations:circles")),),
            )
        elif circle.closings and circle.may_close(us):
            page = reverse("regulations:circle-close", args=(opening.circle,))
            yield DeskRow(
                title=_("Circle of {regulation} closed by another party").format(regulation=opening.regulation),
                href=page,
                agency=circle.closings[0].agency,
                at=circle.closings[0].at,
                entry=circle.closings[0].entry_id,
                acts=(Act(_("Close the circle"), page),),
            )


def _texts(request: ActingRequest) -> Iterator[DeskRow]:
    if refusals_to_write("regulations.text-confirmed", request.officer):
        return
    us = request.officer.agency
    for text in models.unconfirmed_texts(request.subject, request.now, us=us):
        yield DeskRow(
            title=_("Text of {number} to be compared with the paper").format(number=text.number),
            href=_page("regulation", text),
            agency=us,
            at=text.at,
            entry=text.entry_id,
            acts=(Act(_("Confirm the text"), _page("confirm", text)),),
        )


def _regulations(request: ActingRequest) -> Iterator[DeskRow]:
    if refusals_to_write("regulations.regulation-signed", request.officer):
        return
    for row in models.show_unsigned(request.subject, request.now):
        if request.officer.agency in row.missing:
            act = Act(_("Sign the regulation"), _page("sign", row.regulation))
            unsound = _("Regulation {number} cannot be signed: its text cannot be relied on here")
            title = unsound if row.regulation.fault else _("Regulation {number} to be signed")
            yield DeskRow(
                title=title.format(number=row.regulation.number),
                href=_page("regulation", row.regulation),
                agency=row.regulation.agency,
                at=row.regulation.at,
                entry=row.regulation.entry_id,
                acts=() if row.regulation.fault else (act,),
            )


def _page(route: str, regulation: models.Regulation) -> str:
    return reverse(f"regulations:{route}", args=(regulation.origin, regulation.index))
