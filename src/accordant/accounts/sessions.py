"""Signing in and out: the password check, the session that follows, the fresh proof for weighty acts."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from urllib.parse import urlencode

from django.contrib.auth import login, logout
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accordant.accounts import audit, throttle
from accordant.accounts.models import Officer
from accordant.accounts.subjects import subject_at
from accordant.entries.errors import Refusal, Refused, refusal
from accordant.entries.kinds import gettext_noop as _

STEP_UP_SECONDS = 5 * 60
SESSIONS = 3
View = Callable[..., HttpResponse]


def sign_in(request: HttpRequest, *, name: str, password: str, now: datetime) -> Officer:
    """The officer, signed in with a new session; raises `Refused` with one text for each wrong name or password."""
    address = request.META.get("REMOTE_ADDR", "")
    pause = throttle.wait(name=name, address=address, now=now)
    if pause:
        raise Refused([_wait(pause)])
    officer = Officer.objects.filter(sign_in=name).first()
    if not _holds(officer, password) or officer is None or not officer.is_active:
        with transaction.atomic():
            throttle.failed(name=name, address=address, now=now)
            audit.record(at=now, who="", office="", act="sign-in", thing="", decision="refused")
        raise Refused([_wrong()])
    with transaction.atomic():
        throttle.succeeded(name=name, address=address)
        login(request, officer, backend="django.contrib.auth.backends.ModelBackend")
        _begin(request, officer, now)
        audit.record(at=now, who=officer.id, office="", act="sign-in", thing=officer.id, decision="allowed")
    return officer


def sign_out(request: HttpRequest) -> None:
    """End the session."""
    logout(request)


def prove_again(request: HttpRequest, *, password: str, now: datetime) -> None:
    """A fresh proof of who sits there: good for five minutes; raises `Refused` as signing in does."""
    officer = Officer.objects.get(pk=request.user.pk)
    address = request.META.get("REMOTE_ADDR", "")
    pause = throttle.wait(name=officer.sign_in, address=address, now=now)
    if pause:
        raise Refused([_wait(pause)])
    if not officer.check_password(password):
        with transaction.atomic():
            throttle.failed(name=officer.sign_in, address=address, now=now)
            audit.record(at=now, who=officer.id, office="", act="step-up", thing=officer.id, decision="refused")
        raise Refused([_wrong()])
    with transaction.atomic():
        request.session.cycle_key()
        request.session["proved"] = int(now.timestamp())
        audit.record(at=now, who=officer.id, office="", act="step-up", thing=officer.id, decision="allowed")


def step_up_required(view: View) -> View:
    """A POST goes on only within five minutes of a proof; else the password is asked and the page shown again."""

    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        proved = request.session.get("proved", 0)
        now = int(request.now.timestamp())  # type: ignore[attr-defined]  # set by the clock middleware
        if request.method == "POST" and now - proved > STEP_UP_SECONDS:
            asked = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('accounts:step-up')}?{asked}")
        return view(request, *args, **kwargs)

    return checked


def signed_in(view: View) -> View:
    """Whoever is not signed in is sent to the sign-in page and back; a first password is changed before all else."""

    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated and request.headers.get("Accordant-Poll") == "1":
            return HttpResponse(status=401)  # asked by a page that stays as it is until somebody acts on it
        if not request.user.is_authenticated:
            asked = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('accounts:sign-in')}?{asked}")
        if getattr(request.user, "must_change_password", False) and request.path != reverse("accounts:password"):
            return HttpResponseRedirect(reverse("accounts:password"))
        return view(request, *args, **kwargs)

    return checked


def _holds(officer: Officer | None, password: str) -> bool:
    if officer is None:
        # The same work as for a known name, so that the time tells nothing.
        Officer().set_password(password)
        return False
    return officer.check_password(password)


def _begin(request: HttpRequest, officer: Officer, now: datetime) -> None:
    seconds = int(now.timestamp())
    subject = subject_at(officer.id, now)
    request.session.update({"began": seconds, "seen": seconds, "proved": seconds, "cleared": subject.clearance > 0})
    request.session.set_expiry(12 * 3600)
    request.session.save()
    _end_oldest(officer, keep=request.session.session_key or "")


def _end_oldest(officer: Officer, *, keep: str) -> None:
    """At most three sessions: the oldest others end."""
    own = []
    for session in Session.objects.all().iterator(200):
        held = session.get_decoded()
        if held.get("_auth_user_id") == officer.id and session.session_key != keep:
            own.append((held.get("began", 0), session.session_key))
    for _began, key in sorted(own, reverse=True)[SESSIONS - 1 :]:
        Session.objects.filter(session_key=key).delete()


def _wrong() -> Refusal:
    return refusal(
        "sign-in-wrong",
        _("You are not signed in."),
        _("Name and password do not fit together."),
        _("Try again; after several failures there is a waiting time. A lost password is reset by the administrator."),
    )


def _wait(pause: int) -> Refusal:
    return refusal(
        "sign-in-wait",
        _("You are not signed in."),
        _("There were too many failed tries."),
        _("Try again in {seconds} seconds."),
        seconds=-(-pause // 1000),
    )
