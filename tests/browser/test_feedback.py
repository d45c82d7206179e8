"""What an officer says about an answer, in a real browser, and what is kept of it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import opened, wait_until_drawn
from tests.support.barriers import barriers
from ui.feedback import DownReason, Entry, FeedbackStore, Kind, Verdict

pytestmark = pytest.mark.browser

# Of this module alone: all browser tests share one store.
QUESTION = "What did the straw-fired unit in Pécs cost, and who paid?"
UNANSWERED = "How did Rotterdam pay for the heat network in its harbour?"

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def show(page: Page, question: str) -> None:
    """Open the answer to a question."""
    page.goto(f"/?q={quote(question)}")
    is_answered(page)


def is_answered(page: Page) -> None:
    """Wait until the answer is drawn; the app's first one loads the model."""
    history = page.get_by_text("Your latest questions")
    expect(history).to_be_visible()
    wait_until_drawn(page)


def ratings(folder: Path, question: str) -> list[Entry]:
    """Return what is kept of a question."""
    entries = FeedbackStore(folder).entries()
    return [entry for entry in entries if entry.shown.question == question]


def thumbs(page: Page) -> Locator:
    """Return the choice between the two thumbs on the answer."""
    return page.get_by_role("radiogroup", name="Was this answer useful?")


def test_rating_when_the_answer_is_bad(page: Page, feedback_dir: Path):
    """Thumb, reason and comment are kept as one; the page stays where it is."""
    show(page, QUESTION)
    page.evaluate(
        "document.querySelector('.statement').setAttribute('data-seen', 'yes')"
    )
    thumbs(page).get_by_role("radio", name="No").click()
    expect(page.get_by_text("Thank you. Your rating is kept")).to_be_visible()
    top = thumbs(page).evaluate("e => e.getBoundingClientRect().top")
    page.get_by_role("radio", name="Outdated").click()
    page.get_by_label("Comment").fill("The unit was closed.")
    page.get_by_role("button", name="Send comment").click()
    expect(page.get_by_text("Your rating and comment are kept")).to_be_visible()
    assert thumbs(page).evaluate("e => e.getBoundingClientRect().top") == top
    expect(page.locator("[data-seen=yes]")).to_have_count(1)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert barriers(page) == []
    (entry,) = ratings(feedback_dir, QUESTION)
    assert (entry.verdict, entry.reason) == (Verdict.DOWN, DownReason.OUTDATED)
    assert entry.comment == "The unit was closed."


def test_rating_of_a_passage_by_keyboard(page: Page, feedback_dir: Path):
    """A passage is rated with the keys alone, and its card stays open."""
    question = f"{QUESTION} (passage)"
    show(page, question)
    page.locator("summary", has_text="[1]").click()
    group = page.get_by_role("radiogroup", name="Does this passage help")
    expect(group).to_be_visible()
    wait_until_drawn(page)
    group.get_by_role("radio", name="Yes").focus()
    page.keyboard.press("Space")
    expect(group.get_by_role("radio", name="Yes")).to_be_checked()
    expect(page.get_by_text("Thank you. Your rating is kept")).to_be_visible()
    expect(page.locator("mark").first).to_be_visible()
    (entry,) = ratings(feedback_dir, question)
    assert entry.verdict is Verdict.UP
    assert entry.passage_id == "pecs/straw-fired-chp-unit#costs"


def test_question_when_sent_to_the_group(
    browser: Browser, app_url: str, page: Page, feedback_dir: Path
):
    """Thanks take the button's place; another session does not see them."""
    show(page, UNANSWERED)
    page.get_by_role("button", name="Send to the discussion group").click()
    expect(page.get_by_text("Noted. The facilitator")).to_be_visible()
    assert barriers(page) == []
    with opened(browser, app_url, "second-sender") as other:
        show(other, UNANSWERED)
        expect(
            other.get_by_role("button", name="Send to the discussion group")
        ).to_be_visible()
        expect(other.get_by_text("Noted. The facilitator")).to_have_count(0)
    kept = {e.kind: e.times for e in ratings(feedback_dir, UNANSWERED)}
    assert kept == {Kind.UNANSWERED: 2, Kind.SENT: 1}


def test_opt_out_when_switched_on(page: Page, feedback_dir: Path):
    """The note tells what is kept; switched on, nothing of the session is."""
    question = f"{UNANSWERED} (opted out)"
    page.goto("/")
    wait_until_drawn(page)
    page.get_by_role("button", name="What is kept of your questions").click()
    expect(page.get_by_text("it is deleted after 365 days.")).to_be_visible()
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert barriers(page) == []
    page.get_by_text("Do not keep my questions and feedback").click()
    wait_until_drawn(page)
    page.keyboard.press("Escape")
    box = page.get_by_label("Your question")
    box.fill(question)
    box.press("Enter")
    is_answered(page)
    expect(page.locator(".st-key-abstention")).to_be_visible()
    expect(page.get_by_role("button", name="Send to")).to_have_count(0)
    assert ratings(feedback_dir, question) == []
