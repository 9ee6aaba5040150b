"""`accordant import DIR TABLE FILE`: a table of facts, read whole and written by the ordinary actions."""

import argparse

from accordant.node.cli.command import Answer


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""


def run(chosen: argparse.Namespace) -> Answer:
    """Import the table."""
    return Answer()
