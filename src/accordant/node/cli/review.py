"""`accordant review …`: open a review, propose its cutoff, see who agreed and what is missing."""

import argparse
from typing import Any

from accordant.node import clock
from accordant.node.cli.command import MACHINE, Answer, open_node
from accordant.node.cli.words import gettext


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    opened = verbs.add_parser("open", help=gettext("open a review and propose its cutoff"), parents=[MACHINE])
    show = verbs.add_parser("show", help=gettext("reviews: parties, statements, differences"), parents=[MACHINE])
    for verb in (opened, show):
        verb.add_argument("directory", metavar="DIR", help=gettext("the node's directory"))
    opened.add_argument("--as", dest="sign_in", required=True, metavar="SIGN-IN", help=gettext("the officer who acts"))
    opened.add_argument("--circle", required=True)
    opened.add_argument("--code", required=True, help=gettext("a short code: 2019-2024"))
    opened.add_argument("--from", dest="start", required=True, help=gettext("first day, year-month-day"))
    opened.add_argument("--to", dest="stop", required=True, help=gettext("the day after the last one"))
    opened.add_argument("--sort", choices=("preliminary", "final"), default="final")
    opened.add_argument("--title", required=True, help=gettext("title in Vietnamese"))
    opened.add_argument("--title-en", default="", help=gettext("title in English"))


def run(chosen: argparse.Namespace) -> Answer:
    """Run the verb."""
    settings = open_node(chosen.directory)
    return _open(chosen, settings) if chosen.verb == "open" else _show()


def _open(chosen: argparse.Namespace, settings: Any) -> Answer:
    from accordant.domains.reviews import actions  # noqa: PLC0415  # after Django is set up
    from accordant.node.cli.people import acting  # noqa: PLC0415  # as above

    by = acting(settings, chosen.sign_in, "reviews.review-opened")
    ref = actions.open_review(
        by=by,
        now=clock.now(),
        circle=chosen.circle,
        code=chosen.code,
        start=chosen.start,
        stop=chosen.stop,
        sort=chosen.sort,
        title_vi=chosen.title,
        title_en=chosen.title_en or chosen.title,
    )
    actions.propose_cutoff(by=by, now=clock.now(), review=ref)
    return Answer(str(ref), {"review": f"{ref.origin}:{ref.index}"})


def _show() -> Answer:
    from accordant.node.cli import reviewing  # noqa: PLC0415  # after Django is set up
    from accordant.node.cli.language import spoken  # noqa: PLC0415  # as above

    with spoken():
        rows = reviewing.states()
    lines = []
    for row in rows:
        agree = gettext("agree") if row["agree"] else gettext("not yet agreed")
        lines.append(f"{row['code']} {row['start']} .. {row['stop']}: {agree}")
        for party in row["parties"]:
            lines.append(f"  {party['agency']}: {gettext(party['state'])} {party['digest']}".rstrip())
            lines += [
                gettext("    lacks {count} of {log}").format(count=count, log=log)
                for log, count in sorted(party["lacks"].items())
            ]
            lines += [f"    {late['origin']} {late['index']}: {late['headline']}" for late in party["undelivered"]]
        lines += [f"  {name} {figure['value']:,}" for name, figure in row["figures"].items()]
    return Answer("\n".join(lines), {"reviews": rows})
