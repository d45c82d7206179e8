"""The shapes of an answer on the Ask page, with made-up answers."""

from __future__ import annotations

import re

import pytest

from kb import KnowledgeBase
from kb.types import AnswerPart
from tests.support.made_up import (
    OPEN_QUESTION,
    answered,
    block,
    cited,
    left_open,
    near,
    stated,
)

PIPE = cited(1, "The pipe cost 7 million crowns.")
PUMP = cited(2, "The pump cost 2 million.", "sampleby/pump")


@pytest.fixture
def open_answer(open_page, monkeypatch):
    """Return a function that opens the page with an answer of the test's own."""

    def open_it(answer):
        monkeypatch.setattr(KnowledgeBase, "ask", lambda kb, query: answer)
        return open_page(q=answer.question)

    return open_it


def text(app) -> str:
    """Return the text of the page's HTML, in its order, without tags."""
    html = " ".join(element.proto.body for element in app.get("html"))
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def headings(app) -> list[str]:
    return [heading.value for heading in app.header]


def links(app) -> list[str]:
    return [link.proto.label.replace("\\", "") for link in app.get("page_link")]


def cards(app) -> list[str]:
    """Return the labels of what can be unfolded."""
    return [expander.label.replace("\\", "") for expander in app.expander]


def test_overview_when_the_question_is_broad(open_answer):
    """Case by case, best first: city, link, summary, then its statements and cards."""
    pump = cited(3, "The pump is loud.", "sampleby/pump")
    app = open_answer(
        answered(
            PUMP,
            pump,
            PIPE,
            blocks=(block(PUMP, 3), block(PIPE)),
            more_cases=(near("sampleby/straw"),),
        )
    )
    assert headings(app)[:2] == ["Sampleby", "Exampleton"]
    shown = text(app)
    told = [
        "3 cases are on this",
        "The case in short: What happened in sampleby/pump.",
        "The pump cost 2 million. [2]",
        "The pump is loud. [3]",
        "The case in short: What happened in exampleton/biscuit-heat.",
        "7 million crowns. [1]",
    ]
    assert sorted(told, key=shown.index) == told
    numbers = re.findall(r"\[(\d)\]", " ".join(cards(app)))
    assert numbers == ["2", "3", "1"]


def test_overview_when_there_are_more_cases(open_answer):
    """Cases that have no room in the overview are links behind one line."""
    app = open_answer(
        answered(PIPE, blocks=(block(PIPE),), more_cases=(near("sampleby/straw"),))
    )
    assert "More cases (1)" in cards(app)
    assert "Sampleby: The case sampleby/straw" in links(app)


def test_answer_when_a_statement_leans_on_its_case(open_answer):
    """What a statement is about is told before it, not inside the quoted words."""
    leaning = stated(PIPE, subject="The biscuit pipe")
    app = open_answer(answered(PIPE, statements=(leaning,)))
    assert "About: The biscuit pipe The pipe cost 7 million" in text(app)
    (quoted,) = [
        element.proto.body
        for element in app.get("html")
        if 'class="statement"' in element.proto.body
    ]
    statement = quoted[quoted.index('<p class="statement"') :]
    assert "biscuit" not in statement


def test_parts_when_one_is_not_answered(open_answer):
    """Each part leads to its statements; one without any is told in plain words."""
    parts = (AnswerPart("what did it cost", (1,)), AnswerPart("who owns it", ()))
    app = open_answer(answered(PIPE, parts=parts))
    assert "what did it cost : [1]" in text(app)
    assert "who owns it : not answered by the statements found" in text(app)
    html = "".join(element.proto.body for element in app.get("html"))
    assert 'href="#statement-1"' in html
    assert 'id="statement-1"' in html


def test_answer_when_a_named_city_has_none(open_answer):
    """A city that no statement answers for is named, without a claim on its sources."""
    app = open_answer(answered(PIPE, silent_cities=("sampleby",)))
    told = "For Sampleby, no statement found answers this"
    assert any(told in element.value for element in app.markdown)


def test_left_open_when_asked(open_answer):
    """The open question stands first with its case; the closest statements follow."""
    app = open_answer(left_open(PUMP))
    assert headings(app)[:3] == [
        "The sources leave this open",
        "The closest statements",
        "Sampleby",
    ]
    shown = text(app)
    assert shown.index(OPEN_QUESTION.text) < shown.index("The pump cost 2 million.")
    assert shown.count(OPEN_QUESTION.text) == 1
    assert any(link.startswith("Exampleton: ") for link in links(app))


def test_open_question_when_none_is_the_one_asked(open_answer):
    """Without the very question, what the sources leave open is listed as before."""
    app = open_answer(
        answered(
            abstained=True,
            reason_code="open-question",
            statements=(),
            open_questions=(OPEN_QUESTION,),
        )
    )
    assert headings(app)[:2] == [
        "The sources do not answer this",
        "What the sources leave open",
    ]
