"""What a node does not take: each with its status or section code, one clear sentence, and nothing half done."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from accordant.accounts import keys
from accordant.entries import cards, limits
from accordant.entries.errors import AccordantError
from accordant.exchange import partners, push
from accordant.exchange.models import Nonce, Peer
from accordant.exchange.transports import Request
from accordant.ledger import sections
from accordant.ledger.models import Entry, Log
from accordant.ledger.verify import verify
from accordant.node.cli.serve import asgi
from accordant.regulations import actions
from accordant.regulations.models import AcceptedCard
from accordant.seal import parcel
from accordant.tlog import checkpoint, note
from tests.cast import GUARD, OUTSIDER, PROVINCE, officer
from tests.exchange import forging
from tests.exchange.conftest import Pair

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _nothing_half_done(pair: Pair) -> Any:
    """Each test of this file leaves the receiver as it was, whole."""
    with pair.province.at():
        before = (Entry.objects.count(), Log.objects.count())
    yield
    with pair.province.at():
        assert (Entry.objects.count(), Log.objects.count()) == before
        assert verify(pair.province.ring).ok


def _refused(pair: Pair, request: Request) -> tuple[int, str]:
    """Status and code of the answer, whose sentences say what, why and what now."""
    carry = pair.world.transport.carry if pair.world.transport else pair.world.hand_over
    answer = carry(request)
    said = json.loads(answer.body)
    assert said["message"]
    assert said["reason"]
    assert said["repair"]
    return answer.status, said["code"]


def _section_refused(pair: Pair, body: bytes) -> list[tuple[str, int]]:
    carry = pair.world.transport.carry if pair.world.transport else pair.world.hand_over
    answer = carry(forging.request(pair, body))
    assert answer.status == 200
    return forging.refusals(pair, answer.body)


def test_an_agency_whose_card_nobody_confirmed(pair: Pair) -> None:
    outsider = pair.world.nodes[OUTSIDER]
    assert _refused(pair, forging.request(pair, b"", sender=outsider)) == (403, "no-peer")


def test_names_that_a_stranger_makes_up_are_not_kept(pair: Pair) -> None:
    asked = forging.request(pair, b"", sender=pair.world.nodes[OUTSIDER])
    for number in range(3):
        signed = asked.headers["Authorization"].replace(OUTSIDER, f"made-up-{number}.example")
        assert _refused(pair, replace(asked, headers={**asked.headers, "Authorization": signed})) == (403, "no-peer")
    with pair.province.at():
        assert set(partners._known().accepted) <= {GUARD, PROVINCE}


def test_notes_of_circles_that_there_are_not_are_passed_over(pair: Pair) -> None:
    with pair.guard.at():
        ring = keys.keyring()
        origins = [f"{GUARD}/made-up-{number:032x}/1" for number in range(3)]
        texts = [checkpoint.Checkpoint(origin, 1, bytes(32)) for origin in origins]
        notes = [checkpoint.sign(text, ring.log_verifier(text.origin), ring._key("log").sign) for text in texts]
        body = forging.sealed(pair, [], cosigned=[made.to_bytes() for made in notes])
    assert _section_refused(pair, body) == []
    with pair.province.at():
        assert set(partners._known().circles) <= set(partners.circles_with(GUARD, PROVINCE))


def test_a_stopped_peer(pair: Pair) -> None:
    with pair.province.at():
        Peer.objects.update_or_create(agency=GUARD, defaults={"stopped": True})
    assert _refused(pair, forging.request(pair, b"")) == (403, "stopped")


def test_another_key_than_that_of_the_card(pair: Pair) -> None:
    asked = forging.request(pair, b"")
    forged = forging.request(pair, b"", sender=pair.world.nodes[OUTSIDER]).headers["Authorization"]
    headers = {**asked.headers, "Authorization": forged.replace(OUTSIDER, GUARD)}
    assert _refused(pair, replace(asked, headers=headers)) == (403, "wrong-key")


def test_a_request_without_a_signature(pair: Pair) -> None:
    asked = forging.request(pair, b"")
    assert _refused(pair, replace(asked, headers={**asked.headers, "Authorization": "Bearer x"})) == (403, "unsigned")


def test_a_request_that_was_signed_for_another_node(pair: Pair) -> None:
    """Whoever got it cannot hand it on to us."""
    pair.note(1)
    asked = forging.request(pair, forging.built(pair), host="outsider.example:8443")
    assert _refused(pair, asked) == (421, "another-receiver")


def test_a_parcel_altered_on_the_way(pair: Pair) -> None:
    pair.note(1)
    asked = forging.request(pair, forging.built(pair))
    altered = asked.body[:-1] + bytes([asked.body[-1] ^ 1])
    assert _refused(pair, replace(asked, body=altered)) == (403, "wrong-key")


def test_a_parcel_damaged_before_it_was_signed(pair: Pair) -> None:
    pair.note(1)
    body = forging.built(pair)
    damaged = body[:-1] + bytes([body[-1] ^ 1])
    assert _refused(pair, forging.request(pair, damaged)) == (400, "malformed")


def test_no_parcel_at_all(pair: Pair) -> None:
    assert _refused(pair, forging.request(pair, b"hello")) == (400, "malformed")


def test_a_parcel_sealed_to_another(pair: Pair) -> None:
    with pair.province.at():
        from_province = push.build(GUARD, now=pair.world.clock.milliseconds(), ceiling=0).data
    assert _refused(pair, forging.request(pair, from_province)) == (400, "sealed-to-another")


def test_a_cut_parcel(pair: Pair) -> None:
    pair.note(1)
    body = forging.built(pair)
    assert _refused(pair, forging.request(pair, body[: len(body) // 2])) == (400, "malformed")


def test_a_request_that_was_taken_before(pair: Pair) -> None:
    asked = forging.request(pair, forging.built(pair))
    carry = pair.world.transport.carry if pair.world.transport else pair.world.hand_over
    assert carry(asked).status == 200
    assert _refused(pair, asked) == (403, "repeated")
    with pair.province.at():
        assert Nonce.objects.filter(agency=GUARD).count() >= 1


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_clock_that_differs_too_much(pair: Pair, minutes: int) -> None:
    at = pair.world.clock.milliseconds() + minutes * 60_000
    assert _refused(pair, forging.request(pair, b"", at=at)) == (403, "clock")


def test_a_parcel_that_is_too_large(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PARCEL_BYTES", 100)
    assert _refused(pair, forging.request(pair, b"x" * 101)) == (413, "too-large")


def test_a_compressed_parcel(pair: Pair) -> None:
    asked = forging.request(pair, b"")
    headers = {**asked.headers, "Content-Encoding": "gzip"}
    assert _refused(pair, replace(asked, headers=headers)) == (415, "compressed")


def test_entries_beyond_a_gap(pair: Pair) -> None:
    pair.note(1)
    held = _size(pair)
    pair.note(2)
    assert _section_refused(pair, forging.bent(pair, lambda s: s, start=held + 1)) == [("gap", held)]


def test_an_entry_out_of_place(pair: Pair) -> None:
    pair.note(1, 2)
    held = _size(pair)

    def swap(section: parcel.Section) -> parcel.Section:
        run = section.runs[0]
        turned = parcel.Run(run.first, run.headers[::-1], run.beside)
        return parcel.Section(section.checkpoint, (turned,), section.consistency)

    assert _section_refused(pair, forging.bent(pair, swap)) == [("not-canonical", held)]


def test_an_entry_of_another_log(pair: Pair) -> None:
    (ref,) = pair.note(1)
    other = ref.origin.replace("/1", "/2").encode()
    body = forging.bent(pair, lambda s: forging.replaced(s, lambda h: h.replace(ref.origin.encode(), other)))
    assert _section_refused(pair, body) == [("not-canonical", _size(pair))]


def test_an_altered_header(pair: Pair) -> None:
    pair.note(1)
    body = forging.bent(pair, lambda s: forging.replaced(s, lambda h: h.replace(b'"no":1', b'"no":7')))
    assert _section_refused(pair, body) == [("root", _size(pair))]


def test_a_header_in_other_bytes(pair: Pair) -> None:
    pair.note(1)
    body = forging.bent(pair, lambda s: forging.replaced(s, lambda h: h.replace(b'"no":1', b'"no": 1')))
    assert _section_refused(pair, body) == [("not-canonical", _size(pair))]


def test_a_newer_header_format(pair: Pair) -> None:
    pair.note(1)
    body = forging.bent(pair, lambda s: forging.replaced(s, lambda h: h.replace(b'"v":1}', b'"v":2}')))
    assert _section_refused(pair, body) == [("newer-format", _size(pair))]


def test_a_body_that_is_not_the_one_committed_to(pair: Pair) -> None:
    pair.note(1)

    def exchange(section: parcel.Section) -> parcel.Section:
        run = section.runs[0]
        ((index, body),) = run.beside.bodies.items()
        other = replace(body, plaintext=body.plaintext.replace(b"note 1", b"note 2"))
        run = parcel.Run(run.first, run.headers, parcel.Beside(bodies={index: other}))
        return parcel.Section(section.checkpoint, (run,), section.consistency)

    assert _section_refused(pair, forging.bent(pair, exchange)) == [("commitment", _size(pair))]


def test_a_body_left_out(pair: Pair) -> None:
    pair.note(1)

    def strip(section: parcel.Section) -> parcel.Section:
        run = section.runs[0]
        return parcel.Section(section.checkpoint, (parcel.Run(run.first, run.headers),), section.consistency)

    assert _section_refused(pair, forging.bent(pair, strip)) == [("body-absent", _size(pair))]


def test_a_checkpoint_signed_by_another_key(pair: Pair) -> None:
    pair.note(1)

    def sign(section: parcel.Section) -> parcel.Section:
        ring = pair.world.nodes[OUTSIDER].ring
        text, _signed = section.checkpoint.note.decode().split("\n\n")
        origin = text.split("\n")[0]
        forged = note.sign_text(f"{text}\n", ring.log_verifier(origin), ring._key("log").sign)
        return forging.under(section, forged.to_bytes())

    ((code, _size_said),) = _section_refused(pair, forging.bent(pair, sign))
    assert code == "signature"


def test_entries_that_differ_from_those_held(pair: Pair) -> None:
    held = _size(pair)
    body = forging.bent(pair, lambda s: forging.replaced(s, lambda h: h.replace(b'"v":1}', b'"v":1,"x":1}')), start=0)
    assert _section_refused(pair, body) == [("fork", held)]


def test_a_circle_that_is_not_known_here(pair: Pair) -> None:
    with pair.guard.at():
        ref = actions.open_circle(
            by=officer(GUARD), now=pair.world.clock.now, label="another", sort="main", regulation="1/QC",
            members=[PROVINCE], nonce=bytes(16),
        )  # fmt: skip
    circle = ref.origin.split("/")[1]

    def strip(section: parcel.Section) -> parcel.Section:
        run = section.runs[0]
        return parcel.Section(section.checkpoint, (parcel.Run(run.first, run.headers),), section.consistency)

    body = forging.bent(replace(pair, circle=circle), strip, start=0)
    assert _section_refused(pair, body) == [("not-member", 0)]


def test_a_card_that_is_altered_or_none(pair: Pair) -> None:
    by = officer(PROVINCE, "administrator")
    with pair.guard.at():
        card = AcceptedCard.objects.accepted_card(GUARD)
    assert card is not None
    with pair.province.at():
        for data in (card.data.replace(b'"serial":1', b'"serial":2'), b"no card"):
            with pytest.raises(AccordantError) as refused:
                actions.accept_card(by=by, now=pair.world.clock.now, card=data)
            assert str(refused.value.refusals[0].repair)
        assert AcceptedCard.objects.accepted_card(GUARD) == card


def test_a_card_under_another_root(pair: Pair, tmp_path: Path) -> None:
    by = officer(PROVINCE, "administrator")
    other = keys.Keyring.create(tmp_path / "other", GUARD, random=b"other")
    with pair.guard.at():
        card = AcceptedCard.objects.accepted_card(GUARD)
    assert card is not None
    forged = msgspec.structs.replace(card.card, root=(other.root_verifier.to_string(),), serial=2)
    with pair.province.at():
        with pytest.raises(AccordantError) as refused:
            actions.accept_card(by=by, now=pair.world.clock.now, card=cards.write(forged, sign=other.sign_root).data)
        assert refused.value.code == "card-other-root"
        assert AcceptedCard.objects.accepted_card(GUARD) == card


def _size(pair: Pair) -> int:
    """How much of the guard's log the province holds."""
    with pair.province.at():
        return next(log.size for log in sections.logs_of(pair.circle) if not log.ours)


@pytest.mark.parametrize(("headers", "status"), [([], 411), ([(b"content-length", b"9" * 9)], 413)])
def test_a_body_without_or_beyond_its_length_stays_unread(headers: list[tuple[bytes, bytes]], status: int) -> None:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def unread() -> dict[str, Any]:
        raise AssertionError("the body was read")

    scope = {"type": "http", "method": "POST", "path": "/accordant/v1/parcel", "headers": headers}
    with pytest.raises(StopIteration):
        asgi.node_interface(scope, unread, send).send(None)
    assert sent[0]["status"] == status
