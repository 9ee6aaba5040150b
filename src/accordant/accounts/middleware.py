"""Sessions that end by themselves, and the acting officer of each request."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from accordant.accounts.subjects import Subject, acting_in, subject_at
from accordant.entries.envelope import Officer as Acting

IDLE_CLEARED = 15 * 60
IDLE = 30 * 60
ABSOLUTE = 12 * 3600
Next = Callable[[HttpRequest], HttpResponseBase]


class SessionPolicyMiddleware:
    """Idle 30 minutes (15 when cleared above 0), 12 hours at most, gone at once when the officer was ended."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """End a session that is over; note that this one is in use."""
        if request.user.is_authenticated:
            now = int(request.now.timestamp())  # type: ignore[attr-defined]  # set by the clock middleware
            began = request.session.get("began", now)
            seen = request.session.get("seen", now)
            idle = IDLE_CLEARED if request.session.get("cleared") else IDLE
            if now - began > ABSOLUTE or now - seen > idle or not request.user.is_active:
                logout(request)
            elif now - seen >= 30 and request.headers.get("Accordant-Poll") != "1":
                request.session["seen"] = now  # what a page asks by itself is no sign that somebody sits there
        return self.get_response(request)


class ActingOfficerMiddleware:
    """`request.subject`: what the officer is now; `request.officer`: the officer in its acting office, or None."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Give the request its people, read when they are first asked for."""
        request.subject = SimpleLazyObject(lambda: _subject(request))  # type: ignore[attr-defined]  # read by views
        request.officer = _acting(request)  # type: ignore[attr-defined]  # read by views
        return self.get_response(request)


def _subject(request: HttpRequest) -> Subject:
    return subject_at(request.user.pk or "", request.now)  # type: ignore[attr-defined]  # set by the clock middleware


def _acting(request: HttpRequest) -> Acting | None:
    if not request.user.is_authenticated:
        return None
    subject: Subject = request.subject  # type: ignore[attr-defined]  # set above
    chosen = request.session.get("office", "")
    office = chosen if chosen in subject.offices else (subject.offices or ("",))[0]
    return acting_in(subject, office) if office else None
