"""`accordant demo`: three agencies on this machine with five years of work."""

import argparse

from accordant.node.cli.command import Answer


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""


def run(chosen: argparse.Namespace) -> Answer:
    """Create and serve the nodes."""
    return Answer()
