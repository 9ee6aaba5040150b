"""The two ASGI applications of a node: pages and node interface. Django must be set up before this is imported."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from asgiref.sync import ThreadSensitiveContext
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpResponse

from accordant.entries import limits
from accordant.node.cli.serve import surfaces
from accordant.node.cli.serve.threads import Threads

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_handler: Final = ASGIHandler()
_PAGES: Final = Threads("pages")
_INTERFACE: Final = Threads("interface")


async def pages(scope: Scope, receive: Receive, send: Send) -> None:
    """Django's handler, its synchronous parts on a kept thread."""
    with _PAGES.one() as thread:
        async with ThreadSensitiveContext(executor=thread):
            await _handler(dict(scope), receive, send)


async def node_interface(scope: Scope, receive: Receive, send: Send) -> None:
    """The exchange's views alone; a body too long or unmeasured stays unread.

    One step to a kept thread and back: Django's handler takes several, which cost more than what the views do.
    """
    refused = _refused_length(scope["method"], dict(scope["headers"]).get(b"content-length"))
    if refused:
        return await _send(send, HttpResponse(status=refused))
    # Only a POST brings a body, and its length was measured above: this holds for one that comes in parts unannounced.
    body = await _body(receive, limits.PARCEL_BYTES if scope["method"] == "POST" else 0)
    if isinstance(body, int):
        return await _send(send, HttpResponse(status=body, headers={"Connection": "close"})) if body else None
    with _INTERFACE.one() as thread:
        loop = asyncio.get_running_loop()
        return await _send(send, await loop.run_in_executor(thread, surfaces.answer_node, scope, body))


async def _body(receive: Receive, most: int) -> bytes | int:
    """The whole body; the status that answers one longer than `most`, or 0 when the peer went away before its end."""
    parts: list[bytes] = []
    length = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return 0
        parts.append(message.get("body", b""))
        length += len(parts[-1])
        if length > most:
            return 413
        if not message.get("more_body", False):
            return b"".join(parts)


async def _send(send: Send, response: HttpResponse) -> None:
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in response.items()]
    headers.append((b"content-length", str(len(response.content)).encode()))
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": response.content})


def _refused_length(method: str, length: bytes | None) -> int:
    """The status that answers a request with this Content-Length, 0 when it may be read (wire paper 8)."""
    if length is None:
        return 411 if method == "POST" else 0
    return 0 if length.isdigit() and int(length) <= limits.PARCEL_BYTES else 413
