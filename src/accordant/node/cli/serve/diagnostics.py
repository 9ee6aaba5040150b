"""Diagnostics of a running node: a JSON object a line on standard error, a constant event name, fields of a fixed list.

Bodies, titles, names, file names, free text never get here: the formatter keeps the fields below and drops all others
(style paper 11).
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any, Final

FIELDS: Final = (
    "origin",
    "index",
    "kind",
    "code",
    "peer",
    "officer",
    "size",
    "count",
    "milliseconds",
    "request",
)
QUIET: Final = ("uvicorn", "asyncio", "django", "django.server", "django.request", "django.security")


class Line(logging.Formatter):
    """One record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Instant, level, event, the known fields that hold plain values, and of a fault its class and place."""
        plain: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": _event(record),
        }
        for name in FIELDS:
            value = record.__dict__.get(name)
            if isinstance(value, str | int) and not (name == "request" and not isinstance(value, str)):
                plain[name] = value
        if record.exc_info and record.exc_info[0] is not None:
            plain["fault"] = record.exc_info[0].__name__
            plain["where"] = _where(record.exc_info[2])
        return json.dumps(plain)


def install() -> None:
    """Send all diagnostics of this process to standard error in this form."""
    handler = logging.StreamHandler()
    handler.setFormatter(Line())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in QUIET:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.WARNING)


def _event(record: logging.LogRecord) -> str:
    """Our own loggers name their event; a library's words may hold anything, so that only its name is kept."""
    return record.msg if record.name.startswith("accordant.") and isinstance(record.msg, str) else record.name


def _where(trace: Any) -> str:
    """The innermost place of our own code in a trace: module and line."""
    place = ""
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if module.startswith("accordant."):
            place = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
