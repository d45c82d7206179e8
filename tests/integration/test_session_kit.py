"""The kit of a discussion group, and filing what a city answered in it."""

from __future__ import annotations

from datetime import date

import pytest

from ui.briefing.collect import collect_case
from ui.prepare.documents.discussion import (
    cases_to_discuss,
    questions_to_ask,
    write_session_kit,
)
from ui.prepare.documents.document import EmptyLines, Heading, words_of

MADE_ON = date(2026, 3, 1)
BISCUITS = "exampleton/biscuit-heat"


@pytest.fixture
def theme(kb):
    return next(theme for theme in kb.themes if theme.slug == "district-heating")


def test_kit_has_cases_and_questions(kb, theme):
    """Each question stands below its city with lines for the answer."""
    cases = cases_to_discuss(kb, theme)
    assert BISCUITS in cases
    collected = [case for c in cases if (case := collect_case(kb, c))]
    questions = questions_to_ask(collected)
    kit = write_session_kit(
        kb, theme, cases, [q.question_id for q in questions], made_on=MADE_ON
    )
    texts = [words.text for block in kit.blocks for words in words_of(block)]
    for question in questions:
        assert question.text in texts
    n_lines = sum(isinstance(block, EmptyLines) for block in kit.blocks)
    assert n_lines == len(questions) > 0
    assert "1. To Exampleton" in texts


def test_kit_without_questions(kb, theme):
    """Without questions there is no heading for them."""
    kit = write_session_kit(kb, theme, [BISCUITS], [], made_on=MADE_ON)
    titles = [b.words.text for b in kit.blocks if isinstance(b, Heading)]
    assert "Questions to the mentor cities" not in titles


def test_page_shows_the_kit_of_the_address(open_page):
    """An address names the theme of a kit."""
    app = open_page("prepare", session="district-heating")
    html = "\n".join(element.proto.body for element in app.get("html"))
    assert "Discussion group: Energy and district heating" in html
    assert "What the factory is paid for its heat is not published." in html
