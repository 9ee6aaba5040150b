"""`accordant officer …`: officers, offices and roles."""

import argparse

from accordant.node.cli.command import Answer


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""


def run(chosen: argparse.Namespace) -> Answer:
    """Run the verb."""
    return Answer()
