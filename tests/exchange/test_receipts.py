"""What our cosignature says: all that is addressed to us is held, or named in our log; and owners alone may tell."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from accordant.accounts import keys
from accordant.exchange import receive
from accordant.exchange.models import Peer
from accordant.ledger import append as appending
from accordant.ledger import replica, sections
from accordant.ledger.models import Body, Checkpoint, Entry
from accordant.ledger.verify import verify
from accordant.regulations import actions
from accordant.seal import parcel, payloads
from accordant.tlog import checkpoint
from tests.cast import GUARD, PROVINCE, officer
from tests.exchange import forging
from tests.exchange.conftest import Pair

pytestmark = pytest.mark.slow


def _missing(why: int) -> Callable[[parcel.Section], parcel.Section]:
    """A section whose bodies are said to be missing for this reason."""

    def bend(section: parcel.Section) -> parcel.Section:
        runs = [
            parcel.Run(run.first, run.headers, parcel.Beside(missing=dict.fromkeys(run.beside.bodies, why)))
            for run in section.runs
        ]
        return parcel.Section(section.checkpoint, tuple(runs), section.consistency)

    return bend


def _told(pair: Pair, body: bytes) -> list[tuple[str, int]]:
    answer = pair.world.hand_over(forging.request(pair, body))
    assert answer.status == 200
    return forging.refusals(pair, answer.body)


def _held(pair: Pair) -> tuple[int, int]:
    """How much of the guard's log the province holds and cosigned."""
    with pair.province.at():
        (log,) = [log for log in sections.logs_of(pair.circle) if not log.ours]
        return log.size, log.signed_tree.size


def _notices(pair: Pair, kind: str) -> int:
    with pair.province.at():
        return Entry.objects.filter(kind__name=kind, log__agency=pair.province.agency).count()


def _dies(*_given: object, **_named: object) -> None:
    raise OSError("power")


def test_a_body_that_its_owner_does_not_hold_is_waited_for(pair: Pair) -> None:
    (ref,) = pair.note(1)
    before = _held(pair)
    assert _told(pair, forging.bent(pair, _missing(3))) == [("body-absent", before[0])]
    assert _held(pair) == before
    pair.world.clock.forward(seconds=120)
    pair.world.settle()
    with pair.province.at():
        entry = Entry.objects.get(log__origin=ref.origin, index=ref.index)
        assert Body.objects.filter(entry_id=entry.pk).exists()


@pytest.mark.parametrize("crash", ["missing_before_cosigning", "cosign_head"])
def test_a_body_that_is_erased_is_named_once_before_the_receipt(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, crash: str
) -> None:
    (ref,) = pair.note(1)
    before = _held(pair)
    with monkeypatch.context() as patched:
        patched.setattr(replica if crash == "missing_before_cosigning" else keys.Keyring, crash, _dies)
        with pytest.raises(OSError, match="power"):
            _told(pair, forging.bent(pair, _missing(1)))
    assert _held(pair) == (ref.index + 1, before[1])
    assert _notices(pair, "regulations.body-missed") == (crash == "cosign_head")
    for _repeat in range(2):
        assert _told(pair, forging.bent(pair, _missing(1))) == []
    assert _notices(pair, "regulations.body-missed") == 1
    assert _held(pair) == (ref.index + 1, ref.index + 1)
    with pair.province.at():
        assert verify(pair.province.ring).ok


def test_no_receipt_before_our_log_takes_the_name_of_what_is_missing(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A circle that is not complete takes no such entry: the sender is told, and sends again later."""
    with pair.guard.at():
        opened = actions.open_circle(
            by=officer(GUARD), now=pair.world.clock.now, label="another", sort="main", regulation="1/QC",
            members=[PROVINCE], nonce=bytes(16),
        )  # fmt: skip
    other = replace(pair, circle=opened.origin.split("/")[1])
    pair.world.settle()
    with monkeypatch.context() as patched:
        patched.setattr(appending, "_not_joined", lambda *asked: [])
        other.note(1)
    assert _told(other, forging.bent(other, _missing(1))) == [("not-joined", 0)]
    assert _held(other) == (2, 1)
    with pair.province.at():
        actions.join_circle(by=officer(PROVINCE), now=pair.world.clock.now, circle=other.circle)
    pair.world.clock.forward(seconds=120)
    pair.world.settle()
    assert _held(other) == (2, 2)
    assert _notices(other, "regulations.body-missed") == 1


@pytest.mark.parametrize("crash", [True, False])
def test_a_body_that_cannot_be_read_is_named_once(pair: Pair, monkeypatch: pytest.MonkeyPatch, crash: bool) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(appending, "encode_body", lambda body: b"\xff")
        pair.note(1)
    if crash:
        with monkeypatch.context() as patched:
            patched.setattr(replica, "missing_before_cosigning", _dies)
            with pytest.raises(OSError, match="power"):
                _told(pair, forging.built(pair))
    for _repeat in range(2):
        assert _told(pair, forging.built(pair)) == []
    assert _notices(pair, "regulations.body-garbled") == 1


def test_a_checkpoint_below_our_size_with_another_root_is_a_fork(pair: Pair) -> None:
    pair.note(1)
    pair.world.settle()
    size = _held(pair)[0]
    ring = pair.guard.ring

    def fork(at: int) -> Callable[[parcel.Section], parcel.Section]:
        def bend(section: parcel.Section) -> parcel.Section:
            origin = section.checkpoint.note.decode().split("\n", 1)[0]
            other = checkpoint.Checkpoint(origin, at, b"\x07" * 32)
            signed = checkpoint.sign(other, ring.log_verifier(origin), ring._key("log").sign).to_bytes()
            run = parcel.Run(0, section.runs[0].headers[:at])
            return parcel.Section(payloads.Checkpoint(0, at, signed), (run,))

        return bend

    with pair.province.at():
        before = Checkpoint.objects.count()
    for at in (1, size):
        assert _told(pair, forging.bent(pair, fork(at), start=0)) == [("fork", size)]
    with pair.province.at():
        assert Checkpoint.objects.count() == before


def test_a_second_log_of_a_party_is_not_taken(pair: Pair) -> None:
    ring = pair.guard.ring

    def second(section: parcel.Section) -> parcel.Section:
        origin = section.checkpoint.note.decode().split("\n", 1)[0][:-1] + "2"
        other = checkpoint.Checkpoint(origin, section.checkpoint.end, b"\x07" * 32)
        signed = checkpoint.sign(other, ring.log_verifier(origin), ring._key("log").sign).to_bytes()
        return forging.under(section, signed)

    assert _told(pair, forging.bent(pair, second, start=0)) == [("not-member", 0)]


def test_two_who_cosign_at_once_raise_no_alarm(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """The slower of two threads finds that a later head is cosigned already."""
    (first,) = pair.note(1)
    largest = replica._largest_complete
    fired: list[int] = []

    def slow(log: Any) -> Any:
        held = largest(log)
        if not fired and held is not None and held.size == first.index + 1:
            fired.append(1)
            pair.note(2)
            assert pair.world.hand_over(forging.request(pair, forging.built(pair))).status == 200
        return held

    monkeypatch.setattr(replica, "_largest_complete", slow)
    with pair.guard.at():
        pair.guard.sync.step(pair.province.agency)
        assert fired
        assert not Peer.objects.exclude(code="").exists()
    assert _held(pair) == (first.index + 2, first.index + 2)


def test_a_database_set_back_behind_its_receipts_raises_the_alarm(pair: Pair) -> None:
    pair.world.settle()
    with pair.province.at():
        kept = pair.province.database.connection.serialize()
    pair.note(1)
    first = forging.built(pair)
    pair.note(2)
    pair.world.settle()
    with pair.province.at():
        pair.province.database.connection.deserialize(kept)
    answer = pair.world.hand_over(forging.request(pair, first))
    assert answer.status == 409
    assert b'"floor"' in answer.body


def test_entries_read_back_with_another_root_are_not_cosigned(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """A damaged disk is a refused section, and no error of the whole parcel."""
    (ref,) = pair.note(1)
    before = _held(pair)
    largest = replica._largest_complete

    def damaged(log: Any) -> Any:
        held = largest(log)
        return None if held is None else replace(held, root=bytes(32))

    with monkeypatch.context() as patched:
        patched.setattr(replica, "_largest_complete", damaged)
        assert _told(pair, forging.built(pair)) == [("root", ref.index + 1)]
    assert _held(pair) == (ref.index + 1, before[1])
    assert GUARD in ref.origin


def test_a_repeat_is_nothing_stored(pair: Pair) -> None:
    """Or two nodes would answer repeats with repeats for ever."""
    pair.note(1)
    data = forging.built(pair)
    with pair.province.at():
        now = pair.world.clock.milliseconds()
        stored = [receive.receive(data, now=now, ceiling=0, sender=GUARD).stored for _repeat in range(2)]
    assert stored == [True, False]
