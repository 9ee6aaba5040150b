"""Whatever order logs arrive in, every node comes to the same rows."""

from collections.abc import Callable, Sequence
from itertools import permutations

import pytest

from accordant.entries.kinds import Fact
from accordant.ledger.append import append
from accordant.ledger.models import Circle, Entry, Member, State
from accordant.regulations import actions
from accordant.regulations import entries as facts
from accordant.regulations.models import AcceptedCard, Opening, Party, Regulation, Signature
from accordant.regulations.rules.circles import Founding, circle_from, genesis_of
from accordant.regulations.rules.reading import Reading, read_text
from tests.regulations.conftest import CITY, ENGLISH, GUARD, MILITARY, import_and_confirm, sign
from tests.simulator.arrivals import Parcel, handed, own_log
from tests.simulator.facts import NoteMade
from tests.simulator.world import World


def rows_of(circle: str) -> dict[str, Sequence[object]]:
    """What a node knows of the circle, without its local ids."""
    entries = Entry.objects.filter(log__circle=circle).order_by("log__origin", "index")
    return {
        "entries": list(entries.values_list("log__origin", "index", "state", "code")),
        "circle": list(Circle.objects.values_list("id", "sort", "regulation")),
        "opened": sorted(Opening.objects.values_list("origin", "index")),
        "opener": [Entry.objects.get(pk=held.entry_id).log.origin for held in Circle.objects.all()],
        "members": sorted(Member.objects.values_list("agency", "role", "joined", "from_at")),
        "parties": sorted(Party.objects.values_list("agency", "state", "reason", "serial")),
        "regulations": sorted(
            Regulation.objects.values_list("origin", "index", "state", "in_force_at", "title_vi", "title_en")
        ),
        "signatures": sorted(Signature.objects.values_list("origin", "index")),
    }


def after(world: World, name: str, parcels: Sequence[Parcel], circle: str) -> dict[str, Sequence[object]]:
    """The rows of a fresh node that gets the logs in this order."""
    with handed(world, name, parcels).at():
        return rows_of(circle)


@pytest.mark.slow
def test_logs_in_any_order_give_the_same_regulation(make_world: Callable[..., World], reading: Reading) -> None:
    world = make_world(GUARD, CITY, MILITARY)
    circle = world.open_circle(GUARD, CITY, MILITARY)
    text = import_and_confirm(world, circle, reading)
    guard = world.nodes[GUARD]
    with guard.at():
        by = guard.officer("liaison", "liaison-officer")
        english = read_text(ENGLISH.encode())
        actions.import_text(by=by, now=guard.now, circle=circle, reading=english, language="en", translation_of=text)
    world.settle()
    for hours, agency in enumerate((MILITARY, CITY, GUARD)):
        world.clock.forward(hours=hours + 1)
        sign(world.nodes[agency], text, reading.root)
    logs = [own_log(world.nodes[agency], circle) for agency in (GUARD, CITY, MILITARY)]
    seen = [after(world, f"n{i}.example", order, circle) for i, order in enumerate(permutations(logs))]
    assert all(rows == seen[0] for rows in seen)
    assert "in-force" in str(seen[0]["regulations"])


@pytest.mark.slow
def test_facts_told_twice_count_alike_in_any_order(make_world: Callable[..., World], reading: Reading) -> None:
    """A program without our rules confirms and signs twice, the first time waiting for another party's log."""
    world = make_world(GUARD, CITY, MILITARY)
    circle = world.open_circle(GUARD, CITY, MILITARY)
    guard, city, military = (world.nodes[agency] for agency in (GUARD, CITY, MILITARY))
    with military.at():
        by = military.officer("office", "liaison-officer")
        waited = append(circle=circle, by=by, now=military.now, facts=[Fact(NoteMade(no=1))])[0].as_reference("after")
    world.settle()
    with guard.at():
        by = guard.officer("liaison", "liaison-officer")
        text = actions.import_text(by=by, now=guard.now, circle=circle, reading=reading, language="vi")
        named = text.as_reference("text")
        twice = [Fact(facts.TextConfirmed(root=reading.root), refs=refs) for refs in ((named, waited), (named,))]
        confirmed = append(circle=circle, by=by, now=guard.now, facts=twice)[1].as_reference("confirmation")
    world.settle()
    with city.at():
        signed, later = facts.RegulationSigned(root=reading.root), world.clock.milliseconds() + 60_000
        twice = [
            Fact(signed, refs=(named, confirmed, waited), at=later),
            Fact(signed, refs=(named, confirmed), at=later + 1),
        ]
        append(circle=circle, by=city.officer("commander", "commander"), now=city.now, facts=twice)
    world.settle()
    for node in (guard, military):
        sign(node, text, reading.root)
    logs = [own_log(node, circle) for node in (guard, city, military)]
    seen = [after(world, f"n{i}.example", order, circle) for i, order in enumerate(permutations(logs))]
    assert all(rows == seen[0] for rows in seen)
    assert f"'in-force', {later}" in str(seen[0]["regulations"])
    assert not [row for row in seen[0]["entries"] if row[2] != State.PROJECTED]  # type: ignore[index]  # rows as tuples


@pytest.mark.slow
def test_one_genesis_opened_by_two_counts_once(make_world: Callable[..., World]) -> None:
    world = make_world(GUARD, CITY)
    guard, city = world.nodes[GUARD], world.nodes[CITY]
    with guard.at():
        found = {agency: AcceptedCard.objects.accepted_card(agency) for agency in (GUARD, CITY)}
        held = {agency: card for agency, card in found.items() if card is not None}
        body = genesis_of(Founding("qc", "main", "12", world.clock.milliseconds(), bytes(16)), held)
    circle = circle_from(body).id
    for node in (guard, city):
        with node.at():
            fact = Fact(facts.CircleOpened(label="qc", sort="main"), body)
            append(circle=circle, by=node.officer("commander", "commander"), now=node.now, facts=[fact])
    logs = [own_log(node, circle) for node in (guard, city)]
    seen = [after(world, f"n{i}.example", order, circle) for i, order in enumerate(permutations(logs))]
    assert seen[0] == seen[1]
    assert len(seen[0]["opened"]) == 2
    assert seen[0]["opener"] == [f"{CITY}/{circle}/1"]
