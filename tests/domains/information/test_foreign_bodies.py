"""A foreign program writes what it likes into a body: its entry counts as everywhere, and no page fails."""

import pytest
from django.urls import reverse

from accordant.ledger import append as appending
from accordant.ledger.models import Entry, State
from tests.domains.information.conftest import GUARD, PARTIES, PROVINCE, Exchange


@pytest.mark.slow
def test_an_item_whose_body_does_not_fit_counts_alike_and_opens(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(appending, "encode_body", lambda body: b'{"d":{"subject":7}}')
        item = exchange.send(GUARD, PROVINCE)
    exchange.settle()
    for agency in PARTIES:
        with exchange.node(agency).at():
            entry = Entry.objects.get(log__origin=item.origin, index=item.index)
            assert (entry.state, entry.code) == (State.PROJECTED, "")
    with exchange.node(PROVINCE).at():
        client = exchange.client(PROVINCE)
        for route in ("information:item", "pages:entry"):
            assert client.get(reverse(route, args=[item.origin, item.index])).status_code == 200
        assert client.get(reverse("information:items")).status_code == 200
