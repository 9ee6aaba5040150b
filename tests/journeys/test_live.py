"""Open pages that follow what happens elsewhere, and several items taken in at once: in a browser, by real nodes."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import SignIn, Stage
from tests.journeys.test_main_job import assert_fits, button, picture, say, until_shown

pytestmark = pytest.mark.journey
FOLLOWED = 60_000  # milliseconds: a page asks every 15 s


def send(page: Page, stage: Stage, subject: str, language: str = "vi") -> None:
    """The guard command's officer sends an item to the police and stays on its page."""
    page.goto(f"{stage.urls['guard']}/information/new")
    page.check("input[name=to][value='police.example']")
    page.fill("[name=subject]", subject)
    button(page, language, "See who will hold it").click()
    button(page, language, "Send item").click()
    page.wait_for_url(re.compile(r"/information/guard\.example/.+/\d+$"))


def test_receipt_appears_on_the_open_page_of_the_sender(stage: Stage, sign_in: SignIn) -> None:
    subject = "Tin được theo dõi"
    guard, police = sign_in("guard", "vi"), sign_in("police", "vi")
    send(guard, stage, subject)
    guard.evaluate("window.stayed = true")
    until_shown(police, f"{stage.urls['police']}/information/", f"main tr[data-row]:has-text('{subject}') a").click()
    button(police, "vi", "Acknowledge").click()
    acknowledged = guard.locator(".ladder .rung--met").filter(has_text=say("vi", "acknowledged"))
    expect(acknowledged).to_be_visible(timeout=FOLLOWED)
    expect(guard.locator(".ladder .rung a").first).to_have_attribute("href", re.compile(r"receipt\.tlog-proof$"))
    expect(guard.locator("#item-state .lamp--met")).to_be_visible()
    assert guard.evaluate("window.stayed") is True


def test_open_list_tells_what_came_and_shows_it_on_a_press(stage: Stage, sign_in: SignIn) -> None:
    subject = "Tin đến sau"
    guard, police = sign_in("guard", "vi"), sign_in("police", "vi")
    police.goto(f"{stage.urls['police']}/information/")
    police.evaluate("window.stayed = true")
    send(guard, stage, subject)
    news = police.locator(".news a")
    expect(news).to_be_visible(timeout=FOLLOWED)
    assert police.evaluate("window.stayed") is True
    expect(police.locator("tr[data-row]").filter(has_text=subject)).to_have_count(0)
    news.click()
    expect(police.locator("tr[data-row]").filter(has_text=subject)).to_have_count(1)


@pytest.mark.parametrize(
    ("scripts", "width"), [(True, 1280), (False, 1280), (True, 360)], ids=["keys", "without-scripts", "phone"]
)
def test_chosen_items_are_acknowledged_together(stage: Stage, sign_in: SignIn, scripts: bool, width: int) -> None:
    name = f"{width}{'' if scripts else '-plain'}"
    subjects = [f"Tin chọn {number} {name}" for number in (1, 2)]
    guard = sign_in("guard", "vi")
    for subject in subjects:
        send(guard, stage, subject)
    police = sign_in("police", "vi", scripts=scripts, width=width)
    waiting = f"{stage.urls['police']}/information/?tab=waiting"
    until_shown(police, waiting, f"main tr[data-row]:has-text('{subjects[1]}')")
    rows = [police.locator("tr[data-row]").filter(has_text=subject) for subject in subjects]
    if scripts and width > 1000:
        choose_by_keys(police, subjects)
    else:
        for row in rows:
            row.locator("input[name=row]").check()
        button(police, "vi", "Acknowledge the chosen items").click()
    expect(police.locator(".choices li")).to_have_count(2)
    picture(police, f"several-{name}")
    if scripts:
        assert_fits(police, width)
    police.locator("main button[type=submit]").click()
    expect(police.locator(".choices .lamp--met")).to_have_count(2)
    police.goto(waiting)
    for row in rows:
        expect(row).to_have_count(0)


def choose_by_keys(page: Page, subjects: list[str]) -> None:
    """Down the list with j, x on each wanted row, then a."""
    wanted = set(subjects)
    for _row in range(page.locator("tr[data-row]").count()):
        page.keyboard.press("j")
        text = page.locator("tr.is-current").inner_text()
        found = {subject for subject in wanted if subject in text}
        if found:
            page.keyboard.press("x")
            wanted -= found
    assert not wanted
    page.locator("tr[data-row]").first.locator("a").focus()
    page.keyboard.press("a")
