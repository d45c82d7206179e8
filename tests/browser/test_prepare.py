"""The Prepare page in a browser: collect, order, write, take along, open again."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document as open_word
from playwright.sync_api import Browser, Locator, Page, expect
from pptx import Presentation
from pypdf import PdfReader
from pypdf.generic import Destination

from tests.browser.conftest import opened, wait_until_drawn
from tests.support.barriers import barriers

pytestmark = pytest.mark.browser

QUESTION = "/?q=leaving%20coal"
CASE = "/case?case=pecs/straw-fired-chp-unit"


def collect_two_statements(page: Page) -> list[str]:
    """Collect the first two statements of an answer; return their words."""
    page.goto(QUESTION)
    cards = page.locator("[class*=st-key-citation-]")
    expect(cards.first).to_be_visible()
    wait_until_drawn(page)
    for n in (1, 2):
        cards.nth(n - 1).locator("summary").first.click()
        wait_until_drawn(page)
        page.get_by_role("button", name="Add to the briefing").click()
        expect(page.get_by_role("button", name="Remove from the brief")).to_have_count(
            n
        )
        wait_until_drawn(page)
    texts = [statement.inner_text() for statement in page.locator(".statement").all()]
    page.get_by_role("link", name="Briefing (2)").click()
    expect(page.get_by_role("heading", level=1, name="Prepare")).to_be_visible()
    expect(items(page)).to_have_count(2)
    return [text.rpartition(" [")[0] for text in texts[:2]]


def items(page: Page) -> Locator:
    return page.locator("[class*=st-key-item-] .statement")


def saved(page: Page, button: str, folder: Path) -> Path:
    """Click a button and return the file that the browser saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_briefing_from_answer_to_files(page: Page, tmp_path: Path):
    """Statements are collected, ordered, noted on, and read alike in all files."""
    one, two = collect_two_statements(page)
    page.locator("[class*=st-key-icon-down-] button").first.click()
    expect(items(page).first).to_have_text(two)
    # The keyboard stays with the item; its arrow down is off, where the list ends.
    expect(page.locator(":focus")).to_have_accessible_name(f"Move up: {one[:40]}…")
    page.locator("[class*=st-key-icon-note-] button").first.click()
    page.get_by_label("Your note", exact=True).fill("Ask the plant.")
    page.get_by_label("Title").fill("Straw in Pécs")  # and no key before the click

    word = open_word(str(saved(page, "Word", tmp_path)))
    texts = [paragraph.text for paragraph in word.paragraphs]
    places = [
        next(n for n, text in enumerate(texts) if text.startswith(wanted))
        for wanted in ("Straw in Pécs", two, "Note: Ask the plant.", one, "[1] ")
    ]
    assert places == sorted(places)
    pdf = PdfReader(saved(page, "PDF", tmp_path))
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Straw in Pécs"
    read = "".join("".join(p.extract_text() for p in pdf.pages).split())
    assert all("".join(text.split()) in read for text in (one, two, "Ask the plant."))
    slides = Presentation(str(saved(page, "PowerPoint", tmp_path))).slides
    assert len(slides) == 5
    assert slides[0].shapes.title.text == "Straw in Pécs"
    markdown = saved(page, "Markdown", tmp_path)
    assert markdown.name.startswith("straw-in-pecs-20")
    assert markdown.read_text(encoding="utf-8").startswith("# Straw in Pécs\n")


def test_briefing_of_two_answers(page: Page, tmp_path: Path):
    """Statements of two answers stand case by case, are dragged, and thinned out."""
    page.set_viewport_size({"width": 1280, "height": 3_000})  # nothing scrolls away
    collect_two_statements(page)
    page.get_by_role("link", name="Ask", exact=True).click()
    box = page.get_by_label("Your question")
    box.fill("green bonds")
    box.press("Enter")
    collect = page.get_by_role("button", name="statements to the briefing")
    expect(collect).to_be_visible()
    wait_until_drawn(page)
    collect.click()
    page.get_by_role("link", name="Briefing (").click()
    chapters = page.locator("[class*=st-key-chapter-]")
    expect(chapters.nth(1)).to_be_visible()
    wait_until_drawn(page)
    assert barriers(page) == []
    before = items(page).all_inner_texts()
    second = chapters.nth(1).locator("a p").first.inner_text()
    grips = page.locator(".grip")
    chapters.nth(1).locator(".grip").first.drag_to(chapters.first.locator("a").first)
    expect(chapters.first.locator("a p").first).to_have_text(second)
    assert grips.count() > len(before)
    wait_until_drawn(page)
    for n in (0, 1):
        box = page.get_by_role("checkbox", name="Choose:").nth(n)
        box.focus()
        page.keyboard.press("Space")
        wait_until_drawn(page)
    page.get_by_role("button", name="Remove 2 chosen items").click()
    expect(items(page)).to_have_count(len(before) - 2)
    page.get_by_text("Half a page", exact=True).click()
    wait_until_drawn(page)
    pdf = PdfReader(saved(page, "PDF", tmp_path))
    assert len(pdf.pages) == 1


def test_briefing_after_a_reload(browser: Browser, app_url: str, tmp_path: Path):
    """A saved file brings the briefing back into a session that knows nothing of it."""
    with opened(browser, app_url, "prepare-saving") as page:
        page.goto(CASE)
        page.get_by_role("button", name="Add to the briefing").first.click()
        page.get_by_role("link", name="Briefing (1)").click()
        page.get_by_role("button", name="Remove: ").click()
        page.get_by_role("button", name="Undo").click()
        expect(items(page)).to_have_count(1)
        file = saved(page, "Save as a file", tmp_path)
        with opened(browser, app_url, "prepare-opening") as other:
            other.goto("/prepare")
            expect(
                other.get_by_text("Come back here to put it in order")
            ).to_be_visible()
            other.locator("input[type=file]").set_input_files(file)
            expect(items(other)).to_have_text(items(page).all_inner_texts())


def test_kit_for_a_visit(page: Page, tmp_path: Path):
    """A city's kit is shown, narrowed, shared by its address, and taken along."""
    page.goto("/prepare?kit=lund")
    expect(page.locator(".paper h3")).to_have_text("Study visit kit: Lund")
    wait_until_drawn(page)
    pdf = PdfReader(saved(page, "PDF", tmp_path))
    assert str(pdf.root_object["/Lang"]) == "en"
    outline = [entry.title for entry in pdf.outline if isinstance(entry, Destination)]
    assert outline[0] == "The city"
    assert "Green bonds that lend on to municipal companies" in outline
    page.get_by_role("button", name="Financing").click()
    page.wait_for_url("**/prepare?kit=lund&theme=financing")
    wait_until_drawn(page)
    page.get_by_label("Sites to visit").click()
    page.get_by_role("option", name="Green bonds that lend on").click()
    page.wait_for_url("**/prepare?kit=lund&theme=financing&case=lund*")
    expect(page.locator(".paper h4")).to_have_text(
        [
            *("The city", "Agenda"),
            "Green bonds that lend on to municipal companies",
            *("Glossary", "Sources"),
        ]
    )
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Briefing").first.click()
    expect(page.get_by_text("Come back here to put it in order")).to_be_visible()
    page.wait_for_url("**/prepare")


def test_kit_for_a_discussion_group(page: Page, tmp_path: Path):
    """A theme's kit has three cases and five questions, and is taken along."""
    page.goto("/prepare?session=financing")
    expect(page.locator(".paper h3")).to_have_text("Discussion group: Financing")
    wait_until_drawn(page)
    word = open_word(str(saved(page, "Word", tmp_path)))
    styles = [(p.style.name if p.style else "", p.text) for p in word.paragraphs]
    texts = [text for name, text in styles if name == "Heading 2"]
    assert len(texts) == 3 + 5
    assert [text[:6] for text in texts[3:]] == [f"{n}. To " for n in range(1, 6)]
