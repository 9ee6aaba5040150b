"""Bodies that come after their headers: what they must open, when they are named, and how they are projected."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from accordant.domains.information import actions, rules
from accordant.entries.envelope import EntryRef
from accordant.entries.manifest import Want
from accordant.exchange import push, receive
from accordant.ledger import append as appending
from accordant.ledger import replay, sections
from accordant.ledger.models import Entry, MissingBody
from accordant.seal import parcel
from tests.cast import GUARD, PROVINCE, officer
from tests.exchange import forging, looking
from tests.exchange.conftest import Pair

pytestmark = pytest.mark.slow


def test_a_late_body_shows_where_the_entry_stood_without_it(trio: Pair) -> None:
    """What was projected without the body is projected anew: live rows are the rebuilt ones."""
    trio.world.cut.add(looking.LINE)
    with trio.guard.at():
        new = rules.NewItem(to=(PROVINCE,), day="2026-01-05", subject="late")
        ref = actions.send_item(by=officer(GUARD), now=trio.world.clock.now, circle=trio.circle, new=new)
    looking.passing(trio)
    assert looking.held(trio.province, ref) == (True, False)
    before = trio.world.state(PROVINCE)
    trio.world.cut.clear()
    looking.passing(trio)
    assert looking.held(trio.province, ref) == (True, True)
    assert trio.world.state(PROVINCE) != before
    looking.assert_sound(trio)


def _without_body(trio: Pair) -> EntryRef:
    """A note that the province holds by the military, without its body; the line to the guard is there again."""
    trio.world.cut.add(looking.LINE)
    (ref,) = trio.note(1, to=(PROVINCE,))
    looking.passing(trio)
    assert looking.held(trio.province, ref) == (True, False)
    trio.world.cut.clear()
    return ref


def _give(
    trio: Pair,
    ref: EntryRef,
    change: Callable[[parcel.Section], parcel.Section] = lambda section: section,
    ceiling: int = 0,
) -> list[str]:
    """What the province refuses of the guard's answer to its want, bent on the way."""
    with trio.guard.at():
        (log,) = [log for log in sections.logs_of(trio.circle) if log.ours]
        draft = push._Draft()
        want = Want(log=log.origin, start=log.size, bodies=((0, 2**53 - 1),))
        push._add_sections(draft, log, PROVINCE, log.size, 0, want)
        (section,) = draft.sections
        assert set(section.late.bodies) >= {ref.index}
        data = forging.sealed(trio, [change(section)])
    with trio.province.at():
        now = trio.world.clock.milliseconds()
        received = receive.receive(data, now=now, ceiling=ceiling, sender=GUARD)
        return [refused.code for refused in received.refused]


def test_a_late_body_must_open_its_commitment(trio: Pair) -> None:
    ref = _without_body(trio)

    def exchanged(section: parcel.Section) -> parcel.Section:
        body = section.late.bodies[ref.index]
        section.late.bodies[ref.index] = replace(body, plaintext=body.plaintext.replace(b"note", b"nota"))
        return section

    assert _give(trio, ref, exchanged) == ["commitment"]
    assert looking.held(trio.province, ref) == (True, False)
    assert _give(trio, ref) == []
    assert looking.held(trio.province, ref) == (True, True)
    assert looking.cosigned(trio.province, ref.origin) == (ref.index + 1, ref.index + 1)
    looking.assert_sound(trio)


def test_what_its_owner_says_to_be_gone_is_named_and_then_cosigned(trio: Pair) -> None:
    ref = _without_body(trio)

    def erased(section: parcel.Section) -> parcel.Section:
        missing = dict.fromkeys(section.late.bodies, 1)
        return parcel.Section(section.checkpoint, late=parcel.Beside(missing=missing))

    assert _give(trio, ref, erased) == []
    assert looking.notices(trio.province) == 1
    assert looking.cosigned(trio.province, ref.origin) == (ref.index + 1, ref.index + 1)
    looking.assert_sound(trio)


def test_what_is_above_the_ceiling_when_it_comes_is_dropped_unread_and_named(trio: Pair) -> None:
    ref = _without_body(trio)
    assert _give(trio, ref, ceiling=-1) == []
    assert looking.held(trio.province, ref) == (True, False)
    with trio.province.at():
        assert list(MissingBody.objects.values_list("why", flat=True)) == [2]
    assert looking.notices(trio.province) == 1
    assert looking.cosigned(trio.province, ref.origin) == (ref.index + 1, ref.index + 1)
    looking.assert_sound(trio)


def test_a_late_body_that_cannot_be_read_is_named(trio: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(appending, "encode_body", lambda body: b"\xff")
        ref = _without_body(trio)
    assert _give(trio, ref) == []
    assert looking.held(trio.province, ref) == (True, True)
    with trio.province.at():
        assert Entry.objects.filter(kind__name="regulations.body-garbled", log__agency=PROVINCE).count() == 1
    looking.assert_sound(trio)


def test_late_bodies_that_fill_a_parcel_leave_no_gap(trio: Pair) -> None:
    """The asker holds less than the newest size: what it asked for fits onto what it holds all the same."""
    ref = _without_body(trio)
    trio.note(2)
    with trio.guard.at():
        (log,) = [log for log in sections.logs_of(trio.circle) if log.ours]
        draft = push._Draft(bytes_left=1)
        want = Want(log=log.origin, start=ref.index + 1, bodies=((ref.index, ref.index + 1),))
        push._add_sections(draft, log, PROVINCE, ref.index + 1, 0, want)
        assert draft.more
        data = forging.sealed(trio, draft.sections)
    with trio.province.at():
        received = receive.receive(data, now=trio.world.clock.milliseconds(), ceiling=0, sender=GUARD)
        assert received.refused == []
    assert looking.held(trio.province, ref) == (True, True)
    looking.passing(trio)
    assert looking.cosigned(trio.province, ref.origin) == (ref.index + 2, ref.index + 2)
    looking.assert_sound(trio)


def test_late_bodies_of_one_log_are_projected_once_in_a_parcel(trio: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time all is projected anew: sections of one body each would keep a node busy for hours."""
    trio.world.cut.add(looking.LINE)
    with trio.guard.at():
        new = rules.NewItem(to=(PROVINCE,), day="2026-01-05", subject="late")
        refs = [
            actions.send_item(by=officer(GUARD), now=trio.world.clock.now, circle=trio.circle, new=new)
            for _item in range(3)
        ]
    looking.passing(trio)
    trio.world.cut.clear()
    with trio.guard.at():
        (log,) = [log for log in sections.logs_of(trio.circle) if log.ours]
        draft = push._Draft()
        for ref in refs:
            want = Want(log=log.origin, start=log.size, bodies=((ref.index, ref.index + 1),))
            push._add_sections(draft, log, PROVINCE, log.size, 0, want)
        data = forging.sealed(trio, draft.sections)
    rebuilt = []
    rebuild = replay.rebuild
    monkeypatch.setattr(replay, "rebuild", lambda: rebuilt.append(rebuild()))
    with trio.province.at():
        received = receive.receive(data, now=trio.world.clock.milliseconds(), ceiling=0, sender=GUARD)
        assert [refused.code for refused in received.refused] == ["limit", "limit"]
    assert len(rebuilt) == 1
    assert [looking.held(trio.province, ref) for ref in refs] == [(True, True), (True, False), (True, False)]
    looking.passing(trio)
    assert [looking.held(trio.province, ref) for ref in refs] == [(True, True)] * 3
    looking.assert_sound(trio)
