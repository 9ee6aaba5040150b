"""The installed domains, in the order of the menu; importing their fixed files fills the registries."""

from importlib import import_module
from importlib.util import find_spec
from typing import Final

DOMAINS: Final = (
    "accordant.regulations",
    "accordant.domains.information",
    "accordant.domains.programmes",
    "accordant.domains.reviews",
)
FILES: Final = ("entries", "figures", "projections", "actions", "views")


def load() -> None:
    """Import each domain's fixed files once; called when Django's applications are ready."""
    for domain in DOMAINS:
        for name in FILES:
            if find_spec(f"{domain}.{name}") is not None:
                import_module(f"{domain}.{name}")
