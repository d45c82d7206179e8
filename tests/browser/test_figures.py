"""How officers find what something cost and brought, in a real browser."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.conftest import wait_until_drawn

pytestmark = pytest.mark.browser

STRAW = "/case?case=pecs/straw-fired-chp-unit"
COST = "What did the straw-fired unit in Pécs cost?"


def test_figures_when_filtered(page: Page) -> None:
    """Filters from the address hold; a row opens its statement, which is marked."""
    page.goto("/figures?kind=investment&unit=SEK&city=malmo")
    expect(page.locator(".found")).to_have_text(re.compile(r"^\d+ figures$"))
    wait_until_drawn(page)
    rows = page.locator(".figures tbody tr")
    assert {"SEK"} == {
        text.split("\u00a0")[1].split()[0]
        for text in rows.locator("td:nth-child(2)").all_inner_texts()
    }
    expect(page.get_by_role("heading", name="The largest in SEK")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download for Excel").click()
    book = load_workbook(BytesIO(download.value.path().read_bytes()))
    assert book.active.max_row == 1 + rows.count()
    rows.first.get_by_role("link").click()
    expect(page).to_have_url(re.compile("case=malmo.*statement="))
    expect(page.locator(".statement.pointed")).to_be_in_viewport()


def test_figures_when_none_fits(page: Page) -> None:
    """Nothing found says what to do, and one click brings everything back."""
    page.goto("/figures?kind=bond&unit=km")
    expect(page.get_by_text("No figure fits these filters together")).to_be_visible()
    wait_until_drawn(page)
    page.get_by_role("button", name="Reset filters").click()
    expect(page.locator(".found")).to_have_text(re.compile(r"^1\d{3} figures$"))
    expect(page).not_to_have_url(re.compile("kind="))


def test_figures_of_an_answer_and_of_a_case(page: Page) -> None:
    """Who asks what it cost sees the figures first; so does a case begin."""
    page.goto(f"/?q={COST}")
    table = page.locator(".figures")
    expect(table).to_be_visible()
    expect(table).to_contain_text("EUR")
    first, below = table.bounding_box(), page.locator(".statement").first.bounding_box()
    assert first
    assert below
    assert first["y"] < below["y"]
    page.goto(STRAW)
    expect(page.get_by_role("heading", name="Key figures")).to_be_visible()
    link = page.locator(".figures tbody a").first
    anchor = (link.get_attribute("href") or "")[1:]
    expect(page.locator(f"[id='{anchor}'].statement")).to_have_count(1)
