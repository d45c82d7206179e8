"""What surrounds every page: language, sessions, and that everybody can use it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import opened, wait_until_drawn
from tests.support.barriers import barriers

pytestmark = pytest.mark.browser

QUESTION = "What did the straw-fired unit in Pécs cost?"
PAGES = {
    "ask": "/",
    "answer": "/?q=What+did+the+straw-fired+unit+in+P%C3%A9cs+cost%3F",
    "overview": "/?q=How+do+cities+use+waste+heat%3F",
    "abstention": "/?q=How+did+Rotterdam+pay+for+its+heat+network%3F",
    "compare": "/compare?q=green+bonds&city=lund&city=malmo",
    "library": "/library",
    "obstacles": "/library?section=Obstacles",
    "case": "/case?case=pecs/straw-fired-chp-unit",
    "figures": "/figures",
    "kind": "/figures?kind=investment&unit=SEK",
    "prepare": "/prepare",
    "kit": "/prepare?kit=lund",
    "discussion": "/prepare?session=financing",
    "curate": "/curate",
    "quality": "/quality",
    "about": "/about",
    "city": "/city",
}

LOOKS = 5
BETWEEN_LOOKS_MS = 400


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_page_when_axe_looks_at_it(page: Page, address: str):
    """No page has a serious finding of axe, in light or dark."""
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    wait_until_drawn(page)
    in_light = _barriers_at_rest(page)
    app = page.get_by_test_id("stApp")
    background = app.evaluate("e => getComputedStyle(e).backgroundColor")
    page.emulate_media(color_scheme="dark")
    expect(app).not_to_have_css("background-color", background)
    wait_until_drawn(page)
    assert in_light + _barriers_at_rest(page) == []


def _barriers_at_rest(page: Page) -> list[str]:
    """Return what axe finds; colours may change for a moment, so it looks again."""
    for _ in range(LOOKS):
        if not (found := barriers(page)):
            break
        page.wait_for_timeout(BETWEEN_LOOKS_MS)
    return found


def test_language_when_the_browser_names_one(browser: Browser, app_url: str):
    """The page greets a reader in the browser's language, and says which it is."""
    with opened(browser, app_url, "language", locale="sv-SE") as page:
        page.goto("/")
        expect(page.get_by_label("Din fråga")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "sv")


def test_language_when_chosen(page: Page):
    """A chosen language holds on every page of the session."""
    page.goto("/")
    wait_until_drawn(page)
    page.get_by_role("combobox", name="Language").click()
    page.get_by_role("option", name="Suomi").click()
    expect(page.locator("html")).to_have_attribute("lang", "fi")
    expect(page.get_by_label("Kysymyksesi")).to_be_visible()
    page.get_by_role("link", name="Kirjasto").first.click()
    expect(page.get_by_role("heading", level=1, name="Kirjasto")).to_be_visible()


def test_sessions_when_two_are_open(browser: Browser, app_url: str, page: Page):
    """Two officers at once do not see each other's question, language or briefing."""
    page.goto(f"/?q={QUESTION}")
    expect(page.get_by_text("Your latest questions (1)")).to_be_visible()
    wait_until_drawn(page)
    page.locator("[class*=st-key-citation-] summary").first.click()
    page.get_by_role("button", name="Add to the briefing").click()
    expect(page.get_by_role("link", name="Briefing (1)")).to_be_visible()
    with opened(browser, app_url, "second-session", locale="fr-FR") as other:
        other.goto("/")
        wait_until_drawn(other)
        expect(other.locator("html")).to_have_attribute("lang", "fr")
        expect(other.locator(".st-key-history")).to_have_count(0)
        briefing = other.locator(".st-key-top").get_by_role("link")
        expect(briefing).to_be_visible()
        expect(briefing).not_to_contain_text("(")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_keyboard_when_asking(page: Page):
    """A question can be asked and its first citation opened by keyboard alone."""
    page.goto("/")
    wait_until_drawn(page)
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "search":
            break
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".statement").first).to_be_visible()
    wait_until_drawn(page)
    for _ in range(20):
        page.keyboard.press("Tab")
        if "[1]" in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_be_visible()


def test_focus_when_moving_by_keyboard(page: Page):
    """The focus goes through the page from its top, and every stop can be seen."""
    page.goto("/")
    wait_until_drawn(page)
    stops = []
    for _ in range(16):
        page.keyboard.press("Tab")
        tag, name, outline = page.evaluate(
            """() => {
              const e = document.activeElement;
              return [e.tagName, e.getAttribute("aria-label") || e.textContent,
                      getComputedStyle(e).outlineStyle];
            }"""
        )
        stops.append(name)
        if tag in ("A", "BUTTON", "SUMMARY"):
            assert outline == "solid", name
    wanted = ["Skip to main content", "Ask", "Library", "Language", "Your question"]
    places = [stops.index(name) for name in wanted]
    assert places == sorted(places)


def test_menu_beside_what_stands_in_the_header(page: Page):
    """On a small desktop the widest menus do not run under briefing and language."""
    page.set_viewport_size({"width": 1264, "height": 700})
    for language in ("de", "fr", "hu"):
        page.goto(f"/about?lang={language}")
        wait_until_drawn(page)
        menu = page.get_by_test_id("stTopNavLink").last.bounding_box()
        beside = page.locator(".st-key-top").bounding_box()
        assert menu
        assert beside
        assert menu["x"] + menu["width"] <= beside["x"], language


def test_address_in_a_text_is_no_link(page):
    """What looks like an address in an address is text; no policy stops the page."""
    refused: list[str] = []
    page.on(
        "console",
        lambda m: refused.append(m.text) if "Content Security" in m.text else None,
    )
    page.goto("/case?case=https://evil.example/login")
    wait_until_drawn(page)
    expect(page.get_by_text("evil.example")).to_be_visible()
    expect(page.locator("a[href*='evil.example']")).to_have_count(0)
    page.goto("/library")
    wait_until_drawn(page)
    assert refused == []
