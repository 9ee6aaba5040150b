"""`accordant import DIR TABLE FILE`: a table of facts, read whole and written by the ordinary actions."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from accordant.entries.envelope import EntryRef
from accordant.entries.errors import Malformed, Refusal, Refused, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.entries.table_files import DAY_FIRST, ISO
from accordant.node import clock
from accordant.node.cli.command import Answer, open_node
from accordant.node.cli.progress import bar
from accordant.node.cli.words import gettext

KINDS: Final = {
    "items": "information.item-sent",
    "acknowledgements": "information.item-acknowledged",
    "activities": "programmes.activity-recorded",
    "delegations": "programmes.delegation-recorded",
    "events": "programmes.programme-opened",
}


@dataclass(frozen=True)
class _Table:
    """How a table is read and written."""

    read: Callable[..., Any]
    write: Callable[..., Sequence[EntryRef]]


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("directory", metavar="DIR", help=gettext("the node's directory"))
    parser.add_argument("table", metavar="TABLE", choices=tuple(KINDS), help=", ".join(KINDS))
    parser.add_argument("file", metavar="FILE", help=gettext("CSV in UTF-8 with column names in the first line"))
    parser.add_argument("--circle", required=True)
    parser.add_argument("--as", dest="sign_in", required=True, metavar="SIGN-IN", help=gettext("the officer who acts"))
    parser.add_argument(
        "--days",
        choices=(ISO, DAY_FIRST),
        default=ISO,
        help=gettext("2025-12-06, or 06/12/2025 (day-first); default iso"),
    )


def run(chosen: argparse.Namespace) -> Answer:
    """Import the table; nothing of it is written when a row is wrong."""
    settings = open_node(chosen.directory)
    from accordant.node.cli.people import acting  # noqa: PLC0415  # after Django is set up

    table = _tables()[chosen.table]
    by = acting(settings, chosen.sign_in, KINDS[chosen.table])
    _member(chosen.circle, settings.agency)
    file = table.read(_data(chosen.file), zone=ZoneInfo(settings.time_zone), days=chosen.days)
    refs = table.write(
        by=by, now=clock.now(), circle=chosen.circle, file=file, progress=bar(chosen.table, len(file.rows))
    )
    answer = {"rows": len(file.rows), "written": len(refs), "file": file.mark}
    return Answer(
        gettext("{file}: {written} of {rows} rows written").format(
            file=chosen.file, written=f"{len(refs):,}", rows=f"{len(file.rows):,}"
        ),
        answer,
    )


def _tables() -> dict[str, _Table]:
    from accordant.domains.information import actions as information  # noqa: PLC0415  # after Django is set up
    from accordant.domains.information import rules as items  # noqa: PLC0415  # as above
    from accordant.domains.programmes import actions as programmes  # noqa: PLC0415  # as above
    from accordant.domains.programmes import rules as work  # noqa: PLC0415  # as above

    return {
        "items": _Table(items.read_items, information.import_items),
        "acknowledgements": _Table(items.read_acknowledgements, information.import_acknowledgements),
        "activities": _Table(work.read_activities, programmes.import_activities),
        "delegations": _Table(work.read_delegations, programmes.import_delegations),
        "events": _Table(work.read_events, programmes.import_events),
    }


def _member(circle: str, agency: str) -> None:
    """Refuse a circle that this agency has no log in, before the file is read."""
    from accordant.ledger.models import Log  # noqa: PLC0415  # after Django is set up

    if not Log.objects.filter(circle=circle, ours=True).exists():
        raise Refused([_no_circle(circle, agency)])


def _data(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise Malformed([_no_file(file, error.strerror or str(error))]) from error


def _no_circle(circle: str, agency: str) -> Refusal:
    return refusal(
        "no-circle",
        _("The file was not imported."),
        _("{agency} has not joined a circle {circle}."),
        _("See the circles with: accordant circle list DIR"),
        circle=circle,
        agency=agency,
    )


def _no_file(file: str, why: str) -> Refusal:
    return refusal(
        "no-file",
        _("Nothing was read."),
        _("The file {file} cannot be opened: {why}."),
        _("Check the name and the rights of the file."),
        file=file,
        why=why,
    )
