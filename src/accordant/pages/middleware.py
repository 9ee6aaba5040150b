"""Request middleware of the pages: language, errors that speak, headers of every answer."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation

from accordant.entries.errors import AccordantError

SAFE: Final = ("GET", "HEAD", "OPTIONS")
OWN_SITE: Final = ("same-origin", "none")  # an old browser sends nothing: the form's token stays
PAGES: Final = {403: "forbidden", 404: "not_found", 500: "fault"}
Next = Callable[[HttpRequest], HttpResponseBase]


class LanguageMiddleware:
    """The officer's language, else the one chosen on the sign-in page, else the node's."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the language of whoever asks."""
        language = getattr(request.user, "language", "") or request.COOKIES.get("language", "")
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


class ErrorMiddleware:
    """Turns the error family into pages that say what happened, why, and what to do."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Go on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page for an error of the family; anything else stays a fault."""
        if not isinstance(exception, AccordantError):
            return None
        page = f"pages/errors/{PAGES.get(exception.status, 'refused')}.html"
        return render(request, page, {"refusals": exception.refusals}, status=exception.status)


class HeadersMiddleware:
    """What every page says beside the content policy, and where acts may come from (security paper 3.12)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add the headers; an act that another site asks for is refused, even one on another port of this host."""
        if request.method not in SAFE and request.headers.get("Sec-Fetch-Site", OWN_SITE[0]) not in OWN_SITE:
            raise PermissionDenied
        response = self.get_response(request)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
