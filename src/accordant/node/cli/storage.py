"""What a full or failing disk, or a busy database, says to people who typed a command."""

import sys

from accordant.entries.errors import AccordantError, Refusal, Unavailable, refusal
from accordant.entries.kinds import gettext_noop as _


def errors() -> tuple[type[Exception], ...]:
    """The errors of files and of the database, as far as it is loaded."""
    database = sys.modules.get("django.db.utils")
    return (OSError,) if database is None else (OSError, database.OperationalError)


def why(error: Exception) -> str:
    """The system's or the database's own words."""
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(error)


def refused(error: Exception) -> AccordantError:
    """The error as people read it."""
    words = str(error)
    if "no such column" in words or "no such table" in words:
        return Unavailable([_another_version(words)])
    return Unavailable([_busy() if "locked" in words else _disk(why(error))])


def _busy() -> Refusal:
    return refusal(
        "database-busy",
        _("The command was not carried out."),
        _("Another process of this node kept the database busy."),
        _("Try again; what was written before stays, and the same file again writes only what is missing."),
    )


def _another_version(why: str) -> Refusal:
    return refusal(
        "database-version",
        _("The command was not carried out."),
        _("The database was made by another version of this program: {why}."),
        _("Start the node once with accordant serve, which brings its tables up to date, then try again."),
        why=why,
    )


def _disk(why: str) -> Refusal:
    return refusal(
        "disk",
        _("The command was not carried out to its end."),
        _("The data directory cannot be read or written: {why}."),
        _("Free space or mend the disk, then run the same command again: nothing is written twice."),
        why=why,
    )
