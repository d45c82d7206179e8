"""A started app over the shipped corpus, and a real Chromium to look at it with."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "test-results"
CHROMIUM_VARIABLE = "CHROMIUM"
REQUIRE_VARIABLE = "REQUIRE_BROWSER"
HOW_TO_GET_ONE = (
    "no Chromium was found, so the browser tests did not run: install one (Debian: "
    "apt install chromium; elsewhere: playwright install chromium) or name its "
    f"program in {CHROMIUM_VARIABLE}"
)
START_SECONDS = 60
DESKTOP: dict[str, Any] = {
    "viewport": {"width": 1280, "height": 900},
    "locale": "en-GB",
}
# A page waits for the model, the index and a browser on the same two cores.
expect.set_options(timeout=60_000)
QUIET_MS = 150
GIVE_UP_MS = 30_000
# Comes back when the script is done, nothing in the page has changed for a while, no
# transition runs, and two more frames are painted.
_QUIET = """([ready, quietMs, giveUpMs]) => new Promise((resolve, reject) => {
  let timer;
  const isMoving = () => document.getAnimations().some(
    a => a.playState === "running" && a.effect.getComputedTiming().endTime < Infinity);
  const begin = () => { clearTimeout(timer); timer = setTimeout(look, quietMs); };
  const observer = new MutationObserver(begin);
  const end = () => { clearTimeout(timer); observer.disconnect(); };
  const look = () => {
    if (!document.querySelector(ready) || isMoving()) return begin();
    end();
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  };
  observer.observe(document, {
    subtree: true, childList: true, attributes: true, characterData: true});
  setTimeout(() => { end(); reject(new Error("the page does not come to rest")); },
             giveUpMs);
  begin();
})"""


def find_chromium(playwright: Playwright) -> str | None:
    """Return the Chromium that a setting, the PATH or Playwright names, or None."""
    named = os.environ.get(CHROMIUM_VARIABLE)
    if named:
        return named
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        if found := shutil.which(name):
            return found
    own = playwright.chromium.executable_path
    return own if Path(own).is_file() else None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        program = find_chromium(playwright)
        if program is None:
            if os.environ.get(REQUIRE_VARIABLE):
                pytest.fail(HOW_TO_GET_ONE)
            pytest.skip(HOW_TO_GET_ONE)
        browser = playwright.chromium.launch(
            executable_path=program,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def feedback_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the app keeps its feedback, of all tests together."""
    return tmp_path_factory.mktemp("feedback")


@pytest.fixture(scope="session")
def app_url(browser: Browser, shipped_index: Path, feedback_dir: Path) -> Iterator[str]:
    """Start the app over the shipped corpus; only where there is a browser."""
    with started_app(KB_INDEX_DIR=shipped_index, KB_FEEDBACK_DIR=feedback_dir) as url:
        yield url


@contextmanager
def started_app(**settings: str | Path) -> Iterator[str]:
    """Start the app as `streamlit run app.py` does, with settings of its own.

    Args:
        settings: Environment variables, such as ``KB_INDEX_DIR``.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "streamlit", "run", "app.py"),
            *("--server.port", str(port), "--server.address", "127.0.0.1"),
        ],
        cwd=ROOT,
        env={**os.environ, **{name: str(value) for name, value in settings.items()}},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the app stopped with exit code {process.returncode}")
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"the app did not answer within {START_SECONDS} s")


def wait_until_drawn(page: Page) -> None:
    """Wait until the page is drawn and nothing moves: an early click can be lost.

    Not by ``wait_for_function``: it evaluates text in the page from its second look
    on, which the page's Content-Security-Policy refuses.
    """
    ready = "[data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"
    expect(page.locator(ready)).to_be_visible(timeout=GIVE_UP_MS)
    expect(page.get_by_test_id("stElementContainer").first).to_be_attached()
    page.evaluate(_QUIET, [ready, QUIET_MS, GIVE_UP_MS])


@contextmanager
def opened(browser: Browser, url: str, name: str, **options: Any) -> Iterator[Page]:
    """Open a fresh profile on a desktop; keep its screenshot when the block fails.

    Args:
        browser: The browser.
        url: Address of the app.
        name: Of the screenshot.
        options: Of the browser's context, such as ``locale`` or ``color_scheme``.
    """
    context = browser.new_context(base_url=url, **{**DESKTOP, **options})
    page = context.new_page()
    try:
        yield page
    except BaseException:
        RESULTS.mkdir(exist_ok=True)
        page.screenshot(path=RESULTS / f"{name}.png", full_page=True)
        raise
    finally:
        context.close()


@pytest.fixture(scope="session")
def desktop(browser: Browser, app_url: str) -> Iterator[BrowserContext]:
    """One profile on a desktop, for which the app's own files are loaded once."""
    with browser.new_context(base_url=app_url, **DESKTOP) as context:
        yield context


@pytest.fixture
def page(desktop: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh session on a desktop; its screenshot is kept when the test fails."""
    failed_before = request.session.testsfailed
    with desktop.new_page() as page:
        yield page
        if page.url.startswith("http"):
            page.evaluate("localStorage.clear()")  # the next test is another reader's
        if request.session.testsfailed > failed_before:
            RESULTS.mkdir(exist_ok=True)
            page.screenshot(path=RESULTS / f"{request.node.name}.png", full_page=True)
