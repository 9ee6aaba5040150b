"""Every component in a real browser: themes, languages, densities, widths; axe finds nothing; nothing is cut off.

Pictures of each page stand in `artifacts/gallery/` after a run, for people to look at.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, Route, sync_playwright
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from accordant.accounts import officers
from accordant.accounts.keys import Keyring, using
from accordant.entries.envelope import automatic
from accordant.pages import frame

pytestmark = [pytest.mark.journey, pytest.mark.slow]

ARTIFACTS = Path(__file__).resolve().parents[2] / "artifacts" / "gallery"
CHROMIUM = Path("/usr/bin/chromium")
WIDTHS = (360, 768, 1280)
NAMES = {
    "test.example": ("Cơ quan thử nghiệm", "Test agency"),
    "guard.example": ("Bộ Tư lệnh Cảnh vệ", "Guard Command"),
    "city.example": ("Phòng Cảnh sát quản lý hành chính về trật tự xã hội, Công an thành phố Hải Phòng", "City police"),
    "military.example": ("Bộ Tư lệnh Thủ đô Hà Nội, Bộ Quốc phòng", "Military command of the capital"),
}
LAMPS = (
    frame.LinkLamp("city.example", "met", "3 s"),
    frame.LinkLamp("military.example", "not-reached", "17:46"),
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CUT_OFF = """() => [...document.querySelectorAll("body *")]
  .filter((part) => part.getBoundingClientRect().right > innerWidth + 1 && !part.closest(".table-scroll"))
  .map((part) => part.className || part.tagName)"""


@pytest.fixture
def officer(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """A signed-in officer of two offices with long titles, at a node that knows two other agencies."""
    monkeypatch.setattr(frame, "_PROVIDED", [frame.Provider(lambda now: LAMPS, lambda agency: NAMES[agency])])
    by, now = automatic("test.example"), datetime.now(UTC)
    titles = {"tructin": "Trực ban thông tin chỉ huy, Phòng Tham mưu", "vanthu": "Cán bộ văn thư, bảo mật"}
    person, _secret = officers.add_officer(
        by=by, now=now, sign_in="an", full_name="Thượng tá Nguyễn Trần Hoàng Phượng", password="chín con rồng bay 42"
    )
    for code, title in titles.items():
        officers.define_office(by=by, now=now, code=code, title_vi=title, title_en=f"Duty officer ({code})")
        officers.grant_role(
            by=by, now=now, officer=person, office=code, role="liaison-officer", scope="12/QCPH", source="QĐ 1"
        )
    client = Client()
    client.force_login(person)
    with using(Keyring.create(tmp_path / "keys", "test.example", random=b"gallery")):
        yield client


@pytest.fixture
def chromium() -> Iterator[Browser]:
    """Debian's browser; skips where it is not installed."""
    if not CHROMIUM.is_file():
        pytest.skip("skipped: no /usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


def open_page(browser: Browser, officer: Client, live_server: LiveServer, address: str, **options: object) -> Page:
    """A page of the officer's session; what the content policy blocks, and every fault, fails the test."""
    context = browser.new_context(base_url=live_server.url, **options)  # type: ignore[arg-type]  # options of the browser
    context.add_cookies(
        [{"name": name, "value": morsel.value, "url": live_server.url} for name, morsel in officer.cookies.items()]
    )
    page = context.new_page()
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(address)
    page.wait_for_load_state("load")
    assert faults == []
    return page


def prefer(officer: Client, **choices: str) -> None:
    assert officer.post("/accounts/preferences", choices).status_code == 302


@pytest.mark.parametrize(
    ("theme", "language", "density"),
    [
        ("light", "vi", "compact"),
        ("light", "en", "comfortable"),
        ("dark", "vi", "comfortable"),
        ("dark", "en", "compact"),
    ],
)
def test_gallery_is_whole_and_accessible(
    officer: Client, live_server: LiveServer, request: pytest.FixtureRequest, theme: str, language: str, density: str
) -> None:
    prefer(officer, theme=theme, language=language, density=density)
    browser: Browser = request.getfixturevalue("chromium")
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    for name, address in (("gallery", "/gallery"), ("refused", "/gallery?refused")):
        # axe brings a script of its own, which the content policy rightly blocks.
        page = open_page(browser, officer, live_server, address, bypass_csp=True)
        assert page.locator("html").get_attribute("lang") == language
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=ARTIFACTS / f"{name}-{theme}-{language}-{density}-{width}.png", full_page=True)
            assert page.evaluate(CUT_OFF) == []
            if width == 768:  # its rules are those of the narrow or of the wide page
                continue
            found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
            assert [(rule["id"], [part["target"] for part in rule["nodes"]]) for rule in found] == []
        page.context.close()


def test_pages_work_without_scripts(officer: Client, live_server: LiveServer, request: pytest.FixtureRequest) -> None:
    browser: Browser = request.getfixturevalue("chromium")
    page = open_page(browser, officer, live_server, "/gallery", java_script_enabled=False)
    page.get_by_text("Trợ giúp").click()
    assert page.get_by_role("heading", name="Phím tắt").is_visible()
    page.locator("summary", has_text="Trực ban thông tin").click()
    assert page.get_by_role("button", name="Cán bộ văn thư").is_visible()


def test_keys_act_outside_fields_alone(
    officer: Client, live_server: LiveServer, request: pytest.FixtureRequest
) -> None:
    browser: Browser = request.getfixturevalue("chromium")
    page = open_page(browser, officer, live_server, "/gallery")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator("[data-row].is-current").count() == 1
    page.keyboard.press("Shift+Slash")
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    field = page.locator("#id_number")
    field.fill("")
    field.press("Shift+Slash")
    field.press("j")
    assert field.input_value() == "?j"
    assert not page.get_by_role("dialog").is_visible()
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url(f"{live_server.url}/")


def test_text_becomes_no_markup(officer: Client, live_server: LiveServer, request: pytest.FixtureRequest) -> None:
    """The default policy refuses whatever htmx does not swap in."""
    browser: Browser = request.getfixturevalue("chromium")
    page = open_page(browser, officer, live_server, "/gallery")
    tried = (
        "() => { try { document.body.innerHTML = '<b>x</b>'; return 'taken'; } catch (error) { return error.name; } }"
    )
    assert page.evaluate(tried) == "TypeError"
    page.goto("/regulations/")
    page.keyboard.press("f")
    page.locator("details.filters input").first.fill("không có")
    page.keyboard.press("Enter")
    page.wait_for_url("**/regulations/?*")
    assert page.locator("ul.applied").get_by_text("không có").is_visible()
    assert page.get_by_role("heading", level=1).count() == 1


def test_live_part_asks_for_what_comes_after_it(
    officer: Client, live_server: LiveServer, request: pytest.FixtureRequest
) -> None:
    browser: Browser = request.getfixturevalue("chromium")
    page = open_page(browser, officer, live_server, "/gallery")
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url.partition("?")[2])
        assert route.request.headers["accordant-poll"] == "1"
        if len(asked) == 1:
            route.fulfill(status=204)
        else:
            route.fulfill(status=200, content_type="text/html", body='<p id="live" data-poll="60">four more</p>')

    page.route("**/news?*", answer)
    page.evaluate(
        """() => {
          const part = document.createElement("p");
          Object.assign(part.dataset, { poll: "1", pollUrl: "/news", after: "412" });
          part.setAttribute("hx-swap", "outerHTML");
          document.querySelector(".content").prepend(part);
        }"""
    )
    page.get_by_text("four more").wait_for()
    assert asked == ["after=412", "after=412"]


def test_paper_has_its_marking_on_each_sheet(
    officer: Client, live_server: LiveServer, request: pytest.FixtureRequest
) -> None:
    browser: Browser = request.getfixturevalue("chromium")
    page = open_page(browser, officer, live_server, "/gallery")
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    paper = ARTIFACTS / "gallery.pdf"
    page.pdf(path=paper, prefer_css_page_size=True)
    sheets = [sheet.extract_text().replace(" ", "") for sheet in PdfReader(paper).pages]
    assert len(sheets) > 1
    for number, sheet in enumerate(sheets, start=1):
        assert sheet.count("Mật") >= 2, f"sheet {number} lacks the marking at its top or foot"
        assert f"{number}/{len(sheets)}" in sheet
        assert "Trợgiúp" not in sheet
