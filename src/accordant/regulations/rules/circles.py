"""Opening, joining and declining circles.

Rules kept here (wire paper 2): the genesis decides the circle's id and stands in entry 0 of the log of one party; its
members are sorted, each with its whole card; ours is opened only with cards whose roots a person confirmed, and joined
only with our own current card in it; a party answers once, with its own entry 0, by joining or by declining.
Left to others: shape and limits of a genesis (`entries.circles`), who may act (`writers`), how entries travel.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from accordant.entries import circles, names
from accordant.entries.cards import SignedCard
from accordant.entries.envelope import Officer
from accordant.entries.errors import Refusal, refusal
from accordant.entries.kinds import gettext_noop as _
from accordant.regulations.entries import CircleOpenedBody, GenesisParty
from accordant.regulations.rules.parents import refusals_to_share_parent
from accordant.regulations.rules.writers import is_node, refusals_to_write

NONCE_BYTES: Final = 16
PART_BYTES: Final = 4_194_304
REGULATION_CHARACTERS: Final = 200
PARTY: Final = "party"
INVITED, JOINED, DECLINED = "invited", "joined", "declined"
_NOT_OPENED: Final = _("The circle was not opened.")
_NOT_JOINED: Final = _("The circle was not joined.")
_NOT_DECLINED: Final = _("The circle was not declined.")


@dataclass(frozen=True)
class Founding:
    """What the genesis of a new circle is made of; `at` in milliseconds since 1970 UTC, `nonce` 16 random bytes."""

    label: str
    sort: str
    regulation: str
    at: int
    nonce: bytes
    ceiling: int = 0
    quorum: str = "all"
    parent: str = ""


@dataclass(frozen=True)
class Invitation:
    """A circle as its genesis and the answers so far say: role and state of each agency."""

    circle: str
    sort: str
    roles: Mapping[str, str]
    states: Mapping[str, str] = field(default_factory=dict)


def genesis_of(founding: Founding, cards: Mapping[str, SignedCard]) -> CircleOpenedBody:
    """The genesis with these agencies' cards, all of them parties, sorted."""
    parties = (GenesisParty(agency, PARTY, cards[agency].data.decode()) for agency in sorted(cards))
    body = CircleOpenedBody(
        v=1,
        label=founding.label,
        sort=founding.sort,
        regulation=founding.regulation,
        at=founding.at,
        nonce=founding.nonce.hex(),
        members=tuple(parties),
        cipher="age",
        quorum=founding.quorum,
        part=PART_BYTES,
    )
    if founding.ceiling:
        body = msgspec.structs.replace(body, ceiling=founding.ceiling)
    return msgspec.structs.replace(body, parent=founding.parent) if founding.parent else body


def circle_from(body: CircleOpenedBody) -> circles.Circle:
    """The circle that a genesis founds, with its id and cards; raises `circles.BadGenesis`."""
    return circles.circle_of(msgspec.to_builtins(body))


def refusals_to_found_circle(
    founding: Founding,
    *,
    by: Officer,
    members: Sequence[str],
    own_card: bool,
    unconfirmed: Sequence[str],
    parent_parties: Sequence[str] = (),
) -> list[Refusal]:
    """Empty when this agency may open such a circle with these members (wire paper 2, Open, step 1).

    `unconfirmed` are the members whose root nobody here confirmed, `parent_parties` those of the main circle it names.
    """
    refusals = list(refusals_to_write("regulations.circle-opened", by))
    if not own_card:
        refusals.append(_no_own_card())
    if not names.is_circle_label(founding.label):
        refusals.append(_bad_label(founding.label))
    if founding.sort != "private" and is_node(by):
        refusals.append(_by_a_person())
    if founding.sort == "main" and not founding.regulation.strip():
        refusals.append(_no_regulation())
    if founding.sort != "private" and not set(members) - {by.agency}:
        refusals.append(_alone())
    refusals += refusals_to_share_parent(
        _NOT_OPENED,
        sort=founding.sort,
        parent=founding.parent,
        parties={*members, by.agency},
        known=parent_parties,
    )
    if unconfirmed:
        refusals.append(_unconfirmed(_NOT_OPENED, unconfirmed))
    return refusals


def refusals_to_open_circle(body: CircleOpenedBody, *, circle: str, author: str, index: int) -> list[Refusal]:
    """Empty when the genesis founds the circle it stands in, as entry 0 of a party's log (wire paper 2)."""
    try:
        founded = circle_from(body)
    except circles.BadGenesis as error:
        return [_bad_genesis(str(error))]
    genesis = founded.genesis
    if len(genesis.regulation) > REGULATION_CHARACTERS or (genesis.parent and not names.is_circle_id(genesis.parent)):
        return [_bad_genesis("regulation, parent")]
    refusals = [] if founded.id == circle else [_other_circle(circle, founded.id)]
    if author not in founded.parties:
        refusals.append(_no_party(_NOT_OPENED, author, circle))
    if index != 0:
        refusals.append(_not_first(_NOT_OPENED, index))
    return refusals


def refusals_to_start_log(roles: Mapping[str, str], *, circle: str, author: str, index: int) -> list[Refusal]:
    """Empty when a genesis may stand there by its header alone; `roles` is empty while the circle is not held.

    Its body may be kept from one party: what it founds is looked at where it is here, and judges nobody's entry.
    """
    refusals = [_no_party(_NOT_OPENED, author, circle)] if roles and roles.get(author) != PARTY else []
    return [*refusals, _not_first(_NOT_OPENED, index)] if index != 0 else refusals


def refusals_to_join_circle(
    invitation: Invitation | None,
    *,
    author: str,
    index: int,
    by: Officer | None = None,
    own_card_current: bool = True,
    unconfirmed: Sequence[str] = (),
) -> list[Refusal]:
    """Empty when this party may join with its entry 0; the last three are known for our own act alone.

    Wire paper 2, Open, step 4 and Join: own current card in the genesis, all members' roots confirmed.
    """
    refusals = [*refusals_to_write("regulations.circle-joined", by), *_answer(_NOT_JOINED, invitation, author, index)]
    if not own_card_current:
        refusals.append(_old_card())
    if unconfirmed:
        refusals.append(_unconfirmed(_NOT_JOINED, unconfirmed))
    return refusals


def refusals_to_join_closed(closed: Sequence[str]) -> list[Refusal]:
    """Empty while nobody has closed the proposed circle; known for our own act alone."""
    return [_closed(closed)] if closed else []


def refusals_to_join_under_parent(
    invitation: Invitation, *, parent: str, parent_parties: Sequence[str]
) -> list[Refusal]:
    """Empty when the parties of the proposed circle share its `parent`, if it names one (`parents`)."""
    parties = [agency for agency, role in invitation.roles.items() if role == PARTY]
    return refusals_to_share_parent(
        _NOT_JOINED, sort=invitation.sort, parent=parent, parties=parties, known=parent_parties
    )


def refusals_to_decline_circle(
    invitation: Invitation | None, *, author: str, index: int, by: Officer | None = None, reason: str | None = None
) -> list[Refusal]:
    """Empty when this party may decline with its entry 0; our own act says why (`reason` None = not known here)."""
    refusals = list(refusals_to_write("regulations.circle-declined", by))
    if reason is not None and not reason.strip():
        refusals.append(_no_reason())
    return refusals + _answer(_NOT_DECLINED, invitation, author, index)


def refusals_without_proposal(message: str = _NOT_JOINED) -> list[Refusal]:
    """What stands against an act in a circle of which no genesis is held; `message` says what was not done."""
    return [_no_proposal(message)]


def refusals_to_malformed_genesis(why: str) -> list[Refusal]:
    """What stands against a genesis of ours that breaks its format."""
    return [_bad_genesis(why)]


def refusals_to_found_second_private_circle(held: str) -> list[Refusal]:
    """Empty while this agency has no private circle (`held`: its id or "")."""
    return [_second_private(held)] if held else []


def _answer(message: str, invitation: Invitation | None, author: str, index: int) -> list[Refusal]:
    if invitation is None:
        return [_no_proposal(message)]
    refusals = []
    if invitation.roles.get(author) != PARTY:
        refusals.append(_no_party(message, author, invitation.circle))
    elif invitation.states.get(author, INVITED) != INVITED:
        refusals.append(_answered(message, author))
    if index != 0:
        refusals.append(_not_first(message, index))
    return refusals


def _no_own_card() -> Refusal:
    return refusal(
        "own-card-missing",
        _NOT_OPENED,
        _("This node has no card of its own yet."),
        _("Run accordant init, which makes the keys and the card."),
    )


def _bad_label(label: str) -> Refusal:
    return refusal(
        "circle-label",
        _NOT_OPENED,
        _("The short name {label} has other signs than small letters a to z, digits and hyphens, or more than 40."),
        _("Choose a name such as qc-12-2026."),
        label=label[:60],
    )


def _by_a_person() -> Refusal:
    return refusal(
        "circle-by-person",
        _NOT_OPENED,
        _("A circle with other agencies is opened by an officer, never by the node itself."),
        _("Sign in and open it on the page of circles."),
    )


def _no_regulation() -> Refusal:
    return refusal(
        "circle-regulation",
        _NOT_OPENED,
        _("The main circle of a regulation names the regulation."),
        _("Enter its number, or its working title while it has none."),
    )


def _alone() -> Refusal:
    return refusal(
        "circle-alone",
        _NOT_OPENED,
        _("No other agency was chosen."),
        _("Choose at least one agency whose root key is confirmed."),
    )


def _unconfirmed(message: str, agencies: Sequence[str]) -> Refusal:
    return refusal(
        "root-unconfirmed",
        message,
        _("Nobody here has confirmed the root key of: {agencies}."),
        _("Compare the fingerprint with them in person or by voice on the page of peers, then try again."),
        agencies=", ".join(sorted(agencies)),
    )


def _bad_genesis(why: str) -> Refusal:
    return refusal(
        "bad-genesis",
        _NOT_OPENED,
        _("Its founding record breaks a rule: {why}."),
        _("The opener opens a new circle with a correct record."),
        why=why,
    )


def _other_circle(circle: str, founded: str) -> Refusal:
    return refusal(
        "genesis-elsewhere",
        _NOT_OPENED,
        _("The founding record gives the circle {founded} but stands in {circle}."),
        _("The opener opens a new circle; this log is not used."),
        circle=circle,
        founded=founded,
    )


def _no_party(message: str, agency: str, circle: str) -> Refusal:
    return refusal(
        "no-party-of-circle",
        message,
        _("{agency} is no party of the circle {circle}."),
        _("The parties open a circle that includes it."),
        agency=agency,
        circle=circle,
    )


def _not_first(message: str, index: int) -> Refusal:
    return refusal(
        "not-entry-zero",
        message,
        _("This fact is entry 0 of a log; here it stands at {index}."),
        _("Nothing needs to be done: the first entry of that log counts."),
        index=index,
    )


def _no_proposal(message: str) -> Refusal:
    return refusal(
        "no-proposal",
        message,
        _("No founding record of this circle is held here."),
        _("Ask the opener to send its proposal again."),
    )


def _answered(message: str, agency: str) -> Refusal:
    return refusal(
        "circle-answered",
        message,
        _("{agency} has answered this proposal already."),
        _("An answer stands; for another one a new circle is opened."),
        agency=agency,
    )


def _closed(agencies: Sequence[str]) -> Refusal:
    return refusal(
        "circle-closing",
        _NOT_JOINED,
        _("The circle was closed already by: {agencies}."),
        _("Decline the proposal, and ask for a new circle if one is still wanted."),
        agencies=", ".join(sorted(agencies)),
    )


def _old_card() -> Refusal:
    return refusal(
        "own-card-old",
        _NOT_JOINED,
        _("The proposal does not hold this agency's current card."),
        _("Send the opener the current card and ask for a new circle."),
    )


def _second_private(circle: str) -> Refusal:
    return refusal(
        "private-circle-once",
        _NOT_OPENED,
        _("This agency has its private circle already: {circle}."),
        _("Nothing needs to be done."),
        circle=circle,
    )


def _no_reason() -> Refusal:
    return refusal(
        "decline-without-reason",
        _NOT_DECLINED,
        _("No reason was given."),
        _("Say in one sentence why the agency does not join."),
    )
