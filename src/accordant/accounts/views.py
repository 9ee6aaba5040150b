"""Pages of accounts: sign in and out, proof again, password, preferences, acting office."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST

from accordant.accounts import audit, forms, officers, sessions
from accordant.accounts.models import Officer
from accordant.accounts.roles import ROLES
from accordant.accounts.subjects import Subject, acting_in
from accordant.entries.envelope import Officer as Acting
from accordant.entries.errors import Refusal, Refused


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; the address asked for comes back afterwards."""
    form = forms.SignInForm(request.POST or None, chosen=request.GET.get("as", ""))
    refusals: Sequence[Refusal] = ()
    if request.method == "POST" and form.is_valid():
        try:
            officer = sessions.sign_in(
                request, name=form.cleaned_data["sign_in"], password=form.cleaned_data["password"], now=_now(request)
            )
        except Refused as error:
            refusals = error.refusals
        else:
            if officer.must_change_password:
                return HttpResponseRedirect(reverse("accounts:password"))
            return HttpResponseRedirect(_following(request))
    status = 403 if refusals else 200
    context = {"form": form, "refusals": refusals, "next": _asked(request), "demo": _demo_officers()}
    return render(request, "accounts/sign_in.html", context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and clear what the browser keeps, but for other nodes' cookies."""
    sessions.sign_out(request)
    response = HttpResponseRedirect(reverse("accounts:sign-in"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    response.delete_cookie(settings.CSRF_COOKIE_NAME, samesite="Lax")
    return response


@require_http_methods(["GET", "POST"])
@sessions.signed_in
def step_up(request: HttpRequest) -> HttpResponse:
    """The password once more, then back to the page that asked."""
    form = forms.StepUpForm(request.POST or None)
    refusals: Sequence[Refusal] = ()
    if request.method == "POST" and form.is_valid():
        try:
            sessions.prove_again(request, password=form.cleaned_data["password"], now=_now(request))
        except Refused as error:
            refusals = error.refusals
        else:
            return HttpResponseRedirect(_following(request))
    status = 403 if refusals else 200
    return render(
        request, "accounts/step_up.html", {"form": form, "refusals": refusals, "next": _asked(request)}, status=status
    )


@require_http_methods(["GET", "POST"])
@sessions.signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """Who I am here: offices, language, theme, row height."""
    officer = Officer.objects.get(pk=request.user.pk)
    initial = {"language": officer.language, "theme": officer.theme, "density": officer.density, "keys": officer.keys}
    form = forms.PreferencesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        Officer.objects.filter(pk=officer.pk).update(**form.cleaned_data)
        return HttpResponseRedirect(reverse("accounts:profile"))
    subject: Subject = request.subject  # type: ignore[attr-defined]  # set by the middleware
    titles = officers.office_titles(subject.offices, vietnamese=officer.language == "vi")
    held = [
        {"office": titles.get(one.office, one.office), "role": gettext(ROLES[one.role].title), "scope": one.scope}
        for one in subject.assignments
    ]
    return render(request, "accounts/profile.html", {"form": form, "officer": officer, "held": held})


@require_http_methods(["GET", "POST"])
@sessions.signed_in
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; the old one is asked."""
    officer = Officer.objects.get(pk=request.user.pk)
    form = forms.ChangePasswordForm(request.POST or None)
    refusals: Sequence[Refusal] = ()
    if request.method == "POST" and form.is_valid():
        by = Acting(id=officer.id, office="", agency=request.subject.agency)  # type: ignore[attr-defined]  # as above
        try:
            sessions.prove_again(request, password=form.cleaned_data["old"], now=_now(request))
            officers.change_password(by=by, now=_now(request), officer=officer, password=form.cleaned_data["new"])
        except Refused as error:
            refusals = error.refusals
        else:
            return HttpResponseRedirect(reverse("accounts:sign-in"))
    status = 409 if refusals else 200
    return render(request, "accounts/password.html", {"form": form, "refusals": refusals}, status=status)


@require_POST
@sessions.signed_in
def act_as(request: HttpRequest) -> HttpResponse:
    """Choose the acting office among those held; raises `Refused` for another."""
    chosen = acting_in(request.subject, request.POST.get("office", ""))  # type: ignore[attr-defined]  # set by the middleware
    with transaction.atomic():
        request.session["office"] = chosen.office
        audit.record(
            at=_now(request), who=chosen.id, office=chosen.office, act="office-chosen", thing="", decision="allowed"
        )
    return HttpResponseRedirect(_following(request))


@require_POST
def prefer(request: HttpRequest) -> HttpResponse:
    """Language, theme or density by one press in the frame; for everybody, kept with the officer when signed in."""
    choices = {"language": ("vi", "en"), "theme": ("auto", "light", "dark"), "density": ("compact", "comfortable")}
    response = HttpResponseRedirect(_following(request))
    for name, allowed in choices.items():
        value = request.POST.get(name, "")
        if value in allowed:
            if request.user.is_authenticated:
                Officer.objects.filter(pk=request.user.pk).update(**{name: value})
            response.set_cookie(
                name,
                value,
                max_age=365 * 24 * 3600,
                samesite="Lax",
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
            )
    return response


def _demo_officers() -> Sequence[officers.Listed]:
    """Who may sign in, where all of them are invented; nowhere else is it told to somebody not signed in."""
    return officers.listed(vietnamese=(get_language() or "vi").startswith("vi")) if settings.ACCORDANT_DEMO else ()


def _asked(request: HttpRequest) -> str:
    return request.POST.get("next", request.GET.get("next", ""))


def _following(request: HttpRequest) -> str:
    asked = _asked(request)
    if asked and url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return asked
    return "/"


def _now(request: HttpRequest) -> datetime:
    now: datetime = request.now  # type: ignore[attr-defined]  # set by the clock middleware
    return now
