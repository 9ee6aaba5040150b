"""Who may ask for what: every address with every method, asked by everybody."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse
from pytest_django import DjangoDbBlocker

from tests.access import matrix
from tests.access.house import CANARY, House, build
from tests.access.matrix import METHODS, PRINCIPALS, ROWS, Row
from tests.architecture.test_views import routes
from tests.architecture.tree import none_of

pytestmark = [pytest.mark.access, pytest.mark.slow]
DENIED = {403, 404}
SERVED = {200, 302, 303, 409}  # 409: the page says why this act is refused to who may read


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    with django_db_blocker.unblock():
        yield build(tmp_path_factory.mktemp("house"))


def names() -> list[str]:
    """Every named route of the pages, with its namespace, from the resolver itself."""
    found = []
    for resolver in get_resolver().url_patterns:
        space = getattr(resolver, "namespace", None) or getattr(resolver, "app_name", "")
        found += [f"{space}:{pattern.name}" for _route, pattern in routes(resolver)]  # type: ignore[arg-type]  # includes alone
    return found


def address(house: House, name: str, row: Row) -> str:
    places = {**house.things.get(row.thing, {}), **dict(row.places)}
    return reverse(name, kwargs=places)


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    asked = set(names())
    none_of([f"tests/access/matrix.py: add a row for {name}" for name in sorted(asked - set(ROWS))])
    none_of([f"tests/access/matrix.py: {name} is no route any more" for name in sorted(set(ROWS) - asked)])


def test_nobody_signed_in_is_answered_by_the_sign_in_page_alone(house: House) -> None:
    problems = []
    with house.seats[matrix.LIAISON].at():
        for name, row in ROWS.items():
            for method in METHODS:
                if name in ("accounts:sign-in", "accounts:preferences"):
                    continue
                answer = Client().generic(method, address(house, name, row))
                to_sign_in = answer.status_code == 302 and answer.headers["Location"].startswith(settings.LOGIN_URL)
                if not to_sign_in and answer.status_code != 405:
                    problems.append(f"{method} {name} answers {answer.status_code} to somebody not signed in")
    none_of(problems)


def verdict(name: str, row: Row, principal: str, method: str, status: int) -> str:
    """What is wrong with this status, or "" when it is as the row says."""
    hidden = (row.office and principal == matrix.NOBODY) or (bool(row.thing) and principal not in row.seen_by)
    place = f"{principal}: {method} {name} answers {status}"
    if status >= 500:
        return f"{place}: a fault of the program"
    if method not in row.methods:
        return "" if status == 405 or (hidden and status in DENIED) else f"{place} to a method it does not have"
    if hidden:
        return "" if status in DENIED else f"{place}, which should not be found"
    if method in matrix.SAFE:
        return "" if status in SERVED else f"{place} to somebody who may see it"
    return ""


@pytest.mark.parametrize("principal", PRINCIPALS)
def test_answers_are_those_of_the_matrix_and_hide_the_canary(house: House, principal: str) -> None:
    """POSTs are empty: whoever they come from, nothing is written but by who may see and do it."""
    problems = []
    browser, before = house.browsers[principal], house.written()
    with house.seats[principal].at():
        for name, row in ROWS.items():
            if name in ("accounts:sign-out", "accounts:preferences"):
                continue
            for method in METHODS:
                if method == "POST" and principal in matrix.OFFICERS:
                    continue
                answer = browser.generic(method, address(house, name, row))
                problems.append(verdict(name, row, principal, method, answer.status_code))
                content = b"".join(answer) if answer.streaming else answer.content
                if CANARY.encode() in content and principal not in matrix.PARTIES:
                    problems.append(f"{principal}: {method} {name} shows what is not for them")
                if CANARY.encode() in content and principal == matrix.UNADDRESSED and row.thing == "item":
                    problems.append(f"{principal}: {method} {name} shows the content of an item to a non-addressee")
    none_of([problem for problem in problems if problem])
    if principal not in matrix.PARTIES:
        assert house.written() == before
