"""Verifying re-derives everything: each planted alteration of the database is found and named."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from accordant.accounts import keys
from accordant.entries.kinds import Fact
from accordant.ledger import sections
from accordant.ledger.append import append
from accordant.ledger.models import Entry, Log, MissingBody
from accordant.ledger.storing import LogRow
from accordant.ledger.verify import verify
from accordant.tlog import merkle
from tests.cast import GUARD, PROVINCE, officer
from tests.ledger.conftest import Ground, Planting
from tests.simulator.facts import NoteBody, NoteMade

MINE = "(SELECT id FROM ledger_log WHERE ours AND circle LIKE 'qc-%')"
THEIRS = f"(SELECT id FROM ledger_log WHERE agency = '{PROVINCE}' AND circle LIKE 'qc-%')"
LAST = f'(SELECT id FROM ledger_entry WHERE log_id = {MINE} ORDER BY "index" DESC LIMIT 1)'
THEIR_LAST = LAST.replace(MINE, THEIRS)

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
    "body of ours removed": (f"DELETE FROM ledger_body WHERE entry_id = {LAST}", "its body is lost"),
    "body addressed to us removed": (f"DELETE FROM ledger_body WHERE entry_id = {THEIR_LAST}", "its body is lost"),
    "checkpoint removed": (f"DELETE FROM ledger_checkpoint WHERE log_id = {MINE}", "its checkpoint is not here"),
    "newest checkpoint unsigned": (
        f"UPDATE ledger_log SET signed_size = signed_size - 1 WHERE id = {MINE}",
        "the newest checkpoint here is of size",
    ),
    "our receipt removed": (
        f"DELETE FROM ledger_cosignature WHERE log_id = {THEIRS} AND agency = '{GUARD}'",
        "the newest receipt of ours here is of size 0",
    ),
    "signed tree altered": (
        f"UPDATE ledger_log SET signed_tree = zeroblob(length(signed_tree)) WHERE id = {MINE}",
        "tree stored as signed differs",
    ),
    "signed ahead": (f"UPDATE ledger_log SET signed_size = 99 WHERE id = {MINE}", "entries held do not reach"),
    "size lowered": (f"UPDATE ledger_log SET size = size - 1 WHERE id = {MINE}", "beyond the size of the log"),
    "log given away": (f"UPDATE ledger_log SET ours = 0 WHERE id = {MINE}", "names another agency"),
    "log named otherwise": (
        f"UPDATE ledger_log SET origin = replace(origin, 'guard', 'other') WHERE id = {MINE}",
        "names the log",
    ),
}


@pytest.fixture(scope="module")
def received(
    founded: Ground, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Ground]:
    """Three notes of the guard and one of the province that every party holds and cosigned."""
    with django_db_blocker.unblock():
        ground = Ground(founded.world.copy(tmp_path_factory.mktemp("received") / "nodes", 2), founded.circle)
        for number in (1, 2, 3):
            ground.note(number)
            ground.world.settle()
        ground.note(4, agency=PROVINCE)
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
        report = verify(ground.guard.ring, progress=done.append)
        assert report.ok
        assert (report.logs, report.entries, report.receipts) == (4, done[-1], report.receipts)
        assert report.receipts >= 6


@pytest.mark.parametrize("planted", PLANTED, ids=list(PLANTED))
def test_a_planted_alteration_is_found(ground: Ground, plant: Planting, planted: str) -> None:
    statement, found = PLANTED[planted]
    plant(statement)
    with ground.guard.at():
        report = verify(ground.guard.ring)
    assert not report.ok
    assert any(found in problem for problem in report.problems), report.problems


def test_a_stored_node_that_differs_is_found(ground: Ground, plant: Planting) -> None:
    ground.note(*range(300))
    plant("UPDATE ledger_node SET hash = zeroblob(32)")
    with ground.guard.at():
        assert any("stored node" in problem for problem in verify(ground.guard.ring).problems)


def test_a_reference_to_another_leaf_is_found(ground: Ground, plant: Planting) -> None:
    (first,) = ground.note(1)
    ground.note(2)
    plant(f"UPDATE ledger_entry SET leaf = zeroblob(32) WHERE id = {LAST.replace('LIMIT 1', 'LIMIT 1 OFFSET 1')}")
    with ground.guard.at():
        assert any(f"{first.origin} {first.index}" in problem for problem in verify(ground.guard.ring).problems)


def _log(ground: Ground, agency: str) -> LogRow:
    return next(log for log in sections.logs_of(ground.circle) if log.origin.startswith(f"{agency}/"))


def _cut(ground: Ground, log: LogRow) -> None:
    """Take the newest entry away with all that stands on it, and let the log's row say that it never was."""
    size = log.size - 1
    last = f'(SELECT id FROM ledger_entry WHERE log_id = {log.id} AND "index" = {size})'
    raw = ground.guard.database.connection
    raw.execute(f"DELETE FROM ledger_body WHERE entry_id = {last}")
    raw.execute(f"DELETE FROM ledger_entry WHERE id = {last}")
    for table in ("checkpoint", "cosignature"):
        raw.execute(f"DELETE FROM ledger_{table} WHERE log_id = {log.id} AND size > {size}")
    leaves = [bytes(entry.leaf) for entry in Entry.objects.filter(log_id=log.id).order_by("index")]
    tree = merkle.EMPTY.extend(leaves).to_bytes()
    Log.objects.filter(id=log.id).update(size=size, tree=tree, signed_size=size, signed_tree=tree)


@pytest.mark.parametrize("agency", [GUARD, PROVINCE])
def test_a_log_cut_in_all_its_rows_is_found_by_what_was_signed(ground: Ground, agency: str) -> None:
    with ground.guard.at():
        log = _log(ground, agency)
        _cut(ground, log)
        problems = verify(ground.guard.ring).problems
    assert f"{log.origin} {log.size - 1}: this node has signed size {log.size}: entries are lost" in problems


def test_a_log_that_is_gone_is_found_by_what_was_signed(ground: Ground) -> None:
    raw = ground.guard.database.connection
    raw.execute("PRAGMA foreign_keys=OFF")
    with ground.guard.at():
        log = _log(ground, PROVINCE)
        raw.execute("DELETE FROM ledger_log WHERE id = ?", [log.id])
        assert [p for p in verify(ground.guard.ring).problems if "a log that is not here" in p]


def test_another_root_than_the_one_that_was_signed_is_found(ground: Ground) -> None:
    ring = ground.guard.ring
    with ground.guard.at():
        log = _log(ground, GUARD)
        for _slot in range(2):
            ring._keep("head", log.origin, keys.Head(log.size, bytes(32)))
        assert f"{log.origin} {log.size}: this node signed another root than the entries give" in verify(ring).problems


@pytest.mark.parametrize(("content", "found"), [(b"\x00", "says 0"), (b"\x01", "is damaged")], ids=["empty", "damaged"])
def test_a_floor_that_says_less_than_the_notes_is_found(ground: Ground, content: bytes, found: str) -> None:
    ring = ground.guard.ring
    with ground.guard.at():
        log = _log(ground, GUARD)
        (ring.directory / "floor" / ring.floor_name("head", log.origin)).write_bytes(content * 256)
        assert [problem for problem in verify(ring).problems if found in problem]


def test_a_body_that_came_as_missing_and_is_named_so_is_no_problem(ground: Ground, plant: Planting) -> None:
    with ground.world.nodes[PROVINCE].at():
        fact = Fact(NoteMade(no=5), NoteBody(text="above the ceiling"), marking=1)
        append(circle=ground.circle, by=officer(PROVINCE), now=ground.guard.now, facts=[fact])
    ground.world.settle()
    with ground.guard.at():
        assert MissingBody.objects.count() == 1
        assert verify(ground.guard.ring).ok
    plant("DELETE FROM ledger_missingbody")
    with ground.guard.at():
        assert ["its body is lost" in problem for problem in verify(ground.guard.ring).problems] == [True]


def test_a_body_that_our_log_does_not_name_as_missed_is_found(ground: Ground, plant: Planting) -> None:
    plant(f"INSERT INTO ledger_missingbody (entry_id, why) SELECT id, 1 FROM ledger_entry WHERE id = {THEIR_LAST}")
    plant(f"DELETE FROM ledger_body WHERE entry_id = {THEIR_LAST}")
    with ground.guard.at():
        assert ["no body-missed entry" in problem for problem in verify(ground.guard.ring).problems] == [True]


def test_a_node_that_goes_on_appending_is_verified_as_it_stood(ground: Ground) -> None:
    appended: list[int] = []

    def append_once(entries: int) -> None:
        if not appended:
            appended.append(entries)
            ground.note(7)

    with ground.guard.at():
        before = Entry.objects.count()
        report = verify(ground.guard.ring, progress=append_once)
        assert (report.problems, report.entries, Entry.objects.count()) == ([], before, before + 1)
