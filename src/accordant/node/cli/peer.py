"""`accordant peer …`: cards of other agencies, confirmed by people before anything is carried."""

import argparse
from pathlib import Path
from typing import Any

from accordant.entries.errors import Refusal, Unavailable, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.node import clock
from accordant.node.cli.command import MACHINE, Answer, open_node
from accordant.node.cli.words import gettext


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    add = verbs.add_parser(
        "add", help=gettext("keep a card, from a file or a node's address; nothing is trusted yet"), parents=[MACHINE]
    )
    confirm = verbs.add_parser(
        "confirm", help=gettext("confirm a root whose fingerprint two people compared"), parents=[MACHINE]
    )
    listed = verbs.add_parser("list", help=gettext("peers, what they hold, last contact, why stuck"), parents=[MACHINE])
    stop = verbs.add_parser("stop", help=gettext("stop the exchange with a peer"), parents=[MACHINE])
    start = verbs.add_parser("start", help=gettext("go on with the exchange"), parents=[MACHINE])
    for verb in (add, confirm, listed, stop, start):
        verb.add_argument("directory", metavar="DIR", help=gettext("the node's directory"))
    add.add_argument("source", metavar="FILE|URL", help=gettext("a card file, or the address of a node interface"))
    for verb in (add, confirm):
        verb.add_argument(
            "--as", dest="sign_in", required=True, metavar="SIGN-IN", help=gettext("the officer who acts")
        )
    for verb in (confirm, stop, start):
        verb.add_argument("agency", metavar="AGENCY")
    confirm.add_argument(
        "--fingerprint", required=True, help=gettext("the 8 groups of digits or the 12 words, as compared")
    )
    confirm.add_argument("--how", choices=("in-person", "voice"), required=True)
    confirm.add_argument("--channel", required=True, help=gettext("with whom, over which second channel"))


def run(chosen: argparse.Namespace) -> Answer:
    """Run the verb."""
    settings = open_node(chosen.directory)
    verbs = {"add": _add, "confirm": _confirm, "list": _list, "stop": _stop, "start": _start}
    return verbs[chosen.verb](chosen, settings)


def _add(chosen: argparse.Namespace, settings: Any) -> Answer:
    from accordant.entries import cards  # noqa: PLC0415  # after Django is set up
    from accordant.node.cli.people import acting  # noqa: PLC0415  # as above
    from accordant.regulations import actions  # noqa: PLC0415  # as above

    data = _read(chosen.source)
    actions.accept_card(by=acting(settings, chosen.sign_in, "regulations.card-accepted"), now=clock.now(), card=data)
    card = cards.read(data).card
    mark = cards.fingerprint(card.root)
    digits, words = cards.fingerprint_digits(mark), cards.fingerprint_words(mark)
    return Answer(f"{card.agency}\n{digits}\n{words}", {"agency": card.agency, "digits": digits, "words": words})


def _confirm(chosen: argparse.Namespace, settings: Any) -> Answer:
    from accordant.entries.cards import fingerprint_digits, fingerprint_words  # noqa: PLC0415  # after Django is set up
    from accordant.node.cli.people import acting  # noqa: PLC0415  # as above
    from accordant.regulations import actions  # noqa: PLC0415  # as above
    from accordant.regulations.models import AcceptedCard  # noqa: PLC0415  # as above

    said = " ".join(chosen.fingerprint.split()).lower()
    matching = [
        held.fingerprint
        for held in AcceptedCard.objects.held(chosen.agency)
        if said
        in (fingerprint_digits(bytes.fromhex(held.fingerprint)), fingerprint_words(bytes.fromhex(held.fingerprint)))
    ]
    actions.confirm_root(
        by=acting(settings, chosen.sign_in, "regulations.root-confirmed"),
        now=clock.now(),
        agency=chosen.agency,
        fingerprint=matching[-1] if matching else said.replace(" ", "")[:32],
        how=chosen.how,
        channel=chosen.channel,
    )
    return Answer(gettext("{name}: confirmed").format(name=chosen.agency), {"agency": chosen.agency, "confirmed": True})


def _list(chosen: argparse.Namespace, settings: Any) -> Answer:
    from accordant.exchange import partners, sync  # noqa: PLC0415  # after Django is set up
    from accordant.exchange.models import Peer  # noqa: PLC0415  # as above

    rows = []
    for agency in partners.confirmed_agencies(settings.agency):
        peer = Peer.objects.filter(agency=agency).first() or Peer(agency=agency)
        waiting = sync.waiting_for(agency)
        rows.append({"agency": agency, "waiting": waiting, "contact_at": peer.contact_at, "reason": peer.reason})
    lines = [gettext("{agency}: {waiting} waiting {reason}").format(**row).rstrip() for row in rows]
    return Answer("\n".join(lines), {"peers": rows})


def _stop(chosen: argparse.Namespace, settings: Any) -> Answer:
    return _set_stopped(chosen.agency, stopped=True)


def _start(chosen: argparse.Namespace, settings: Any) -> Answer:
    return _set_stopped(chosen.agency, stopped=False)


def _set_stopped(agency: str, *, stopped: bool) -> Answer:
    from accordant.exchange.models import Peer  # noqa: PLC0415  # after Django is set up

    Peer.objects.update_or_create(agency=agency, defaults={"stopped": stopped, "tries": 0, "next_try_at": 0})
    return Answer(
        (gettext("{name}: stopped") if stopped else gettext("{name}: started")).format(name=agency),
        {"agency": agency, "stopped": stopped},
    )


def _read(source: str) -> bytes:
    from accordant.exchange import transports  # noqa: PLC0415  # after Django is set up
    from accordant.exchange.transports.https import HttpsTransport  # noqa: PLC0415  # as above

    try:
        if not source.startswith(("http://", "https://")):
            return Path(source).read_bytes()
        asked = transports.Request(source.rstrip("/"), (), "GET", "/accordant/v1/card", {}, b"")
        return HttpsTransport(loopback_allowed=True).carry_unpinned(asked).body
    except (OSError, transports.NotReached) as error:
        raise Unavailable([_no_card(source, str(error))]) from error


def _no_card(source: str, why: str) -> Refusal:
    return refusal(
        "no-card",
        _("No card was taken."),
        _("{source} gives none: {why}."),
        _("Ask the agency for its card as a file, or check the address."),
        source=source,
        why=why,
    )
