"""Who acts when a command is typed: the person at the machine's keyboard, named by an office of the node."""

from typing import Any

from accordant.entries.envelope import Officer


def at_the_keyboard(settings: Any, *, office: str = "node-keyboard", roles: tuple[str, ...] = ()) -> Officer:
    """The author of acts from the command line. Whoever has the data directory and its keys runs the node."""
    return Officer(id="", office=office, agency=settings.agency, roles=frozenset(roles))


def acting(settings: Any, sign_in: str, office: str) -> Officer:
    """The officer with this sign-in name in this office, as of now; raises `Refused` when the office is not held."""
    from accordant.accounts.models import Officer as Account  # noqa: PLC0415  # after Django is set up
    from accordant.accounts.subjects import acting_officer  # noqa: PLC0415  # as above
    from accordant.node import clock  # noqa: PLC0415  # as above

    account = Account.objects.get(sign_in=sign_in)
    return acting_officer(account, office, clock.now())
