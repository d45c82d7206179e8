"""The Cases, Case and About pages, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_cases_when_opened(page: Page) -> None:
    """The list holds every case under its city."""
    page.goto("/cases")
    expect(page.get_by_text("118 cases")).to_be_visible()
    expect(page.get_by_role("heading", name="Espoo, Finland")).to_be_visible()


def test_cases_when_filtered_by_address(page: Page) -> None:
    """The filters of the list stand in the address."""
    page.goto("/cases?city=lund&theme=financing")
    expect(page.get_by_role("heading", name="Lund, Sweden")).to_be_visible()
    expect(page.get_by_role("heading", name="Espoo, Finland")).to_have_count(0)


def test_case_when_opened_from_the_list(page: Page) -> None:
    """A case in the list opens its full page with sections and open questions."""
    page.goto("/cases?city=pecs")
    page.get_by_role("link", name="35 MW straw-fired CHP unit").click()
    expect(page.get_by_role("heading", name="Obstacles")).to_be_visible()
    expect(page.get_by_role("heading", name="Open questions")).to_be_visible()


def test_case_when_it_does_not_exist(page: Page) -> None:
    """An address of a case that is gone says so and leads to the list."""
    page.goto("/case?case=atlantis/heat")
    expect(page.get_by_text("There is no case")).to_be_visible()
    expect(page.get_by_role("link", name="All cases")).to_be_visible()


def test_source_mark_when_followed(page: Page) -> None:
    """A source mark in a case leads to that source on the same page."""
    page.goto("/case?case=pecs/straw-fired-chp-unit")
    page.get_by_role("link", name="[S13]").first.click()
    expect(page.locator("#source-S13")).to_be_in_viewport()


def test_about_when_opened(page: Page) -> None:
    """The About page says what the knowledge base holds and what it cannot do."""
    page.goto("/about")
    expect(page.get_by_text("118 cases of 9 cities")).to_be_visible()
    expect(page.get_by_role("heading", name="What it cannot do")).to_be_visible()
