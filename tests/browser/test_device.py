"""What the browser keeps: it survives a reload, is untrusted, and can be erased."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import opened, wait_until_drawn
from tests.support.barriers import barriers

pytestmark = pytest.mark.browser

QUESTION = "What did the straw-fired unit in Pécs cost?"
CASE = "/case?case=pecs/straw-fired-chp-unit"
OTHER_CASE = "/case?case=pecs/solar-on-slurry-field"
BRIEFING = "mentor-cities//briefing"
# For pages of a browser whose reader lets websites keep nothing.
BLOCKED = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("denied", "SecurityError"); }});"""
FULL = """Storage.prototype.setItem = () => {
  throw new DOMException("full", "QuotaExceededError"); };"""


def collect(page: Page, case: str, n: int = 1) -> None:
    """Collect a case, which is then one of so many items of the briefing."""
    page.goto(case)
    wait_until_drawn(page)
    page.locator(".st-key-collect-case").get_by_role("button").click()
    expect(briefing_link(page, n)).to_be_visible()
    wait_until_drawn(page)


def briefing_link(page: Page, n: int):
    return page.get_by_role("link", name=f"Briefing ({n})")


def kept(page: Page) -> dict[str, str]:
    """Return what the browser holds of this app, by key."""
    found: dict[str, str] = page.evaluate("({...localStorage})")
    return {k: text for k, text in found.items() if k.startswith("mentor-cities/")}


def open_note(page: Page) -> None:
    page.get_by_role("button", name="What this browser keeps").click()


def test_briefing_and_questions_after_a_reload(page: Page):
    """Both are there again after a reload and in a new tab."""
    collect(page, CASE)
    page.goto(f"/?q={QUESTION}")
    expect(page.locator(".statement").first).to_be_visible()
    wait_until_drawn(page)
    assert json.loads(kept(page)[BRIEFING])["format"] == "mentor-cities-briefing"
    page.goto("/prepare")
    expect(page.locator("[class*=st-key-item-]")).to_have_count(1)
    expect(page.get_by_text("is kept in this browser, on this device")).to_be_visible()
    with page.context.new_page() as tab:
        tab.goto("/")
        expect(briefing_link(tab, 1)).to_be_visible()
        tab.get_by_text("Your latest questions (1)").click()
        tab.get_by_role("button", name=QUESTION).click()
        expect(tab.locator(".statement").first).to_be_visible()


def test_two_tabs_that_collect(page: Page):
    """What two open tabs collect is kept together, and each learns of it."""
    page.goto("/about")
    wait_until_drawn(page)
    with page.context.new_page() as tab:
        collect(tab, CASE)
        page.goto(OTHER_CASE)
        expect(briefing_link(page, 1)).to_be_visible()
        wait_until_drawn(page)
        page.locator(".st-key-collect-case").get_by_role("button").click()
        expect(briefing_link(page, 2)).to_be_visible()
        wait_until_drawn(page)
        tab.evaluate("window.dispatchEvent(new Event('focus'))")
        expect(briefing_link(tab, 2)).to_be_visible()


def test_tab_that_has_not_seen_what_another_kept(page: Page):
    """A tab writes over nothing that it does not know: both collections are joined."""
    page.goto(OTHER_CASE)
    wait_until_drawn(page)
    page.evaluate("addEventListener('focus', e => e.stopImmediatePropagation(), true)")
    with page.context.new_page() as tab:
        collect(tab, CASE)
    page.locator(".st-key-collect-case").get_by_role("button").click()
    expect(briefing_link(page, 2)).to_be_visible()
    wait_until_drawn(page)
    assert len(json.loads(kept(page)[BRIEFING])["items"]) == 2


def test_erasing(page: Page):
    """One click erases everything and keeps nothing more, until the reader wants it."""
    collect(page, CASE)
    assert kept(page)
    open_note(page)
    page.get_by_role("button", name="Erase it, and keep nothing here").click()
    expect(page.get_by_text("Nothing is kept in this browser")).to_be_visible()
    wait_until_drawn(page)
    assert set(kept(page)) == {"mentor-cities/off"}
    expect(briefing_link(page, 1)).to_be_visible()  # the open page loses nothing
    page.goto(f"/?q={QUESTION}")
    expect(page.locator(".statement").first).to_be_visible()
    wait_until_drawn(page)
    assert set(kept(page)) == {"mentor-cities/off"}
    expect(page.get_by_role("link", name="Briefing", exact=True)).to_be_visible()
    open_note(page)
    page.get_by_role("button", name="Keep it here again").click()
    wait_until_drawn(page)
    assert set(kept(page)) == {"mentor-cities//questions"}


@pytest.mark.parametrize(
    "text",
    [
        "{not json",
        '{"format": "mentor-cities-briefing", "version": 2}',
        "x" * 1_000_001,
    ],
    ids=["no JSON", "another version", "too large"],
)
def test_kept_text_that_cannot_be_used(page: Page, text: str):
    """It is told and left as it is; the session goes on; erasing makes an end."""
    page.goto("/about")
    page.evaluate("([k, v]) => localStorage.setItem(k, v)", [BRIEFING, text])
    page.goto(CASE)
    fault = page.get_by_text("Your briefing: what this browser has kept cannot be used")
    expect(fault).to_be_visible()
    wait_until_drawn(page)
    page.locator(".st-key-collect-case").get_by_role("button").click()
    expect(briefing_link(page, 1)).to_be_visible()
    wait_until_drawn(page)
    assert kept(page)[BRIEFING] == text
    open_note(page)
    page.get_by_role("button", name="Erase it, and keep nothing here").click()
    expect(fault).to_have_count(0)


def test_browser_that_keeps_nothing(browser: Browser, app_url: str):
    """Where storage is blocked everything works as long as the page is open."""
    with opened(browser, app_url, "device-blocked") as page:
        page.add_init_script(BLOCKED)
        collect(page, CASE)
        briefing_link(page, 1).click()
        expect(page.get_by_text("it is gone after a reload")).to_be_visible()
        expect(page.locator("[class*=st-key-item-]")).to_have_count(1)
        open_note(page)
        expect(page.get_by_text("This browser lets pages keep nothing")).to_be_visible()


def test_browser_without_room(browser: Browser, app_url: str):
    """Where the browser has no room this is told, once for all, and nothing is lost."""
    with opened(browser, app_url, "device-full") as page:
        page.add_init_script(FULL)
        collect(page, CASE)
        expect(page.get_by_text("has no room for the latest changes")).to_be_visible()
        wait_until_drawn(page)
        assert kept(page) == {}


def test_note_when_axe_looks_at_it(page: Page):
    """What is kept is told where everybody can read and erase it."""
    collect(page, CASE)
    open_note(page)
    expect(page.get_by_text("Whoever uses this browser can see them")).to_be_visible()
    wait_until_drawn(page)
    assert barriers(page) == []
