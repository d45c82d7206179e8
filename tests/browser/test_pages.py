"""The About page, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_about_when_opened(page: Page) -> None:
    """The About page says what the knowledge base holds and what it cannot do."""
    page.goto("/about")
    expect(page.get_by_text("148 cases of 9 cities")).to_be_visible()
    expect(page.get_by_role("heading", name="What it cannot do")).to_be_visible()
