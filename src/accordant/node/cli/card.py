"""`accordant card DIR`: this agency's card, to hand to other agencies, or its fingerprint to read aloud."""

import argparse
from pathlib import Path

from accordant.node.cli.command import Answer, open_node
from accordant.node.cli.words import gettext


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("directory", metavar="DIR", help=gettext("the node's directory"))
    parser.add_argument("--out", metavar="FILE", help=gettext("write the card to a file"))
    parser.add_argument("--fingerprint", action="store_true", help=gettext("print the fingerprint as digits and words"))


def run(chosen: argparse.Namespace) -> Answer:
    """Print or write the card."""
    settings = open_node(chosen.directory)
    from accordant.entries import cards  # noqa: PLC0415  # after Django is set up
    from accordant.exchange import partners  # noqa: PLC0415  # as above

    own = partners.confirmed_card(settings.agency)
    if own is None:
        raise LookupError("a node without a card of its own was not created by init")
    mark = cards.fingerprint(own.card.root)
    digits, words = cards.fingerprint_digits(mark), cards.fingerprint_words(mark)
    answer = {"agency": settings.agency, "card": own.data.decode(), "digits": digits, "words": words}
    if chosen.out:
        Path(chosen.out).write_bytes(own.data)
        return Answer(f"{chosen.out}\n{digits}\n{words}", answer)
    return Answer(f"{digits}\n{words}" if chosen.fingerprint else own.data.decode().rstrip(), answer)
