"""What stands in a briefing, in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kb.types import KeyFigure, Review
from tests.support import made_up
from tests.support.collected import PIPE, collected, collected_case, source
from tests.support.made_up import SOURCE
from ui.briefing.model import Briefing
from ui.prepare.documents.document import (
    Bullets,
    Contents,
    Heading,
    Paragraph,
    Quotation,
    SourceList,
    Table,
    Words,
    words_of,
)
from ui.prepare.documents.memo import write_briefing
from ui.prepare.documents.room import LINES_A_PAGE, lines_of

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


def test_says_when_and_within_which_limits():
    """Date and state of the cases stand first; the limits above the sources."""
    blocks = _write(PIPE_COST).blocks
    first = blocks[0].words.text
    assert "1 March 2026" in first
    assert "3 February 2026" in first
    quoting, drafts = [b.words.text for b in blocks[-3:-1]]
    assert "word for word" in quoting
    assert "drafts" in drafts


def test_title_is_of_the_content_until_it_is_changed():
    """The case, the one question, or theme and cities; never over an own title."""
    asked = [replace(s, question="What cost?") for s in (PIPE_COST, BRICK_COST)]
    assert _write().title == "Briefing"
    assert _write(HEAT).title == "Exampleton: Heat from biscuits"
    assert _write(*asked).title == "What cost?"
    assert (
        _write(PIPE_COST, BRICK_COST).title
        == "Energy and district heating: Exampleton and Sampleby"
    )
    assert _write(HEAT, title="My\nbriefing\x00").title == "My briefing"


def test_introduction_is_the_officers_own():
    """It keeps its paragraphs and words, and stands above the contents."""
    blocks = _write(PIPE_COST, BRICK_COST, notes="One.\n\n*Two* #three").blocks
    own = blocks.index(Paragraph(Words("One.")))
    assert blocks[own + 1] == Paragraph(Words("*Two* #three"))
    assert isinstance(blocks[own + 2], Contents)


def test_statements_stand_below_city_and_case():
    """Statements of a case stand together, in the officer's order, with her notes."""
    items = (PIPE_COST, BRICK_COST, PIPE_LENGTH)
    briefing = Briefing(items=items, opens_with_summaries=False)
    document = _write(*briefing.add_note("Compare!", 1).items)
    chapters = [text for level, text in _headings(document) if level == 1]
    assert chapters == [
        "In short",
        "Side by side",
        "Exampleton: Heat from biscuits",
        "Sampleby: Bricks twice",
        "Sources",
    ]
    told = [
        b.words.text
        for b in document.blocks
        if isinstance(b, Quotation | Paragraph) and not getattr(b, "is_remark", False)
    ]
    assert told == [
        HEAT.case.summary,
        PIPE_COST.statement.text,
        "Note: Compare!",
        PIPE_LENGTH.statement.text,
        BRICKS.case.summary,
        BRICK_COST.statement.text,
    ]


def test_summaries_stand_first_when_wanted():
    """They are word for word, cite their case, and stand at the head of its chapter."""
    document = _write(PIPE_COST, BRICK_COST)
    (opening,) = [b for b in _blocks(document, Bullets) if len(b.items) == 2]
    assert [words.text for words in opening.items] == [
        f"Exampleton: {HEAT.case.summary}",
        f"Sampleby: {BRICKS.case.summary}",
    ]
    (listed,) = _blocks(document, SourceList)
    assert [
        listed.sources[words.numbers[0] - 1].address for words in opening.items
    ] == [
        "exampleton/heat",
        "sampleby/bricks",
    ]
    without = _write(PIPE_COST, BRICK_COST, opens_with_summaries=False)
    assert (1, "In short") not in _headings(without)
    assert (1, "In short") not in _headings(_write(PIPE_COST))  # says it below


def _told(text, section, **more):
    case_id = more.pop("case_id", HEAT.item_id)
    return made_up.statement(
        f"{case_id}#{section}.{text}", text, section=section, **more
    )


def test_cities_are_compared_side_by_side():
    """A cell has what was chosen, else the first of the case, else says so."""
    heat = collected_case(
        "exampleton/heat",
        title="Heat",
        statements=[_told("First cost.", "Costs"), _told("Chosen cost.", "Costs")],
    )
    chosen = heat.quoted(heat.full.statements[1])
    (table,) = _blocks(_write(chosen, BRICKS), Table)
    assert [cell.text for cell in table.head] == [
        "",
        "Exampleton: Heat",
        "Sampleby: Bricks twice",
    ]
    costs = next(row for row in table.rows if row[0].text == "Costs")
    assert [cell.text for cell in costs] == [
        "Costs",
        "Chosen cost.",
        "Nothing under this heading.",
    ]
    assert _blocks(_write(chosen), Table) == []


def test_key_figures_stand_in_a_table_of_their_case():
    """Those of chosen statements come first, in the words of the statement, cited."""
    told = [_told(f"It cost {n} crowns.", "Costs", source_ids=("S2",)) for n in (5, 7)]
    heat = collected_case("exampleton/heat", statements=told)
    figures = tuple(
        KeyFigure(s.statement_id, s.text[8:-1], "investment", "pipe", 5, "SEK", year=y)
        for s, y in zip(told, (2019, None), strict=True)
    )
    heat = replace(heat, full=replace(heat.full, figures=figures))
    (table,) = _blocks(_write(heat.quoted(told[1])), Table)
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["pipe", "7 crowns", "–", "not stated"],
        ["pipe", "5 crowns", "2019", "not stated"],
    ]
    assert table.rows[0][1].numbers


def test_obstacles_are_told_without_being_chosen():
    """Those that were not chosen stand below, once each, and nothing is called all."""
    told = [_told(f"Trouble {n}.", "Obstacles") for n in "ab"]
    heat = collected_case("exampleton/heat", statements=told)
    assert (2, "What went wrong") in _headings(_write(heat))
    document = _write(heat.quoted(told[0]))
    assert (2, "Further obstacles") in _headings(document)
    quoted = [b.words.text for b in _blocks(document, Quotation)]
    assert quoted[1:] == ["Trouble a.", "Trouble b."]
    both = _write(*map(heat.quoted, told))
    assert not any("bstacles" in text for _, text in _headings(both))


def _long_briefing(length):
    """Return a briefing of six cases with eight statements each."""
    cases = [collected_case(f"city{n}/heat", title=f"Heat {n}") for n in range(6)]
    items = [
        collected(f"{'The pipe was laid through the old town. ' * 3}{n}", of=case)
        for case in cases
        for n in range(8)
    ]
    return Briefing(items=tuple(items), length=length)


@pytest.mark.parametrize(("length", "pages"), [("half", 0.5), ("two", 2)])
def test_length_is_kept_by_whole_statements(length, pages):
    """What has no room is left out whole, and how much that is is said."""
    briefing = _long_briefing(length)
    document = write_briefing(briefing, made_on=date(2026, 3, 1), indexed_on="")
    assert lines_of(document) <= pages * LINES_A_PAGE
    text = _text(document)
    assert "Shortened: " in text
    whole = {statement.statement.text for statement in briefing.items}
    shown = [b.words.text for b in _blocks(document, Quotation)]
    points = [w.text for b in _blocks(document, Bullets) for w in b.items]
    said = [t for t in shown if "pipe" in t]
    said += [t.partition(": ")[2] for t in points if "pipe" in t]
    assert said
    assert set(said) <= whole
    assert f"Shortened: {len(said)} of 48 chosen statements" in text


def test_short_briefing_is_not_shortened():
    """What has room is all there, and nothing is said of leaving out."""
    for length in ("two", "all"):
        document = _write(PIPE_COST, BRICK_COST, length=length)
        assert "Shortened" not in _text(document)
        assert len(_blocks(document, Quotation)) == 4


def _paged():
    return replace(collected("It was laid."), page=7)


def test_statement_has_its_place():
    """Section and page stand below a statement."""
    _, quoted = _blocks(_write(_paged()), Quotation)
    assert quoted.place == Words("Costs, page 7")


def test_questions_are_told_once():
    """What the statements were found with stands once, above all cases."""
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
    _, first, second = _blocks(_write(one, two), Quotation)
    assert first.place == Words("Costs · compared with its source on 30 November 2026")
    assert second.place == Words("Costs")

    checked = collected_case(
        "sampleby/read", review=Review("checked", on="2026-11-30"), questions=0
    )
    document = _write(collected("A pipe.", of=checked, checked_on="2026-11-30"))
    assert _blocks(document, Quotation)[1].place == Words("Costs")
    assert "the last one on 30 November 2026. No expert or city has" in _text(document)


def test_years_of_a_statement_are_told_where_its_sources_tell_none():
    """They stand with its place, as what the statement speaks of."""
    undated = collected_case(
        "exampleton/undated", sources=(replace(SOURCE, year=None),)
    )
    text = "It was laid in 2019."
    _, quoted = _blocks(_write(collected(text, of=undated)), Quotation)
    assert quoted.place == Words("Costs · speaks of 2019")


def test_whole_case_has_summary_and_facts():
    """A summary cites its case; all of its sources stand below it, with the facts."""
    document = _write(HEAT)
    (summary,) = _blocks(document, Quotation)
    assert summary.words == Words(HEAT.case.summary, "en", (1,))
    assert list(_blocks(document, Bullets)[0].items) == [
        Words("Period: 2018-2021"),
        Words("Themes: Energy and district heating"),
        Words("Who: Crumbly Biscuits; Exampleton Heat"),
        Words("Sources of the whole case:", numbers=(2, 3)),
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
        opens_with_summaries=False,
    )
    numbers = {b.words.text: b.words.numbers for b in _blocks(document, Quotation)}
    assert [numbers[text] for text in ("One.", "Three.", "Two.")] == [
        (2,),
        (3,),
        (2, 5),
    ]
    (listed,) = _blocks(document, SourceList)
    addresses = [entry.address for entry in listed.sources]
    assert addresses[1:3] == [PIPE.url, SOURCE.url]
    assert addresses[4] == source(1).url


def test_open_questions_stand_in_their_chapter():
    """What a case leaves open is listed once, in its own chapter."""
    many = collected_case("exampleton/heat", questions=5, title="Heat from biscuits")
    document = _write(
        collected("One.", of=many), BRICK_COST, collected("Two.", of=many)
    )
    assert _headings(document).count((2, "What the sources leave open")) == 1
    questions = [w.text for b in _blocks(document, Bullets) for w in b.items][2:]
    assert questions == [q.text for q in many.open_questions]


def test_nothing_is_told_of_nothing():
    """Without items, or with an empty note only, there is no heading for anything."""
    assert _headings(_write()) == []
    assert _headings(_write(*Briefing().add_note(" ", 0).items)) == []


def test_languages_are_marked():
    """Text of the cases is marked as English, labels and notes are the reader's."""
    document = _write(PIPE_COST, notes="Mine.")
    quoted = _blocks(document, Quotation)[-1]
    assert (document.language, quoted.words.language) == ("en", "en")
    assert Words("Mine.", "") in [b.words for b in _blocks(document, Paragraph)]
