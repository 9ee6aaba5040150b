"""`accordant verify DIR`: everything re-derived from the stored bytes."""

import argparse

from accordant.node.cli.command import Answer, open_node
from accordant.node.cli.progress import bar
from accordant.node.cli.words import gettext


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("directory", metavar="DIR", help=gettext("the node's directory"))


def run(chosen: argparse.Namespace) -> Answer:
    """Verify all logs; exit 1 with the problems when something does not hold."""
    open_node(chosen.directory)
    from accordant.accounts import keys  # noqa: PLC0415  # after Django is set up
    from accordant.ledger.models import Entry  # noqa: PLC0415  # as above
    from accordant.ledger.verify import verify  # noqa: PLC0415  # as above

    report = verify(keys.keyring(), progress=bar(gettext("verify"), Entry.objects.count()))
    answer = {"ok": report.ok, "logs": report.logs, "entries": report.entries, "receipts": report.receipts}
    lines = [
        gettext("{logs} logs, {entries} entries, {receipts} receipts").format(
            logs=report.logs, entries=f"{report.entries:,}", receipts=f"{report.receipts:,}"
        )
    ]
    if report.ok:
        return Answer("\n".join([*lines, "ok"]), answer)
    return Answer("\n".join([*lines, *report.problems]), {**answer, "problems": report.problems}, 1)
