"""Each member's witness cosigns checkpoints without their entries, never two that contradict each other."""

import hashlib
import json

import pytest

from accordant.exchange.models import Witnessed
from accordant.exchange.sync import BASE
from accordant.exchange.transports import Response
from accordant.ledger import sections
from accordant.ledger.storing import LogRow
from accordant.ledger.verify import verify
from accordant.regulations import actions
from accordant.tlog import checkpoint, cosignature, note, witness
from tests.cast import GUARD, MILITARY, OUTSIDER, PROVINCE, officer
from tests.exchange import forging
from tests.exchange.conftest import Pair
from tests.simulator.world import SimulatedNode

pytestmark = pytest.mark.slow


def _carry(pair: Pair, method: str, what: str, body: bytes = b"", sender: SimulatedNode | None = None) -> Response:
    request = forging.request(pair, body, sender=sender, method=method, path=f"{BASE}/witness/{what}")
    return pair.world.transport.carry(request) if pair.world.transport else pair.world.hand_over(request)


def _submit(pair: Pair, body: bytes, sender: SimulatedNode | None = None) -> Response:
    """What the province's witness answers."""
    return _carry(pair, "POST", "add-checkpoint", body, sender)


def _log(pair: Pair) -> LogRow:
    with pair.guard.at():
        return next(log for log in sections.logs_of(pair.circle) if log.ours)


def _head(pair: Pair, size: int, old_size: int) -> witness.Submission:
    """The guard's checkpoint of a size as its node would submit it."""
    log = _log(pair)
    with pair.guard.at():
        signed = sections.note_at(log, size)
        hashes = sections.consistency(log, old_size, size) if old_size else []
    assert signed is not None
    new, parsed = checkpoint.parse(signed)
    return witness.Submission(old_size, tuple(hashes), new, parsed)


def _forged(pair: Pair, size: int, old_size: int) -> witness.Submission:
    """A checkpoint of another root that the guard's log key signed."""
    ring, origin = pair.guard.ring, _log(pair).origin
    other = checkpoint.Checkpoint(origin, size, b"\x07" * 32)
    signed = checkpoint.sign(other, ring.log_verifier(origin), ring._key("log").sign)
    return witness.Submission(old_size, (b"\x09" * 32,) if old_size else (), other, signed)


def _status(pair: Pair, submission: witness.Submission) -> int:
    answer = _submit(pair, submission.to_bytes())
    if answer.status not in (200, 409):
        assert json.loads(answer.body)["repair"]
    return answer.status


def test_a_checkpoint_is_cosigned_as_it_grows_and_kept(pair: Pair) -> None:
    (ref,) = pair.note(1)
    first = ref.index + 1
    submission = _head(pair, first, 0)
    answer = _submit(pair, submission.to_bytes())
    assert answer.status == 200
    cosigned = submission.signed.with_signatures(note.parse_lines(answer.body))
    ((key, at),) = cosignature.verify(cosigned, [pair.province.ring.witness])
    assert (key.name, at) == (f"{PROVINCE}/w", pair.world.clock.milliseconds() // 1000)
    pair.note(2, 3, 4)
    pair.world.clock.forward(seconds=5)
    grown = _head(pair, _log(pair).size, first)
    assert _status(pair, grown) == 200
    name = hashlib.sha256(ref.origin.encode()).hexdigest()
    held = _carry(pair, "GET", f"{name}/checkpoint")
    assert held.status == 200
    newest, kept = checkpoint.parse(held.body)
    assert newest == grown.checkpoint
    checkpoint.verify(kept, [pair.guard.ring.log_verifier(ref.origin)])
    assert cosignature.verify(kept, [pair.province.ring.witness])
    with pair.province.at():
        assert verify(pair.province.ring).ok, "a witness holds none of the entries"


def test_the_same_again_gets_a_line_again(pair: Pair) -> None:
    (ref,) = pair.note(1)
    submission = _head(pair, ref.index + 1, 0)
    assert _status(pair, submission) == 200
    again = witness.Submission(ref.index + 1, (), submission.checkpoint, submission.signed)
    assert [_status(pair, again), _status(pair, again)] == [200, 200]


def test_another_old_size_is_told_the_latest_one(pair: Pair) -> None:
    (ref,) = pair.note(1)
    assert _status(pair, _head(pair, ref.index + 1, 0)) == 200
    pair.note(2)
    for old_size in (0, ref.index + 2):
        answer = _submit(pair, _head(pair, ref.index + 2, old_size).to_bytes())
        assert (answer.status, answer.body) == (409, f"{ref.index + 1}\n".encode())
        assert answer.headers["content-type"] == "text/x.tlog.size"


def test_no_branch_is_cosigned_not_even_when_the_database_was_lost(pair: Pair) -> None:
    (ref,) = pair.note(1)
    size = ref.index + 1
    assert _status(pair, _head(pair, size, 0)) == 200
    with pair.province.at():
        Witnessed.objects.all().delete()
    assert _status(pair, _forged(pair, size, 0)) == 409
    assert _status(pair, _forged(pair, size, size)) == 422
    assert _status(pair, _forged(pair, size + 3, size)) == 422
    with pair.province.at():
        assert not Witnessed.objects.exists()


def test_what_contradicts_the_entries_held_is_not_cosigned(pair: Pair) -> None:
    (ref,) = pair.note(1)
    pair.world.settle()
    assert _status(pair, _forged(pair, ref.index + 1, 0)) == 422
    assert _status(pair, _head(pair, ref.index + 1, 0)) == 200


def test_what_the_log_did_not_sign_is_forbidden_and_no_submission_is_malformed(pair: Pair) -> None:
    (ref,) = pair.note(1)
    good = _head(pair, ref.index + 1, 0)
    ring = pair.world.nodes[OUTSIDER].ring
    foreign = note.sign_text(good.signed.text, ring.log_verifier(ref.origin), ring._key("log").sign)
    assert _status(pair, witness.Submission(0, (), good.checkpoint, foreign)) == 403
    assert _status(pair, witness.Submission(99, (), good.checkpoint, good.signed)) == 400
    assert _submit(pair, b"hello").status == 400
    assert _carry(pair, "GET", "add-checkpoint").status == 405
    assert _carry(pair, "POST", f"{'0' * 64}/checkpoint").status == 405
    assert _submit(pair, good.to_bytes(), pair.world.nodes[OUTSIDER]).status == 403
    with pair.province.at():
        assert not Witnessed.objects.exists()


def test_an_origin_that_is_none_of_the_peers_is_not_found(trio: Pair) -> None:
    """Unknown names, the witness's own log, and circles in which the submitter is not."""
    with trio.guard.at():
        opened = actions.open_circle(
            by=officer(GUARD), now=trio.world.clock.now, label="two", sort="main", regulation="1/QC",
            members=[PROVINCE], nonce=bytes(16),
        )  # fmt: skip
    trio.world.settle()
    two = Pair(trio.world, opened.origin.split("/")[1])
    hidden = _head(two, 1, 0)
    military = trio.world.nodes[MILITARY]
    answers = [_submit(trio, hidden.to_bytes(), military)]
    ring = trio.guard.ring
    for origin in (f"{PROVINCE}/{trio.circle}/1", "nobody.example/x/1", f"{GUARD}/{trio.circle}/2", "monkeys"):
        head = checkpoint.Checkpoint(origin, 1, bytes(32))
        note_of = checkpoint.sign(head, ring.log_verifier(origin), ring._key("log").sign)
        answers.append(_submit(trio, witness.Submission(0, (), head, note_of).to_bytes()))
    assert {(answer.status, answer.body) for answer in answers} == {(404, answers[0].body)}
    assert _submit(two, hidden.to_bytes()).status == 200
    name = hashlib.sha256(opened.origin.encode()).hexdigest()
    assert _carry(trio, "GET", f"{name}/checkpoint").status == 200
    unseen = _carry(trio, "GET", f"{name}/checkpoint", sender=military)
    unknown = _carry(trio, "GET", f"{'0' * 64}/checkpoint", sender=military)
    assert (unseen.status, unseen.body) == (404, unknown.body)


def test_one_that_comes_between_moves_the_latest_size(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the judgement and the key's lock another process may witness a later head."""
    (ref,) = pair.note(1, 2)[:1]
    first = _head(pair, ref.index + 2, 0)
    pair.note(3)
    later = _head(pair, ref.index + 3, 0)
    judge = witness.judge
    fired: list[int] = []

    def between(*given: object) -> None:
        judge(*given)  # type: ignore[arg-type]  # as the real one
        if not fired:
            fired.append(1)
            assert _submit(pair, later.to_bytes()).status == 200

    monkeypatch.setattr(witness, "judge", between)
    answer = pair.world.hand_over(forging.request(pair, first.to_bytes(), path=f"{BASE}/witness/add-checkpoint"))
    assert (answer.status, answer.body) == (409, f"{ref.index + 3}\n".encode())
