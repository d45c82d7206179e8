"""A city's profile, the transfer card that it meets, and cities like it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import opened, wait_until_drawn
from tests.support.barriers import barriers

pytestmark = pytest.mark.browser

CASE = "/case?case=helsinki/coal-exit-district-heating"
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}


def choose(page: Page, question: str, answer: str) -> None:
    """Answer a question of the profile; long lists show what is typed."""
    page.get_by_role("combobox", name=question).click()
    page.keyboard.type(answer[:7])
    page.get_by_role("option", name=answer).first.click()
    wait_until_drawn(page)


def tell(page: Page, *, size: str, country: str = "Hungary") -> None:
    """Tell a profile on the page of the reader's city."""
    page.goto("/city")
    wait_until_drawn(page)
    choose(page, "In which country is your city?", country)
    choose(page, "How many people live there?", size)
    choose(page, "Who owns the heat network?", "the city or its own")


def row(page: Page, name: str, n: int = 0) -> Locator:
    """Return an entry of the transfer card by what stands in its heading."""
    heading = page.locator(".transfer > li", has=page.locator(".compared"))
    return heading.filter(has_text=name).nth(n)


def test_card_before_and_after_a_profile(page: Page):
    """All is unknown at first; then what both sides state is the same or different."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.goto(CASE)
    wait_until_drawn(page)
    assert set(page.locator(".verdict").all_inner_texts()) == {"Unknown"}
    page.get_by_role("link", name="Tell about your city").click()
    expect(page.get_by_role("heading", level=1, name="Your city")).to_be_visible()
    tell(page, size="250,000 to")
    page.goto(CASE)
    wait_until_drawn(page)
    verdicts = [row(page, name).locator(".verdict") for name in ("Country", "Size")]
    for verdict in verdicts:
        expect(verdict).to_have_text("Different")
    expect(row(page, "Climate").locator(".verdict")).to_have_text("Unknown")
    owned = row(page, "The city owns the utility")
    expect(owned.locator(".verdict")).to_have_text("Same")
    expect(owned).to_contain_text("Your city: the city or its own company")
    expect(owned).to_contain_text("Ask: Does your city own the heat utility?")
    owned.get_by_text("Word for word").click()
    expect(owned.locator(".statement")).to_contain_text("national law of 2019")
    source = owned.locator(".statement a.mark").first.get_attribute("href")
    expect(page.locator(str(source))).to_have_count(1)
    assert barriers(page) == []
    told = ("Hungary", "to-500", "network_owner", "=HU")
    assert not [address for address in sent if any(text in address for text in told)]


def test_steps_of_a_case(page: Page):
    """What came first stands in the order of the case, each step with its words."""
    page.goto(CASE)
    wait_until_drawn(page)
    dates = page.locator(".steps > li > b").all_inner_texts()
    assert dates == sorted(dates)
    assert len(dates) == page.locator(".steps > li").count() >= 5
    first = page.locator(".steps > li").first
    first.get_by_text("Word for word").click()
    expect(first.locator(".statement a.mark").first).to_be_visible()


def test_profile_as_a_file(page: Page, tmp_path: Path):
    """It is saved, emptied and opened again; what is no profile changes nothing."""
    tell(page, size="250,000 to")
    page.get_by_label("From which budget would you pay?").fill("Our own")
    page.keyboard.press("Tab")
    wait_until_drawn(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert json.loads(file.read_text(encoding="utf-8"))["budget"] == "Our own"
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"format": "mentor-cities-briefing"}', encoding="utf-8")
    page.locator("input[type=file]").set_input_files(wrong)
    expect(page.get_by_text("no city's profile of this version")).to_be_visible()
    page.get_by_role("button", name="Empty the profile").click()
    budget = page.get_by_label("From which budget would you pay?").first
    expect(budget).to_have_value("")
    wait_until_drawn(page)
    page.locator("input[type=file]").set_input_files(file)
    expect(budget).to_have_value("Our own")
    wait_until_drawn(page)
    page.reload()
    expect(budget).to_have_value("Our own")


def test_cities_like_mine(browser: Browser, app_url: str):
    """The Library shows cities like the reader's, until one click; on a phone."""
    with opened(browser, app_url, "cities-like-mine", **PHONE) as page:
        tell(page, size="500,000 to", country="Germany")
        page.goto("/library")
        wait_until_drawn(page)
        cities = page.locator(".st-key-library-list h2")
        all_cases = page.locator(".found").first.inner_text()
        page.get_by_text("Only cities like mine").click()
        expect(cities).to_have_text(["Helsinki, Finland", "Oslo, Norway"])
        meaning = "Like yours: 500,000 to 1,000,000 inhabitants, or in Germany."
        expect(page.get_by_text(meaning)).to_be_visible()
        wait_until_drawn(page)
        assert "alike" not in page.url
        page.get_by_text("Only cities like mine").click()
        expect(page.locator(".found").first).to_have_text(all_cases)


def test_cities_like_mine_when_there_are_none(page: Page):
    """Where no city is alike this is said, and one click shows all again."""
    tell(page, size="1,000,000 inhabitants or more", country="Germany")
    page.get_by_role("link", name="Compare").first.click()
    wait_until_drawn(page)
    page.get_by_text("Only cities like mine").click()
    expect(page.get_by_text("No mentor city is like yours")).to_be_visible()
    page.get_by_role("link", name="Library").first.click()
    expect(page.get_by_text("No mentor city is like yours")).to_be_visible()
    wait_until_drawn(page)
    page.get_by_text("Only cities like mine").click()
    expect(page.locator(".st-key-library-list h2").first).to_be_visible()
