"""What an action asks of projected rows inside its append: look-ups by equal columns, far cheaper than the ORM."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

from accordant.ledger import founding
from accordant.ledger.tables import Tables


def equal(model: type[models.Model], **columns: object) -> list[dict[str, Any]]:
    """All rows of a projected table whose columns equal these values, ordered by primary key."""
    return Tables(connections[DEFAULT_DB_ALIAS]).find(model, **columns)


def parties(circle: str) -> frozenset[str]:
    """The agencies that have a log in a circle."""
    held = founding.of(circle)
    return frozenset() if held is None else held.parties


def ceiling(circle: str) -> int:
    """The highest marking that a circle may hold; 0 when it is not known."""
    held = founding.of(circle)
    return 0 if held is None else held.ceiling
