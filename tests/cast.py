"""The people of the tests: three parties of one regulation, an outsider, and the canary that must not leak."""

from typing import Final

from accordant.entries.envelope import Officer

GUARD: Final = "guard.example"
MILITARY: Final = "military.example"
PROVINCE: Final = "province.example"
OUTSIDER: Final = "outsider.example"
PARTIES: Final = (GUARD, MILITARY, PROVINCE)

CANARY: Final = "Nguyễn Canary 7f3a"
"""The protected person: the name stands in bodies only, so that nobody but addressees may ever hold it."""

OFFICES: Final = {
    "liaison": ("liaison-officer",),
    "commander": ("commander",),
    "security": ("security-administrator",),
    "administrator": ("node-administrator",),
}


def officer(agency: str, office: str = "liaison") -> Officer:
    """A person of an agency in one of the offices of `OFFICES`."""
    return Officer(id=f"{office}-1", office=office, agency=agency, roles=frozenset(OFFICES[office]))
