"""A small demo that three real servers serve, and browsers to walk through it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.node.running import accordant

CHROMIUM: Final = "/usr/bin/chromium"
SCOPE: Final = "28/QCPH-CVDH-CAHV-QSHV"
ARTIFACTS: Final = Path(__file__).resolve().parents[2] / "artifacts"
STOP_SECONDS: Final = 60


@dataclass(frozen=True)
class Stage:
    """The served demo: where its nodes stand and answer, the password of all its officers."""

    directory: Path
    urls: dict[str, str]
    password: str

    def sign_in_name(self, folder: str, language: str) -> str:
        """The liaison officer of a node who reads in this language."""
        return f"journey.{folder}.{language}"

    def diagnostics(self) -> str:
        """All that the three nodes said."""
        return "".join((self.directory / folder / "serve.log").read_text(encoding="utf-8") for folder in self.urls)


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The demo, made and served by its own command; two more officers at two of its nodes, one for each language."""
    directory = tmp_path_factory.mktemp("stage") / "demo"
    words = ("demo", "--dir", str(directory), "--small", "--any-ports")
    with subprocess.Popen([sys.executable, "-m", "accordant.node", *words], stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        said = ""
        for line in demo.stdout:
            said += line
            if line.startswith("Password"):
                break
        assert "Password" in said, "the demo ended early"
        ports = json.loads((directory / "demo.json").read_text(encoding="utf-8"))["ports"]
        urls = {folder: f"http://localhost:{pages}" for folder, (pages, _node) in ports.items()}
        try:
            yield _with_officers(Stage(directory, urls, (directory / "password").read_text(encoding="utf-8").strip()))
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(STOP_SECONDS)


def _with_officers(stage: Stage) -> Stage:
    for folder in ("guard", "police"):
        for language in ("vi", "en"):
            sign_in, node = stage.sign_in_name(folder, language), stage.directory / folder
            secret = ("--password-file", stage.directory / "password", "--language", language)
            added = accordant("officer", "add", node, "--sign-in", sign_in, "--name", f"Officer {language}", *secret)
            assert added.code == 0, added.err
            holding = ("--office", "liaison", "--role", "liaison-officer", "--scope", SCOPE, "--source", "test")
            granted = accordant("officer", "grant", node, "--sign-in", sign_in, *holding)
            assert granted.code == 0, granted.err
    return stage


# Playwright keeps an event loop on this thread; a file of tests that came after it could not use the database.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's browser; skips where it is absent."""
    if not Path(CHROMIUM).exists():
        pytest.skip("skipped: no /usr/bin/chromium")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


SignIn = Callable[..., Page]


@pytest.fixture
def sign_in(chromium: Browser, stage: Stage) -> Iterator[SignIn]:
    """Opens a browser window of its own and signs the liaison officer of a node in."""
    contexts = []

    def signed_in(folder: str, language: str, *, scripts: bool = True, width: int = 1280, policy: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            java_script_enabled=scripts,
            bypass_csp=not policy,
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{stage.urls[folder]}/accounts/sign-in")
        page.fill("input[name=sign_in]", stage.sign_in_name(folder, language))
        page.fill("input[name=password]", stage.password)
        page.click("main button[type=submit]")
        page.wait_for_url(f"{stage.urls[folder]}/")
        return page

    yield signed_in
    for context in contexts:
        context.close()
