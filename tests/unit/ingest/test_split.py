"""Documents into passages and statements: spans, ids, lengths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from llama_index.core.utils import get_tokenizer

from ingest.documents import Block, Document, Facts, Units
from ingest.readers.markdown import parse_blocks
from ingest.split import split_document
from kb.review import mark_of
from kb.types import (
    Case,
    Condition,
    KeyFigure,
    Passage,
    Review,
    Source,
    Statement,
    Step,
)

SAME = "The pipe was measured again and nothing had changed since the year before."


def source(source_id: str) -> Source:
    return Source(source_id, "T", "P", "https://x.example", "en", None)


CASE = Case(
    case_id="exampleton/pipe",
    city="exampleton",
    title="A pipe",
    themes=("financing",),
    period="2020",
    actors=(),
    summary="A pipe.",
    sources=(source("S1"), source("S2")),
    review=Review(),
    path="exampleton/pipe.md",
)


def split(body: str, max_tokens: int = 300) -> Units:
    """Split a Markdown body."""
    document = Document("exampleton/pipe.md", CASE, list(parse_blocks(body)))
    return split_document(document, CASE, max_tokens)


def split_pages(pages: Sequence[str], max_tokens: int = 300) -> Units:
    """Split a report whose pages are one paragraph each."""
    blocks = [Block("", text, page=n) for n, text in enumerate(pages, start=1)]
    document = Document("exampleton/pipe.pdf", CASE, blocks, cites_itself=True)
    return split_document(document, CASE, max_tokens)


def test_split_document_when_statements_were_compared():
    """The statements that a mark names tell the day; their case only if all do."""
    case = replace(CASE, review=Review("checked"))
    blocks = list(parse_blocks("## Costs\n\n- One. [^S1]\n- Two. [^S2]"))
    document = Document("exampleton/pipe.md", case, blocks)
    statements = split_document(document, case, 300).statements
    one, two = (mark_of(statement.statement_id) for statement in statements)

    others = {"costs.1a2b3c4d": "2026-12-01"}
    some = replace(document, checked_on={one: "2026-11-30"} | others)
    found = split_document(some, case, 300)
    assert [s.checked_on for s in found.statements] == ["2026-11-30", None]
    assert found.cases[0].review == Review("draft")

    every = replace(document, checked_on={one: "2026-11-30", two: "2026-03-01"})
    (whole,) = split_document(every, case, 300).cases
    assert whole.review == Review("checked", on="2026-11-30")


def test_split_document_with_what_is_read_from_its_statements():
    """Only what statements that are there still say goes with them."""
    blocks = list(parse_blocks("## Costs\n\n- It cost 7 crowns. [^S1]"))
    document = Document(CASE.path, CASE, blocks)
    (statement,) = split_document(document, CASE, 300).statements
    here, gone = statement.statement_id, f"{CASE.case_id}#costs.1a2b3c4d"
    figure = KeyFigure(here, "7 crowns", "price", "the pipe", 7, "SEK")
    condition = Condition("other", "there is a pipe", "helped", "Is there?", (here,))
    facts = Facts(
        figures=(
            figure,
            replace(figure, statement_id=gone),
            replace(figure, quote="8"),
        ),
        conditions=(condition, replace(condition, statement_ids=(gone,))),
        steps=(Step("", "Lay it", (gone, here)), Step("2020", "Fill it", (gone,))),
    )
    found = split_document(replace(document, facts=facts), CASE, 300)
    assert (found.figures, found.conditions) == ([figure], [condition])
    assert found.steps == [Step("", "Lay it", (here,))]


def passage_of(statement: Statement, result: Units) -> Passage:
    (passage,) = [p for p in result.passages if p.passage_id == statement.passage_id]
    return passage


def test_split_document_when_sections_are_short():
    """Each section is one passage, named for its heading."""
    result = split(
        "## Costs\n\n- One. [^S1]\n- Two. [^S2]\n\n## Results\n\nThree. [^S1]"
    )
    assert [(p.passage_id, p.section, p.text) for p in result.passages] == [
        ("exampleton/pipe#costs", "Costs", "One.\nTwo."),
        ("exampleton/pipe#results", "Results", "Three."),
    ]


def test_split_document_when_bullets_close_with_marks():
    """Each marked text is a statement with its own sources and without its marks."""
    result = split("## Costs\n\n- One. [^S2][^S1] Two. [^S2]\n- Three.\n")
    assert [(s.text, s.source_ids, s.section) for s in result.statements] == [
        ("One.", ("S2", "S1"), "Costs"),
        ("Two.", ("S2",), "Costs"),
        ("Three.", (), "Costs"),
    ]


def test_passage_spans_when_a_document_has_sections():
    """A passage is the slice of the document's text that its span names."""
    result = split(
        "## Costs\n\n- One. [^S1]\n- Two. [^S2]\n\n## Results\n\nThree. [^S1]"
    )
    text = "One.\nTwo.\n\nThree."
    assert [(p.start, p.end) for p in result.passages] == [(0, 9), (11, 17)]
    assert all(text[p.start : p.end] == p.text for p in result.passages)


@pytest.mark.parametrize(
    "text",
    [
        "İSTANBUL'da İ harfi iki kez.",
        "Die Straße ist groß.",
        "An e\ufb03cient \ufb02ow of \ufb01nance.",
        "A co\u00adoper\u00adation of towns.",
        "Cafe\u0301 and naïve.",
        "Τα δίκτυα θέρμανσης της πόλης.",
        "שלום עולם.",
        "Sun 🌞 heat.",
    ],
    ids=[
        "dotted capital I",
        "sharp s",
        "ligatures",
        "soft hyphens",
        "combining accent",
        "Greek",
        "right to left",
        "emoji",
    ],
)
def test_statement_spans_when_letters_are_special(text):
    """Statements keep every character, and their spans point at them."""
    result = split(f"## Costs\n\n- {text} [^S1]\n- After it. [^S2]\n")
    (passage,) = result.passages
    assert [s.text for s in result.statements] == [text, "After it."]
    assert [passage.text[s.start : s.end] for s in result.statements] == [
        text,
        "After it.",
    ]


def test_statement_ids_when_a_bullet_is_inserted():
    """A new bullet leaves the ids of all other statements as they were."""
    before = split(
        "## Costs\n\n- One. [^S1]\n- Two. [^S2]\n\n## Results\n\n- Three. [^S1]"
    )
    after = split(
        "## Costs\n\n- New. [^S1]\n- One. [^S1]\n- Two. [^S2]\n\n"
        "## Results\n\n- Newer. [^S2]\n- Three. [^S1]"
    )
    old = {s.text: s.statement_id for s in before.statements}
    new = {s.text: s.statement_id for s in after.statements}
    assert old.items() <= new.items()


def test_statement_ids_when_a_statement_is_reworded():
    """A changed text gets another id, so that no judgement moves to it."""
    (before,) = split("## Costs\n\n- It cost 5 crowns. [^S1]").statements
    (after,) = split("## Costs\n\n- It cost 6 crowns. [^S1]").statements
    assert before.statement_id != after.statement_id


def test_statement_ids_when_only_the_marks_change():
    """Another source mark leaves the id alone."""
    (before,) = split("## Costs\n\n- It cost 5 crowns. [^S1]").statements
    (after,) = split("## Costs\n\n- It cost 5 crowns. [^S2]").statements
    assert before.statement_id == after.statement_id


def test_statement_ids_when_computed_elsewhere():
    """An id is case, section and a digest of the text, the same on every machine."""
    (statement,) = split("## What was done\n\n- One. [^S1]").statements
    # printf 'One.' | sha256sum | cut -c1-8
    assert statement.statement_id == "exampleton/pipe#what-was-done.70277bfc"


@pytest.mark.parametrize(
    "body",
    [
        "## Costs\n\n- Same. [^S1]\n- Same. [^S2]\n",
        "## Costs\n\nOne. [^S1]\n\n## Results\n\nTwo. [^S1]\n\n## Costs\n\nThree.\n",
        "## Costs\n\nA. [^S1]\n\n## Costs 2\n\nB. [^S1]\n\n## Costs\n\nC. [^S1]\n",
        "## Ö\n\nA. [^S1]\n\n## O\n\nB. [^S1]\n",
        "## !\n\nA. [^S1]\n\n## ?\n\nB. [^S1]\n",
    ],
    ids=[
        "statement twice",
        "section in two places",
        "heading that looks like a second part",
        "headings that differ by an accent",
        "headings without letters",
    ],
)
def test_ids_when_names_collide(body):
    """No two passages and no two statements share an id."""
    result = split(body)
    passage_ids = [p.passage_id for p in result.passages]
    statement_ids = [s.statement_id for s in result.statements]
    assert len(set(passage_ids)) == len(passage_ids)
    assert len(set(statement_ids)) == len(statement_ids)


def test_split_document_when_a_section_is_long():
    """A long section is cut between statements, none of them longer than allowed."""
    bullets = "".join(
        f"- In the year {year} the pipe grew by {year - 1900} metres. [^S1]\n"
        for year in range(1990, 2020)
    )
    result = split(f"## Timeline\n\n{bullets}", max_tokens=50)
    tokenize = get_tokenizer()
    assert len(result.passages) > 3
    assert all(len(tokenize(p.text)) <= 50 for p in result.passages)
    assert [p.passage_id for p in result.passages[:2]] == [
        "exampleton/pipe#timeline",
        "exampleton/pipe#timeline-2",
    ]
    assert [s.text for s in result.statements] == [
        f"In the year {year} the pipe grew by {year - 1900} metres."
        for year in range(1990, 2020)
    ]


def test_split_document_when_one_bullet_is_long():
    """A bullet longer than a passage is cut between sentences; each part is marked."""
    sentences = [f"Part {n} of the pipe was laid by crew {n}." for n in range(20)]
    result = split(f"## Costs\n\n- {' '.join(sentences)} [^S1][^S2]\n", max_tokens=50)
    assert len(result.passages) > 1
    assert all(p.text.endswith(".") for p in result.passages)
    assert [s.text for s in result.statements] == [p.text for p in result.passages]
    assert {s.source_ids for s in result.statements} == {("S1", "S2")}


def test_split_document_when_sentences_end_in_another_script():
    """A long text is cut between its sentences in whatever script it is written."""
    text = " ".join(f"शहर ने {n} में एक नया पाइप बिछाया।" for n in range(2000, 2030))
    result = split_pages([text], max_tokens=100)
    assert len(result.passages) > 3
    assert all(p.text.endswith("।") for p in result.passages)
    assert len(result.statements) == 30


@pytest.mark.parametrize(
    "text",
    ["x" * 40_000, "word " * 8_000, "字" * 20_000],
    ids=["one word", "no sentence end", "no spaces"],
)
def test_split_document_when_text_has_no_ends(text):
    """40,000 characters without a sentence end are cut and nothing is lost."""
    result = split(f"## Costs\n\n- {text.strip()} [^S1]\n", max_tokens=100)
    assert len(result.passages) > 10
    joined = "".join(p.text for p in result.passages)
    assert joined.replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    "body",
    [
        f"- {' '.join([SAME] * 10)} [^S1]\n",
        f"- {SAME} [^S1]\n" * 10,
    ],
    ids=["sentences of one bullet", "bullets"],
)
def test_passage_spans_when_a_long_section_repeats_itself(body):
    """Passages follow each other to the end of the section, though texts are equal."""
    result = split(f"## Costs\n\n{body}", max_tokens=50)
    assert all(a.end <= b.start for a, b in pairwise(result.passages))
    # Ten sentences and the nine characters between them.
    assert result.passages[-1].end == 10 * len(SAME) + 9


def test_split_document_when_the_file_is_a_report():
    """Every sentence of a report carries all sources of its front matter."""
    result = split_pages(["Dr. Smith paid 3.5 crowns. İt was ﬁne! Why?", "Page two."])
    assert [(s.text, s.source_ids) for s in result.statements] == [
        ("Dr. Smith paid 3.5 crowns.", ("S1", "S2")),
        ("İt was ﬁne!", ("S1", "S2")),
        ("Why?", ("S1", "S2")),
        ("Page two.", ("S1", "S2")),
    ]


def test_split_document_when_a_report_has_pages():
    """Each page is a passage with its number, and names its parts after it."""
    result = split_pages(["One.", "Two."])
    assert [(p.passage_id, p.page, p.text) for p in result.passages] == [
        ("exampleton/pipe#p1", 1, "One."),
        ("exampleton/pipe#p2", 2, "Two."),
    ]
    assert result.statements[1].statement_id.startswith("exampleton/pipe#p2.")


def test_statement_spans_when_a_report_has_spaces_and_soft_hyphens():
    """Sentence spans skip the spaces around sentences and keep what is inside."""
    result = split_pages(["One co\u00adop.  Two ß. "])
    (passage,) = result.passages
    assert [passage.text[s.start : s.end] for s in result.statements] == [
        "One co\u00adop.",
        "Two ß.",
    ]


def test_statement_spans_when_a_document_is_long():
    """Every statement is the slice of its own passage that its span names."""
    pages = [" ".join(f"Sentence {n} of page {p}." for n in range(40)) for p in (1, 2)]
    result = split_pages(pages, max_tokens=50)
    assert len(result.statements) == 80
    assert all(
        passage_of(s, result).text[s.start : s.end] == s.text for s in result.statements
    )


def test_split_document_when_questions_are_open():
    """Open questions are kept apart: neither passages nor statements."""
    result = split("## Open questions\n\n- Who paid?\n- And when? [^S1]\n")
    assert [q.text for q in result.open_questions] == ["Who paid?", "And when?"]
    assert result.open_questions[0].case_id == "exampleton/pipe"
    assert (result.passages, result.statements) == ([], [])


def test_split_document_when_open_questions_have_a_subheading():
    """What stands below a subheading of the open questions is no statement of fact."""
    result = split("## Open questions\n\n### Money\n\n- Whether it was cheap.\n")
    assert result.statements == []
    assert [q.text for q in result.open_questions] == ["Whether it was cheap."]


def test_open_question_ids_when_a_question_is_inserted():
    """A new open question leaves the ids of the others alone."""
    before = split("## Open questions\n\n- Who paid?\n")
    after = split("## Open questions\n\n- And when?\n- Who paid?\n")
    assert before.open_questions[0] == after.open_questions[1]


@pytest.mark.parametrize("body", ["", "## Costs\n"], ids=["empty", "heading only"])
def test_split_document_when_there_is_no_text(body):
    """A document without text has no units."""
    result = split(body)
    assert (result.passages, result.statements, result.open_questions) == ([], [], [])


SWEDISH = "Staden byggde ett nytt fjärrvärmenät för alla bostäder i kommunen."
ENGLISH = "The city built a new heat network for all the homes of the town."


def test_languages_of_passages():
    """Each passage has the language that it is written in."""
    result = split(f"## Costs\n\n{SWEDISH} [^S1]\n\n## Results\n\n{ENGLISH} [^S1]\n")
    assert [passage.language for passage in result.passages] == ["sv", "en"]


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        ([SWEDISH, SWEDISH, ENGLISH], "sv"),
        ([ENGLISH, SWEDISH, ENGLISH], "en"),
        ([ENGLISH * 3, SWEDISH, SWEDISH], "en"),
        (["12 345", SWEDISH, "€ 7"], "sv"),
    ],
    ids=["two of three", "one of three", "longest", "figures"],
)
def test_language_of_a_case(texts, language):
    """A case has the language of most of its text, whatever its figures look like."""
    body = "".join(f"- {text} [^S1]\n" for text in texts)
    assert split(f"## Costs\n\n{body}").cases[0].language == language


@pytest.mark.parametrize("body", ["", "## Costs\n\n- 12 345 [^S1]\n"], ids=["no", "7"])
def test_language_of_a_case_without_words(body):
    """Where there are no words the language is undetermined, and nothing fails."""
    assert split(body).cases[0].language == "und"


def test_split_document_leaves_the_rest_of_the_case_alone():
    """Only the language is added to the case."""
    assert replace(split(f"- {ENGLISH} [^S1]").cases[0], language="und") == CASE


def test_sentences_when_a_language_has_its_own_rules():
    """A report is cut into sentences by the rules of its own language."""
    text = "Wir fuhren z. B. mit Bus und Bahn in die Stadt. Das Netz wurde neu gebaut."
    result = split_pages([text])
    assert [s.text for s in result.statements] == [
        "Wir fuhren z. B. mit Bus und Bahn in die Stadt.",
        "Das Netz wurde neu gebaut.",
    ]


def test_split_document_when_a_sentence_of_a_report_holds_no_letter():
    """What is left of a footnote's number is no statement, but stays in the passage."""
    result = split_pages(["The boiler burns straw.", "\u00b9 2019."])
    (statement,) = result.statements
    assert statement.text == "The boiler burns straw."
    assert [passage.text for passage in result.passages][1:] == ["\u00b9 2019."]
