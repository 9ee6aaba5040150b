"""The one place that reads the clock (style habit 4)."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the command line reads the clock too, and says its help without loading Django
    from django.http import HttpRequest, HttpResponseBase


def now() -> datetime:
    """This instant, UTC."""
    return datetime.now(UTC)


def milliseconds() -> int:
    """This instant in milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


def monotonic() -> float:
    """Seconds of a clock that only goes forward, for waits and measurements."""
    return time.monotonic()


class ClockMiddleware:
    """Gives each request its instant as `request.now`."""

    def __init__(self, get_response: "Callable[[HttpRequest], HttpResponseBase]") -> None:
        self.get_response = get_response

    def __call__(self, request: "HttpRequest") -> "HttpResponseBase":
        """Set the instant and go on."""
        request.now = now()  # type: ignore[attr-defined]  # views read the instant from the request
        return self.get_response(request)
