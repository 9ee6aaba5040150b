"""The main job in a browser: an item sent, received, acknowledged, proved; a review down to an entry and on paper."""

import io
import re
from pathlib import Path

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import translation
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import ARTIFACTS, SignIn, Stage

pytestmark = pytest.mark.journey
CANARY = "Canh Nến Vàng"
TRIES = 60


def say(language: str, sentence: str) -> str:
    """The sentence as pages in this language show it."""
    with translation.override(language):
        return translation.gettext(sentence)


def button(page: Page, language: str, sentence: str) -> Locator:
    """The button or link of the page's work area with these words."""
    name = re.compile(f"^\\s*{re.escape(say(language, sentence))}\\s*$")
    return page.locator("main").locator("button, a[role=button]").filter(has_text=name).first


def picture(page: Page, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{name}.png", full_page=True)


def until_shown(page: Page, url: str, wanted: str) -> Locator:
    """Ask for the page again until it shows what is wanted, as its reader would."""
    for _try in range(TRIES):
        page.goto(url)
        found = page.locator(wanted).first
        if found.count():
            return found
        page.wait_for_timeout(250)
    picture(page, "never-shown")
    raise AssertionError(f"{url} never showed {wanted}")


def assert_fits(page: Page, width: int) -> None:
    """Nothing is wider than the window: no reader has to scroll sideways."""
    assert page.locator("body").evaluate("body => document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    ("language", "scripts", "width"),
    [("vi", True, 1280), ("en", True, 1280), ("vi", False, 1280), ("en", False, 360), ("vi", True, 360)],
    ids=["vi", "en", "vi-without-scripts", "en-phone-without-scripts", "vi-phone"],
)
def test_item_goes_out_is_acknowledged_and_its_receipt_shows(
    stage: Stage, sign_in: SignIn, language: str, scripts: bool, width: int
) -> None:
    name = f"{language}-{width}{'' if scripts else '-plain'}"
    subject = f"{CANARY} {name}"
    guard = sign_in("guard", language, scripts=scripts, width=width)
    picture(guard, f"desk-{name}")
    guard.goto(f"{stage.urls['guard']}/information/new")
    guard.check("input[name=to][value='police.example']")
    guard.fill("[name=subject]", subject)
    button(guard, language, "See who will hold it").click()
    expect(guard.locator("main")).to_contain_text(subject)
    button(guard, language, "Send item").click()
    guard.wait_for_url(re.compile(r"/information/guard\.example/.+/\d+$"))
    sent = guard.url

    police = sign_in("police", language, scripts=scripts, width=width)
    until_shown(police, f"{stage.urls['police']}/information/", f"main tr[data-row]:has-text('{subject}') a").click()
    expect(police.locator("h1")).to_contain_text(subject)
    button(police, language, "Acknowledge").click()
    expect(button(police, language, "Acknowledge")).to_have_count(0)
    picture(police, f"acknowledged-{name}")

    proof = until_shown(guard, sent, ".ladder a[href$='receipt.tlog-proof'], .ladder .rung a")
    expect(proof).to_be_visible()
    acknowledged = say(language, "acknowledged")
    until_shown(guard, sent, f".ladder .rung--met:has-text('{acknowledged}')")
    picture(guard, f"receipt-{name}")
    if scripts:
        assert_fits(guard, width)
    assert CANARY not in stage.diagnostics()


@pytest.mark.parametrize(
    ("language", "scripts", "width"),
    [("vi", True, 1280), ("en", False, 1280), ("vi", True, 360)],
    ids=["vi", "en-without-scripts", "vi-phone"],
)
def test_review_opens_down_to_an_entry_and_comes_out_on_paper(
    stage: Stage, sign_in: SignIn, tmp_path: Path, language: str, scripts: bool, width: int
) -> None:
    name = f"{language}-{width}{'' if scripts else '-plain'}"
    page = sign_in("police", language, scripts=scripts, width=width)
    page.goto(f"{stage.urls['police']}/reviews/")
    page.locator("main .data-table a[href*='/reviews/']").first.click()
    expect(page.locator("#figures")).to_be_visible()
    picture(page, f"review-{name}")
    review = page.url
    total = page.locator("main a.figures-table__total").filter(has_text=re.compile(r"^\s*190\s*$"))
    total.click()
    expect(page.locator("h1")).to_contain_text("190")
    page.locator("main .data-table tbody a").first.click()
    expect(page.locator("main")).to_contain_text(re.compile(r"HD-\d{4}"))
    picture(page, f"entry-{name}")
    if scripts:
        assert_fits(page, width)

    page.goto(f"{review}/report")
    picture(page, f"report-{name}")
    with page.expect_download() as download:
        page.locator(f"main a[href$='report.pdf?lang={language}']").last.click()
    data = Path(download.value.path()).read_bytes()
    text = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(data)).pages)
    assert "190" in text
    assert ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text) or language == "en"


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_pages_keep_the_rules_of_accessibility(stage: Stage, sign_in: SignIn, language: str, width: int) -> None:
    page = sign_in("guard", language, width=width, policy=False)
    found = {}
    for path in ("/", "/information/", "/information/new", "/programmes/", "/reviews/", "/regulations/", "/links"):
        page.goto(stage.urls["guard"] + path)
        for violation in Axe().run(page).response["violations"]:
            nodes = [node["html"][:200] for node in violation["nodes"][:2]]
            found[f"{path} {violation['id']}"] = nodes
    assert not found
