"""Heads are asked every minute: a gap is known though nobody speaks, and a newer card comes on the way."""

from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from accordant.accounts import keys
from accordant.entries import cards, limits, manifest
from accordant.exchange import heads, observing, push
from accordant.exchange.models import Peer
from accordant.exchange.sync import BASE
from accordant.exchange.transports import NotReached, Request, Response
from accordant.ledger.models import Entry
from accordant.regulations import actions
from accordant.regulations.models import AcceptedCard
from accordant.seal import parcel
from accordant.tlog import checkpoint, cosignature
from tests.cast import GUARD, MILITARY, OUTSIDER, PROVINCE, officer
from tests.exchange import forging
from tests.exchange.conftest import Pair
from tests.simulator.world import SimulatedNode

pytestmark = pytest.mark.slow


@pytest.fixture
def carried(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, int]]:
    """What is asked of whom from now on: method, address, and when (ms)."""
    asked: list[tuple[str, str, int]] = []
    hand_over = pair.world.hand_over

    def recorded(request: Request) -> Response:
        asked.append((request.method, request.url, pair.world.clock.milliseconds()))
        return hand_over(request)

    monkeypatch.setattr(pair.world, "hand_over", recorded)
    return asked


def _at_province(pair: Pair) -> int:
    with pair.province.at():
        return Entry.objects.filter(kind__name="simulator.note-made").count()


def _talk(pair: Pair, node: SimulatedNode, peer: str) -> None:
    with node.at():
        while node.sync.step(peer):
            pair.world.clock.forward(seconds=1)


def _ask(pair: Pair, method: str = "GET", sender: SimulatedNode | None = None) -> Response:
    request = forging.request(pair, b"", sender=sender, method=method, path=f"{BASE}/heads")
    return pair.world.transport.carry(request) if pair.world.transport else pair.world.hand_over(request)


def test_a_gap_is_known_within_a_minute_though_nobody_pushes(pair: Pair, carried: list[tuple[str, str, int]]) -> None:
    pair.note(1)  # and the guard's own loop does not run
    pair.world.clock.forward(seconds=66)
    with pair.province.at():
        assert pair.province.sync.due() == [GUARD]
    _talk(pair, pair.province, GUARD)
    assert _at_province(pair) == 1
    assert [method for method, _url, _at in carried] == ["GET", "POST", "POST"]


def test_heads_are_asked_every_minute_with_traffic_and_without(pair: Pair, carried: list[tuple[str, str, int]]) -> None:
    for second in range(480):
        if 120 <= second < 240 and second % 4 == 0:
            pair.note(second)
        pair.world.step(GUARD)
        pair.world.clock.forward(seconds=1)
    asked = [at for method, url, at in carried if method == "GET" and url == pair.province.url]
    waits = [later - earlier for earlier, later in pairwise(asked)]
    assert len(waits) >= 6
    assert all(55_000 <= wait <= 66_000 for wait in waits), waits
    assert len({wait // 1000 for wait in waits}) > 1, "all nodes would ask at the same instants"


def test_the_answer_is_padded_and_tells_cards_heads_and_what_is_held(pair: Pair) -> None:
    (ref,) = pair.note(1)
    pair.world.settle()
    answer = _ask(pair)
    assert answer.status == 200
    assert len(answer.body) >= 16 * 1024
    with pair.guard.at():
        groups = list(keys.keyring().open_parcel(answer.body))
        card = AcceptedCard.objects.accepted_card(PROVINCE)
    assert card is not None
    preface, ended = groups
    assert isinstance(preface, parcel.Preface)
    assert isinstance(ended, parcel.Ended)
    said = manifest.read(preface.manifest).manifest
    assert {head.log: head.size for head in said.have}[ref.origin] == ref.index + 1
    assert preface.cards == (card.data,)
    shown = {seen.origin: (seen, note) for seen, note in map(checkpoint.parse, preface.cosigned)}
    assert len(shown) == 2
    seen, note = shown[ref.origin]
    assert seen.size == ref.index + 1
    assert [key.name for key, _at in cosignature.verify(note, [pair.province.ring.cosigner])] == [f"{PROVINCE}/m"]
    own, note = next(head for origin, head in shown.items() if origin != ref.origin)
    assert checkpoint.verify(note, [pair.province.ring.log_verifier(own.origin)]) == own


def test_heads_are_for_confirmed_peers_and_asked_by_get(pair: Pair) -> None:
    assert _ask(pair, sender=pair.world.nodes[OUTSIDER]).status == 403
    assert _ask(pair, method="POST").status == 405


def test_a_peer_that_holds_more_but_does_not_give_it_is_pulled_once_a_minute(
    pair: Pair, carried: list[tuple[str, str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    pair.note(1)
    monkeypatch.setattr(push, "_add_sections", lambda *given: None)
    for _second in range(180):
        pair.world.step(PROVINCE)
        pair.world.clock.forward(seconds=1)
    asked = [method for method, url, _at in carried if url == pair.guard.url]
    assert asked == ["GET", "POST"] * (len(asked) // 2)
    assert 4 <= len(asked) <= 8
    assert _at_province(pair) == 0


def _card(pair: Pair, serial: int, at: int) -> bytes:
    """Another card under the guard's root."""
    with pair.guard.at():
        held = AcceptedCard.objects.accepted_card(GUARD)
        assert held is not None
        changed = msgspec.structs.replace(held.card, serial=serial, at=held.card.at + at)
        return cards.write(changed, sign=pair.guard.ring.sign_root).data


def _held_at_province(pair: Pair) -> bytes:
    with pair.province.at():
        card = AcceptedCard.objects.accepted_card(GUARD)
    assert card is not None
    return card.data


def test_a_newer_card_comes_with_the_heads(pair: Pair) -> None:
    newer = _card(pair, 2, 1)
    with pair.guard.at():
        actions.accept_card(by=officer(GUARD, "administrator"), now=pair.world.clock.now, card=newer)
    pair.world.clock.forward(seconds=66)
    pair.world.settle()
    assert _held_at_province(pair) == newer
    pair.province.assert_rebuilds()
    pair.note(1)
    pair.world.settle()
    assert _at_province(pair) == 1


def test_two_cards_of_one_number_stop_the_talk_with_an_alarm(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _held_at_province(pair)
    given = [_card(pair, 1, 1)]
    monkeypatch.setattr("accordant.exchange.cards.newer_than_founding", lambda circles, us: given)
    pair.world.clock.forward(seconds=66)
    with pair.province.at():
        pair.province.sync.step(GUARD)
        assert Peer.objects.get(agency=GUARD).code == "card-same-serial"
    assert _held_at_province(pair) == before


def _given(pair: Pair, monkeypatch: pytest.MonkeyPatch, given: list[bytes]) -> tuple[int, str]:
    """How many cards of the guard the province holds once the guard's heads held these, and why the talk stands."""
    monkeypatch.setattr("accordant.exchange.cards.newer_than_founding", lambda circles, us: given)
    pair.world.clock.forward(seconds=66)
    with pair.province.at():
        pair.province.sync.step(GUARD)
        return AcceptedCard.objects.filter(subject=GUARD).count(), Peer.objects.get(agency=GUARD).code


def test_of_many_cards_in_a_parcel_the_highest_alone_is_kept(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each that is kept is an entry for good."""
    given = [_card(pair, serial, 1) for serial in (3, 5, 9, 2)]
    assert _given(pair, monkeypatch, given) == (2, "")
    assert _held_at_province(pair) == given[2]


def test_two_new_cards_of_one_number_are_an_alarm_too(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    given = [_card(pair, 2, 1), _card(pair, 3, 1), _card(pair, 3, 2)]
    assert _given(pair, monkeypatch, given) == (2, "card-same-serial")


def test_more_cards_than_a_parcel_may_hold_spoil_it(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PARCEL_CARDS", 2)
    given = [_card(pair, serial, 1) for serial in (2, 3, 4)]
    assert _given(pair, monkeypatch, given[:2]) == (2, "")
    assert _given(pair, monkeypatch, given) == (2, "malformed")


def test_older_cards_those_of_strangers_and_other_roots_change_nothing(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = _held_at_province(pair)
    other = keys.Keyring.create(tmp_path / "other", GUARD, random=b"other")
    with pair.guard.at():
        held = AcceptedCard.objects.accepted_card(GUARD)
    assert held is not None
    forged = msgspec.structs.replace(held.card, root=(other.root_verifier.to_string(),), serial=9)
    given = [cards.write(forged, sign=other.sign_root).data, before]
    monkeypatch.setattr("accordant.exchange.cards.newer_than_founding", lambda circles, us: given)
    pair.world.clock.forward(seconds=66)
    pair.world.settle()
    assert _held_at_province(pair) == before
    with pair.province.at():
        assert Peer.objects.get(agency=GUARD).code == ""
        assert AcceptedCard.objects.filter(subject=GUARD).count() == 1


def test_bytes_that_are_no_card_spoil_the_parcel(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accordant.exchange.cards.newer_than_founding", lambda circles, us: [b"no card"])
    pair.world.clock.forward(seconds=66)
    with pair.province.at():
        pair.province.sync.step(GUARD)
        assert Peer.objects.get(agency=GUARD).code == "malformed"


def test_heads_that_are_refused_say_why_and_wait(pair: Pair) -> None:
    with pair.guard.at():
        Peer.objects.update_or_create(agency=PROVINCE, defaults={"stopped": True})
    pair.world.clock.forward(seconds=66)
    with pair.province.at():
        assert not pair.province.sync.step(GUARD)
        row = Peer.objects.get(agency=GUARD)
        assert (row.code, row.next_try_at - row.tried_at) == ("stopped", 60_000)


@pytest.mark.parametrize("answer", [Response(500, {}, b""), Response(200, {}, b"no parcel"), None])
def test_a_node_that_cannot_give_its_heads_gets_entries_all_the_same(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, answer: Response | None
) -> None:
    hand_over = pair.world.hand_over

    def broken(asked: Request) -> Response:
        if asked.method != "GET":
            return hand_over(asked)
        if answer is None:
            raise NotReached("broken", "no answer in time")
        return answer

    monkeypatch.setattr(pair.world, "hand_over", broken)
    monkeypatch.setattr(pair.world, "transport", None)
    pair.world.clock.forward(seconds=66)
    pair.note(1)
    for _second in range(63):
        pair.world.step(GUARD)
        pair.world.clock.forward(seconds=1)
    assert _at_province(pair) == 1


def test_names_that_are_no_logs_are_no_larger_heads(pair: Pair) -> None:
    root = "00" * 32
    with pair.province.at():
        assert not heads.larger(GUARD, [manifest.Head(log=log, size=9, root=root) for log in ("", "x", f"{GUARD}/x/1")])
        assert heads.larger(GUARD, [manifest.Head(log=f"{GUARD}/x-{'0' * 32}/1", size=9, root=root)])
        with pytest.raises(LookupError):
            heads.build(OUTSIDER, now=1)


def test_a_stopped_peer_does_not_keep_the_loop_awake(trio: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its last failure and the instant of its next heads lie in the past for good."""
    looked: list[int] = []
    talks = observing.talks

    def counted() -> dict[str, observing.Talk]:
        looked.append(1)
        return talks()

    monkeypatch.setattr(observing, "talks", counted)
    trio.world.settle()
    trio.world.clock.forward(seconds=30)
    with trio.province.at():
        Peer.objects.filter(agency=MILITARY).update(stopped=True, tries=3)
        trio.province.sync.heads_at[MILITARY] = 0
        looked.clear()
        assert [trio.province.sync.due() for _round in range(5)] == [[]] * 5
        assert len(looked) == 1
        trio.world.clock.forward(seconds=60)
        assert trio.province.sync.due() == [GUARD]
