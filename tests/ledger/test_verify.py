"""Verifying re-derives everything: each planted alteration of the database is found and named."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from accordant.ledger.verify import verify
from tests.cast import PROVINCE
from tests.ledger.conftest import Ground, Planting

MINE = "(SELECT id FROM ledger_log WHERE ours AND circle LIKE 'qc-%')"
LAST = f'(SELECT id FROM ledger_entry WHERE log_id = {MINE} ORDER BY "index" DESC LIMIT 1)'

PLANTED: dict[str, tuple[str, str]] = {
    "header altered": (
        f"UPDATE ledger_entry SET header = replace(header, '\"no\":3', '\"no\":4') WHERE id = {LAST}",
        "leaf hash differs",
    ),
    "leaf altered": (f"UPDATE ledger_entry SET leaf = zeroblob(32) WHERE id = {LAST}", "leaf hash differs"),
    "entry removed": (
        f'DELETE FROM ledger_entry WHERE log_id = {MINE} AND "index" = 2',
        "missing or doubled",
    ),
    "entry moved": (f'UPDATE ledger_entry SET "index" = 90 WHERE id = {LAST}', "missing or doubled"),
    "body altered": (
        f'UPDATE ledger_body SET plaintext = CAST(\'{{"d":{{"text":"other"}}}}\' AS BLOB) WHERE entry_id = {LAST}',
        "not the one its header commits to",
    ),
    "salt altered": (f"UPDATE ledger_body SET salt = zeroblob(32) WHERE entry_id = {LAST}", "commits to"),
    "signature altered": (
        f"UPDATE ledger_checkpoint SET note = replace(note, '— ', '— x') WHERE log_id = {MINE}",
        "checkpoint",
    ),
    "root altered": (
        (
            f"UPDATE ledger_checkpoint SET note = (SELECT note FROM ledger_checkpoint WHERE log_id = {MINE} "
            f"ORDER BY size LIMIT 1) WHERE log_id = {MINE} AND size > 2"
        ),
        "another size",
    ),
    "checkpoint ahead": (
        f"UPDATE ledger_checkpoint SET size = 99 WHERE log_id = {MINE} AND size > 3",
        "beyond the entries",
    ),
    "tree altered": (
        f"UPDATE ledger_log SET tree = substr(tree, 1, length(tree) - 32) || zeroblob(32) WHERE id = {MINE}",
        "stored tree differs",
    ),
    "receipt of another": (
        f"UPDATE ledger_cosignature SET agency = 'outsider.example' WHERE log_id = {MINE} AND agency = '{PROVINCE}'",
        "receipt of outsider.example",
    ),
    "receipt altered": (
        f"UPDATE ledger_cosignature SET line = replace(line, 'A', 'B') WHERE log_id = {MINE}",
        "receipt of",
    ),
    "receipt moved": (
        (
            f"UPDATE ledger_cosignature SET line = (SELECT line FROM ledger_cosignature WHERE log_id = {MINE} "
            f"AND agency = '{PROVINCE}' ORDER BY size LIMIT 1) "
            f"WHERE log_id = {MINE} AND agency = '{PROVINCE}' AND size > 3"
        ),
        "receipt of province.example",
    ),
    "genesis erased": (
        (
            "DELETE FROM ledger_body WHERE entry_id = (SELECT e.id FROM ledger_entry e "
            "JOIN ledger_log l ON l.id = e.log_id WHERE l.ours AND l.circle LIKE 'qc-%' AND e.\"index\" = 0)"
        ),
        "no genesis",
    ),
    "log named otherwise": (
        f"UPDATE ledger_log SET origin = replace(origin, 'guard', 'other') WHERE id = {MINE}",
        "names the log",
    ),
}


@pytest.fixture(scope="module")
def received(
    founded: Ground, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Ground]:
    """Three notes that every party holds and cosigned."""
    with django_db_blocker.unblock():
        ground = Ground(founded.world.copy(tmp_path_factory.mktemp("received") / "nodes", 2), founded.circle)
        for number in (1, 2, 3):
            ground.note(number)
            ground.world.settle()
        yield ground
        ground.world.close()


@pytest.fixture
def ground(received: Ground, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Ground]:
    """A copy of it for one test."""
    with django_db_blocker.unblock():
        world = received.world.copy(tmp_path / "nodes", 3)
        yield Ground(world, received.circle)
        world.close()


def test_an_untouched_node_has_nothing_to_report(ground: Ground) -> None:
    done: list[int] = []
    with ground.guard.at():
        report = verify(progress=done.append)
        assert report.ok
        assert (report.logs, report.entries, report.receipts) == (4, done[-1], report.receipts)
        assert report.receipts >= 6


@pytest.mark.parametrize("planted", PLANTED, ids=list(PLANTED))
def test_a_planted_alteration_is_found(ground: Ground, plant: Planting, planted: str) -> None:
    statement, found = PLANTED[planted]
    plant(statement)
    with ground.guard.at():
        report = verify()
    assert not report.ok
    assert any(found in problem for problem in report.problems), report.problems


def test_a_stored_node_that_differs_is_found(ground: Ground, plant: Planting) -> None:
    ground.note(*range(300))
    plant("UPDATE ledger_node SET hash = zeroblob(32)")
    with ground.guard.at():
        assert any("stored node" in problem for problem in verify().problems)


def test_a_reference_to_another_leaf_is_found(ground: Ground, plant: Planting) -> None:
    (first,) = ground.note(1)
    ground.note(2)
    plant(f"UPDATE ledger_entry SET leaf = zeroblob(32) WHERE id = {LAST.replace('LIMIT 1', 'LIMIT 1 OFFSET 1')}")
    with ground.guard.at():
        assert any(f"{first.origin} {first.index}" in problem for problem in verify().problems)
