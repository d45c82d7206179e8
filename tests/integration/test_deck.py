"""A briefing as five slides, opened and read back."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from pptx import Presentation

from tests.support.collected import collected_case
from ui.briefing.collect import collect_case
from ui.briefing.model import Briefing
from ui.prepare.documents.deck import write_deck
from ui.prepare.documents.powerpoint import to_powerpoint

BISCUITS = "exampleton/biscuit-heat"
QUESTION = "What did the pipe cost?"


@pytest.fixture(scope="module")
def case(kb):
    found = collect_case(kb, BISCUITS)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def deck(case):
    chosen = [case.quoted(s, QUESTION) for s in case.full.statements[:3]]
    briefing = Briefing("Pipes", items=tuple(chosen))
    return write_deck(briefing, made_on=date(2026, 3, 1), indexed_on="2026-02-03")


@pytest.fixture(scope="module")
def slides(deck):
    return list(Presentation(BytesIO(to_powerpoint(deck))).slides)


def _texts(slide):
    return [p.text for p in slide.placeholders[1].text_frame.paragraphs]


def test_five_slides(slides):
    """Question, deeds, figures, obstacles and next steps, each with a real title."""
    assert [slide.shapes.title.text for slide in slides] == [
        "Pipes",
        "What cities did",
        "Figures",
        "What went wrong",
        "Next steps",
    ]
    assert _texts(slides[0])[0] == QUESTION


def test_slides_say_only_what_the_case_says(case, slides):
    """Every point is the summary, a statement or an open question, word for word."""
    known = {statement.text for statement in case.full.statements}
    known |= {f"To ask: {question.text}" for question in case.open_questions}
    known.add(case.case.summary)
    for slide in slides[1:]:
        for text in _texts(slide):
            words = text.partition(" [")[0].removeprefix("Exampleton: ")
            assert words in known or set(words) == {"_"}


def test_numbers_lead_to_sources(deck, slides):
    """What a slide cites is listed in its notes, with the address."""
    for slide, written in zip(slides, deck.slides, strict=True):
        notes = slide.notes_slide.notes_text_frame.text
        numbers = {n for words in written.points for n in words.numbers}
        for source in deck.sources:
            told = f"[{source.number}] {source.title}"
            assert (told in notes) == (source.number in numbers)


def test_next_steps_leave_room_for_own(slides):
    """The last slide ends with empty lines."""
    assert [set(text) for text in _texts(slides[-1])[-2:]] == [{"_"}, {"_"}]


def test_a_full_slide_says_how_much_has_no_room():
    """Points that have no room are left out whole, and counted."""
    cases = [
        collected_case(f"city{n}/heat", summary="The pipe was laid. " * 12)
        for n in range(9)
    ]
    deck = write_deck(
        Briefing(items=tuple(cases)), made_on=date(2026, 3, 1), indexed_on=""
    )
    deeds = deck.slides[1]
    assert 0 < len(deeds.points) < 9
    assert deeds.remark == f"There is no room here for {9 - len(deeds.points)} more."
