"""The genesis of a circle (wire paper 2): its members with their cards, fixed for life.

Rules kept here: shape and limits, sorted members whose cards hold, the circle's id. Left to others: opening and joining
(`regulations`), which of the members' roots a person confirmed.
"""

from dataclasses import dataclass
from typing import Final

import msgspec

from accordant.entries import cards, codec, limits, names

SORTS: Final = ("main", "smaller", "private", "exercise")


class BadGenesis(ValueError):
    """A genesis that breaks its rules."""


class Member(msgspec.Struct, frozen=True):
    """A member: agency, role `party` or `witness`, its whole card statement."""

    agency: str
    role: str
    card: str


class Genesis(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a circle is. `quorum` "all" or a number as text: how many other parties make "received by all"."""

    v: int
    label: str
    sort: str
    regulation: str
    at: int
    nonce: str
    members: tuple[Member, ...]
    cipher: str = "age"
    ceiling: int = 0
    quorum: str = "all"
    part: int = 4_194_304
    parent: str = ""


@dataclass(frozen=True)
class Circle:
    """A checked genesis with its id and the members' cards."""

    id: str
    genesis: Genesis
    cards: dict[str, cards.SignedCard]

    @property
    def parties(self) -> tuple[str, ...]:
        """The agencies that have a log in this circle, sorted."""
        return tuple(m.agency for m in self.genesis.members if m.role == "party")


def circle_of(plain: object) -> Circle:
    """The circle that a genesis object (record `d` of the body of entry 0) founds; raises `BadGenesis`."""
    data = codec.encode(plain)
    try:
        genesis = msgspec.convert(plain, Genesis)
        _check(genesis, data)
        held = {m.agency: cards.read(m.card.encode()) for m in genesis.members}
        circle_id = names.circle_id(genesis.label, data)
    except (msgspec.ValidationError, cards.BadCard, names.BadName) as error:
        raise BadGenesis(str(error)) from error
    for agency, signed in held.items():
        if signed.card.agency != agency:
            raise BadGenesis(f"the card beside {agency} is of {signed.card.agency}")
    return Circle(circle_id, genesis, held)


def _check(genesis: Genesis, data: bytes) -> None:
    agencies = [m.agency for m in genesis.members]
    if genesis.v != 1 or genesis.sort not in SORTS or len(data) > limits.GENESIS_BYTES:
        raise BadGenesis("version, sort or size")
    if len(genesis.nonce) != 32 or genesis.cipher != "age" or not 0 <= genesis.ceiling <= 3:
        raise BadGenesis("nonce, cipher or ceiling")
    if agencies != sorted(set(agencies)) or not 1 <= len(agencies) <= limits.CIRCLE_MEMBERS:
        raise BadGenesis("members are not sorted and unique")
    if any(m.role not in ("party", "witness") for m in genesis.members):
        raise BadGenesis("a member is neither party nor witness")
    if (genesis.sort == "private") != (len(agencies) == 1):
        raise BadGenesis("a private circle has one member, every other has more")
    if genesis.quorum != "all" and not (genesis.quorum.isdigit() and 1 <= int(genesis.quorum) < len(agencies)):
        raise BadGenesis("quorum")
