"""Who asks for a page: an officer in an office, with the request's instant."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from functools import wraps
from typing import Concatenate, Final, ParamSpec, cast

from django.http import HttpRequest, HttpResponse

from accordant.accounts.roles import ROLES
from accordant.accounts.sessions import signed_in
from accordant.accounts.subjects import Subject
from accordant.entries.envelope import Officer
from accordant.entries.errors import NotVisible, Refusal, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.ledger import read

P = ParamSpec("P")
SAFE: Final = ("GET", "HEAD")  # these write nothing that decides what an officer may read


class ActingRequest(HttpRequest):
    """A request as the middleware hands it on, once somebody in an office is known to ask."""

    subject: Subject
    officer: Officer
    now: datetime


def in_office(view: Callable[Concatenate[ActingRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Whoever is not signed in goes to the sign-in page; whoever holds no office sees nothing here."""

    @wraps(view)
    def checked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if getattr(request, "officer", None) is None:
            raise NotVisible([_without_office()])
        with read.one_view() if request.method in SAFE else nullcontext():
            return view(cast(ActingRequest, request), *args, **kwargs)

    return signed_in(checked)


def reads(request: ActingRequest, kinds: str) -> bool:
    """Whether a role of the officer reads kinds that begin so: what decides about the menu, and why a list is empty."""
    prefixes = [
        prefix for held in request.subject.assignments if held.role in ROLES for prefix in ROLES[held.role].reads
    ]
    return any(prefix.startswith(kinds) or kinds.startswith(prefix) for prefix in prefixes)


def _without_office() -> Refusal:
    return refusal(
        "pages-no-office",
        _("Nothing is shown."),
        _("No office is held at this moment, and what is shown here depends on the office."),
        _("Ask the security administrator to enter the office and its role."),
    )
