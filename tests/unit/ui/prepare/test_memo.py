"""What stands in a briefing, in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kb.types import Review
from tests.support.collected import PIPE, collected, collected_case, source
from tests.support.made_up import SOURCE
from ui.briefing.model import Briefing
from ui.prepare.documents.document import (
    Bullets,
    Heading,
    Paragraph,
    Quotation,
    SourceList,
    Words,
    words_of,
)
from ui.prepare.documents.memo import QUESTIONS_A_CASE, write_briefing

HEAT = collected_case("exampleton/heat", title="Heat from biscuits")
BRICKS = collected_case("sampleby/bricks", title="Bricks twice", questions=0)
PIPE_COST = collected("The pipe cost 7 million crowns.", of=HEAT)
PIPE_LENGTH = collected("The pipe is 3 km long.", of=HEAT)
BRICK_COST = collected("Bricks cost 2 crowns each.", of=BRICKS)


def _write(*items, **parts):
    briefing = Briefing(items=items, **parts)
    return write_briefing(
        briefing, made_on=date(2026, 3, 1), indexed_on="2026-02-03T04:05:06+00:00"
    )


def _blocks(document, kind):
    return [block for block in document.blocks if isinstance(block, kind)]


def _headings(document):
    return [(block.level, block.words.text) for block in _blocks(document, Heading)]


def _text(document):
    return "\n".join(words.text for b in document.blocks for words in words_of(b))


def test_opening_says_when_and_within_which_limits():
    """Date, state of the cases, quoting, drafts and years are told first."""
    first, second, third = [block.words.text for block in _write().blocks]
    assert "1 March 2026" in first
    assert "3 February 2026" in first
    assert "word for word" in second
    assert "drafts" in third
    assert "year" in third


def test_title_when_there_is_none():
    """A briefing without a title is called one; a line end in it is a space."""
    assert _write(HEAT).title == "Briefing"
    assert _write(HEAT, title="My\nbriefing\x00").title == "My briefing"


def test_notes_are_paragraphs_of_their_own():
    """The officer's introduction keeps its paragraphs and its words."""
    document = _write(HEAT, notes="One.\n\n*Two* #three")
    assert (1, "Notes") in _headings(document)
    texts = [block.words for block in _blocks(document, Paragraph)]
    assert Words("One.") in texts
    assert Words("*Two* #three") in texts


def test_statements_stand_below_city_and_case():
    """In the officer's order, a heading names city and case where the case changes."""
    document = _write(PIPE_COST, BRICK_COST, PIPE_LENGTH)
    assert [text for level, text in _headings(document) if level == 2][:3] == [
        "Exampleton: Heat from biscuits",
        "Sampleby: Bricks twice",
        "Exampleton: Heat from biscuits",
    ]
    quoted = [block.words.text for block in _blocks(document, Quotation)]
    assert quoted == [i.statement.text for i in (PIPE_COST, BRICK_COST, PIPE_LENGTH)]


def test_one_heading_for_statements_of_one_case():
    """Statements of the same case share a heading, also around a note."""
    briefing = Briefing(items=(PIPE_COST, PIPE_LENGTH)).add_note("Compare!", 1)
    document = _write(*briefing.items)
    names = [text for _, text in _headings(document)]
    assert names.count("Exampleton: Heat from biscuits") == 2  # and its questions
    assert Paragraph(Words("Note: Compare!")) in document.blocks


def test_statement_has_its_place():
    """Section and page stand below a statement."""
    (quoted,) = _blocks(_write(collected("It was laid.", page=7)), Quotation)
    assert quoted.place == Words("Costs, page 7")


def test_question_is_told_once_for_statements_in_a_row():
    """What a statement was found with is said when it is not as before."""
    one, two = (collected(f"Pipe {n}.", of=HEAT, question="What cost?") for n in "ab")
    text = _text(_write(one, two, PIPE_COST))
    assert text.count("Found with the question: What cost?") == 1


def test_draft_and_review_are_told():
    """A case is called a draft until an expert has read it."""
    reviewed = collected_case(
        "sampleby/read", review=Review("reviewed", "An Invented Expert", "2024-05-01")
    )
    text = _text(_write(HEAT, reviewed))
    assert text.count("Draft: not yet read by an expert") == 1
    assert text.count("Reviewed by an expert on 1 May 2024") == 1


def test_comparisons_are_told_and_approve_nothing():
    """A compared statement tells the day; a checked case that nobody approved it."""
    one, two = (
        collected(f"Pipe {n}.", of=HEAT, checked_on=day)
        for n, day in (("a", "2026-11-30"), ("b", None))
    )
    first, second = _blocks(_write(one, two), Quotation)
    assert first.place == Words("Costs · compared with its source on 30 November 2026")
    assert second.place == Words("Costs")

    checked = collected_case(
        "sampleby/read", review=Review("checked", on="2026-11-30"), questions=0
    )
    document = _write(collected("A pipe.", of=checked, checked_on="2026-11-30"))
    assert _blocks(document, Quotation)[0].place == Words("Costs")
    assert "the last one on 30 November 2026. No expert or city has" in _text(document)


def test_years_of_a_statement_are_told_where_its_sources_tell_none():
    """They stand with its place, as what the statement speaks of."""
    undated = collected_case(
        "exampleton/undated", sources=(replace(SOURCE, year=None),)
    )
    text = "It was laid in 2019."
    (quoted,) = _blocks(_write(collected(text, of=undated)), Quotation)
    assert quoted.place == Words("Costs · speaks of 2019")


def test_whole_case_has_summary_and_facts():
    """A summary has no numbers; those of all sources stand below it, with the facts."""
    document = _write(HEAT)
    (summary,) = _blocks(document, Quotation)
    assert summary.words == Words(HEAT.case.summary, "en")
    assert list(_blocks(document, Bullets)[0].items) == [
        Words("Period: 2018-2021"),
        Words("Themes: Energy and district heating"),
        Words("Who: Crumbly Biscuits; Exampleton Heat"),
        Words("Sources of the whole case:", numbers=(1, 2)),
        Words("Name in the knowledge base: exampleton/heat"),
    ]


def test_case_without_actors():
    """Where a case names no actors there is no empty line for them."""
    assert "Who:" not in _text(_write(collected_case(actors=())))


def test_numbers_run_through_the_whole_briefing():
    """One address has one number, whatever case or statement names it."""
    other = collected_case("sampleby/more", sources=(source(1), PIPE))
    document = _write(
        collected("One.", of=HEAT, source_ids=("S2",)),
        collected("Two.", of=other, source_ids=("S1", "S2")),
        collected("Three.", of=HEAT, source_ids=("S1",)),
    )
    numbers = [quoted.words.numbers for quoted in _blocks(document, Quotation)]
    assert numbers == [(1,), (1, 2), (3,)]
    (listed,) = _blocks(document, SourceList)
    addresses = [entry.address for entry in listed.sources]
    assert addresses == [PIPE.url, source(1).url, SOURCE.url]


def test_open_questions_are_told_once_a_case():
    """At most three open questions of each collected case are listed, once."""
    many = collected_case("exampleton/heat", questions=5, title="Heat from biscuits")
    document = _write(
        collected("One.", of=many), BRICK_COST, collected("Two.", of=many)
    )
    assert (1, "What the sources leave open") in _headings(document)
    questions = [w.text for b in _blocks(document, Bullets) for w in b.items]
    assert questions == [q.text for q in many.open_questions[:QUESTIONS_A_CASE]]


def test_nothing_is_told_of_nothing():
    """Without items, or with an empty note only, there is no heading for anything."""
    assert _headings(_write()) == []
    assert _headings(_write(*Briefing().add_note(" ", 0).items)) == []


def test_languages_are_marked():
    """Text of the cases is marked as English, labels and notes are the reader's."""
    document = _write(PIPE_COST, notes="Mine.")
    (quoted,) = _blocks(document, Quotation)
    assert (document.language, quoted.words.language) == ("en", "en")
    assert Words("Mine.", "") in [b.words for b in _blocks(document, Paragraph)]
