"""Who may read and see what (access paper A3): six clauses, pure, deny by default.

`may_read` is the conjunction of the six, `may_see` of the three that give a stub row; `why` tells each clause with the
fact that made it true or false. The SQL form in `page` keeps the same rules; tests prove them equal.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from accordant.accounts.roles import ROLES
from accordant.accounts.subjects import Subject
from accordant.entries.errors import Sentence
from accordant.entries.kinds import gettext_noop as _

PRIVATE = "private"


@dataclass(frozen=True)
class Thing:
    """What is to be read: the attributes of its label and its reach. `scopes` name its circle in assignments."""

    circle: str
    scopes: frozenset[str]
    owner: str
    addressees: tuple[str, ...]
    kind: str
    marking: int
    compartments: frozenset[str] = frozenset()
    unit: str = ""
    reach: int = 0


@dataclass(frozen=True)
class Facts:
    """What the ledger's tables say of this officer and this thing at the instant."""

    member: bool
    in_team: bool = False
    named: bool = False
    excluded: bool = False


@dataclass(frozen=True)
class Clause:
    """One clause's answer."""

    number: int
    name: Sentence
    holds: bool
    fact: Sentence


def party(subject: Subject, thing: Thing, facts: Facts) -> bool:
    """Clause 1: the officer's agency is in the circle and owns or is addressed by the thing."""
    return facts.member and (
        not thing.addressees or subject.agency in thing.addressees or subject.agency == thing.owner
    )


def level(subject: Subject, thing: Thing) -> bool:
    """Clause 2: the clearance reaches the marking."""
    return subject.clearance >= thing.marking


def compartments(subject: Subject, thing: Thing) -> bool:
    """Clause 3: every compartment of the thing is one of the officer's."""
    return thing.compartments <= frozenset(subject.compartments)


def role(subject: Subject, thing: Thing) -> bool:
    """Clause 4: an assignment's scope covers the circle, its role reads the kind, its unit holds the thing's."""
    return any(
        a.scope in thing.scopes and ROLES[a.role].reads_kind(thing.kind) and thing.unit.startswith(a.unit)
        for a in subject.assignments
    )


def supervises(subject: Subject, thing: Thing) -> bool:
    """Whether an assignment of clause 4 supervises, so that teams are open to it."""
    return any(
        a.scope in thing.scopes
        and ROLES[a.role].supervises
        and ROLES[a.role].reads_kind(thing.kind)
        and thing.unit.startswith(a.unit)
        for a in subject.assignments
    )


def sees_stub(subject: Subject, thing: Thing) -> bool:
    """Clause 4 by a role marked H: registers show position, date, kind, parties, marking."""
    return any(
        a.scope in thing.scopes
        and ROLES[a.role].sees_stubs
        and ROLES[a.role].reads_kind(thing.kind)
        and thing.unit.startswith(a.unit)
        for a in subject.assignments
    )


def need(subject: Subject, thing: Thing, facts: Facts) -> bool:
    """Clause 5: reach unit, or in the team (or supervising it), or named."""
    if thing.reach == 0:
        return True
    if thing.reach == 1:
        return facts.in_team or supervises(subject, thing)
    return facts.named


def may_read(subject: Subject, thing: Thing, facts: Facts) -> bool:
    """All six clauses."""
    return (
        party(subject, thing, facts)
        and level(subject, thing)
        and compartments(subject, thing)
        and role(subject, thing)
        and need(subject, thing, facts)
        and not facts.excluded
    )


def may_see(subject: Subject, thing: Thing, facts: Facts) -> bool:
    """The stub: member, a role marked H, not excluded."""
    return facts.member and sees_stub(subject, thing) and not facts.excluded


def why(subject: Subject, thing: Thing, facts: Facts) -> Sequence[Clause]:
    """The six clauses in order, each with the fact that made it true or false."""
    places = {
        "agency": subject.agency,
        "owner": thing.owner,
        "clearance": subject.clearance,
        "marking": thing.marking,
        "compartments": ", ".join(sorted(thing.compartments)),
        "roles": ", ".join(sorted({a.role for a in subject.assignments})),
        "circle": thing.circle,
    }

    def clause(number: int, name: str, holds: bool, true: str, false: str) -> Clause:
        return Clause(number, Sentence(name), holds, Sentence(true if holds else false, places))

    return (
        clause(
            1,
            _("Party"),
            party(subject, thing, facts),
            _("{agency} is a party of the circle {circle} and owns this entry or is addressed by it."),
            _("{agency} is not a party of the circle {circle}, or the entry is addressed to others."),
        ),
        clause(
            2,
            _("Level"),
            level(subject, thing),
            _("The clearance {clearance} reaches the marking {marking}."),
            _("The clearance {clearance} is below the marking {marking}."),
        ),
        clause(
            3,
            _("Compartments"),
            compartments(subject, thing),
            _("No compartment is missing."),
            _("A compartment of this entry is missing: {compartments}."),
        ),
        clause(
            4,
            _("Role"),
            role(subject, thing),
            _("An office held now reads this kind here: {roles}."),
            _("No office held now reads this kind in this circle and unit."),
        ),
        clause(
            5,
            _("Need to know"),
            need(subject, thing, facts),
            _("The entry is open to the unit, or the officer is in its team or named."),
            _("The entry is for a team or for named persons, and the officer is not among them."),
        ),
        clause(
            6,
            _("No exclusion"),
            not facts.excluded,
            _("No exclusion stands against the officer."),
            _("The officer is excluded from this entry or its activity."),
        ),
    )
