"""Roles as data (access paper A5): which kinds a role reads and writes, and which holdings exclude each other.

An agency may narrow a role, not widen it. Deny by default: a kind that no prefix names is neither read nor written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from accordant.entries.kinds import gettext_noop as _


@dataclass(frozen=True)
class Role:
    """One role. `reads` and `writes` are prefixes of kinds; the flags are H, R, X, S of the paper."""

    code: str
    title: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    sees_stubs: bool = False
    keeps_archives: bool = False
    exports: bool = False
    supervises: bool = False
    alone: bool = False  # static separation: held with no other role

    def reads_kind(self, kind: str) -> bool:
        """Whether bodies of this kind are open to the role."""
        return kind.startswith(self.reads)

    def writes_kind(self, kind: str) -> bool:
        """Whether the role writes facts of this kind."""
        return kind.startswith(self.writes)


_WORK: Final = ("regulations.", "information.", "programmes.", "reviews.")
_LIST: Final = (
    Role(
        "liaison-officer",
        _("Liaison officer"),
        reads=_WORK,
        writes=(
            "information.",
            "programmes.",
            "reviews.",
            "regulations.circle-",
            "regulations.text-",
        ),
        sees_stubs=True,
        exports=True,
    ),
    Role(
        "commander",
        _("Commander"),
        reads=_WORK,
        writes=(
            "information.item-acknowledged",
            "information.item-returned",
            "reviews.",
            "regulations.circle-",
            "regulations.text-",
            "regulations.regulation-signed",
        ),
        exports=True,
        supervises=True,
    ),
    Role(
        "security-administrator",
        _("Security administrator"),
        reads=(),
        writes=(),
        sees_stubs=True,
        alone=True,
    ),
    Role(
        "node-administrator",
        _("Node administrator"),
        reads=("regulations.card-", "regulations.root-"),
        writes=("regulations.card-", "regulations.root-"),
        alone=True,
    ),
)
ROLES: Final[Mapping[str, Role]] = {role.code: role for role in _LIST}
