"""The figures about quality, and the evidence of a statement, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import wait_until_drawn

pytestmark = pytest.mark.browser

QUESTION = "/?q=What+did+the+straw-fired+unit+in+P%C3%A9cs+cost%3F"
PHONE = ViewportSize(width=390, height=844)


def test_quality_when_opened(page: Page):
    """Figures, chart and table of languages are there, and how to measure again."""
    page.goto("/quality")
    expect(page.get_by_role("heading", name="Quality")).to_be_visible()
    wait_until_drawn(page)
    expect(page.get_by_text("Right case found").first).to_be_visible()
    expect(
        page.get_by_test_id("stVegaLiteChart").locator("canvas, svg")
    ).to_be_visible()
    table = page.get_by_role("region", name="Figures by language")
    expect(table.get_by_role("row")).to_have_count(15)  # headings and 14 languages
    page.get_by_text("Measure again").click()
    expect(page.get_by_text("mentorkb eval latest build/eval-test")).to_be_visible()


def test_quality_table_when_on_a_phone(page: Page):
    """The table of languages can be moved by keyboard; the page itself stays put."""
    page.set_viewport_size(PHONE)
    page.goto("/quality")
    table = page.get_by_role("region", name="Figures by language")
    expect(table).to_be_visible()
    wait_until_drawn(page)
    table.focus()
    page.keyboard.press("ArrowRight")
    expect(table).not_to_have_js_property("scrollLeft", 0)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


def test_evidence_when_explained_by_keyboard(page: Page):
    """Strength and reason of a passage unfold with Enter and fold with it again."""
    page.goto(QUESTION)
    card = page.locator("[class*=st-key-citation-1]")
    expect(card).to_be_visible()
    wait_until_drawn(page)
    expect(card).to_contain_text("evidence")
    card.locator("summary").first.press("Enter")
    for name, told in (
        ("What does this mean?", "How much evidence this statement rests on"),
        ("Why this passage?", "Similarity to your question"),
    ):
        unfold = card.locator("summary", has_text=name)
        unfold.press("Enter")
        expect(page.get_by_text(told)).to_be_visible()
        wait_until_drawn(page)
        unfold.press("Enter")
        expect(page.get_by_text(told)).to_be_hidden()
