"""Every page asks who is there: without a sign-in no address answers with content (security paper 3.10)."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.tree import none_of

# Addresses for people who are not signed in yet: the sign-in, and theme and language, which lead back to their page.
PUBLIC = {"accounts/sign-in", "accounts/preferences"}
# The gallery of components exists in tests alone (settings.ACCORDANT_GALLERY) and shows invented data.
TEST_ONLY = ("accordant.pages.gallery",)
SAMPLES = {"int": "1", "str": "x", "slug": "x", "uuid": "00000000-0000-0000-0000-000000000001", "path": "x"}
CONVERTER = re.compile(r"<(?:(?P<converter>[a-z_]+):)?(?P<name>[a-z_]+)>")
CLOSED = {301, 302, 401, 403, 404, 405}


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        elif not getattr(entry.callback, "__module__", "").startswith(TEST_ONLY):
            yield route, entry


def address(route: str) -> str:
    """A path that the route matches: each place is filled with a sample of its converter."""
    return "/" + CONVERTER.sub(lambda match: SAMPLES.get(match["converter"] or "str", "x"), route)


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_page_answers_without_a_sign_in(client: Client, method: str) -> None:
    problems: list[str] = []
    for route, _ in routes(get_resolver()):
        if route.rstrip("/") in PUBLIC:
            continue
        response = getattr(client, method)(address(route))
        goes = response.headers.get("Location", "")
        if response.status_code not in CLOSED:
            problems.append(f"{method.upper()} /{route} answers {response.status_code} to somebody not signed in")
        elif (
            response.status_code in (301, 302)
            and not goes.startswith(settings.LOGIN_URL)
            and goes.rstrip("/") != address(route)
        ):
            problems.append(f"{method.upper()} /{route} leads to {goes} instead of the sign-in page")
    none_of(problems)


def test_every_address_has_a_name() -> None:
    none_of(
        [f"/{route} has no name; templates reverse names" for route, entry in routes(get_resolver()) if not entry.name]
    )
