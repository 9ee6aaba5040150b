"""Two surfaces, two ports: pages for people, the node interface for nodes; neither answers the other's addresses.

The node interface is answered without the frame of pages: no sessions, no middleware, one call on a kept thread.
"""

import logging
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.db import close_old_connections
from django.http import Http404, HttpResponse
from django.urls import get_resolver

from accordant.node import clock

NODE_URLS: Final = "accordant.exchange.urls"
LOG: Final = logging.getLogger("accordant.serving")


def answer_node(scope: Mapping[str, Any], body: bytes) -> HttpResponse:
    """What the exchange's views answer to a request of a node; a fault is told in the diagnostics and answered 500."""
    try:
        return _answer(ASGIRequest(dict(scope), BytesIO(body)))
    except Http404:
        return HttpResponse(status=404)
    except Exception as fault:  # noqa: BLE001  # the peer gets an answer whatever happens, and the next request its turn
        return _told(fault, str(scope.get("path", "")))
    finally:
        close_old_connections()


def _told(fault: Exception, path: str) -> HttpResponse:
    LOG.error("fault", extra={"code": type(fault).__name__, "request": path}, exc_info=fault)
    return HttpResponse(status=500)


def _answer(request: ASGIRequest) -> HttpResponse:
    request.now = clock.now()  # type: ignore[attr-defined]  # views read the instant from the request
    request.ceiling = settings.ACCORDANT_CEILING  # type: ignore[attr-defined]  # asked when bodies are sealed
    match = get_resolver(NODE_URLS).resolve(request.path_info)
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response
