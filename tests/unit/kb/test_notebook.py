"""Answers and hits as HTML: every text of the corpus is escaped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.notebook import answer_html, hit_html
from kb.types import Hit
from tests.made_up import CASE, PASSAGE, SOURCE, answered, block, cited

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


def test_hit_shows_passage_and_sources():
    """A hit is its place, its passage and the sources behind it."""
    html = hit_html(Hit(1, 0.5, replace(PASSAGE, text=SCRIPT), CASE, (SOURCE,)))
    assert "<script" not in html
    assert PASSAGE.section in html
    assert SOURCE.url in html
