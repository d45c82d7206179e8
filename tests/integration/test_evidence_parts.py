"""What a citation card says about its evidence, and why it was found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from kb.types import Query, Source, Why
from tests.support import made_up
from tests.support.made_up import SOURCE
from ui.parts.citation import described
from ui.strength.view import strength_label

PRESS = replace(SOURCE, url="https://yle.fi/invented", publisher="Invented Paper")
THIS_YEAR = date.today().year
WHY = Why(
    ("pipe", "cost"), 0.9, 0.8, 0.75, 0.5, names_city=True, question_language="nb"
)
CITATION = replace(
    made_up.CITATION,
    sources=(SOURCE, replace(SOURCE, language="sv")),
    language="en",
    why=WHY,
)


def draw_strength(sources):
    """Draw the strength of a statement alone."""
    from ui.strength.view import strength_view

    strength_view(sources, key="strength")


def draw_why(citation, query):
    """Draw alone why a passage was found."""
    from ui.parts.why import why_view

    why_view(citation, query, key="why")


def draw_sources(citation):
    """Draw alone the public sources of a cited statement."""
    from ui.parts.citation import sources_view

    sources_view(citation)


def draw_review(citation):
    """Draw alone who has looked at a cited statement."""
    from ui.parts.citation import review_view

    review_view(citation)


def told(draw, *args: object) -> str:
    """Return all that a part says."""
    app = AppTest.from_function(draw, args=args, default_timeout=30).run()
    assert not app.exception, app.exception
    return "\n".join(element.value for element in (*app.markdown, *app.caption))


@pytest.mark.parametrize(
    ("sources", "label"),
    [
        (
            [SOURCE, replace(PRESS, year=THIS_YEAR)],
            f"good evidence: 2 separate publishers, newest {THIS_YEAR}",
        ),
        (
            [replace(PRESS, year=None)],
            "limited evidence: one publisher, speaks of 2023",
        ),
        (
            [replace(SOURCE, year=1999)],
            "little evidence: one publisher, newest 1999",
        ),
        ([], "little evidence"),
    ],
    ids=["press and another", "press without a year", "old and unlisted", "none"],
)
def test_strength_label(sources: list[Source], label):
    """The label says how much, and why: publishers, and what dates it."""
    assert strength_label(sources, "It opened in 2023.") == label


def test_strength_label_when_nothing_dates_it():
    """Where neither a source nor the statement names a year, the label says so."""
    label = strength_label([replace(PRESS, year=None)], "It opened.")
    assert label == "limited evidence: one publisher, year unknown"


def test_strength_view_counts_the_sources():
    """Sources, publishers with their kinds, and the newest year stand in one line."""
    found = told(draw_strength, [SOURCE, replace(PRESS, year=2020), PRESS])
    assert "3 sources, 2 publishers: kind of publisher unknown and press." in found
    assert "Newest source: 2021." in found


def test_strength_view_explains_the_rule():
    """One click tells what the rule answers to each question, and what it cannot."""
    found = told(draw_strength, [replace(SOURCE, year=None)])
    assert "No: only one publisher says it." in found
    assert "is not in our list" in found
    assert "the year is unknown" in found
    assert "does not know whether a source is right" in found


def test_strength_view_when_there_is_no_source():
    """A statement without a source says so, and claims no publisher."""
    found = told(draw_strength, [])
    assert "0 sources." in found
    assert "the statement names no source" in found


def test_card_when_the_statement_was_compared():
    """A card tells the day, and that nobody has approved the statement."""
    compared = replace(CITATION, review_status="checked", checked_on="2026-11-30")
    found = told(draw_review, compared)
    assert "Compared with its sources; not yet read by an expert" in found
    assert "Compared with a stored copy of its source on 30 November 2026." in found
    assert "No expert or city has approved it." in found
    assert "stored copy" not in told(draw_review, CITATION)


def test_card_when_no_source_tells_a_year():
    """The statement's own years are told, and never as those of a source."""
    passage = "The pipe was laid in 2019."
    undated = replace(
        CITATION,
        passage=passage,
        end=len(passage),
        sources=(replace(SOURCE, year=None),),
    )
    found = told(draw_sources, undated)
    assert "The statement itself speaks of 2019." in found
    assert "speaks of" not in told(draw_sources, replace(undated, sources=(SOURCE,)))


def test_line_above_an_answer_counts_what_was_compared():
    """It tells how many statements were compared, beside that nobody has read them."""
    compared = replace(CITATION, review_status="checked", checked_on="2026-11-30")
    line = described([compared, CITATION, CITATION])
    assert "drafts that no expert has read yet. 1 of 3 statements was compared" in line
    assert "compared" not in described([CITATION])
    reviewed = replace(CITATION, review_status="reviewed")
    line = described([reviewed, compared])
    assert "drafts" not in line
    assert "1 of 2 statements was compared" in line


def test_why_view(open_page):
    """Words, similarities, city, languages and filters are told."""
    found = told(draw_why, CITATION, Query("what did the pipe cost?"))
    assert "stand here: **pipe** and **cost**." in found
    assert "glossary" not in found
    assert "0.90 for the statement with its case, 0.80 for the statement alone" in found
    assert "Your question names Exampleton." in found
    assert "Your question was read as Norwegian Bokmål" in found
    assert "The passage is in English, its sources in English and Swedish." in found
    assert "all cities and themes were searched" in found


def test_why_view_when_a_word_is_a_translation(open_page):
    """A glossary is named only for the words that the question does not say."""
    found = told(draw_why, CITATION, Query("hva kostet pipe?"))
    assert "Words of your question that stand here: **pipe**." in found
    assert "found through a glossary: **cost**." in found


def test_why_view_when_filters_are_set(open_page):
    """Filters are told by their names."""
    query = Query("pipe?", cities=("sampleby",), themes=("financing",))
    assert "Searched in Sampleby and Financing only." in told(draw_why, CITATION, query)


def test_why_view_when_no_word_matches(open_page):
    """A passage found by its meaning alone says so; markup in words stays text."""
    without = replace(CITATION, why=replace(WHY, words=(), names_city=False))
    found = told(draw_why, without, Query("Ofen?"))
    assert "found by its meaning" in found
    assert "does not name Exampleton" in found
    odd = replace(CITATION, why=replace(WHY, words=("a_b_c",)))
    assert r"**a\_b\_c**" in told(draw_why, odd, Query("a_b_c"))


def test_why_view_when_no_question_found_it(open_page):
    """A citation that no question has found offers no reason."""
    assert told(draw_why, replace(CITATION, why=None), Query("x")) == ""
