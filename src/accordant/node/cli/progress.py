"""A progress bar on a terminal; nothing elsewhere."""

import sys
from collections.abc import Callable

from accordant.node.cli.words import gettext


def bar(title: str, total: int) -> Callable[[int], None]:
    """A function that shows how many of `total` are done; it writes to a terminal only."""
    if not sys.stderr.isatty():
        return lambda done: None

    def show(done: int) -> None:
        share = min(done / total, 1.0) if total else 1.0
        filled = int(share * 30)
        end = "\n" if done >= total else ""
        sys.stderr.write(f"\r{gettext(title):<28} [{'#' * filled}{'.' * (30 - filled)}] {done:>8,} / {total:,}{end}")
        sys.stderr.flush()

    return show
