"""What is held, released, irregular or not understood; and a rebuild that gives the same, or says what differs."""

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.db import connection

from accordant.accounts.keys import Keyring
from accordant.accounts.subjects import Held, Subject
from accordant.entries import codec, envelope, kinds
from accordant.entries.envelope import EntryRef
from accordant.entries.kinds import Fact
from accordant.ledger import append as appending
from accordant.ledger import read, replay
from accordant.ledger.models import OPEN_END, Entry, Hold, State, View, VisibleLabel
from accordant.ledger.read import labels
from accordant.ledger.verify import verify
from accordant.regulations import actions
from tests.cast import GUARD, MILITARY, PARTIES, PROVINCE, officer
from tests.cutoffs import heads_of
from tests.ledger.conftest import Ground, Planting
from tests.simulator.facts import REGISTERED, NoteBody, NoteMade


@contextmanager
def _kind_of_a_newer_program() -> Iterator[type[kinds.Record]]:
    """A kind that this program knows only inside the block."""

    @kinds.kind("simulator.song-sung", headline="A song")
    class SongSung(kinds.Record, frozen=True):
        verses: int

    try:
        yield SongSung
    finally:
        del kinds.REGISTRY.specs["simulator.song-sung", 1]
        del kinds.REGISTRY.by_record[SongSung]


def _append(ground: Ground, agency: str, fact: Fact) -> EntryRef:
    node = ground.world.nodes[agency]
    with node.at():
        return appending.append(circle=ground.circle, by=officer(agency), now=node.now, facts=[fact])[0]


def _state(ground: Ground, agency: str, ref: EntryRef) -> tuple[State, str] | None:
    with ground.world.nodes[agency].at():
        found = read.entries.find(ref.origin, ref.index)
        return None if found is None else (found.state, found.code)


@pytest.mark.slow
@pytest.mark.parametrize(("first", "waits"), [(GUARD, [2]), (MILITARY, [1])])
def test_what_waits_is_released_in_any_order_of_arrival(ground: Ground, first: str, waits: list[int]) -> None:
    second = MILITARY if first == GUARD else GUARD
    for agency in (GUARD, MILITARY):
        ground.world.cut.add(frozenset((agency, PROVINCE)))
    chain: list[EntryRef] = []
    for number, agency in enumerate((GUARD, MILITARY, GUARD)):
        after = tuple(ref.as_reference("after") for ref in chain[-1:])
        chain.append(_append(ground, agency, Fact(NoteMade(no=number), refs=after)))
        ground.world.settle()
    _only(ground, first)
    held = [i for i, ref in enumerate(chain) if _state(ground, PROVINCE, ref) == (State.HELD, "waits")]
    assert held == waits
    _only(ground, second)
    assert [_state(ground, PROVINCE, ref) for ref in chain] == [(State.PROJECTED, "")] * 3
    ground.world.nodes[PROVINCE].assert_rebuilds()


@pytest.mark.slow
def test_who_names_one_position_in_two_roles_waits_for_it_once(ground: Ground) -> None:
    ground.world.cut.add(frozenset((GUARD, PROVINCE)))
    first = _append(ground, GUARD, Fact(NoteMade(no=1)))
    ground.world.settle()
    twice = tuple(first.as_reference(role) for role in ("after", "before"))
    second = _append(ground, MILITARY, Fact(NoteMade(no=2), refs=twice))
    ground.world.settle()
    with ground.world.nodes[PROVINCE].at():
        assert list(Hold.objects.values_list("origin", "index")) == [(first.origin, first.index)]
    ground.world.nodes[PROVINCE].assert_rebuilds()
    _only(ground, GUARD)
    assert _state(ground, PROVINCE, second) == (State.PROJECTED, "")
    ground.world.nodes[PROVINCE].assert_rebuilds()


def _only(ground: Ground, agency: str) -> None:
    """The province hears from one agency."""
    ground.world.cut.discard(frozenset((agency, PROVINCE)))
    with ground.world.nodes[agency].at():
        while ground.world.nodes[agency].sync.step(PROVINCE):
            ground.world.clock.forward(seconds=1)


@pytest.mark.slow
def test_an_entry_of_a_kind_not_known_here_is_kept_cosigned_and_passed_on(ground: Ground) -> None:
    with _kind_of_a_newer_program() as song:
        ref = _append(ground, GUARD, Fact(song(verses=3)))
        data = _bytes(ground, GUARD, ref)
    ground.world.settle()
    assert _state(ground, PROVINCE, ref) == (State.HELD, "newer-kind")
    assert _bytes(ground, PROVINCE, ref) == data
    after = _append(ground, PROVINCE, Fact(NoteMade(no=1), refs=(ref.as_reference("after"),)))
    assert _state(ground, PROVINCE, after) == (State.HELD, "waits")
    with ground.guard.at():
        entry = read.entries.find(ref.origin, ref.index)
        assert entry is not None
        assert set(read.entries.receipts(entry)) == {MILITARY, PROVINCE}
    with ground.world.nodes[PROVINCE].at():
        assert verify(ground.world.nodes[PROVINCE].ring).ok
        with _kind_of_a_newer_program():
            replay.rebuild()
        assert not Hold.objects.exists()
    assert _state(ground, PROVINCE, ref) == _state(ground, PROVINCE, after) == (State.PROJECTED, "")


def test_a_shape_that_does_not_fit_is_held(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(appending, "_header_facts", lambda record: {"no": "seven"})
        ref = _append(ground, GUARD, Fact(NoteMade(no=7)))
    assert _state(ground, GUARD, ref) == (State.HELD, "shape")
    ground.guard.assert_rebuilds()


@pytest.mark.slow
def test_unknown_fields_survive_storage_and_onward_travel(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = envelope.encode_header
    with monkeypatch.context() as patched:
        patched.setattr(envelope, "encode_header", lambda header: plain(header, extra={"x_mood": "calm"}))
        ref = _append(ground, GUARD, Fact(NoteMade(no=1)))
    ground.world.settle()
    data = _bytes(ground, MILITARY, ref)
    assert codec.decode(data, codec.HEADER)["x_mood"] == "calm"
    assert envelope.leaf_hash(data).hex() == ref.leaf
    for agency in PARTIES:
        assert _state(ground, agency, ref) == (State.PROJECTED, "")
        ground.world.nodes[agency].assert_rebuilds()


def _bytes(ground: Ground, agency: str, ref: EntryRef) -> bytes:
    with ground.world.nodes[agency].at():
        found = read.entries.find(ref.origin, ref.index)
        assert found is not None
        return found.data


@pytest.mark.slow
def test_a_reference_to_another_leaf_is_irregular_everywhere(ground: Ground) -> None:
    (first,) = ground.note(1)
    wrong = envelope.Reference(as_="after", o=first.origin, s=first.index, h="00" * 32)
    ground.world.settle()
    ref = _append(ground, MILITARY, Fact(NoteMade(no=2), refs=(wrong,)))
    after = _append(ground, MILITARY, Fact(NoteMade(no=3), refs=(ref.as_reference("after"),)))
    ground.world.settle()
    for agency in PARTIES:
        assert _state(ground, agency, ref) == (State.IRREGULAR, "wrong-reference")
        assert _state(ground, agency, after) == (State.PROJECTED, "")
        ground.world.nodes[agency].assert_rebuilds()


@pytest.mark.slow
def test_an_entry_that_refers_to_another_circle_is_irregular_everywhere(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also at those who are in that circle, and though the position never comes: a foreign program may write it."""
    with ground.guard.at():
        smaller = actions.open_circle(
            by=officer(GUARD), now=ground.guard.now, label="small", sort="smaller", regulation="1/QC",
            members=[MILITARY], nonce=bytes(16), parent=ground.circle,
        ).origin.split("/")[1]  # fmt: skip
    ground.world.settle()
    with ground.world.nodes[MILITARY].at():
        actions.join_circle(by=officer(MILITARY), now=ground.guard.now, circle=smaller)
    ground.world.settle()
    elsewhere = envelope.Reference(as_="after", o=f"{GUARD}/{smaller}/1", s=99, h="00" * 32)
    told_again = envelope.Reference(as_="shared", o=elsewhere.o, s=99, h="00" * 32)
    with monkeypatch.context() as patched:
        patched.setattr(appending, "may_refer", lambda *asked: True)
        ref = _append(ground, MILITARY, Fact(NoteMade(no=1), refs=(elsewhere,)))
        told = _append(ground, MILITARY, Fact(NoteMade(no=2), refs=(told_again,)))
    (main,) = ground.note(3)
    ground.world.settle()
    below = _append(replace(ground, circle=smaller), GUARD, Fact(NoteMade(no=4), refs=(main.as_reference("after"),)))
    ground.world.settle()
    for agency in PARTIES:
        assert _state(ground, agency, ref) == (State.IRREGULAR, "wrong-circle")
        assert _state(ground, agency, told) == (State.PROJECTED, "")
        ground.world.nodes[agency].assert_rebuilds()
    assert _state(ground, MILITARY, below) == (State.PROJECTED, "")


def test_what_is_not_understood_is_held_though_it_refers_wrongly(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = ground.note(1)
    wrong = envelope.Reference(as_="after", o=first.origin, s=first.index, h="00" * 32)
    with monkeypatch.context() as patched:
        patched.setattr(appending, "_header_facts", lambda record: {"no": "seven"})
        ref = _append(ground, GUARD, Fact(NoteMade(no=7), refs=(wrong,)))
    assert _state(ground, GUARD, ref) == (State.HELD, "shape")


def test_figures_leave_out_what_is_not_understood(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever state an older program gave it."""
    with monkeypatch.context() as patched:
        patched.setattr(appending, "_header_facts", lambda record: {"no": "seven"})
        ref = _append(ground, GUARD, Fact(NoteMade(no=7)))
    (good,) = ground.note(8)
    with ground.guard.at():
        Entry.objects.filter(index=ref.index, log__origin=ref.origin).update(state=State.IRREGULAR)
        counted = list(read.fold.counted(heads_of(ground.circle), [REGISTERED]))
        assert [entry.header.seq for entry in counted] == [good.index]


def test_a_body_that_does_not_fit_is_as_one_that_is_not_here(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or its addressees would hold what all others count."""
    with monkeypatch.context() as patched:
        patched.setattr(appending, "encode_body", lambda body: b'{"d":{"text":7}}')
        ref = _append(ground, GUARD, Fact(NoteMade(no=1), NoteBody(text="x")))
    assert _state(ground, GUARD, ref) == (State.PROJECTED, "")
    ground.guard.assert_rebuilds()


PLANTED = {
    "ledger_member": "UPDATE ledger_member SET joined = 0 WHERE agency = 'province.example'",
    "ledger_label": "UPDATE ledger_label SET marking = 3",
    "ledger_circle": "DELETE FROM ledger_circle WHERE sort = 'main'",
    "regulations_party": "UPDATE regulations_party SET reason = 'planted'",
    "states": "UPDATE ledger_entry SET state = 2, code = 'planted' WHERE id = (SELECT MAX(id) FROM ledger_entry)",
}


@pytest.mark.slow
@pytest.mark.parametrize("table", PLANTED)
def test_a_rebuild_beside_names_the_table_that_differs(ground: Ground, plant: Planting, table: str) -> None:
    ground.note(1)
    with ground.guard.at():
        assert replay.check().equal
        plant(PLANTED[table])
        result = replay.check()
        assert result.different == (table,)
        assert result.entries == Entry.objects.count()


@pytest.mark.slow
def test_a_rebuild_puts_right_what_was_planted(ground: Ground, plant: Planting) -> None:
    ground.note(1)
    before = ground.world.state(GUARD)
    for statement in PLANTED.values():
        plant(statement)
    done: list[int] = []
    with ground.guard.at():
        replay.rebuild(progress=done.append)
        assert replay.check().equal
        assert done[-1] == Entry.objects.count()
    assert ground.world.state(GUARD) == before


@pytest.mark.slow
def test_views_made_after_a_rebuild_take_the_place_of_none_before(ground: Ground) -> None:
    """Whoever reads on by an old view finds it empty, never that of somebody else."""
    ground.note(1)
    with ground.guard.at():
        before = labels.view_for(_reader(ground, "first"), ground.guard.now)
        assert VisibleLabel.objects.filter(view_id=before.id).exists()
        replay.rebuild()
        assert not VisibleLabel.objects.exists()
        assert labels.view_for(_reader(ground, "second"), ground.guard.now).id > before.id
        assert not VisibleLabel.objects.filter(view_id=before.id).exists()


def test_labels_of_a_view_are_read_and_kept_in_one_transaction(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rebuild between the two would number the labels anew."""
    inside: list[bool] = []

    def watched(read_them: Callable[..., object]) -> Callable[..., object]:
        def called(*given: object) -> object:
            inside.append(connection.in_atomic_block)
            return read_them(*given)

        return called

    with ground.guard.at():
        newest = labels._newest_label()
        monkeypatch.setattr(labels, "_visible", watched(labels._visible))
        monkeypatch.setattr(labels, "scopes_of", watched(labels.scopes_of))
        labels.view_for(_reader(ground, "first"), ground.guard.now)
        assert View.objects.get().labels_up_to == newest
    assert inside
    assert all(inside)


def _reader(ground: Ground, name: str) -> Subject:
    """Somebody at the guard command who holds an office in the circle."""
    held = Held("office", "commander", ground.circle, "", 0, OPEN_END)
    return Subject(name, GUARD, 3, (), (held,), OPEN_END)


@pytest.mark.slow
def test_a_newer_program_gets_its_own_tables(ground: Ground) -> None:
    """A table that an older program left is dropped and made anew, with foreign keys checked before and after."""
    with ground.guard.at(), connection.cursor() as cursor:
        cursor.execute('ALTER TABLE "regulations_regulation" ADD COLUMN "of_an_older_program" text')
        replay.rebuild(recreate=True)
        cursor.execute('SELECT "name" FROM pragma_table_info(%s)', ["regulations_regulation"])
        assert "of_an_older_program" not in {name for (name,) in cursor.fetchall()}
        cursor.execute("PRAGMA foreign_keys")
        assert cursor.fetchone() == (1,)
    ground.guard.assert_rebuilds()


@pytest.mark.slow
@pytest.mark.parametrize("work", [verify, lambda ring: replay.check()], ids=["verify", "rebuild"])
def test_long_logs_are_read_in_blocks(ground: Ground, work: Callable[[Keyring], object]) -> None:
    def peak() -> int:
        with ground.guard.at():
            tracemalloc.start()
            work(ground.guard.ring)
            highest = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return highest

    ground.note(*range(2500), text="x" * 600)
    peak()
    short = peak()
    ground.note(*range(5000), text="x" * 600)
    assert peak() < short * 1.3
