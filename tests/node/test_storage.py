"""What people read when files or the database fail under a command."""

import errno

import pytest
from django.db import OperationalError

from accordant.node.cli import storage


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk"),
        (OperationalError("database or disk is full"), "disk"),
        (OperationalError("database is locked"), "database-busy"),
        (OperationalError("no such column: ledger_circle.closed"), "database-version"),
        (OperationalError("no such table: ledger_claim"), "database-version"),
    ],
)
def test_each_failure_says_what_to_do_about_it(error: Exception, code: str) -> None:
    assert isinstance(error, storage.errors())
    refused = storage.refused(error)
    (why,) = refused.refusals
    assert (refused.code, why.code) == (code, code)
    assert str(why.repair)
