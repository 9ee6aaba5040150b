"""The clauses of acts on accounts themselves (access paper A1, A4 GRANT, A5): called here and by `ledger.read.may`."""

from collections.abc import Sequence

from accordant.accounts.roles import ROLES
from accordant.entries.errors import Refusal, refusal
from accordant.entries.kinds import gettext_noop as _


def refusals_to_grant_role(
    *, role: str, held: Sequence[str], office_known: bool, office: str, to_oneself: bool
) -> list[Refusal]:
    """Empty when the role may be granted beside the roles held; static separation of duties as in access paper A5."""
    found: list[Refusal] = []
    if role not in ROLES:
        return [_unknown_role(role)]
    if not office_known:
        found.append(_unknown_office(office))
    if to_oneself:
        found.append(_oneself())
    others = [other for other in held if other != role]
    clashing = [other for other in others if ROLES[role].alone or (other in ROLES and ROLES[other].alone)]
    if clashing:
        found.append(_separated(role, clashing))
    return found


def _unknown_role(role: str) -> Refusal:
    return refusal(
        "unknown-role",
        _("The role was not granted."),
        _("There is no role {role}."),
        _("Choose one of: {roles}."),
        role=role,
        roles=", ".join(ROLES),
    )


def _unknown_office(office: str) -> Refusal:
    return refusal(
        "unknown-office",
        _("The role was not granted."),
        _("There is no office {office}."),
        _("Define the office first."),
        office=office,
    )


def _oneself() -> Refusal:
    return refusal(
        "grant-oneself",
        _("The role was not granted."),
        _("Nobody grants a role to itself."),
        _("Ask another security administrator."),
    )


def _separated(role: str, clashing: Sequence[str]) -> Refusal:
    return refusal(
        "separation",
        _("The role was not granted."),
        _("{role} is never held together with {others}."),
        _("Give the role to another officer, or end the other role first."),
        role=role,
        others=", ".join(sorted(set(clashing))),
    )
