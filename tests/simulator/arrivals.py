"""Nodes that are handed other parties' logs by the test, piece by piece and in an order of its choice."""

import random
from collections.abc import Sequence

from accordant.ledger import replica
from accordant.ledger.models import Body, Checkpoint, Entry, Log
from accordant.tlog import note
from tests.simulator.world import SimulatedNode, World

Parcel = tuple[replica.Section, note.VerifierKey]


def own_log(node: SimulatedNode, circle: str) -> Parcel:
    """The node's whole log in the circle, as it travels."""
    (parcel,) = own_pieces(node, circle, stops=[])
    return parcel


def own_pieces(node: SimulatedNode, circle: str, *, stops: Sequence[int]) -> list[Parcel]:
    """The node's log in the circle in pieces, which end at these of the sizes it signed, and at its own."""
    with node.at():
        log = Log.objects.get(circle=circle, ours=True)
        notes = dict(Checkpoint.objects.filter(log=log).values_list("size", "note"))
        rows = list(Entry.objects.filter(log=log).order_by("index"))
        bodies = {body.entry_id: body for body in Body.objects.filter(entry_id__in=[row.pk for row in rows])}
        key = node.ring.log_verifier(log.origin)
    held = {
        row.index: (bytes(bodies[row.pk].salt), bytes(bodies[row.pk].plaintext)) for row in rows if row.pk in bodies
    }
    parcels: list[Parcel] = []
    start = 0
    for stop in sorted({*(size for size in stops if size in notes), log.size}):
        section = replica.Section(
            origin=log.origin,
            start=start,
            note=bytes(notes[stop]),
            headers=[bytes(row.header) for row in rows[start:stop]],
            bodies={index: body for index, body in held.items() if start <= index < stop},
        )
        parcels.append((section, key))
        start = stop
    return parcels


def handed(world: World, name: str, parcels: Sequence[Parcel]) -> SimulatedNode:
    """A fresh node that took these sections in this order; its rows are what a rebuild gives."""
    node = world.add(name)
    with node.at():
        for section, key in parcels:
            replica.take_section(section, log_key=key, us=name, stored_at=0)
    node.assert_rebuilds()
    return node


def shuffled(chance: random.Random, nodes: Sequence[SimulatedNode], circle: str, *, pieces: int) -> list[Parcel]:
    """The logs of these nodes in the circle, each in about so many pieces, mixed: only pieces of one log keep order."""
    waiting = []
    for node in nodes:
        with node.at():
            sizes = Checkpoint.objects.filter(log__circle=circle, log__ours=True).values_list("size", flat=True)
            known = sorted(sizes)
        waiting.append(own_pieces(node, circle, stops=chance.sample(known, min(len(known), pieces - 1))))
    mixed: list[Parcel] = []
    while any(waiting):
        mixed.append(chance.choice([parcels for parcels in waiting if parcels]).pop(0))
    return mixed


def in_other_orders(world: World, circle: str, agencies: Sequence[str], *, orders: int = 3) -> list[str]:
    """Fresh nodes, by name, that took the settled logs of these agencies in pieces, each in another random order."""
    nodes = [world.nodes[agency] for agency in agencies]
    found = [shuffled(world.chance, nodes, circle, pieces=8) for _order in range(orders)]
    return [handed(world, f"n{number}.example", order).agency for number, order in enumerate(found)]


def settle_all(world: World) -> None:
    """Let all that was written arrive, also where a line was tried and left alone for a while."""
    world.clock.forward(minutes=5)
    world.settle()
