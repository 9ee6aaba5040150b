"""The node port answers nodes and the page port people, and neither the other's addresses."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import ResolverMatch, URLResolver

from accordant.entries import limits
from accordant.node.cli.serve import asgi

CARD = "/accordant/v1/card"
Message = dict[str, Any]


def ask(path: str, *messages: Message, post: bool = False) -> list[Message]:
    """What the node interface sends for a request that arrives in these messages."""
    arriving = list(messages)
    sent: list[Message] = []

    async def receive() -> Message:
        return arriving.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Message = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    if post:
        length = sum(len(message.get("body", b"")) for message in messages)
        scope |= {"method": "POST", "headers": [(b"content-length", str(length).encode())]}
    asyncio.run(asgi.node_interface(scope, receive, send))
    return sent


def body(data: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": data, "more_body": more}


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts a view in the place of every node address."""

    def place(view: Any) -> None:
        monkeypatch.setattr(URLResolver, "resolve", lambda self, path: ResolverMatch(view, (), {}))

    return place


@pytest.mark.django_db  # a request's thread looks at its connection when it is done
@pytest.mark.parametrize("path", ["/", "/sign-in", "/accordant/v1/", "/static/pages/app.css"])
def test_the_node_port_knows_no_pages(path: str) -> None:
    start, content = ask(path, body(b""))
    assert (start["status"], content["body"]) == (404, b"")


@pytest.mark.django_db
def test_the_page_port_knows_no_node_addresses(client: Client) -> None:
    assert client.get(CARD).status_code == 404


@pytest.mark.django_db
def test_a_body_in_parts_arrives_whole_and_the_answer_tells_its_length(answering: Any) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.read()[::-1], content_type="text/plain")

    answering(view)
    start, content = ask(CARD, body(b"ab", more=True), body(b"cd"), post=True)
    assert (start["status"], content["body"]) == (200, b"dcba")
    assert sorted(start["headers"]) == [(b"content-length", b"4"), (b"content-type", b"text/plain")]


def test_a_peer_that_went_away_gets_nothing(answering: Any) -> None:
    answering(None)
    assert ask(CARD, body(b"ab", more=True), {"type": "http.disconnect"}, post=True) == []


def test_an_endless_body_is_not_gathered(answering: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request other than POST brings none, whatever it announces; a POST no more than a parcel may be long."""
    answering(None)
    start, _content = ask(CARD, body(b"a", more=True))
    assert (start["status"], (b"connection", b"close") in start["headers"]) == (413, True)
    monkeypatch.setattr(limits, "PARCEL_BYTES", 3)
    monkeypatch.setattr(asgi, "_refused_length", lambda method, length: 0)
    start, _content = ask(CARD, body(b"ab", more=True), body(b"cd", more=True), post=True)
    assert start["status"] == 413


@pytest.mark.django_db
def test_a_fault_is_answered_and_told_without_its_words(answering: Any, caplog: pytest.LogCaptureFixture) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise KeyError("a protected name")

    answering(view)
    start, content = ask(CARD, body(b""))
    assert (start["status"], content["body"]) == (500, b"")
    (record,) = told(caplog.records)
    assert (record.msg, vars(record)["code"], vars(record)["request"]) == ("fault", "KeyError", CARD)


def told(records: Sequence[logging.LogRecord]) -> list[logging.LogRecord]:
    return [record for record in records if record.name == "accordant.serving"]
