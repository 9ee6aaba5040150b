"""Every address of the node interface: its methods, and what whoever has no business there is answered.

A route without a row fails. All but the card are for agencies whose root a person here confirmed.
"""

import json
from dataclasses import dataclass, replace
from typing import Final

import pytest

from accordant.entries import limits
from accordant.exchange.models import Peer
from accordant.exchange.transports import Request, Response
from accordant.exchange.urls import urlpatterns
from tests.cast import GUARD, OUTSIDER
from tests.exchange import forging
from tests.exchange.conftest import Pair

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Row:
    """A route's method, a sample of its places, and what a peer gets for an empty body or a log that is not there."""

    method: str
    sample: str
    nothing: int
    public: bool = False


LOG = "0" * 64
ROWS: Final = {
    "accordant/v1/card": Row("GET", "card", 200, public=True),
    "accordant/v1/heads": Row("GET", "heads", 200),
    "accordant/v1/parcel": Row("POST", "parcel", 400),
    "accordant/v1/log/<str:log>/checkpoint": Row("GET", f"log/{LOG}/checkpoint", 404),
    "accordant/v1/log/<str:log>/<path:place>": Row("GET", f"log/{LOG}/tile/0/000.p/1", 404),
    "accordant/v1/witness/add-checkpoint": Row("POST", "witness/add-checkpoint", 400),
    "accordant/v1/witness/<str:log>/checkpoint": Row("GET", f"witness/{LOG}/checkpoint", 404),
}
CLOSED = {route: row for route, row in ROWS.items() if not row.public}


def _request(pair: Pair, row: Row, *, sender: str = GUARD, method: str = "", host: str = "") -> Request:
    node = pair.world.nodes[sender]
    path = f"/accordant/v1/{row.sample}"
    return forging.request(pair, b"", sender=node, method=method or row.method, path=path, host=host)


def _answer(pair: Pair, request: Request) -> Response:
    """The province's answer, by hand, as no carrier would send some of these."""
    answer = pair.world.hand_over(request)
    if answer.status >= 400:
        said = json.loads(answer.body)
        assert said["message"]
        assert said["repair"]
    return answer


@pytest.fixture
def alone(trio: Pair) -> Pair:
    """The guard asks the province, which never heard of the outsider."""
    trio.world.add(OUTSIDER)
    return trio


def test_every_route_has_a_row() -> None:
    assert {str(route.pattern) for route in urlpatterns} == set(ROWS)


@pytest.mark.parametrize("row", CLOSED.values(), ids=CLOSED)
def test_whoever_is_no_peer_gets_nothing(alone: Pair, row: Row) -> None:
    signed = _request(alone, row)
    unsigned = replace(signed, headers={"Host": signed.headers["Host"]})
    assert _answer(alone, signed).status == row.nothing
    assert _answer(alone, signed).status == 403, "a request counts once"
    assert _answer(alone, unsigned).status == 403
    assert _answer(alone, _request(alone, row, sender=OUTSIDER)).status == 403
    assert _answer(alone, _request(alone, row, host="other.example:8443")).status == 421
    with alone.province.at():
        Peer.objects.update_or_create(agency=GUARD, defaults={"stopped": True})
    assert _answer(alone, _request(alone, row)).status == 403


@pytest.mark.parametrize("row", CLOSED.values(), ids=CLOSED)
def test_any_request_of_a_peer_is_a_contact(alone: Pair, row: Row) -> None:
    """Whatever waited for it is tried at once."""
    with alone.province.at():
        Peer.objects.update_or_create(agency=GUARD, defaults={"contact_at": 1, "tries": 7, "next_try_at": 2**50})
    assert _answer(alone, _request(alone, row)).status == row.nothing
    with alone.province.at():
        peer = Peer.objects.get(agency=GUARD)
        assert (peer.tries, peer.next_try_at, peer.contact_at) == (0, 0, alone.world.clock.milliseconds())


@pytest.mark.parametrize("row", CLOSED.values(), ids=CLOSED)
def test_other_methods_are_not_taken(alone: Pair, row: Row) -> None:
    for method in {"GET", "POST", "PUT", "DELETE"} - {row.method}:
        answer = _answer(alone, _request(alone, row, method=method))
        assert (answer.status, answer.headers["allow"]) == (405, row.method)


@pytest.mark.parametrize("row", CLOSED.values(), ids=CLOSED)
def test_a_body_beyond_the_limit_is_not_read(alone: Pair, row: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    request = _request(alone, row)
    monkeypatch.setattr(limits, "PARCEL_BYTES", 10)
    assert _answer(alone, replace(request, body=b"x" * 11)).status == 413


def test_the_card_is_for_everybody(alone: Pair) -> None:
    row = ROWS["accordant/v1/card"]
    asked = Request(alone.province.url, (), "GET", f"/accordant/v1/{row.sample}", {}, b"")
    assert _answer(alone, asked).status == row.nothing
    assert _answer(alone, replace(asked, method="POST")).status == 405
