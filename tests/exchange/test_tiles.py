"""Logs as tiles: a reader who knows the C2SP text alone gets the root that was signed; a non-member gets nothing."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from accordant.exchange.sync import BASE
from accordant.exchange.transports import Response
from accordant.ledger import sections
from accordant.regulations import actions
from accordant.regulations.models import Opening
from accordant.tlog import checkpoint, cosignature, tiles
from tests.cast import GUARD, MILITARY, OUTSIDER, PROVINCE, officer
from tests.exchange import forging
from tests.exchange.conftest import Pair
from tests.simulator.world import SimulatedNode

pytestmark = pytest.mark.slow
Fetch = Callable[[str], bytes]


def _ask(pair: Pair, origin: str, place: str, *, sender: SimulatedNode | None = None, method: str = "GET") -> Response:
    """What the province answers."""
    path = f"{BASE}/log/{hashlib.sha256(origin.encode()).hexdigest()}/{place}"
    request = forging.request(pair, b"", sender=sender, method=method, path=path)
    return pair.world.transport.carry(request) if pair.world.transport else pair.world.hand_over(request)


def _number(number: int) -> str:
    digits = f"{number:03d}"
    while len(digits) % 3:
        digits = "0" + digits
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])


def _level(fetch: Fetch, size: int, level: int) -> list[bytes]:
    """All hashes of one tile level of a tree of this size."""
    count = size >> 8 * level
    hashes = []
    for number in range(-(-count // 256)):
        width = min(256, count - 256 * number)
        data = fetch(f"tile/{level}/{_number(number)}" + ("" if width == 256 else f".p/{width}"))
        assert len(data) == 32 * width
        hashes += [data[i : i + 32] for i in range(0, len(data), 32)]
    return hashes


def _root(hashes: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word by word."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return hashlib.sha256(b"\x01" + _root(hashes[:split]) + _root(hashes[split:])).digest()


def _entries(fetch: Fetch, size: int) -> list[bytes]:
    found = []
    for number in range(-(-size // 256)):
        width = min(256, size - 256 * number)
        data = fetch(f"tile/entries/{_number(number)}" + ("" if width == 256 else f".p/{width}"))
        while data:
            length = int.from_bytes(data[:2], "big")
            found.append(data[2 : 2 + length])
            data = data[2 + length :]
    return found


def test_an_independent_reader_gets_the_root_that_was_signed(pair: Pair) -> None:
    (ref, *_others) = pair.note(*range(600))
    pair.world.settle()

    def fetch(place: str) -> bytes:
        answer = _ask(pair, ref.origin, place)
        assert answer.status == 200, place
        full = place.startswith("tile") and ".p/" not in place
        assert ("immutable" in answer.headers["cache-control"]) == full
        assert answer.headers["cache-control"].startswith("private")
        return answer.body

    signed, note = checkpoint.parse(fetch("checkpoint"))
    lines = fetch("checkpoint").decode().split("\n")
    assert lines[0] == ref.origin
    size, root = int(lines[1]), base64.b64decode(lines[2])
    assert size == ref.index + 600
    checkpoint.verify(note, [pair.guard.ring.log_verifier(ref.origin)])
    assert cosignature.verify(note, [pair.province.ring.cosigner])
    leaves = _level(fetch, size, 0)
    assert _root(leaves) == root == signed.root
    assert _level(fetch, size, 1) == [_root(leaves[i : i + 256]) for i in range(0, size - 255, 256)]
    assert [hashlib.sha256(b"\x00" + entry).digest() for entry in _entries(fetch, size)] == leaves


def test_what_is_not_there_is_not_found(pair: Pair) -> None:
    (ref,) = pair.note(1)
    pair.world.settle()
    for place in ("tile/0/000", f"tile/0/000.p/{ref.index + 2}", "tile/1/000.p/1", "tile/0/001.p/1", "tile/7/000.p/1"):
        assert _ask(pair, ref.origin, place).status == 404, place
    for place in ("tile/0/0", "tile/x/000", "tile", "checkpoint/", "tile/entries/000.p/0"):
        assert _ask(pair, ref.origin, place).status == 404, place
    assert _ask(pair, ref.origin, f"tile/0/000.p/{ref.index + 1}").status == 200
    assert _ask(pair, ref.origin, "checkpoint", method="POST").status == 405
    assert _ask(pair, ref.origin, "tile/0/000.p/1", method="POST").status == 405


def test_whoever_is_no_member_gets_what_an_unknown_log_gets(trio: Pair) -> None:
    """A circle of two: the third party and the stranger learn nothing, not even that it exists."""
    with trio.guard.at():
        opened = actions.open_circle(
            by=officer(GUARD), now=trio.world.clock.now, label="two", sort="main", regulation="1/QC",
            members=[PROVINCE], nonce=bytes(16),
        )  # fmt: skip
    trio.world.settle()
    with trio.province.at():
        (log,) = sections.logs_of(opened.origin.split("/")[1])
        (private,) = sections.logs_of(Opening.objects.private_circle())
    for place in ("checkpoint", "tile/0/000.p/1", "tile/entries/000.p/1"):
        known = _ask(trio, log.origin, place, sender=trio.world.nodes[MILITARY])
        unknown = _ask(trio, "nobody.example/nothing/1", place, sender=trio.world.nodes[MILITARY])
        own = _ask(trio, private.origin, place, sender=trio.guard)
        assert (known.status, known.body, known.headers) == (404, unknown.body, unknown.headers)
        assert (own.status, own.body) == (404, unknown.body)
        assert _ask(trio, log.origin, place, sender=trio.guard).status == 200


def test_a_stranger_gets_nothing(pair: Pair) -> None:
    (ref,) = pair.note(1)
    pair.world.settle()
    assert _ask(pair, ref.origin, "checkpoint", sender=pair.world.nodes[OUTSIDER]).status == 403


def test_a_log_of_which_nothing_is_signed_yet_has_no_tiles(pair: Pair) -> None:
    with pair.province.at():
        log = replace(sections.logs_of(pair.circle)[0], id=-1)
        assert sections.newest_note(log) is None
        assert sections.tile(log, tiles.Tile(0, 0, 1)) is None
