"""A browser without scripts: short words for asking pages of a node and reading what they say."""

import html
import re
from collections.abc import Mapping

from django.http import HttpResponse

from accordant.entries.envelope import EntryRef
from tests.domains.information.conftest import LIAISON, Exchange


def page(ref: EntryRef, act: str = "") -> str:
    return f"/information/{ref.origin}/{ref.index}{act}"


def words(response: object) -> str:
    """The words of a page, without marks of HTML."""
    assert isinstance(response, HttpResponse)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode())))


def get(exchange: Exchange, agency: str, url: str, sign_in: str = LIAISON, language: str = "en") -> tuple[int, str]:
    with exchange.node(agency).at():
        response = exchange.client(agency, sign_in, language).get(url)
        return response.status_code, words(response)


def post(
    exchange: Exchange, agency: str, url: str, sign_in: str = LIAISON, values: Mapping[str, object] | None = None
) -> tuple[int, str]:
    with exchange.node(agency).at():
        response = exchange.client(agency, sign_in).post(url, values or {})
        return response.status_code, words(response)
