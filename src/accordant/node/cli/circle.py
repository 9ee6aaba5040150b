"""`accordant circle …`: the groups of agencies that share logs under a regulation."""

import argparse
from typing import Any

from accordant.node import clock
from accordant.node.cli.command import MACHINE, Answer, open_node
from accordant.node.cli.words import gettext


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    opened = verbs.add_parser("open", help=gettext("open a circle with confirmed agencies"), parents=[MACHINE])
    join = verbs.add_parser("join", help=gettext("join a circle that another agency opened"), parents=[MACHINE])
    decline = verbs.add_parser("decline", help=gettext("decline to join, with the reason"), parents=[MACHINE])
    close = verbs.add_parser("close", help=gettext("write nothing more in a circle, for good"), parents=[MACHINE])
    listed = verbs.add_parser("list", help=gettext("circles, their parties, who joined"), parents=[MACHINE])
    for verb in (opened, join, decline, close, listed):
        verb.add_argument("directory", metavar="DIR", help=gettext("the node's directory"))
    opened.add_argument("--label", required=True, help=gettext("short name: a-z, 0-9, hyphen"))
    opened.add_argument("--regulation", required=True, help=gettext("number of the regulation"))
    opened.add_argument("--with", dest="members", action="append", required=True, metavar="AGENCY")
    for verb in (opened, join, decline, close):
        verb.add_argument(
            "--as", dest="sign_in", required=True, metavar="SIGN-IN", help=gettext("the officer who acts")
        )
    for verb in (join, decline, close):
        verb.add_argument("circle", metavar="CIRCLE")
    decline.add_argument("--reason", required=True)


def run(chosen: argparse.Namespace) -> Answer:
    """Run the verb."""
    settings = open_node(chosen.directory)
    verbs = {"open": _open, "join": _join, "decline": _decline, "close": _close, "list": _list}
    return verbs[chosen.verb](chosen, settings)


def _open(chosen: argparse.Namespace, settings: Any) -> Answer:
    from accordant.accounts import keys  # noqa: PLC0415  # after Django is set up
    from accordant.entries import names  # noqa: PLC0415  # as above
    from accordant.node.cli.people import acting  # noqa: PLC0415  # as above
    from accordant.regulations import actions  # noqa: PLC0415  # as above

    ref = actions.open_circle(
        by=acting(settings, chosen.sign_in, "regulations.circle-opened"),
        now=clock.now(),
        label=chosen.label,
        sort="main",
        regulation=chosen.regulation,
        members=chosen.members,
        nonce=keys.fresh_nonce(),
    )
    circle = names.parse_origin(ref.origin).circle
    return Answer(circle, {"circle": circle})


def _join(chosen: argparse.Namespace, settings: Any) -> Answer:
    from accordant.node.cli.people import acting  # noqa: PLC0415  # after Django is set up
    from accordant.regulations import actions  # noqa: PLC0415  # as above

    by = acting(settings, chosen.sign_in, "regulations.circle-joined")
    ref = actions.join_circle(by=by, now=clock.now(), circle=chosen.circle)
    return Answer(str(ref), {"circle": chosen.circle, "origin": ref.origin, "index": ref.index})


def _decline(chosen: argparse.Namespace, settings: Any) -> Answer:
    from accordant.node.cli.people import acting  # noqa: PLC0415  # after Django is set up
    from accordant.regulations import actions  # noqa: PLC0415  # as above

    by = acting(settings, chosen.sign_in, "regulations.circle-declined")
    ref = actions.decline_circle(by=by, now=clock.now(), circle=chosen.circle, reason=chosen.reason)
    return Answer(str(ref), {"circle": chosen.circle, "origin": ref.origin, "index": ref.index})


def _close(chosen: argparse.Namespace, settings: Any) -> Answer:
    from accordant.node.cli.people import acting  # noqa: PLC0415  # after Django is set up
    from accordant.regulations import actions  # noqa: PLC0415  # as above

    by = acting(settings, chosen.sign_in, "regulations.circle-closed")
    ref = actions.close_circle(by=by, now=clock.now(), circle=chosen.circle)
    return Answer(str(ref), {"circle": chosen.circle, "origin": ref.origin, "index": ref.index})


def _list(chosen: argparse.Namespace, settings: Any) -> Answer:
    from accordant.ledger.models import Circle, Log, Member  # noqa: PLC0415  # after Django is set up

    rows: list[dict[str, Any]] = []
    for circle in Circle.objects.order_by("id"):
        members = {m.agency: m.joined for m in Member.objects.filter(circle=circle.id).order_by("agency")}
        held = sum(Log.objects.filter(circle=circle.id).values_list("size", flat=True))
        closed = sorted(circle.closed)
        row = {"circle": circle.id, "sort": circle.sort, "regulation": circle.regulation, "closed": closed}
        rows.append({**row, "members": members, "entries": held})
    return Answer("\n".join(map(_line, rows)), {"circles": rows})


def _line(row: dict[str, Any]) -> str:
    entries = gettext("{count} entries").format(count=f"{row['entries']:,}")
    members = ", ".join(f"{agency}{_note(row, agency)}" for agency in row["members"])
    return f"{row['circle']} ({row['sort']}): {members}; {entries}"


def _note(row: dict[str, Any], agency: str) -> str:
    if not row["members"][agency]:
        return f" ({gettext('not joined')})"
    return f" ({gettext('closed it')})" if agency in row["closed"] else ""
