"""Signing in: one answer for every failure, doubling waits, sessions that end, the fresh proof for weighty acts."""

import re

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.test.client import RequestFactory

from accordant.accounts import hashers, officers, sessions, throttle
from accordant.accounts.models import AuditRecord, Officer
from tests.accounts.conftest import BY, PASSWORD, Time, sign_in, signed_in

pytestmark = pytest.mark.slow  # each hashes passwords and renders pages
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"')


def page_of_failure(client: Client, name: str, password: str) -> bytes:
    """The page, without what differs between any two requests."""
    answer = client.post("/accounts/sign-in", {"sign_in": name, "password": password})
    assert answer.status_code == 403
    return TOKEN.sub(b"", answer.content).replace(name.encode(), b"NAME")


def test_sign_in_leads_back_to_the_page_asked_for(liaison: Officer, client: Client) -> None:
    asked = client.get("/links")
    assert asked.headers["Location"] == "/accounts/sign-in?next=%2Flinks"
    answer = client.post("/accounts/sign-in", {"sign_in": "liaison", "password": PASSWORD, "next": "/links"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/links")
    assert signed_in(client)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_sign_in_leads_nowhere_else(liaison: Officer, client: Client, elsewhere: str) -> None:
    answer = client.post("/accounts/sign-in", {"sign_in": "liaison", "password": PASSWORD, "next": elsewhere})
    assert answer.headers["Location"] == "/"


def test_failures_look_alike(liaison: Officer, client: Client, time: Time) -> None:
    wrong = page_of_failure(client, "liaison", "not the password")
    unknown = page_of_failure(client, "nobody", "not the password")
    officers.end_officer(by=BY, now=time.now, officer=liaison)
    ended = page_of_failure(client, "liaison", PASSWORD)
    assert wrong == unknown == ended
    assert not signed_in(client)


def test_unknown_name_costs_a_hash(db: None, time: Time, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    hasher = hashers.GuardedArgon2Hasher
    encode = hasher.encode

    def noted(self: hashers.GuardedArgon2Hasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(hasher, "encode", noted)
    sign_in(client, name="nobody")
    assert hashed == [PASSWORD]


def test_waits_double_up_to_a_quarter_of_an_hour(liaison: Officer, time: Time) -> None:
    waits = []
    for _try in range(throttle.FREE_FAILURES + 5):
        throttle.failed(name="liaison", address="10.0.0.1", now=time.now)
        waits.append(throttle.wait(name="LIAISON", address="10.0.0.1", now=time.now) // 60_000)
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 15, 15]


def test_right_password_waits_too_after_failures(liaison: Officer, client: Client, time: Time) -> None:
    for _try in range(throttle.FREE_FAILURES):
        assert sign_in(client, password="not the password") == 403
    answer = client.post("/accounts/sign-in", {"sign_in": "liaison", "password": PASSWORD})
    assert (answer.status_code, b"60" in answer.content) == (403, True)
    time.forward(seconds=61)
    assert sign_in(client) == 302
    assert throttle.wait(name="liaison", address="127.0.0.1", now=time.now) == 0


def test_one_address_may_not_try_many_names(db: None, time: Time) -> None:
    for number in range(throttle.PER_ADDRESS):
        throttle.failed(name=f"name{number}", address="10.0.0.1", now=time.now)
    assert throttle.wait(name="another", address="10.0.0.1", now=time.now) == 10 * throttle.MINUTE
    assert throttle.wait(name="another", address="10.0.0.2", now=time.now) == 0


def test_a_flood_stops_sign_ins_for_a_minute(db: None, time: Time) -> None:
    for number in range(throttle.PER_NODE):
        throttle.failed(name=f"name{number}", address=f"10.0.{number}.1", now=time.now)
    assert throttle.wait(name="liaison", address="10.9.9.9", now=time.now) == throttle.MINUTE
    time.forward(seconds=61)
    assert throttle.wait(name="liaison", address="10.9.9.9", now=time.now) == 0


@pytest.mark.parametrize(("cleared", "minutes"), [(0, 30), (1, 15)])
def test_idle_session_ends(liaison: Officer, client: Client, time: Time, cleared: int, minutes: int) -> None:
    officers.set_clearance(by=BY, now=time.now, officer=liaison, level=cleared, compartments=(), source="QĐ 2")
    sign_in(client)
    time.forward(minutes=minutes)
    assert signed_in(client)
    time.forward(minutes=minutes, seconds=1)
    assert not signed_in(client)


def test_session_ends_after_twelve_hours_in_use(browser: Client, time: Time) -> None:
    for _quarter in range(12 * 4):
        time.forward(minutes=15)
        assert signed_in(browser)
    time.forward(seconds=1)
    assert not signed_in(browser)


def test_ended_officer_is_out_at_once(browser: Client, liaison: Officer, time: Time) -> None:
    assert signed_in(browser)
    officers.end_officer(by=BY, now=time.now, officer=liaison)
    assert not signed_in(browser)


def test_fourth_session_ends_the_oldest(liaison: Officer, time: Time) -> None:
    browsers = [Client() for _number in range(4)]
    for one in browsers:
        sign_in(one)
        time.forward(seconds=1)
    assert [signed_in(one) for one in browsers] == [False, True, True, True]


def test_new_session_gets_a_new_key(liaison: Officer, client: Client) -> None:
    client.session.save()
    before = client.session.session_key
    sign_in(client)
    after = client.session.session_key
    assert before != after
    assert not Session.objects.filter(session_key=before).exists()


def test_sign_out_ends_the_session_and_clears_the_browser(browser: Client) -> None:
    answer = browser.post("/accounts/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not signed_in(browser)
    assert not Session.objects.exists()


def test_form_without_its_token_is_refused(liaison: Officer) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict) == 403
    assert not Session.objects.exists()


def test_act_from_another_site_is_refused(browser: Client) -> None:
    answer = browser.post("/accounts/sign-out", headers={"Sec-Fetch-Site": "same-site"})
    assert answer.status_code == 403
    assert signed_in(browser)


def test_cookies_are_out_of_reach_of_scripts(browser: Client, settings: object) -> None:
    cookie = browser.cookies["session-test.example"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_pages_of_a_session_are_not_stored(browser: Client) -> None:
    headers = browser.get("/").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_weighty_act_asks_for_the_password_after_five_minutes(browser: Client, liaison: Officer, time: Time) -> None:
    done: list[str] = []

    @sessions.step_up_required
    def act(request: object) -> HttpResponse:
        done.append("act")
        return HttpResponse()

    def press() -> HttpResponse:
        request = RequestFactory().post("/weighty?x=1")
        request.session = browser.session
        request.now = time.now  # type: ignore[attr-defined]  # as the clock middleware does
        return act(request)

    assert press().status_code == 200
    time.forward(minutes=5, seconds=1)
    asked = press()
    assert asked.headers["Location"] == "/accounts/step-up?next=%2Fweighty%3Fx%3D1"
    wrong = browser.post("/accounts/step-up", {"password": "not the password", "next": "/weighty"})
    assert (wrong.status_code, press().status_code) == (403, 302)
    right = browser.post("/accounts/step-up", {"password": PASSWORD, "next": "/links"})
    assert (right.headers["Location"], press().status_code) == ("/links", 200)
    assert done == ["act", "act"]


def test_sign_ins_and_proofs_are_recorded(browser: Client, liaison: Officer) -> None:
    browser.post("/accounts/step-up", {"password": "not the password"})
    browser.post("/accounts/step-up", {"password": PASSWORD})
    sign_in(Client(), password="not the password")
    records = AuditRecord.objects.filter(act__in=("sign-in", "step-up")).order_by("id")
    assert [(row.act, row.who, row.decision) for row in records] == [
        ("sign-in", liaison.id, "allowed"),
        ("step-up", liaison.id, "refused"),
        ("step-up", liaison.id, "allowed"),
        ("sign-in", "", "refused"),
    ]


def test_passwords_cost_what_the_security_paper_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    encoded = hashers.GuardedArgon2Hasher().encode(PASSWORD, "saltsaltsalt")
    assert "argon2id" in encoded
    assert "m=102400,t=2" in encoded


def test_only_a_demo_lists_who_can_sign_in(liaison: Officer, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = "Cán bộ đăng nhập được tại đây"
    assert listed not in client.get("/accounts/sign-in").content.decode()
    monkeypatch.setattr(settings, "ACCORDANT_DEMO", True)
    page = client.get("/accounts/sign-in?next=/links").content.decode()
    assert listed in page
    assert 'href="?as=liaison&amp;next=%2Flinks"' in page
    assert b'value="liaison"' in client.get("/accounts/sign-in?as=liaison").content
