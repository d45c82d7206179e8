"""How experts find gaps, and bring a file into the corpus, in a real browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kb.settings import Settings
from tests.browser.conftest import opened, started_app, wait_until_drawn
from tests.support.barriers import barriers
from tests.unit.ingest.readers.files import REPORTS

pytestmark = pytest.mark.browser

# An ingestion gives way to everything else that runs.
INGESTION_MS = 240_000
SUMMARY = "Summary: what, why, and what came out, in two or three sentences"


@pytest.fixture(scope="module")
def curated(
    browser: Browser, tiny_index: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """Return an app over a tiny corpus that may be changed, and the corpus folder."""
    folder = tmp_path_factory.mktemp("curated")
    shutil.copytree(tiny_index.corpus_dir, folder / "corpus")
    shutil.copytree(tiny_index.index_dir, folder / "index")
    with started_app(
        KB_CORPUS_DIR=folder / "corpus",
        KB_INDEX_DIR=folder / "index",
        KB_FEEDBACK_DIR=folder / "feedback",
    ) as url:
        yield url, folder / "corpus"


@pytest.fixture
def expert(
    browser: Browser, curated: tuple[str, Path], request: pytest.FixtureRequest
) -> Iterator[Page]:
    """A fresh session of an expert."""
    with opened(browser, curated[0], request.node.name) as page:
        yield page


def choose(page: Page, label: str, option: str, n: int = 0) -> None:
    page.get_by_role("combobox", name=label).nth(n).click()
    page.keyboard.type(option)
    page.get_by_role("option", name=option).first.click()


def fill(page: Page, label: str, text: str, n: int = 0) -> None:
    field = page.get_by_label(label, exact=True).nth(n)
    field.fill(text)
    field.press("Tab")


def send_memo(page: Page) -> None:
    """Upload a report in Hungarian and wait for its form."""
    page.goto("/curate?part=add")
    page.locator("input[type=file]").set_input_files(REPORTS / "hungarian-memo.pdf")
    expect(page.get_by_label("Period")).to_be_visible()
    wait_until_drawn(page)


def fill_in_memo(page: Page) -> None:
    choose(page, "City", "Sampleby")
    fill(page, "Period", "2019")
    choose(page, "Themes", "Energy")
    page.keyboard.press("Escape")
    fill(page, SUMMARY, "Sampleby heats with straw.")
    for n in range(2):
        fill(page, "Title, in English", "A memo on straw", n)
        fill(page, "Address", f"https://memo.sampleby.example/{n}", n)
        fill(page, "Publisher", "Office of Invented Works", n)
        # The first box of this name chooses the language of the page.
        choose(page, "Language", "Hungarian", n + 1)
    expect(page.get_by_text("Everything is filled in.")).to_be_visible()


def expect_no_draft(browser: Browser, url: str) -> None:
    """Fail if another expert sees anything of the draft."""
    with opened(browser, url, "other-expert") as other:
        other.goto("/curate?part=add")
        expect(other.get_by_text("A new file")).to_be_visible()
        expect(other.get_by_text("hungarian-memo.pdf")).to_have_count(0)


def test_report_when_uploaded(
    expert: Page, browser: Browser, curated: tuple[str, Path]
) -> None:
    """A PDF is read, filled in, compared, saved, indexed and found, all in one flow.

    Until it is saved, another expert sees nothing of it.
    """
    page, (url, corpus) = expert, curated
    send_memo(page)
    expect_no_draft(browser, url)
    expect(page.get_by_text("Source S1: Title, Publisher, Address")).to_be_visible()
    fill_in_memo(page)
    page.get_by_role("button", name="Show what will change").click()
    save = page.get_by_role("button", name="Save and update the index")
    expect(save).to_be_visible()
    expect(page.get_by_test_id("stCode")).to_contain_text("+city: sampleby")
    assert not list(corpus.glob("sampleby/szalma*"))
    save.click()
    expect(page.get_by_text("The index is up to date: 5 cases")).to_be_visible(
        timeout=INGESTION_MS
    )
    expect(page.get_by_role("heading", name="Saved: Szalma")).to_be_in_viewport()
    assert {path.name for path in corpus.glob("sampleby/szalma*")} == {
        *("szalmafutes-tesztfalvan.pdf", "szalmafutes-tesztfalvan.pdf.yaml")
    }
    page.get_by_role("link", name="Ask for it").click()
    fill(page, "Your question", "Mennyibe került a szalmakazán?")
    expect(
        page.locator(".statement", has_text="A kazán kétmillió tallérba került")
    ).to_be_visible()


def test_gap_when_clicked(expert: Page) -> None:
    """A cell of the heat map opens the cases behind it in the Library."""
    expert.goto("/curate")
    cell = expert.locator("path[aria-label^='Exampleton, Costs: 1 statement']")
    expect(cell).to_be_visible()
    wait_until_drawn(expert)
    cell.click()
    expect(expert).to_have_url(re.compile("library.*city=exampleton.*section=Costs"))
    expect(expert.get_by_text("Waste heat from the biscuit").first).to_be_visible()


def test_parts_when_axe_looks_at_them(expert: Page) -> None:
    """A part of the page stands in the address and has no serious barrier."""
    expert.goto("/curate?part=rejected")
    expect(expert.get_by_text("Nothing was left out")).to_be_visible()
    for name, part in {"Questions": "questions", "Add or correct": "add"}.items():
        expert.get_by_role("radio", name=name).click()
        expect(expert).to_have_url(re.compile(f"part={part}"))
        wait_until_drawn(expert)
        assert barriers(expert) == []


def test_case_when_two_experts_change_the_same(
    expert: Page, curated: tuple[str, Path]
) -> None:
    """Both versions stand side by side, without barriers, until one is chosen."""
    name, title = "exampleton/biscuit-heat.md", "Title: what was done, in a few words"
    expert.goto(f"/curate?part=add&file={name}")
    expect(expert.get_by_label(title)).to_be_visible()
    wait_until_drawn(expert)
    path = curated[1] / name
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("title: Waste heat", "title: Warmth"), "utf-8")
    fill(expert, title, "Biscuit heat")
    asked = expert.get_by_role("radiogroup", name="1. What shall stand here?")
    expect(asked).to_be_visible()
    wait_until_drawn(expert)
    assert barriers(expert) == []
    asked.get_by_text("Saved meanwhile").click()
    expert.get_by_role("button", name="Go on with these decisions").click()
    expect(expert.get_by_text("are put together here")).to_be_visible()
    wait_until_drawn(expert)  # until then the field of before is there, too
    expect(expert.get_by_label(title)).to_have_value("Warmth from the biscuit factory")


def test_writing_when_others_can_reach_the_app(
    browser: Browser, curated: tuple[str, Path], request: pytest.FixtureRequest
) -> None:
    """Under another address, as behind a proxy, nothing can be written."""
    url = curated[0].replace("127.0.0.1", "mentor.localhost")
    with opened(browser, url, request.node.name) as page:
        page.goto("/curate?part=add")
        expect(page.get_by_text("Whoever runs this app turns it on")).to_be_visible()
        expect(page.locator("input[type=file]")).to_have_count(0)
