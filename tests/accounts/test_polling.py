"""Pages that ask again by themselves: no sign that somebody sits there."""

import pytest
from django.test import Client

from tests.accounts.conftest import Time, signed_in

pytestmark = pytest.mark.slow  # signing in hashes a password


def test_what_a_page_asks_by_itself_keeps_no_session(browser: Client, time: Time) -> None:
    for _half in range(2):
        time.forward(minutes=15)
        assert browser.get("/accounts/step-up", headers={"Accordant-Poll": "1"}).status_code == 200
    time.forward(seconds=1)
    assert not signed_in(browser)
