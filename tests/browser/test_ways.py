"""Back, Forward, reload and links: what an officer found is never lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import wait_until_drawn

pytestmark = pytest.mark.browser

FIRST = "What did the straw-fired unit in Pécs cost?"
SECOND = "How did Oslo get emission-free construction sites?"
COMPARED = "/compare?q=How+do+cities+use+green+bonds%3F&city=malmo&city=lund"


def ask(page: Page, question: str) -> None:
    """Type a question into the open page and wait for its answer."""
    field = page.get_by_label("Your question")
    field.fill(question)
    field.press("Enter")
    shows(page, question)


def shows(page: Page, question: str) -> None:
    """Hold that the page shows a question and its answer."""
    expect(page.get_by_label("Your question")).to_have_value(question)
    expect(page.locator(".statement").first).to_be_visible()
    city = "Pécs" if question == FIRST else "Oslo"
    expect(page.get_by_role("heading", name=city).first).to_be_visible()
    wait_until_drawn(page)


def test_back_when_two_questions_were_asked(page: Page) -> None:
    """Each question is one step of the history; a reload shows the same answer."""
    page.goto("/")
    wait_until_drawn(page)
    ask(page, FIRST)
    ask(page, SECOND)
    page.go_back()
    shows(page, FIRST)
    page.reload()
    shows(page, FIRST)
    page.go_forward()
    shows(page, SECOND)
    page.go_back()
    shows(page, FIRST)
    page.go_back()
    expect(page.get_by_text("Questions to start with")).to_be_visible()
    expect(page.get_by_label("Your question")).to_have_value("")


def test_back_when_a_filter_was_chosen(page: Page) -> None:
    """A filter is a step of its own, in the answer and in the Library."""
    page.goto("/library")
    wait_until_drawn(page)
    page.get_by_test_id("stButtonGroup").get_by_text("What went wrong").click()
    expect(page).to_have_url(re.compile("section=Obstacles"))
    wait_until_drawn(page)
    page.go_back()
    expect(page).not_to_have_url(re.compile("section"))
    expect(page.locator(".found")).to_have_text(re.compile(r"^\d+ cases$"))


def test_back_when_a_case_is_read(page: Page) -> None:
    """From a case, the browser's Back and the page's own link lead to the answer."""
    page.goto("/")
    wait_until_drawn(page)
    ask(page, FIRST)
    for go_back in (
        page.go_back,
        lambda: page.get_by_role("link", name="Back to your answer").click(),
    ):
        page.get_by_role("link", name="straw-fired CHP").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("straw-fired CHP")
        wait_until_drawn(page)
        go_back()
        shows(page, FIRST)


def test_back_when_coming_from_other_pages(page: Page) -> None:
    """From Prepare to a comparison, and from it to the answer."""
    page.goto("/")
    wait_until_drawn(page)
    ask(page, FIRST)
    page.get_by_role("link", name="Briefing").click()
    expect(page.get_by_role("heading", level=1, name="Prepare")).to_be_visible()
    wait_until_drawn(page)
    page.go_back()
    shows(page, FIRST)


def test_comparison_when_a_case_is_read(page: Page) -> None:
    """A comparison comes back with its cities, by Back and by the case's link."""
    page.goto(COMPARED)
    expect(page.get_by_role("columnheader")).to_have_count(3)
    wait_until_drawn(page)
    for go_back in (
        page.go_back,
        lambda: page.get_by_role("link", name="Back to your comparison").click(),
    ):
        page.get_by_role("table").get_by_role("link").first.click()
        expect(page.get_by_role("heading", name="Sources", exact=True)).to_be_visible()
        wait_until_drawn(page)
        go_back()
        expect(page.get_by_role("columnheader")).to_have_count(3)
        wait_until_drawn(page)


def test_tabs_when_two_are_open(desktop: BrowserContext, page: Page) -> None:
    """Two tabs keep their own questions, and go back on their own."""
    page.goto("/")
    wait_until_drawn(page)
    ask(page, FIRST)
    with desktop.new_page() as other:
        other.goto(page.url)
        shows(other, FIRST)
        ask(other, SECOND)
        other.go_back()
        shows(other, FIRST)
    shows(page, FIRST)


def test_language_when_a_link_is_followed(page: Page) -> None:
    """A language that the address names stays there, and adds no step to Back."""
    page.goto("/?lang=sv")
    expect(page.get_by_label("Din fråga")).to_be_visible()
    wait_until_drawn(page)
    page.get_by_role("link", name="Bibliotek").first.click()
    expect(page.get_by_role("heading", level=1, name="Bibliotek")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/library\?lang=sv"))
    wait_until_drawn(page)
    page.reload()
    expect(page.get_by_role("heading", level=1, name="Bibliotek")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Din fråga")).to_be_visible()
    field = page.get_by_label("Din fråga")
    field.fill(FIRST)
    field.press("Enter")
    expect(page.locator(".statement").first).to_be_visible()
    expect(page).to_have_url(re.compile("q=What.*lang=sv|lang=sv.*q=What"))


def test_paste_when_it_is_too_long(page: Page) -> None:
    """A paste that is too long is kept whole, told, and survives a reload."""
    text = " ".join(["How did cities pay for it?"] * 45)
    page.goto("/")
    wait_until_drawn(page)
    field = page.get_by_label("Your question")
    field.fill(text)
    field.press("Enter")
    for _ in range(2):
        expect(page.get_by_text("the limit is 1,000")).to_be_visible()
        expect(field).to_have_value(text)
        wait_until_drawn(page)
        page.reload()


def test_line_when_shift_is_held(page: Page) -> None:
    """Shift and Enter begin a line; a question of two lines is asked as one."""
    page.goto("/")
    wait_until_drawn(page)
    field = page.get_by_label("Your question")
    field.press_sequentially("What did the straw-fired unit")
    field.press("Shift+Enter")
    field.press_sequentially("in Pécs cost?")
    field.press("Enter")
    expect(page.locator(".statement").first).to_contain_text("HUF 24 billion")
    expect(field).to_have_value("What did the straw-fired unit\nin Pécs cost?")
