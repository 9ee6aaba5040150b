"""People at a simulated node's pages: each has an office with a role, or none, and a browser of its own."""

from django.test import Client

from accordant.accounts import officers
from accordant.accounts.models import Officer
from accordant.entries.envelope import automatic
from accordant.node import clock
from tests.simulator.world import SimulatedNode

PASSWORD = "bốn con ngựa trắng 4"


def person(node: SimulatedNode, role: str = "", *, scope: str = "", language: str = "en") -> Client:
    """A browser in which an officer with this role in this scope is signed in; without a role it holds no office."""
    with node.at():
        by, now = automatic(node.agency), node.now
        name = f"{role or 'nobody'}-{Officer.objects.count() + 1}"
        officer, _secret = officers.add_officer(
            by=by, now=now, sign_in=name, full_name=f"Officer {name}", password=PASSWORD, language=language
        )
        if role:
            officers.define_office(by=by, now=now, code=role, title_vi=role, title_en=role)
            officers.grant_role(by=by, now=now, officer=officer, office=role, role=role, scope=scope, source="order 1")
        browser = Client()
        browser.force_login(officer)
        _prove(browser, int(clock.now().timestamp()))
    return browser


def forget_proof(node: SimulatedNode, browser: Client) -> None:
    """Let more than five minutes pass since the person's last proof of who sits there."""
    with node.at():
        _prove(browser, int(clock.now().timestamp()), proved_before=6 * 60)


def _prove(browser: Client, seconds: int, *, proved_before: int = 0) -> None:
    session = browser.session
    session.update({"began": seconds, "seen": seconds, "proved": seconds - proved_before})
    session.save()
