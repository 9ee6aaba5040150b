"""Circles to rows: opened, joined, declined, closed; judged by headers and by the genesis that all members hold."""

from collections.abc import Sequence
from typing import Any

import msgspec

from accordant.entries import names
from accordant.entries.circles import Circle as Founded
from accordant.entries.errors import Refusal
from accordant.ledger.models import Circle, Member
from accordant.ledger.projector import Entry, handles
from accordant.ledger.tables import Tables
from accordant.regulations import entries as facts
from accordant.regulations.models import Closing, Opening, Party
from accordant.regulations.projections.cards import card_columns, keep_own_card
from accordant.regulations.projections.positions import named, place_of, position_of
from accordant.regulations.rules import circles, closing


@handles(facts.CircleOpened)
def on_circle_opened(entry: Entry[facts.CircleOpened], tables: Tables) -> Sequence[Refusal]:
    header, body = entry.header, entry.body
    circle, author, index = header.circle, header.agency, header.seq
    roles = place_of(entry, tables).roles
    refusals = circles.refusals_to_start_log(roles, circle=circle, author=author, index=index)
    if refusals:
        return refusals
    if body is not None and not circles.refusals_to_open_circle(body, circle=circle, author=author, index=index):
        founded = circles.circle_from(body)
        _keep_circle(entry, founded, tables)
        if founded.genesis.sort == "private":
            keep_own_card(entry, founded.cards[author], tables)
    _answer(tables, circle, author, entry.entry_id, circles.JOINED)
    return ()


@handles(facts.CircleJoined)
def on_circle_joined(entry: Entry[facts.CircleJoined], tables: Tables) -> Sequence[Refusal]:
    header = entry.header
    invitation = _invitation(entry, tables)
    refusals = circles.refusals_to_join_circle(invitation, author=header.agency, index=header.seq)
    if not refusals:
        _answer(tables, header.circle, header.agency, entry.entry_id, circles.JOINED)
    return refusals


@handles(facts.CircleDeclined)
def on_circle_declined(entry: Entry[facts.CircleDeclined], tables: Tables) -> Sequence[Refusal]:
    header = entry.header
    invitation = _invitation(entry, tables)
    refusals = circles.refusals_to_decline_circle(invitation, author=header.agency, index=header.seq)
    if not refusals:
        reason = "" if entry.body is None else entry.body.reason
        _answer(tables, header.circle, header.agency, entry.entry_id, circles.DECLINED, reason)
    return refusals


@handles(facts.CircleClosed)
def on_circle_closed(entry: Entry[facts.CircleClosed], tables: Tables) -> Sequence[Refusal]:
    header, digest = entry.header, entry.record.digest
    circle = tables.get(Circle, header.circle)
    refusals = closing.refusals_to_close_circle(
        place_of(entry, tables),
        author=header.agency,
        index=header.seq,
        digest=digest,
        whole=not header.to and header.b is not None and not header.re,
    )
    if refusals or circle is None:
        return refusals
    heads = None if entry.body is None else entry.body.heads
    fault = closing.heads_fault(heads, digest=digest, circle=header.circle)
    tables.insert(
        Closing,
        **tables.guard(entry.entry_id, header),
        **position_of(entry),
        circle=header.circle,
        digest=digest,
        heads=[] if fault else msgspec.to_builtins(heads),
        fault=fault,
    )
    tables.update(Circle, header.circle, closed={**circle["closed"], header.agency: header.seq})
    return ()


def _invitation(entry: Entry[Any], tables: Tables) -> circles.Invitation | None:
    circle = entry.header.circle
    if not any(names.parse_origin(ref.origin).circle == circle for ref in named(entry, "genesis")):
        return None
    place = place_of(entry, tables)
    states = {row["agency"]: row["state"] for row in tables.find(Party, circle=circle)}
    return circles.Invitation(circle, place.sort, place.roles, states) if place.roles else None


def _keep_circle(entry: Entry[facts.CircleOpened], founded: Founded, tables: Tables) -> None:
    """The circle with its parties. Opened twice with one genesis, it counts once, under the lesser origin."""
    genesis = founded.genesis
    openers = [row["origin"] for row in tables.find(Opening, circle=founded.id)]
    shown = {
        "sort": genesis.sort,
        "regulation": genesis.regulation,
        "ceiling": genesis.ceiling,
        "parent": genesis.parent,
    }
    guard = tables.guard(entry.entry_id, entry.header)
    tables.insert(Opening, **guard, **position_of(entry), **shown, circle=founded.id, name=genesis.label)
    if openers:
        if entry.ref.origin < min(openers):
            tables.update(Circle, founded.id, entry_id=entry.entry_id)
        return
    tables.insert(Circle, id=founded.id, entry_id=entry.entry_id, label=genesis.label, **shown)
    for member in genesis.members:
        tables.insert(Member, circle=founded.id, agency=member.agency, role=member.role, from_at=genesis.at)
        signed = founded.cards[member.agency]
        tables.insert(
            Party, circle=founded.id, agency=member.agency, role=member.role, card=member.card, **card_columns(signed)
        )


def _answer(tables: Tables, circle: str, agency: str, entry_id: int, state: str, reason: str = "") -> None:
    for party in tables.find(Party, circle=circle, agency=agency):
        tables.update(Party, party["id"], state=state, entry_id=entry_id, reason=reason)
    for member in tables.find(Member, circle=circle, agency=agency):
        tables.update(Member, member["id"], joined=state == circles.JOINED)
