"""Officers, offices and rights: what is granted, refused, ended; the acting office; preferences; passwords."""

import pytest
from django.test import Client
from django.utils import translation

from accordant.accounts import officers
from accordant.accounts.models import AuditRecord, Officer
from accordant.accounts.subjects import acting_officer, subject_at
from accordant.entries.envelope import Officer as Acting
from accordant.entries.errors import Refused
from tests.accounts.conftest import BY, PASSWORD, Time, sign_in, signed_in


def grant(liaison: Officer, time: Time, role: str, *, office: str = "lienlac", by: Acting = BY) -> None:
    officers.grant_role(by=by, now=time.now, officer=liaison, office=office, role=role, scope="12/QCPH", source="QĐ 1")


@pytest.mark.slow
def test_acting_office_is_the_one_chosen(browser: Client) -> None:
    assert "Cán bộ liên lạc" in browser.get("/").content.decode()
    answer = browser.post("/accounts/act-as", {"office": "tructin", "next": "/links"})
    assert answer.headers["Location"] == "/links"
    assert browser.session["office"] == "tructin"
    assert AuditRecord.objects.filter(act="office-chosen", office="tructin").exists()


@pytest.mark.slow
def test_office_that_is_not_held_is_refused(browser: Client) -> None:
    answer = browser.post("/accounts/act-as", {"office": "chihuy"})
    assert (answer.status_code, "office" in browser.session) == (409, False)
    assert "chihuy" in answer.content.decode()


@pytest.mark.slow
def test_office_that_ended_is_left_at_once(browser: Client, liaison: Officer, time: Time) -> None:
    browser.post("/accounts/act-as", {"office": "tructin"})
    officers.end_officer(by=BY, now=time.now, officer=liaison)
    with pytest.raises(Refused, match="tructin"):
        acting_officer(liaison, "tructin", time.now)


@pytest.mark.parametrize(
    ("role", "code"),
    [("security-administrator", "separation"), ("gate-keeper", "unknown-role")],
)
def test_role_is_refused(liaison: Officer, time: Time, role: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        grant(liaison, time, role)
    assert refused.value.code == code
    assert {held.role for held in subject_at(liaison.id, time.now).assignments} == {"liaison-officer"}


def test_role_is_refused_without_its_office(liaison: Officer, time: Time) -> None:
    with pytest.raises(Refused) as refused:
        grant(liaison, time, "commander", office="nowhere")
    assert refused.value.code == "unknown-office"


def test_nobody_grants_to_itself(liaison: Officer, time: Time) -> None:
    with pytest.raises(Refused) as refused:
        grant(liaison, time, "commander", by=Acting(id=liaison.id, office="antoan", agency="test.example"))
    assert refused.value.code == "grant-oneself"


def test_second_role_stands_beside_the_first(liaison: Officer, time: Time) -> None:
    grant(liaison, time, "commander")
    assert acting_officer(liaison, "lienlac", time.now).roles == {"liaison-officer", "commander"}
    assert acting_officer(liaison, "tructin", time.now).roles == {"liaison-officer"}


def test_rights_hold_from_and_until_their_instants(liaison: Officer, time: Time) -> None:
    end = int(time.now.timestamp() * 1000) + 60_000
    officers.define_office(by=BY, now=time.now, code="tam", title_vi="Tạm thời", title_en="Temporary")
    officers.grant_role(
        by=BY, now=time.now, officer=liaison, office="tam", role="commander", scope="c", source="QĐ 3", until=end
    )
    subject = subject_at(liaison.id, time.now)
    assert ("tam" in subject.offices, subject.valid_until) == (True, end)
    time.forward(minutes=1)
    assert "tam" not in subject_at(liaison.id, time.now).offices


def test_clearance_replaces_the_one_before(liaison: Officer, time: Time) -> None:
    officers.set_clearance(by=BY, now=time.now, officer=liaison, level=2, compartments=("k1",), source="QĐ 4")
    time.forward(seconds=1)
    officers.set_clearance(by=BY, now=time.now, officer=liaison, level=1, compartments=(), source="QĐ 5")
    subject = subject_at(liaison.id, time.now)
    assert (subject.clearance, subject.compartments) == (1, ())


@pytest.mark.parametrize(
    "password",
    ["short", "password1234", "x" * 11],
)
def test_weak_password_is_refused(liaison: Officer, time: Time, password: str) -> None:
    with pytest.raises(Refused) as refused:
        officers.change_password(by=BY, now=time.now, officer=liaison, password=password)
    assert refused.value.code == "weak-password"


def test_sign_in_name_is_given_once(liaison: Officer, time: Time) -> None:
    with pytest.raises(Refused) as refused:
        officers.add_officer(by=BY, now=time.now, sign_in="liaison", full_name="Trần Thị B", password=PASSWORD)
    assert refused.value.code == "sign-in-taken"


@pytest.mark.slow
def test_first_secret_must_be_changed_before_all_else(liaison: Officer, time: Time, client: Client) -> None:
    _officer, secret = officers.add_officer(by=BY, now=time.now, sign_in="second", full_name="Trần Thị B")
    assert client.post("/accounts/sign-in", {"sign_in": "second", "password": secret}).headers["Location"] == (
        "/accounts/password"
    )
    assert client.get("/").headers["Location"] == "/accounts/password"
    new = "mười hai bến nước 7"
    assert client.post("/accounts/password", {"old": "not the secret", "new": new}).status_code == 409
    assert client.post("/accounts/password", {"old": secret, "new": new}).headers["Location"] == "/accounts/sign-in"
    assert not signed_in(client), "a new password ends every session"
    assert sign_in(client, "second", new) == 302
    assert client.get("/accounts/profile").status_code == 200


@pytest.mark.slow
def test_preferences_are_kept_with_the_officer(browser: Client, liaison: Officer) -> None:
    chosen = {"language": "en", "theme": "dark", "density": "comfortable"}
    assert browser.post("/accounts/profile", chosen).status_code == 302
    page = browser.get("/").content.decode()
    assert 'lang="en"' in page
    assert 'data-theme="dark"' in page
    assert 'data-density="comfortable"' in page
    liaison.refresh_from_db()
    assert not liaison.keys, "an unticked box turns single keys off"


@pytest.mark.slow
def test_preferences_of_the_profile_are_checked(browser: Client, liaison: Officer) -> None:
    assert browser.post("/accounts/profile", {"language": "fr", "theme": "dark"}).status_code == 200
    liaison.refresh_from_db()
    assert (liaison.language, liaison.theme) == ("vi", "auto")


@pytest.mark.slow
def test_language_is_chosen_before_signing_in(liaison: Officer, client: Client) -> None:
    assert 'lang="vi"' in client.get("/accounts/sign-in").content.decode()
    client.post("/accounts/preferences", {"language": "en", "theme": "night", "next": "/accounts/sign-in"})
    page = client.get("/accounts/sign-in")
    assert 'lang="en"' in page.content.decode()
    assert page.headers["Content-Language"] == "en"
    assert "theme" not in client.cookies


@pytest.mark.slow
def test_profile_names_offices_and_roles_in_words(browser: Client) -> None:
    page = browser.get("/accounts/profile").content.decode()
    with translation.override("vi"):
        assert "Trực ban thông tin" in page
        assert translation.gettext("Liaison officer") in page
    assert "12/QCPH" in page
