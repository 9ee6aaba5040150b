"""Commits that a power cut may undo: what is made again the same, and nothing else (ADR 0004)."""

import pytest
from django.db import connections, transaction

from accordant.ledger import sections, signing, sql
from accordant.ledger.models import Checkpoint, Circle
from accordant.ledger.storing import LogRow
from accordant.ledger.verify import verify
from accordant.regulations.actions import close_circle
from tests.cast import GUARD, officer
from tests.ledger.conftest import Ground

FLUSHED, UNFLUSHED = 2, 1  # SQLite's FULL and NORMAL


def synchronous() -> int:
    with sql.cursor(connections["default"]) as cursor:
        cursor.execute("PRAGMA synchronous")
        return int(cursor.fetchone()[0])


def test_only_what_may_be_lost_is_not_flushed(ground: Ground) -> None:
    with ground.guard.at():
        assert synchronous() == FLUSHED
        with sql.may_be_lost():
            assert synchronous() == UNFLUSHED
        assert synchronous() == FLUSHED


def test_inside_a_transaction_that_must_last_all_lasts(ground: Ground) -> None:
    with ground.guard.at(), transaction.atomic():
        with sql.may_be_lost():
            assert synchronous() == FLUSHED
        assert synchronous() == FLUSHED


def test_a_fault_leaves_the_connection_flushing(ground: Ground) -> None:
    with ground.guard.at():
        with pytest.raises(KeyError), sql.may_be_lost():
            raise KeyError
        assert synchronous() == FLUSHED


def lose_newest_note(before: LogRow) -> None:
    """What a power cut may undo after our log grew from this: the note alone."""
    with sql.cursor(connections["default"]) as cursor:
        lost = 'DELETE FROM "ledger_checkpoint" WHERE "log_id" = %s AND "size" > %s'
        cursor.execute(lost, [before.id, before.size])
        cursor.execute(
            'UPDATE "ledger_log" SET "signed_size" = %s, "signed_tree" = %s WHERE "id" = %s',
            [before.size, before.tree.to_bytes(), before.id],
        )


def own_log(ground: Ground) -> LogRow:
    (log,) = [log for log in sections.logs_of(ground.circle) if log.ours]
    return log


def test_a_log_that_takes_nothing_more_is_signed_all_the_same(ground: Ground) -> None:
    """Who closed a circle writes nothing there any more: the node itself must sign what a power cut left unsigned."""
    guard = ground.guard
    with guard.at():
        before = own_log(ground)
        close_circle(by=officer(GUARD, "commander"), now=guard.now, circle=ground.circle)
        lose_newest_note(before)
        assert signing.sign_stored(ring=guard.ring) == [before.origin]
        assert signing.sign_stored(ring=guard.ring) == []
        assert own_log(ground).signed_tree.size == before.size + 1
    ground.world.settle()
    for agency in ground.world.nodes:
        with ground.world.nodes[agency].at():
            assert GUARD in Circle.objects.get(id=ground.circle).closed


def test_a_note_lost_in_a_power_cut_is_signed_again_with_the_same_bytes(ground: Ground) -> None:
    """Its entries and its floor were flushed before; a peer may have cosigned it already."""
    with ground.guard.at():
        before = own_log(ground)
    (ref,) = ground.note(1)
    ground.world.settle()
    with ground.guard.at():
        signed = sections.note_at(before, ref.index + 1)
        lose_newest_note(before)
        assert signing.sign_new_head(ref.origin, ring=ground.guard.ring) == ref.index + 1
        assert sections.note_at(before, ref.index + 1) == signed
        assert Checkpoint.objects.filter(log_id=before.id).count() == ref.index + 1
        assert verify(ground.guard.ring).ok
