"""Django's SQLite backend with two changes; Django takes an engine by the name of its package.

`trusted_schema=OFF` forbids JSON functions inside table definitions where SQLite is older than 3.41 (Debian 12 has
3.40.1: "unsafe use of JSON_VALID()"), so columns of JSON get no such check: only our own encoder writes them. And each
connection reads back the settings of security paper 3.1 and refuses to go on with others. A commit that the disk did
not take is told to `NOT_FLUSHED` before it is raised.
"""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError
from django.db.backends.sqlite3 import base

from accordant.entries.errors import Misconfigured, Refusal, refusal
from accordant.entries.kinds import gettext_noop as _

_OPENINGS: Final = itertools.count(1)
NOT_FLUSHED: Final[list[Callable[[], None]]] = []
"""Called when the disk failed in a commit: the kernel may have dropped pages, so nothing may be written after it."""


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection with the durability settings of `node.settings`; `opening` numbers what it opened last."""

    opening = 0

    data_type_check_constraints = {
        sort: check for sort, check in base.DatabaseWrapper.data_type_check_constraints.items() if sort != "JSONField"
    }

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open, then read the settings back; raises `Misconfigured` when SQLite did not take one."""
        connection = super().get_new_connection(conn_params)
        self.opening = next(_OPENINGS)
        in_memory = ":memory:" in conn_params["database"] or "mode=memory" in conn_params["database"]
        for name, wanted in settings.SQLITE_PRAGMAS.items():
            found = connection.execute(f"PRAGMA {name}").fetchone()
            if found != (wanted,) and not (in_memory and name in ("journal_mode", "mmap_size")):
                connection.close()
                raise Misconfigured([_not_taken(name, str(wanted), "" if found is None else str(found[0]))])
        return connection

    @contextmanager
    def unflushed(self) -> Iterator[None]:
        """Commits in here do not wait for the disk; the next one outside does, and takes these with it."""
        self.ensure_connection()
        self.connection.execute("PRAGMA synchronous=NORMAL")
        try:
            yield
        finally:
            if self.connection is not None:  # opened anew it flushes
                self.connection.execute("PRAGMA synchronous=FULL")

    def commit(self) -> None:
        """Commit; a full disk or a lock is no failure of the disk: it rolls back and leaves the file whole."""
        try:
            super().commit()
        except DatabaseError as error:
            if getattr(error.__cause__, "sqlite_errorname", "").startswith("SQLITE_IOERR"):
                for tell in NOT_FLUSHED:
                    tell()
            raise


def _not_taken(name: str, wanted: str, found: str) -> Refusal:
    return refusal(
        "database-setting",
        _("The node was not started."),
        _("SQLite answers {found} for {name}; {wanted} is needed, or entries could be lost at a power cut."),
        _("Put the data directory on a local disk with a file system that SQLite can lock and flush."),
        name=name,
        wanted=wanted,
        found=found or "-",
    )
