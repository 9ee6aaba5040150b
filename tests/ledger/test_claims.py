"""What entries claim: the first in a log has it, whatever became of that entry and whenever a later one is judged."""

from collections.abc import Sequence
from typing import cast

import pytest

from accordant.entries import kinds
from accordant.entries.envelope import EntryRef, Reference
from accordant.entries.errors import Refusal, refusal
from accordant.entries.kinds import Fact
from accordant.ledger import append as appending
from accordant.ledger import claims, projector, read, replay
from accordant.ledger.models import Claim, State
from accordant.ledger.projector import Entry
from accordant.ledger.tables import Tables
from tests.cast import GUARD, MILITARY, PROVINCE, officer
from tests.ledger.conftest import Ground
from tests.simulator.facts import NoteMade

pytestmark = pytest.mark.slow  # each test rebuilds a world

REPEATED = refusal("note-repeated", "The note was not made.", "Its number is taken.", "Take the next.")


@pytest.fixture(autouse=True)
def notes_claim_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notes claim their number, 0 nothing; a repeated one is irregular."""

    def claim(header: object, record: NoteMade) -> str:
        return f"note {record.no:03d}" if record.no else ""

    def on_note_made(entry: Entry[NoteMade], tables: Tables) -> Sequence[Refusal]:
        return [REPEATED] if entry.repeats else []

    for registry, function in ((claims.CLAIMS, claim), (projector.HANDLERS, on_note_made)):
        monkeypatch.setitem(cast(dict[object, object], registry), NoteMade, function)


def states_of(ground: Ground, agency: str, refs: Sequence[EntryRef]) -> list[State]:
    with ground.world.nodes[agency].at():
        found = [read.entries.find(ref.origin, ref.index) for ref in refs]
        return [entry.state for entry in found if entry is not None]


def note(ground: Ground, agency: str, no: int, *refs: Reference) -> EntryRef:
    node = ground.world.nodes[agency]
    with node.at():
        fact = Fact(NoteMade(no=no), refs=refs)
        return appending.append(circle=ground.circle, by=officer(agency), now=node.now, facts=[fact])[0]


def made(ground: Ground, agency: str, *texts: str) -> list[str]:
    with ground.guard.at():
        return sorted(claims.made(NoteMade, texts, agency=agency, circle=ground.circle))


def test_of_one_write_and_of_two_the_first_has_the_number(ground: Ground) -> None:
    refs = [*ground.note(1, 2, 1), *ground.note(2, 3), *ground.note(0, 0)]
    regular, irregular = State.PROJECTED, State.IRREGULAR
    assert states_of(ground, GUARD, refs) == [regular, regular, irregular, irregular, regular, regular, regular]
    with ground.guard.at():
        assert sorted(bytes(key) for key in Claim.objects.values_list("key", flat=True) if b" note " in key) == [
            b"simulator note 001",
            b"simulator note 002",
            b"simulator note 003",
        ]
    ground.guard.assert_rebuilds()


def test_each_log_has_its_own_numbers(ground: Ground) -> None:
    refs = [note(ground, GUARD, 7), note(ground, MILITARY, 7)]
    ground.world.settle()
    for agency in (GUARD, MILITARY, PROVINCE):
        assert states_of(ground, agency, refs) == [State.PROJECTED] * 2
        ground.world.nodes[agency].assert_rebuilds()
    assert made(ground, GUARD, "note 007", "note 008") == made(ground, MILITARY, "note 007") == ["note 007"]
    assert made(ground, PROVINCE, "note 007") == []


def test_an_entry_that_waits_has_its_number_already(ground: Ground) -> None:
    absent = Reference(as_="after", o=f"{MILITARY}/{ground.circle}/1", s=2, h="00" * 32)
    refs = [note(ground, GUARD, 7, absent), note(ground, GUARD, 7), note(ground, GUARD, 8, absent)]
    assert states_of(ground, GUARD, refs) == [State.HELD, State.IRREGULAR, State.HELD]
    assert made(ground, GUARD, "note 007", "note 008", "note 009") == ["note 007", "note 008"]
    with ground.guard.at():
        assert claims.highest(NoteMade, "note ", agency=GUARD) == ["note 008"]
        assert claims.highest(NoteMade, "note 007", agency=GUARD) == ["note 007"]
        assert claims.highest(NoteMade, "node ", agency=GUARD) == []
    ground.guard.assert_rebuilds()


def test_one_that_waited_is_judged_by_its_own_place(ground: Ground) -> None:
    ground.world.cut.add(frozenset((MILITARY, GUARD)))
    first = note(ground, MILITARY, 1)
    ground.world.step(MILITARY)
    waits = Reference(as_="after", o=first.origin, s=first.index, h=first.leaf)
    refs = [note(ground, GUARD, 7), note(ground, GUARD, 7, waits), note(ground, GUARD, 8, waits)]
    assert states_of(ground, GUARD, refs) == [State.PROJECTED, State.HELD, State.HELD]
    ground.world.cut.clear()
    ground.world.clock.forward(seconds=120)
    ground.world.settle()
    for agency in (GUARD, PROVINCE):
        assert states_of(ground, agency, refs) == [State.PROJECTED, State.IRREGULAR, State.PROJECTED]
        ground.world.nodes[agency].assert_rebuilds()


def test_what_is_not_understood_claims_only_once_a_newer_program_rebuilds(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    specs = kinds.REGISTRY.specs
    with monkeypatch.context() as older:
        older.delitem(specs, ("simulator.note-made", 1))
        first = note(ground, GUARD, 7)
        assert states_of(ground, GUARD, [first]) == [State.HELD]
        assert made(ground, GUARD, "note 007") == []
    second = note(ground, GUARD, 7)
    assert states_of(ground, GUARD, [first, second]) == [State.HELD, State.PROJECTED]
    with ground.guard.at():
        replay.rebuild()
    assert states_of(ground, GUARD, [first, second]) == [State.PROJECTED, State.IRREGULAR]
    ground.guard.assert_rebuilds()


def test_facts_that_do_not_fit_claim_nothing(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(appending, "_header_facts", lambda record: {"no": "seven"})
        refs = [note(ground, GUARD, 7)]
    refs.append(note(ground, GUARD, 7))
    assert states_of(ground, GUARD, refs) == [State.HELD, State.PROJECTED]
    ground.guard.assert_rebuilds()


def test_a_record_has_one_claim() -> None:
    with pytest.raises(ValueError, match="NoteMade has a claim already"):
        claims.claims(NoteMade)(lambda header, record: "another")
