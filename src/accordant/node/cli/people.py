"""Who acts when a command is typed: an officer of the node, by sign-in name, in an office that may do the act."""

from typing import Any

from accordant.entries.envelope import Officer
from accordant.entries.errors import Refusal, Refused, refusal
from accordant.entries.kinds import gettext_noop as _


def account(settings: Any, sign_in: str) -> Any:
    """The officer with this sign-in name; raises `Refused`."""
    from accordant.accounts.models import Officer as Account  # noqa: PLC0415  # after Django is set up

    found = Account.objects.filter(sign_in=sign_in).first()
    if found is None:
        raise Refused([_nobody(sign_in, settings.agency)])
    return found


def acting(settings: Any, sign_in: str, kind: str) -> Officer:
    """The officer in the first of its offices that writes facts of `kind`, else in its first; raises `Refused`."""
    from accordant.accounts.roles import ROLES  # noqa: PLC0415  # after Django is set up
    from accordant.accounts.subjects import acting_officer, subject_at  # noqa: PLC0415  # as above
    from accordant.node import clock  # noqa: PLC0415  # as above

    officer = account(settings, sign_in)
    assignments = subject_at(officer.id, clock.now()).assignments
    fitting = [a for a in assignments if a.role in ROLES and ROLES[a.role].writes_kind(kind)]
    if not assignments:
        raise Refused([_no_office(sign_in)])
    return acting_officer(officer, (fitting or list(assignments))[0].office, clock.now())


def _nobody(sign_in: str, agency: str) -> Refusal:
    return refusal(
        "no-officer",
        _("Nothing was done."),
        _("No officer of {agency} signs in as {sign_in}."),
        _("See the names with: accordant officer list DIR"),
        sign_in=sign_in,
        agency=agency,
    )


def _no_office(sign_in: str) -> Refusal:
    return refusal(
        "no-office",
        _("Nothing was done."),
        _("{sign_in} holds no office at this moment."),
        _("Grant a role with: accordant officer grant DIR"),
        sign_in=sign_in,
    )
