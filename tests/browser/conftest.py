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
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

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
def app_url(browser: Browser, shipped_index: Path) -> Iterator[str]:
    """Start the app as `streamlit run app.py` does; only where there is a browser."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "streamlit", "run", "app.py"),
            *("--server.port", str(port), "--server.address", "127.0.0.1"),
        ],
        cwd=ROOT,
        env={**os.environ, "KB_INDEX_DIR": str(shipped_index)},
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


@pytest.fixture
def page(
    browser: Browser, app_url: str, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """A fresh page on a desktop; its screenshot is kept when the test fails."""
    context = browser.new_context(
        base_url=app_url, viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    failed_before = request.session.testsfailed
    yield page
    if request.session.testsfailed > failed_before:
        RESULTS.mkdir(exist_ok=True)
        page.screenshot(path=RESULTS / f"{request.node.name}.png", full_page=True)
    context.close()
