"""What an officer does on the Compare page, in a real browser."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import wait_until_drawn

pytestmark = pytest.mark.browser

BONDS = f"/compare?q={quote('How do cities use green bonds?')}&city=malmo&city=lund"
NOTHING = re.compile("Nothing found|Not in our sources")


def compare(page: Page, address: str = BONDS) -> None:
    page.goto(address)
    expect(page.get_by_role("table")).to_be_visible()
    wait_until_drawn(page)


def test_example_when_clicked(page: Page) -> None:
    """An example is compared by one click; the address then holds all of it."""
    page.goto("/compare")
    page.get_by_role("button", name="How do cities use green bonds?").click()
    names = page.get_by_role("columnheader")
    compared = ["Section", "Malmö", "Lund", "Helsingborg"]
    expect(names).to_have_text(compared)  # the first to be embedded
    costs = page.get_by_role("row", name=re.compile("^Costs"))
    expect(costs.get_by_role("cell").first).to_contain_text(NOTHING)
    expect(page).to_have_url(re.compile(r"q=How.*city=malmo&city=lund&city=helsingb"))


def test_number_when_opened_by_keyboard(page: Page) -> None:
    """A number opens its passage and sources; closing leads back to the number."""
    compare(page)
    number = page.get_by_role("button", name="Number 3: passage and sources")
    number.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("mark").first).to_be_visible()
    expect(dialog.get_by_role("link").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(number).to_be_focused()


def test_briefing_when_a_case_is_read_between(page: Page) -> None:
    """What was collected stays when a case is read, and the comparison comes back."""
    compare(page)
    page.get_by_role("button", name="statements to the briefing").click()
    expect(
        page.get_by_role("link", name=re.compile(r"Briefing \(\d+\)"))
    ).to_be_visible()
    page.get_by_role("link", name="Green bonds that lend on").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Green bonds that")
    expect(
        page.get_by_role("link", name=re.compile(r"Briefing \(\d+\)"))
    ).to_be_visible()
    page.get_by_role("link", name="Back to your comparison").click()
    expect(page.get_by_role("columnheader")).to_have_count(3)


def test_city_that_answers_when_it_is_not_compared(page: Page) -> None:
    """A city that has a case on the question can be added to those that have not."""
    page.goto("/compare?q=participatory%20budgeting&city=pecs&city=lund")
    wait_until_drawn(page)
    page.get_by_role("button", name="Add Grenoble-Alpes Métropole").click()
    expect(page.get_by_role("columnheader")).to_have_count(4)


def test_width_when_on_a_phone(page: Page) -> None:
    """On a phone one city is read at a time; the chooser stays in sight."""
    page.set_viewport_size({"width": 390, "height": 844})
    compare(page)
    cells = page.locator("tr", has_text="Governance").locator("td")
    expect(cells.nth(0)).to_be_visible()
    expect(cells.nth(1)).to_be_hidden()
    page.get_by_role("radio", name="Lund").check(force=True)
    expect(cells.nth(1)).to_be_visible()
    expect(cells.nth(0)).to_be_hidden()
    page.locator("tr").last.scroll_into_view_if_needed()
    expect(page.get_by_role("radiogroup")).to_be_in_viewport()
    overflow = page.evaluate(
        "document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth"
    )
    assert overflow <= 0
