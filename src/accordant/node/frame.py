"""What the frame of every page is told by the composition root: link lamps and the agencies' names."""

from collections.abc import Sequence
from datetime import datetime

from accordant.pages import frame


def install() -> None:
    """Hand the provider in; called once the applications are ready."""
    frame.provide(frame.Provider(links=_links, names=_names))


def _links(now: datetime) -> Sequence[frame.LinkLamp]:
    return ()


def _names(agency: str) -> tuple[str, str]:
    return agency, agency
