"""What an officer does on the Ask page, in a real browser."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import opened, wait_until_drawn

pytestmark = pytest.mark.browser

QUESTION = "What did the straw-fired unit in Pécs cost?"


def ask(page: Page, question: str) -> None:
    page.goto("/")
    box = page.get_by_label("Your question")
    box.fill(question)
    box.press("Enter")
    # The filters fold away once the question has arrived.
    expect(page.get_by_text("Narrow to cities or themes")).to_be_visible()
    wait_until_drawn(page)


def test_answer_when_question_is_asked(page: Page) -> None:
    """A question gets statements under the name of their city, each with a number."""
    ask(page, QUESTION)
    expect(page.get_by_role("heading", name="Pécs")).to_be_visible()
    first = page.locator(".statement").first
    expect(first).to_contain_text("HUF 24 billion")
    expect(first).to_contain_text("[1]")


def test_citation_when_opened(page: Page) -> None:
    """A citation opens the passage with the statement highlighted, and its sources."""
    ask(page, QUESTION)
    page.locator("summary", has_text="[1]").click()
    expect(page.locator("mark").first).to_contain_text("HUF 24 billion")
    source = page.get_by_role("link", name="Dalkia arm powers up biomass boiler")
    expect(source.first).to_have_attribute("href", re.compile("^https://"))
    expect(page.get_by_text("Renewables Now, 2013, in English").first).to_be_visible()
    expect(page.get_by_text("Draft: not yet read by an expert").first).to_be_visible()


def test_case_page_when_followed_from_citation(page: Page) -> None:
    """The full case is one click away and can be reloaded from its address."""
    ask(page, QUESTION)
    page.locator("summary", has_text="[1]").click()
    expect(page.locator("mark").first).to_be_visible()
    wait_until_drawn(page)  # the citation unfolds, which moves the link
    page.get_by_role("link", name="Read the full case").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("straw-fired CHP")
    expect(page.get_by_role("heading", name="Sources", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("straw-fired CHP")


def test_abstention_when_question_is_off_topic(page: Page) -> None:
    """A question about something else gets an honest message and no statement."""
    ask(page, "Which football team won the cup last night?")
    expect(page.get_by_role("heading", name="do not answer this")).to_be_visible()
    expect(page.locator(".statement")).to_have_count(0)


def test_abstention_when_question_is_about_another_city(page: Page) -> None:
    """A question about a city elsewhere names it and offers the nearest cases."""
    ask(page, "How did Rotterdam pay for its heat network?")
    expect(page.get_by_text("say nothing about Rotterdam")).to_be_visible()
    expect(page.get_by_role("heading", name="The nearest cases")).to_be_visible()


def test_closest_statements_when_no_statement_answers(page: Page) -> None:
    """A question that its city's cases do not answer gets their closest statements."""
    ask(page, "What was the heat price in Pécs in 2031?")
    expect(page.get_by_role("heading", name="No direct answer found")).to_be_visible()
    expect(page.get_by_role("heading", name="The closest statements")).to_be_visible()
    first = page.locator(".statement").first
    expect(first).to_contain_text("[1]")
    page.locator("summary", has_text="[1]").click()
    expect(page.locator("mark").first).to_be_visible()


def test_question_and_filter_when_address_is_shared(page: Page) -> None:
    """An address carries the question and the filters to whoever opens it."""
    page.goto(f"/?q={quote('What did straw cost?')}&city=oslo&theme=financing")
    expect(page.get_by_label("Your question")).to_have_value("What did straw cost?")
    expect(page.get_by_role("heading", name="Oslo")).to_be_visible()
    expect(page.get_by_role("heading", name="Pécs")).to_have_count(0)


def test_address_when_filter_is_chosen(page: Page) -> None:
    """Choosing a city narrows the answer and puts the city's slug into the address."""
    ask(page, "What did the heat pumps cost?")
    expect(page.locator(".statement").first).to_be_visible()
    page.get_by_text("Narrow to cities or themes").click()
    wait_until_drawn(page)  # the filters unfold, which moves them
    page.get_by_label("Cities").press_sequentially("Espoo")
    page.get_by_role("option", name="Espoo").click()
    expect(page.locator("h2").first).to_have_text("Espoo")
    expect(page).to_have_url(re.compile("city=espoo"))


def test_address_when_question_is_asked(page: Page) -> None:
    """Asking puts the question into the address."""
    ask(page, QUESTION)
    expect(page.locator(".statement").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?q=What\+did"))


def test_question_when_sent_before_the_page_is_ready(page: Page) -> None:
    """Enter sends a question, also where the script that hears it comes late."""
    late: list[Route] = []
    page.route("**/BidiComponent*.js", lambda route: late.append(route))
    page.goto("/")
    field = page.get_by_label("Your question")
    field.fill(QUESTION)
    field.press("Enter")
    expect(field).to_have_value(f"{QUESTION}\n")
    for held in late:
        held.continue_()
    expect(page.locator(".statement").first).to_be_visible()


def test_example_when_clicked(page: Page) -> None:
    """An example question is asked by one click."""
    page.goto("/")
    page.get_by_role("button", name="Why did reuse at Skur 38").click()
    expect(page.get_by_role("heading", name="Oslo")).to_be_visible()
    expect(page.get_by_label("Your question")).to_have_value(
        re.compile("^Why did reuse")
    )


def test_message_when_question_is_only_punctuation(page: Page) -> None:
    """A question without words gets a sentence that says what to do."""
    ask(page, "?!?")
    expect(page.get_by_text("holds no letters or digits")).to_be_visible()


def test_keyboard_when_opening_a_citation(page: Page) -> None:
    """A citation opens with the keyboard alone."""
    ask(page, QUESTION)
    page.locator("summary", has_text="[1]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_be_visible()


def test_width_when_on_a_phone(page: Page) -> None:
    """On a phone nothing has to be scrolled sideways."""
    page.set_viewport_size({"width": 390, "height": 844})
    ask(page, QUESTION)
    expect(page.locator(".statement").first).to_be_visible()
    page.locator("summary", has_text="[1]").click()
    expect(page.locator("mark").first).to_be_visible()
    overflow = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0


def test_network_when_app_is_used(browser: Browser, app_url: str) -> None:
    """The app fetches nothing from anywhere else: no fonts, no usage statistics."""
    asked: list[str] = []
    # A profile of its own has nothing from before.
    with opened(browser, app_url, "network") as page:
        page.on("request", lambda request: asked.append(request.url))
        ask(page, QUESTION)
        expect(page.locator(".statement").first).to_be_visible()
    elsewhere = [
        url
        for url in asked
        if not url.startswith(
            (app_url, app_url.replace("http", "ws"), "data:", "blob:")
        )
    ]
    assert asked
    assert elsewhere == []
