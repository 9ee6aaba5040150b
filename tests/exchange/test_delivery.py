"""What arrives, in which pieces, and what a sender sees of it: signed, sent, received, or why it is stuck."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from django.utils.translation import override

from accordant.accounts import keys
from accordant.entries import limits
from accordant.entries.envelope import EntryRef
from accordant.exchange import push, receive, sync
from accordant.exchange.models import Peer, PeerLog, Sent
from accordant.exchange.transports import Request
from accordant.ledger import read, replica, sections
from accordant.ledger.models import Entry, Log
from accordant.ledger.verify import verify
from tests.cast import GUARD, PROVINCE
from tests.exchange import forging
from tests.exchange.conftest import Pair

pytestmark = pytest.mark.slow


def _at_province(pair: Pair) -> int:
    with pair.province.at():
        return Entry.objects.filter(kind__name="simulator.note-made").count()


def _receipts(pair: Pair, ref: EntryRef) -> Sequence[str]:
    with pair.guard.at():
        entry = read.entries.find(ref.origin, ref.index)
        assert entry is not None
        return sorted(read.entries.receipts(entry))


def _push(pair: Pair) -> bool:
    with pair.guard.at():
        return pair.guard.sync.step(PROVINCE)


def test_one_request_delivers_and_brings_the_receipt(pair: Pair) -> None:
    (ref,) = pair.note(1)
    before = pair.world.carried
    pair.world.settle()
    assert pair.world.carried == before + 1
    assert (_at_province(pair), _receipts(pair, ref)) == (1, [PROVINCE])
    for node in (pair.guard, pair.province):
        with node.at():
            assert verify(node.ring).ok
        node.assert_rebuilds()


def test_a_sender_sees_signed_then_why_it_is_stuck_then_sent_and_received(pair: Pair) -> None:
    (ref,) = pair.note(1)
    pair.province.down = True
    _push(pair)
    with pair.guard.at():
        with override("en"):
            assert sync.observed(ref.origin, ref.index, PROVINCE) == (None, f"the node of {PROVINCE} does not answer")
        with override("vi"):
            assert sync.observed(ref.origin, ref.index, PROVINCE)[1] == f"nút của {PROVINCE} không trả lời"
        assert sync.waiting_for(PROVINCE) == 1
        assert not Sent.objects.filter(size__gt=ref.index).exists()
    pair.province.down = False
    pair.world.clock.forward(seconds=120)
    pair.world.settle()
    with pair.guard.at():
        sent_at, reason = sync.observed(ref.origin, ref.index, PROVINCE)
        assert (sent_at is not None, reason, sync.waiting_for(PROVINCE)) == (True, "", 0)
    assert _receipts(pair, ref) == [PROVINCE]


def test_waits_grow_and_any_contact_ends_them(pair: Pair) -> None:
    pair.note(1)
    pair.province.down = True
    waits = []
    for _try in range(9):
        _push(pair)
        with pair.guard.at():
            row = Peer.objects.get(agency=PROVINCE)
            waits.append(row.next_try_at - row.tried_at)
            assert pair.guard.sync.due() == []
    assert 250 <= waits[0] <= 500
    assert waits[-1] >= 30_000
    assert max(waits) <= 60_000
    pair.province.down = False
    with pair.guard.at():
        pair.guard.sync.contacted(PROVINCE)
        assert pair.guard.sync.due() == [PROVINCE]


def test_a_log_that_is_refused_waits_by_itself(pair: Pair) -> None:
    """Contact stays, other circles go on, the sender sees why; once it is taken again, all arrives."""
    other = replace(pair, circle=pair.world.open_circle(GUARD, PROVINCE, regulation="29/QCPH"))
    (stuck,) = pair.note(1)
    with pair.province.at():
        Log.objects.filter(origin=stuck.origin).update(frozen="fork")
    before = pair.world.carried
    pair.world.settle()
    (ref,) = other.note(2)
    pair.world.settle()
    assert pair.world.carried - before <= 6
    assert (_at_province(pair), _receipts(pair, ref), _receipts(pair, stuck)) == (1, [PROVINCE], [])
    with pair.guard.at():
        with override("en"):
            sent_at, reason = sync.observed(stuck.origin, stuck.index, PROVINCE)
        assert sent_at is not None
        assert reason == f"{PROVINCE} does not take this log, the page Links says why"
        assert sync.observed(ref.origin, ref.index, PROVINCE)[1] == ""
        row = Peer.objects.get(agency=PROVINCE)
        assert (row.tries, row.code) == (0, "")
        assert pair.guard.sync.due() == []
    with pair.province.at():
        Log.objects.filter(origin=stuck.origin).update(frozen="")
    pair.world.clock.forward(seconds=60)
    pair.world.settle()
    assert (_at_province(pair), _receipts(pair, stuck)) == (2, [PROVINCE])
    with pair.guard.at():
        assert sync.observed(stuck.origin, stuck.index, PROVINCE)[1] == ""


def test_catch_up_comes_in_bounded_pieces_and_goes_on_after_a_cut(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECTION_ENTRIES", 8)
    for start in range(0, 40, 5):
        pair.note(*range(start, start + 5))
    held = []
    for _step in range(2):
        assert _push(pair)
        held.append(_at_province(pair))
    pair.world.cut.add(frozenset((GUARD, PROVINCE)))
    assert not _push(pair)
    assert 0 < held[0] < held[1] <= 16
    assert _at_province(pair) == held[1]
    pair.world.cut.clear()
    while _push(pair):
        assert _at_province(pair) - held[-1] <= 8
        held.append(_at_province(pair))
    assert _at_province(pair) == 40
    with pair.province.at():
        assert verify(pair.province.ring).ok


def test_large_bodies_never_make_a_parcel_that_no_road_takes(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push, "_RUN_BYTES", 60)
    refs = pair.note(*range(12))
    with pair.guard.at():
        (log,) = [log for log in sections.logs_of(pair.circle) if log.ours]
        draft = push._Draft(bytes_left=2000)
        push._add_sections(draft, log, PROVINCE, refs[0].index, 0)
    held = sum(len(run.headers) for section in draft.sections for run in section.runs)
    assert 0 < held < 12
    assert draft.more
    assert draft.bytes_left >= 0
    pair.world.settle()
    assert _at_province(pair) == 12


def test_no_receipt_before_everything_is_durable(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    (ref,) = pair.note(1)
    with monkeypatch.context() as patched:
        patched.setattr(replica, "_store_checkpoint", _full)
        patched.setattr(keys.Keyring, "cosign_head", _never)
        with pytest.raises(OSError, match="disk full"):
            pair.world.hand_over(_request(pair))
    assert (_at_province(pair), _receipts(pair, ref)) == (0, [])
    with monkeypatch.context() as patched:
        patched.setattr(keys.Keyring, "cosign_head", _full)
        with pytest.raises(OSError, match="disk full"):
            pair.world.hand_over(_request(pair))
    assert (_at_province(pair), _receipts(pair, ref)) == (1, [])
    _push(pair)
    assert (_at_province(pair), _receipts(pair, ref)) == (1, [PROVINCE])


def test_a_repeat_changes_nothing_and_gets_the_stored_receipt(pair: Pair) -> None:
    (ref,) = pair.note(1)
    again = _request(pair)
    pair.world.settle()
    with pair.province.at():
        lines = [log.signed_tree for log in sections.logs_of(pair.circle)]
    assert pair.world.hand_over(again).status == 200
    with pair.province.at():
        assert [log.signed_tree for log in sections.logs_of(pair.circle)] == lines
    assert (_at_province(pair), _receipts(pair, ref)) == (1, [PROVINCE])


def _request(pair: Pair) -> Request:
    return forging.request(pair, forging.built(pair))


def _full(*_given: object, **_named: object) -> None:
    raise OSError("disk full")


def _never(*_given: object, **_named: object) -> None:
    raise AssertionError("a receipt was signed")


def test_a_peer_that_takes_nothing_and_says_nothing_is_sent_less_and_less(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More is ready, but what it holds does not move: the talk ends, and the log waits as if it were refused."""
    for start in range(0, 20, 5):
        pair.note(*range(start, start + 5))
    monkeypatch.setattr(limits, "SECTION_ENTRIES", 8)
    with monkeypatch.context() as patched:
        patched.setattr(receive, "_take_sections", lambda *given: None)
        before = pair.world.carried
        for _second in range(50):
            pair.world.step(GUARD)
            pair.world.clock.forward(seconds=1)
        assert pair.world.carried - before < 12
        with pair.guard.at():
            (row,) = PeerLog.objects.filter(agency=PROVINCE, tries__gt=0)
            assert row.refused == "not-taken"
    pair.world.clock.forward(seconds=120)
    pair.world.settle()
    assert _at_province(pair) == 20
