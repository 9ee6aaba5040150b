"""Appending: groups, refusals, crashes between the durable steps, floors and compare-and-swap."""

import threading
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, connections, transaction

from accordant.accounts import keys
from accordant.entries import envelope
from accordant.entries.envelope import Officer
from accordant.entries.errors import Malformed, Refused, Unavailable, refusal
from accordant.entries.kinds import Fact
from accordant.ledger import append as appending
from accordant.ledger import sections, signing
from accordant.ledger.models import Checkpoint, Circle, Entry, Log
from accordant.ledger.storing import LogRow, Storing, load_log
from accordant.ledger.verify import verify
from accordant.regulations.entries import CircleJoined
from tests.cast import GUARD, PROVINCE, officer
from tests.ledger.conftest import Ground
from tests.simulator.facts import NoteBody, NoteMade

BY: Officer = officer(GUARD)


def _append(ground: Ground, *facts: appending.FactOrBuilder) -> int:
    refs = appending.append(circle=ground.circle, by=BY, now=ground.guard.now, facts=facts)
    return len(refs)


def test_a_fact_is_durable_signed_and_named_by_its_position(ground: Ground) -> None:
    first, second = ground.note(1, 2)
    assert (second.origin, second.index) == (first.origin, first.index + 1)
    with ground.guard.at():
        (log,) = [log for log in sections.logs_of(ground.circle) if log.ours]
        assert log.signed_tree.size == log.size == second.index + 1
        assert sections.note_at(log, log.size) is not None
        assert verify(ground.guard.ring).ok


def test_those_who_meet_a_busy_writer_share_one_transaction_and_one_signature(ground: Ground) -> None:
    outcome: dict[int, int] = {}

    def act(number: int) -> None:
        connections["default"] = ground.guard.database
        outcome[number] = _append(ground, Fact(NoteMade(no=number)))

    threads = [threading.Thread(target=act, args=(number,)) for number in range(5)]
    with ground.guard.at():
        before = Checkpoint.objects.count()
        with appending._GROUP.writing:
            for thread in threads:
                thread.start()
            while len(appending._GROUP.waiting) < len(threads):
                threading.Event().wait(0.001)
        for thread in threads:
            thread.join()
        assert outcome == dict.fromkeys(range(5), 1)
        assert Checkpoint.objects.count() == before + 1
        assert Entry.objects.filter(kind__name="simulator.note-made").count() == 5


def test_a_group_takes_at_most_500_facts(ground: Ground) -> None:
    group = appending._Group()
    for size in (300, 200, 1, 600):
        group.waiting.append(
            appending._Request(ground.circle, BY, ground.guard.now, [Fact(NoteMade(no=1))] * size, ground.guard.ring)
        )
    assert [[len(request.facts) for request in group.take()] for _ in range(3)] == [[300, 200], [1], [600]]


def test_a_refused_act_leaves_the_others_of_its_group(ground: Ground) -> None:
    def refuse() -> Fact:
        raise Refused([refusal("no", "Not done.", "The rule says so.", "Leave it.")])

    acts: list[list[appending.FactOrBuilder]] = [
        [Fact(NoteMade(no=1))],
        [Fact(NoteMade(no=2)), refuse],
        [Fact(NoteMade(no=3))],
    ]
    requests = [appending._Request(ground.circle, BY, ground.guard.now, facts, ground.guard.ring) for facts in acts]
    with ground.guard.at():
        appending._write_group(requests)
        assert [request.error is None for request in requests] == [True, False, True]
        assert Entry.objects.filter(kind__name="simulator.note-made").count() == 2
        assert verify(ground.guard.ring).ok


def test_a_builder_that_fails_leaves_the_others_of_its_group(ground: Ground) -> None:
    def fail() -> Fact:
        raise ZeroDivisionError

    acts: list[list[appending.FactOrBuilder]] = [[Fact(NoteMade(no=1))], [fail], [Fact(NoteMade(no=3))]]
    requests = [appending._Request(ground.circle, BY, ground.guard.now, facts, ground.guard.ring) for facts in acts]
    with ground.guard.at():
        appending._write_group(requests)
        assert [type(request.error) for request in requests] == [type(None), ZeroDivisionError, type(None)]
        assert Entry.objects.filter(kind__name="simulator.note-made").count() == 2


def test_a_log_that_cannot_be_signed_leaves_the_others_of_its_group(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who wrote to it is told that all is stored, and where: nobody enters it again."""
    sign = signing._signed_note

    def fails(log: LogRow, *given: Any) -> Any:
        if ground.circle in log.origin:
            raise OSError("key process away")
        return sign(log, *given)

    with ground.guard.at():
        private = Circle.objects.get(sort="private").id
        requests = [
            appending._Request(circle, BY, ground.guard.now, [Fact(NoteMade(no=1))], ground.guard.ring)
            for circle in (ground.circle, private)
        ]
        with monkeypatch.context() as patched:
            patched.setattr(signing, "_signed_note", fails)
            appending._write_group(requests)
        stored, signed = requests
        assert isinstance(stored.error, Unavailable)
        assert stored.error.refusals[0].refs == tuple(str(ref) for ref in stored.refs)
        assert isinstance(stored.error.__cause__, OSError)
        assert signed.error is None
        assert [log.signed_tree.size == log.size for log in sections.logs_of(private)] == [True]
        assert Entry.objects.filter(kind__name="simulator.note-made").count() == 2


def test_a_circle_whose_opening_is_refused_leaves_no_log(ground: Ground) -> None:
    unknown = replace(ground, circle="qc-1-" + "0" * 32)
    joined = Fact(CircleJoined(), to=("not an agency",))
    with ground.guard.at():
        with pytest.raises(Malformed):
            _append(unknown, joined)
        assert not Log.objects.filter(circle=unknown.circle).exists()


def test_an_entry_may_not_refer_to_another_circle(ground: Ground) -> None:
    with ground.guard.at():
        private = Log.objects.get(circle=Circle.objects.get(sort="private").id)
        elsewhere = envelope.Reference(as_="after", o=private.origin, s=0, h="00" * 32)
        with pytest.raises(Refused) as refused:
            _append(ground, Fact(NoteMade(no=1), refs=(elsewhere,)))
        assert refused.value.code == "wrong-circle"
        assert not Entry.objects.filter(kind__name="simulator.note-made").exists()


def test_what_breaks_a_limit_or_has_no_circle_is_refused_whole(ground: Ground) -> None:
    with ground.guard.at():
        with pytest.raises(Malformed) as long:
            _append(ground, Fact(NoteMade(no=1)), Fact(NoteMade(no=2), NoteBody(text="x" * 70_000)))
        with pytest.raises(Malformed):
            _append(ground, Fact(NoteMade(no=1), to=("not an agency",)))
        unknown = replace(ground, circle="qc-1-" + "0" * 32)
        with pytest.raises(Refused) as absent:
            _append(unknown, Fact(NoteMade(no=1)))
        assert (long.value.code, absent.value.code) == ("bad-fact", "unknown-circle")
        assert not Entry.objects.filter(kind__name="simulator.note-made").exists()


def test_a_frozen_log_takes_nothing(ground: Ground) -> None:
    with ground.guard.at():
        ground.guard.database.connection.execute("UPDATE ledger_log SET frozen = 'fork' WHERE ours")
        with pytest.raises(Refused) as refused:
            _append(ground, Fact(NoteMade(no=1)))
        assert refused.value.code == "frozen"


def test_append_is_not_called_inside_another_transaction(ground: Ground) -> None:
    with ground.guard.at(), transaction.atomic(), pytest.raises(RuntimeError):
        _append(ground, Fact(NoteMade(no=1)))


def test_a_crash_between_commit_and_signature_is_made_good_by_the_next_act(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched, ground.guard.at():
        patched.setattr(signing, "_signed_note", _dies)
        with pytest.raises(Unavailable) as unsigned:
            _append(ground, Fact(NoteMade(no=1)))
        assert unsigned.value.code == "stored-unsigned"
        (log,) = [log for log in sections.logs_of(ground.circle) if log.ours]
        assert log.signed_tree.size == log.size - 1
    ground.world.settle()
    with ground.world.nodes[PROVINCE].at():
        assert not Entry.objects.filter(kind__name="simulator.note-made").exists()
    ground.note(2)
    ground.world.clock.forward(seconds=120)
    ground.world.settle()
    with ground.world.nodes[PROVINCE].at():
        assert Entry.objects.filter(kind__name="simulator.note-made").count() == 2
    with ground.guard.at():
        assert verify(ground.guard.ring).ok


def test_a_crash_between_floor_and_note_is_signed_again(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    with ground.guard.at():
        with monkeypatch.context() as patched:
            patched.setattr(signing, "_store", _dies)
            with pytest.raises(Unavailable):
                _append(ground, Fact(NoteMade(no=1)))
        (log,) = [log for log in sections.logs_of(ground.circle) if log.ours]
        assert ground.guard.ring.floor_of("head", log.origin).size == log.size > log.signed_tree.size
        assert signing.sign_new_head(log.origin, ring=ground.guard.ring) == log.size
        _append(ground, Fact(NoteMade(no=2)))
        assert verify(ground.guard.ring).ok


def _dies(*_given: object, **_named: object) -> None:
    raise OSError("power")


def test_a_head_that_does_not_follow_from_the_floor_is_not_signed(ground: Ground) -> None:
    (ref,) = ground.note(1)
    ring = ground.guard.ring
    floor = ring.floor_of("head", ref.origin)
    others = [(floor.size, bytes(32)), (floor.size - 1, floor.root), (floor.size + 1, bytes(32))]
    for head in (keys.Head(size, root) for size, root in others):
        with pytest.raises(Refused) as refused:
            ring.sign_head(ref.origin, head, floor=floor, consistency=[])
        assert refused.value.code == "floor"
    assert ring.floor_of("head", ref.origin) == floor


def test_a_database_set_back_behind_the_floor_signs_no_more(ground: Ground) -> None:
    with ground.guard.at():
        kept = ground.guard.database.connection.serialize()
        _append(ground, Fact(NoteMade(no=1)))
        ground.guard.database.connection.deserialize(kept)
        with pytest.raises(Unavailable) as refused:
            _append(ground, Fact(NoteMade(no=2)))
        assert [refusal.code for refusal in refused.value.refusals] == ["stored-unsigned", "floor"]


def test_a_log_that_moved_meanwhile_is_not_written_over(ground: Ground) -> None:
    with ground.guard.at():
        (log,) = [log for log in sections.logs_of(ground.circle) if log.ours]
        _append(ground, Fact(NoteMade(no=1)))
        with transaction.atomic(), pytest.raises(Unavailable) as moved:
            Storing(connection, stored_at=0)._grow(log, log.tree)
        assert moved.value.code == "log-moved"
        held = load_log(connection, log.origin)
        assert held is not None
        assert held.size == log.size + 1
