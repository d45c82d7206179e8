"""Answers and hits as HTML: every text of the corpus is escaped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.notebook import answer_html, hit_html
from kb.types import AnswerPart, Hit
from tests.support.made_up import (
    CASE,
    PASSAGE,
    SOURCE,
    answered,
    block,
    cited,
    left_open,
    near,
)

SCRIPT = "<script>alert(1)</script>"


def test_answer_escapes_what_the_corpus_says():
    """A statement, a title or a source that holds code is shown as text."""
    source = replace(SOURCE, title=SCRIPT, publisher=SCRIPT)
    html = answer_html(answered(cited(1, SCRIPT, title=SCRIPT, sources=(source,))))
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 4


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", ""])
def test_source_without_a_web_address_is_no_link(url):
    """Only addresses of the web can be clicked."""
    source = replace(SOURCE, url=url)
    html = answer_html(answered(cited(1, "The pipe is long.", sources=(source,))))
    assert "<a" not in html
    assert SOURCE.title in html


@pytest.mark.parametrize(
    ("year", "not_before", "told"),
    [(2021, None, "2021"), (None, 2022, "2022 or later"), (None, None, "year unknown")],
)
def test_source_tells_its_year_as_far_as_it_is_known(year, not_before, told):
    """A source without a year is told so, or the earliest that it can be from."""
    source = replace(SOURCE, year=year, not_before=not_before)
    html = answer_html(answered(cited(1, "The pipe is long.", sources=(source,))))
    assert f"{SOURCE.publisher}, {told} (en)" in html


def test_address_stays_inside_its_link():
    """A quotation mark in an address ends nothing."""
    source = replace(SOURCE, url='https://a.example/"onclick="x')
    html = answer_html(answered(cited(1, "The pipe is long.", sources=(source,))))
    assert '"onclick' not in html


def test_overview_shows_what_each_case_is():
    """Of an overview each case comes with its summary."""
    citation = cited(1, "The pipe is long.")
    overview = answered(citation, blocks=(block(citation, 1),))
    assert block(citation, 1).summary in answer_html(overview)


def test_answer_tells_what_nothing_answers():
    """Parts and named cities without a statement are told, as everywhere."""
    html = answer_html(
        answered(
            cited(1, "The pipe is long."),
            parts=(AnswerPart("how long", (1,)), AnswerPart("who paid", ())),
            silent_cities=("sampleby",),
        )
    )
    assert "how long: [1]" in html
    assert "who paid: no statement found" in html
    assert "For sampleby, no statement found answers this." in html


def test_abstention_says_that_what_is_closest_does_not_answer():
    """The closest statements do not look like an answer."""
    html = answer_html(left_open(cited(1, "The pipe is long.")))
    assert html.index("which do not answer") < html.index("The pipe is long.")


def test_overview_names_the_cases_without_room():
    """Further cases, and the nearest ones of an abstention, are listed."""
    more = answered(cited(1, "It is."), more_cases=(near("sampleby/straw"),))
    nearest = answered(cited(1, "It is."), nearest_cases=(near("sampleby/straw"),))
    assert all("sampleby/straw" in answer_html(each) for each in (more, nearest))


def test_hit_shows_passage_and_sources():
    """A hit is its place, its passage and the sources behind it."""
    html = hit_html(Hit(1, 0.5, replace(PASSAGE, text=SCRIPT), CASE, (SOURCE,)))
    assert "<script" not in html
    assert PASSAGE.section in html
    assert SOURCE.url in html
