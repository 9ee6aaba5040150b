"""Commits that a power cut may undo: what is made again the same, and nothing else (ADR 0004)."""

import pytest
from django.db import connections, transaction

from accordant.ledger import sections, signing, sql
from accordant.ledger.models import Checkpoint
from accordant.ledger.verify import verify
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


def test_a_note_lost_in_a_power_cut_is_signed_again_with_the_same_bytes(ground: Ground) -> None:
    """Its entries and its floor were flushed before; a peer may have cosigned it already."""
    with ground.guard.at():
        (before,) = [log for log in sections.logs_of(ground.circle) if log.ours]
    (ref,) = ground.note(1)
    ground.world.settle()
    with ground.guard.at():
        signed = sections.note_at(before, ref.index + 1)
        with sql.cursor(connections["default"]) as cursor:
            cursor.execute(
                'DELETE FROM "ledger_checkpoint" WHERE "log_id" = %s AND "size" > %s', [before.id, ref.index]
            )
            cursor.execute(
                'UPDATE "ledger_log" SET "signed_size" = %s, "signed_tree" = %s WHERE "id" = %s',
                [before.size, before.tree.to_bytes(), before.id],
            )
        assert signing.sign_new_head(ref.origin, ring=ground.guard.ring) == ref.index + 1
        assert sections.note_at(before, ref.index + 1) == signed
        assert Checkpoint.objects.filter(log_id=before.id).count() == ref.index + 1
        assert verify(ground.guard.ring).ok
