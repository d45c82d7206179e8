"""How officers find cases in the Library and read one, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import opened, wait_until_drawn
from tests.support.barriers import barriers

pytestmark = pytest.mark.browser

STRAW = "/case?case=pecs/straw-fired-chp-unit"


def open_library(page: Page, address: str = "") -> None:
    page.goto(f"/library{address}")
    chart = page.locator(".st-key-library-sides svg").first
    expect(chart).to_be_visible()  # the first page opens the index
    wait_until_drawn(page)


def expect_found(page: Page, text: str) -> None:
    expect(page.locator(".found")).to_have_text(text)


def test_what_went_wrong_when_clicked(page: Page) -> None:
    """One click lists the obstacles of all cases; a case opens at its obstacles."""
    open_library(page)
    expect_found(page, "148 cases")
    page.get_by_text("What went wrong", exact=True).first.click()
    expect(page.locator(".found")).to_have_text(
        re.compile(r"What went wrong: \d+ statements in \d+ cases")
    )
    expect(page).to_have_url(re.compile("section=Obstacles"))
    expect(page.locator(".statement").first).to_be_visible()
    wait_until_drawn(page)  # until then the links of before are there, too
    page.get_by_role("link", name="Electricity tax as make-or-break").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Electricity tax")
    expect(page.get_by_role("heading", name="What went wrong")).to_be_in_viewport()
    page.get_by_role("link", name="Back to the Library").click()
    expect(page).to_have_url(re.compile("library.*section=Obstacles"))


def test_map_when_a_city_is_clicked(page: Page) -> None:
    """A city on the map shows its cases; clicking the next city shows that one's."""
    open_library(page)
    page.locator("path[aria-label^='Pécs']").click()
    expect_found(page, "16 cases")
    expect(page.get_by_role("heading", name="Pécs, Hungary")).to_be_visible()
    page.locator("path[aria-label^='Florence']").click()
    expect_found(page, "19 cases")
    expect(page).to_have_url(re.compile("city=florence$"))


def test_charts_when_clicked(page: Page) -> None:
    """A cell of the grid sets city and theme, a bar the kind of section."""
    open_library(page)
    page.locator("path[aria-label='Financing, Lund: 3 cases']").click()
    expect_found(page, "3 cases")
    wait_until_drawn(page)
    page.locator("path[aria-label^='Costs: ']").click()
    expect(page.locator(".found")).to_have_text(re.compile("^Costs: "))
    expect(page).to_have_url(re.compile("section=Costs"))
    page.get_by_role("button", name="Reset filters").click()
    expect_found(page, "148 cases")


def test_keyboard_when_choosing_a_city(page: Page) -> None:
    """The buttons beside the map do by keyboard what the map does by mouse."""
    open_library(page)
    page.locator(".st-key-map-cities button", has_text="Lund").focus()
    page.keyboard.press("Enter")
    expect_found(page, "12 cases")
    expect(page.locator("#lund")).to_be_visible()


def test_address_when_it_is_shared(page: Page) -> None:
    """An address carries filters and order to whoever opens it."""
    open_library(page, "?city=lund&city=oslo&theme=financing&from=2019&sort=newest")
    expect(page.get_by_label("Selected values").first).to_contain_text("Oslo")
    expect(page.locator(".case-line").first).to_contain_text(re.compile("Lund|Oslo"))
    expect(page.get_by_role("heading", name="Espoo, Finland")).to_have_count(0)


def test_case_when_a_section_is_jumped_to(page: Page) -> None:
    """The list of sections and the source marks lead to places on the same page."""
    page.goto(STRAW)
    page.get_by_label("Sections of this case").get_by_text("Open questions").click()
    expect(page.get_by_role("heading", name="Open questions")).to_be_in_viewport()
    page.get_by_role("link", name="[S13]").first.click()
    expect(page.locator("#source-S13")).to_be_in_viewport()
    expect(page.get_by_text("Pécsi Újság, 2011, in Hungarian").first).to_be_visible()


def test_case_when_the_address_names_a_section(page: Page) -> None:
    """An address with a section opens there, also when it is loaded again."""
    page.goto(f"{STRAW}#lessons")
    expect(page.get_by_role("heading", name="Lessons")).to_be_in_viewport()
    page.reload()
    expect(page.get_by_role("heading", name="Lessons")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("scheme", "address"),
    [("dark", "/library?city=oslo&section=Obstacles"), ("light", STRAW)],
    ids=["library", "case"],
)
def test_barriers_when_on_a_phone(
    browser: Browser, app_url: str, scheme: str, address: str
) -> None:
    """Both pages have no serious barrier and need no scrolling sideways on a phone."""
    phone = {"viewport": {"width": 390, "height": 844}, "color_scheme": scheme}
    with opened(browser, app_url, f"library-{scheme}", **phone) as page:
        page.goto(address)
        expect(page.locator(".statement").first).to_be_visible()
        wait_until_drawn(page)
        assert barriers(page) == []
        overflow = page.evaluate(
            "document.documentElement.scrollWidth"
            " - document.documentElement.clientWidth"
        )
        assert overflow <= 0
