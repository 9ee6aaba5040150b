"""Diagnostics hold event names and fields of a fixed list; what is protected never gets through."""

import json
import logging
import sys
from typing import Any

from accordant.node.cli.serve.diagnostics import FIELDS, Line

CANARY = "Nguyễn Canh Nến"


def line(name: str = "accordant.exchange", message: Any = "sync-failed", **extra: object) -> dict[str, Any]:
    record = logging.LogRecord(name, logging.WARNING, __file__, 1, message, (), None)
    record.__dict__.update(extra)
    found: dict[str, Any] = json.loads(Line().format(record))
    return found


def test_line_holds_instant_level_event_and_known_fields() -> None:
    found = line(code="unreachable", peer="police.example", size=7)
    assert (found["level"], found["event"]) == ("warning", "sync-failed")
    assert (found["code"], found["peer"], found["size"]) == ("unreachable", "police.example", 7)
    assert found["at"].endswith("+00:00")


def test_other_fields_and_values_that_are_not_plain_are_dropped() -> None:
    found = line(subject=CANARY, file="danh sách.csv", text=CANARY, peer={"name": CANARY}, plate="43A-123.45")
    assert found.keys() == {"at", "level", "event"}


def test_words_of_a_library_are_dropped_and_its_name_is_kept() -> None:
    found = line("django.request", f"Not Found: /items/{CANARY}")
    assert found["event"] == "django.request"
    assert CANARY not in json.dumps(found, ensure_ascii=False)


def test_fault_is_named_by_class_and_place_without_its_message() -> None:
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "%s", (CANARY,), None)
    try:
        Line().format(None)  # type: ignore[arg-type]  # the fault is wanted
    except AttributeError:
        record.exc_info = sys.exc_info()
    record.__dict__["request"] = object()
    found = json.loads(Line().format(record))
    assert found["fault"] == "AttributeError"
    assert found["where"].startswith("accordant.node.cli.serve.diagnostics:")
    assert found.keys() <= {"at", "level", "event", "fault", "where", *FIELDS}
    assert "request" not in found


def test_message_with_a_protected_word_as_argument_shows_the_constant_event_alone() -> None:
    record = logging.LogRecord("accordant.pages", logging.INFO, __file__, 1, "page-failed", (), None)
    record.__dict__["title"] = CANARY
    assert CANARY not in Line().format(record)
