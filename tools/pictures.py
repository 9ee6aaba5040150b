"""Makes the pictures of `docs/use` anew: a small demo is made and served, then walked through in Debian's Chromium.

`python -m tools.pictures` writes `docs/images/use-*.png`, in Vietnamese, as the reader of those pages sees the screens.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
WIDTH, HEIGHT = 1040, 620
STOP_SECONDS = 60
SUBJECT = "Đề nghị thông báo tuyến đường dự phòng ngày 12/7"


@dataclass(frozen=True)
class Stage:
    """The served demo: addresses by node, the password of all its officers."""

    urls: dict[str, str]
    password: str


@contextmanager
def served() -> Iterator[Stage]:
    """A small demo on free ports, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / "demo"
        words = ("demo", "--dir", str(directory), "--small", "--any-ports")
        english = {**os.environ, "LANG": "C.UTF-8"}
        command = [sys.executable, "-m", "accordant.node", *words]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=english) as demo:
            try:
                if demo.stdout is None or not any(line.startswith("Password") for line in demo.stdout):
                    raise SystemExit("The demo ended early; run it by itself to see why.")
                ports = json.loads((directory / "demo.json").read_text(encoding="utf-8"))["ports"]
                password = (directory / "password").read_text(encoding="utf-8").strip()
                yield Stage({name: f"http://localhost:{pages}" for name, (pages, _node) in ports.items()}, password)
            finally:
                demo.send_signal(signal.SIGINT)
                demo.wait(STOP_SECONDS)


def signed_in(browser: Browser, stage: Stage, node: str, sign_in: str) -> Page:
    """A window in which this officer stands at the desk."""
    page = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}).new_page()
    page.goto(f"{stage.urls[node]}/accounts/sign-in")
    page.fill("input[name=sign_in]", sign_in)
    page.fill("input[name=password]", stage.password)
    page.click("main form button[type=submit]")
    page.wait_for_url(f"{stage.urls[node]}/")
    return page


def picture(page: Page, name: str, *, top: str = "body") -> None:
    """What the window shows with this element on top, as a file for the pages of `docs/use`."""
    page.locator(top).first.evaluate("element => element.scrollIntoView()")
    page.screenshot(path=IMAGES / f"use-{name}.png")


def send(page: Page, stage: Stage, subject: str, *, named: str = "") -> None:
    """The police send an item to the guard command; `named`: keep a picture of who will hold it."""
    page.goto(f"{stage.urls['police']}/information/new")
    page.check("input[name=to][value='guard.example']")
    page.fill("[name=subject]", subject)
    page.click("main form button[type=submit]")
    expect(page.locator("button[name=sign]")).to_be_visible()
    if named:
        picture(page, named)
    page.click("button[name=sign]")
    page.wait_for_url(re.compile(r"/information/police\.example/.+/\d+$"))


def exchange(guard: Page, police: Page, stage: Stage) -> None:
    """An item goes out, waits on the desk of its addressee, is chosen with another, shows its receipts."""
    send(police, stage, SUBJECT, named="send")
    sent = police.url
    send(police, stage, "Kết quả khảo sát địa điểm Nhà khách Thành ủy")
    expect(police.locator(".rung--met").filter(has_text="đã nhận")).to_have_count(1, timeout=60_000)
    guard.goto(stage.urls["guard"])
    expect(guard.locator(".desk__row").filter(has_text=SUBJECT)).to_be_visible()
    picture(guard, "desk")
    guard.goto(f"{stage.urls['guard']}/information/?tab=waiting")
    for box in guard.locator("input[name=row]").all():
        box.check()
    picture(guard, "several")
    guard.locator("tr[data-row]").filter(has_text=SUBJECT).locator("a").click()
    guard.locator("main button[data-key=a]").click()
    police.goto(sent)
    expect(police.locator(".rung--met").filter(has_text="đã xác nhận")).to_be_visible(timeout=60_000)
    picture(police, "ladder", top="#standing")


def regulation(commander: Page, stage: Stage) -> None:
    """The text beside its signatures."""
    commander.goto(f"{stage.urls['guard']}/regulations/")
    commander.locator("main .data-table tbody a").first.click()
    picture(commander, "regulation")


def review(page: Page, stage: Stage) -> None:
    """The figures of the parties, the entries behind one, the report."""
    page.goto(f"{stage.urls['guard']}/reviews/")
    page.locator("main .data-table a[href*='/reviews/']").first.click()
    picture(page, "review", top="#figures")
    address = page.url
    page.locator("main a.figures-table__total").first.click()
    expect(page.locator("main .data-table tbody a").first).to_be_visible()
    picture(page, "figure")
    page.goto(f"{address}/report")
    picture(page, "report")


def main() -> None:
    """Walk through the demo and write every picture."""
    with served() as stage, sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        guard = signed_in(browser, stage, "guard", "canhve.lienlac")
        exchange(guard, signed_in(browser, stage, "police", "congan.lienlac"), stage)
        regulation(signed_in(browser, stage, "guard", "canhve.chihuy"), stage)
        review(guard, stage)
        browser.close()


if __name__ == "__main__":
    main()
