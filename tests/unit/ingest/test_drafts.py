"""Drafts: front matter that reads back as written, places, differences, saving."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import DraftOutdatedError
from ingest.drafting.comparisons import GivenReview
from ingest.drafting.draft import CaseDraft, digest_of
from ingest.drafting.guess import guessed_values
from ingest.drafting.header import HeaderValues, rewritten, yaml_of
from ingest.drafting.place import misnamed
from ingest.drafting.proposal import CaseProposal, propose
from ingest.drafting.save import REPLACED, save_proposal
from ingest.drafting.textfile import TextFile
from ingest.frontmatter import read_header
from ingest.preview import PreviewedPassage, PreviewedStatement
from ingest.registry import read_registry
from kb import temporary
from kb.errors import KnowledgeBaseError
from kb.settings import Settings
from kb.types import Source
from tests.support.made_up_drafts import (
    PREVIEW,
    SOURCE,
    VALUES,
    content,
    edited,
    upload,
)
from tests.support.processes import environment
from tests.support.tiny_corpus import BISCUIT_HEAT

_texts = st.text(max_size=40)
_sources = st.builds(
    Source,
    source_id=st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,5}", fullmatch=True),
    title=_texts,
    publisher=_texts,
    url=st.sampled_from(["", "https://a.example", "a: b #c"]),
    language=st.sampled_from(["no", "sv", "on", "y", "null", ""]),
    year=st.none() | st.integers(0, 3000),
    not_before=st.none() | st.integers(0, 3000),
)
_marks = st.lists(
    st.from_regex(r"[a-z-]+\.[0-9a-f]{8}", fullmatch=True), min_size=1, max_size=2
).map(tuple)
_items = st.lists(
    st.fixed_dictionaries(
        {"what": _texts, "statements": _marks.map(list)},
        optional={"value": st.none() | st.integers() | st.floats(0, 1e12)},
    ),
    max_size=2,
).map(tuple)
_values = st.builds(
    HeaderValues,
    title=_texts | st.sampled_from(["2019", "1e3", "~", "- a", "12:30", "2020-01-01"]),
    city=_texts,
    themes=st.lists(_texts, max_size=3).map(tuple),
    period=_texts,
    actors=st.lists(_texts, max_size=3).map(tuple),
    summary=st.text(max_size=150),
    sources=st.lists(_sources, max_size=2, unique_by=lambda s: s.source_id).map(tuple),
    status=st.sampled_from(["draft", "checked", "reviewed"]),
    reviewed_by=_texts,
    reviewed_on=st.none() | st.dates(),
    figures=_items,
    steps=_items,
    checked=st.lists(
        st.tuples(st.dates().map(str) | st.just("some day"), _marks),
        max_size=2,
        unique_by=lambda entry: entry[0],
    ).map(tuple),
)


@pytest.fixture
def corpus(tiny_corpus: Callable[..., Path]) -> Settings:
    return Settings(corpus_dir=tiny_corpus())


def snapshot(corpus: Settings) -> dict[str, bytes]:
    """Return every case file of the corpus with its bytes."""
    return {
        str(path.relative_to(corpus.corpus_dir)): path.read_bytes()
        for path in corpus.corpus_dir.rglob("*")
        if path.is_file() and REPLACED not in path.parts
    }


def rules(proposal: CaseProposal) -> set[str]:
    return {problem.rule for problem in proposal.problems}


@given(_values)
@settings(max_examples=40, deadline=None)
def test_yaml_reads_back_as_the_same_values(values):
    """Whatever a form holds, the file that is written says the same."""
    block = yaml_of(values)

    read = read_header(block, "x")

    assert not [p for p in read.problems if "does not parse" in p.reason]
    assert HeaderValues.of(read.values).as_mapping() == values.as_mapping()


@given(_values, _values)
@settings(max_examples=20, deadline=None)
def test_rewritten_yaml_reads_back_as_the_new_values(old, new):
    """A front matter rewritten in place says the new values, whatever it was."""
    block = rewritten(yaml_of(old), new)

    assert HeaderValues.of(read_header(block, "x").values).as_mapping() == (
        new.as_mapping()
    )


def test_yaml_is_readable():
    """One key a line, in the schema's order; only what YAML would misread is quoted."""
    assert yaml_of(VALUES) == (
        "title: A shared ladder\n"
        "city: sampleby\n"
        "themes:\n"
        "- financing\n"
        'period: "2024"\n'
        "actors:\n"
        "- Sampleby Ladder Office\n"
        "summary: Sampleby lends a ladder.\n"
        "sources:\n"
        "  S1:\n"
        '    title: "The ladder: a report"\n'
        "    publisher: Sampleby\n"
        "    url: https://ladder.sampleby.example\n"
        '    language: "no"\n'
        "    year: 2024\n"
        "review:\n"
        "  status: draft\n"
        "  by: null\n"
        '  "on": null\n'
    )


def test_rewriting_keeps_the_lines_of_what_stays():
    """Comments, quotes and flow style stay where the values do."""
    block = (
        "# kept\n"
        "title: 'Old'   # gone with its value\n"
        "city: sampleby # kept, too\n"
        "themes: [financing]\n"
        "period: '2024'\n"
        "actors: []\n"
        "summary: >\n  Sampleby lends\n  a ladder.\n"
        "sources:\n"
        "  S1: {title: T, publisher: P, url: 'https://a.example', language: 'no', "
        "year: null}\n"
        "  S2:\n    title: Two # kept\n    publisher: P\n"
        "    url: https://b.example\n    language: en\n    year: 2001\n"
        "review: {status: draft, by: null, on: null}\n"
    )
    old = HeaderValues.of(read_header(block, "x").values)
    second = replace(old.sources[1], year=2002)

    new = rewritten(block, replace(old, title="New", sources=(old.sources[0], second)))

    assert rewritten(block, old) == block
    assert new == block.replace("'Old'   # gone with its value", "New").replace(
        "2001", "2002"
    )


def test_rewriting_keeps_comments_between_keys():
    """A comment line stays above its key when the key before it changes or grows."""
    block = (
        "title: Old\n"
        "# about the city\n"
        "\n"
        "city: sampleby\n"
        "themes: [financing]\n"
        "period: '2024'\n"
        "actors:\n- One\n"
        "# about the summary\n"
        "summary: |\n  Sampleby lends\n  # a ladder.\n"
        "# about the sources\n"
        "sources:\n"
        "  # the first\n"
        "  S1:\n    title: One\n    publisher: P\n"
        "    url: https://a.example\n    language: en\n    year: 2001\n"
        "  # the second\n"
        "  S2: {title: T, publisher: P, url: 'https://b.example', language: en, "
        "year: null}\n"
        "# about the review\n"
        "review:\n  status: draft\n  by: null\n  on: null\n"
        "# the end\n"
    )
    old = HeaderValues.of(read_header(block, "x").values)
    first, second = old.sources
    sources = (replace(first, year=2002), replace(second, title="Two"))

    new = rewritten(
        block,
        replace(old, title="New", actors=("Two",), summary="Lent.", sources=sources),
    )

    assert rewritten(block, old) == block
    comments = [line for line in block.splitlines() if line.lstrip().startswith("# ")]
    comments.remove("  # a ladder.")  # a part of the text
    lines = new.splitlines()
    assert [line for line in lines if line.lstrip().startswith("# ")] == comments
    for comment in comments[:-1]:
        above = block.splitlines()[block.splitlines().index(comment) + 1 :]
        key = next(line for line in above if line).partition(":")[0]
        below = lines[lines.index(comment) + 1 :]
        assert next(line for line in below if line).partition(":")[0] == key


def test_rewriting_adds_and_removes_the_earliest_year():
    """A key that is optional comes and goes with its value; the rest stays as it is."""
    block = yaml_of(VALUES).replace("year: 2024", "year: null  # none stated")
    old = HeaderValues.of(read_header(block, "x").values)
    bounded = replace(old, sources=(replace(old.sources[0], not_before=2022),))

    new = rewritten(block, bounded)

    line = "    year: null  # none stated\n"
    assert new == block.replace(line, f"{line}    not_before: 2022\n")
    assert HeaderValues.of(read_header(new, "x").values) == bounded
    assert rewritten(new, old) == block


def test_year_in_quotes_is_a_year():
    """The schema takes a year in quotes, and so does the form."""
    values = HeaderValues.of({"sources": {"S1": {"year": "2021"}}})
    assert values.sources == (Source("S1", year=2021),)


@pytest.mark.parametrize(
    "block", ["", "a: [", "{title: x, city: y}", "- 1", "title: &a x\ncity: *a\n", "x"]
)
def test_rewriting_what_is_no_block_writes_all_anew(block):
    """A front matter that cannot be changed in place is written anew."""
    assert rewritten(block, VALUES) == yaml_of(VALUES)


def test_values_of_a_wrong_front_matter():
    """What does not fit the schema becomes text or is left empty; nothing is raised."""
    values = HeaderValues.of(
        {
            "title": 7,
            "themes": "financing",
            "actors": None,
            "sources": {"S1": "x", 2: {"year": "soon", "url": 1}},
            "review": ["?"],
        }
    )
    assert (values.title, values.themes, values.actors) == ("7", ("financing",), ())
    assert values.sources == (Source("S1"), Source("2", url="1"))
    assert (values.status, values.reviewed_on) == ("draft", None)


@pytest.mark.parametrize(
    "raw",
    [
        BISCUIT_HEAT.encode(),
        BISCUIT_HEAT.replace("\n", "\r\n").encode(),
        BISCUIT_HEAT.replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + BISCUIT_HEAT.encode(),
        b"\xff\xfe" + BISCUIT_HEAT.encode("utf-16-le"),
        BISCUIT_HEAT.rstrip("\n").encode(),
        b"---\ntitle: x\n---",
        "---  \n\n\ntitle: x\n-----\n\n\n## Kostnader \x85 \u2028 å\n".encode(),
    ],
    ids=["lf", "crlf", "cr", "mark", "utf-16", "no-end", "no-body", "odd-lines"],
)
def test_body_stays_byte_for_byte(raw):
    """With another front matter, everything behind it is what it was."""
    file = TextFile.of(raw, "x.md")

    changed = file.with_block("title: other\n")

    assert changed.endswith(file.closing + file.body)
    assert TextFile.of(changed, "x.md").body == file.body
    assert (TextFile.of(changed, "x.md").block or "").strip() == "title: other"
    assert file.body in raw


@pytest.mark.parametrize("raw", [b"", b"# Title\n\nText", b"\xef\xbb\xbf# T\r\nx\r\n"])
def test_front_matter_is_put_before_a_text_without_one(raw):
    """A text without front matter gets one; its bytes follow unchanged."""
    changed = TextFile.of(raw, "x.md").with_block("title: x\n")

    assert changed.endswith(raw.removeprefix(b"\xef\xbb\xbf"))
    assert (TextFile.of(changed, "x.md").block or "").strip() == "title: x"


def test_edited_body_keeps_line_ends():
    """A body that an editor returns is written with the line ends of its file."""
    file = TextFile.of(BISCUIT_HEAT.replace("\n", "\r\n").encode(), "x.md")

    changed = file.with_block("title: x\n", file.text + "- More. [^S1]")

    assert changed.endswith(b"is not published.\r\n- More. [^S1]\r\n")
    assert b"\n" not in changed.replace(b"\r\n", b"")


def test_guess_for_a_file_with_marks(corpus):
    """Title from the first heading, city from its words, a source for each mark."""
    statement = PreviewedStatement("A ladder is lent.", ("S4", "S1"), "costs.1a2b3c4d")
    passage = PreviewedPassage("x#1", "Costs", None, "en", "…", (statement,))
    text = TextFile.of(b"# A ladder for Muestraby #\n\nIt is lent. [^S4][^S1]", "x.md")

    values = guessed_values(
        "x.md",
        replace(PREVIEW, passages=(passage,)),
        text,
        read_registry(corpus.corpus_dir),
    )

    assert (values.title, values.city) == ("A ladder for Muestraby", "sampleby")
    assert values.sources == (Source("S4"), Source("S1"))


def test_guess_for_a_report(corpus):
    """A report is its own source, in its language; its year is never guessed."""
    values = guessed_values(
        "heat_plan-2030.pdf", PREVIEW, None, read_registry(corpus.corpus_dir)
    )

    assert values.title == "Heat plan 2030"
    assert values.sources == (
        Source("S1", title="Heat plan 2030", language="sv", year=None),
    )


def test_proposal_for_a_report(corpus):
    """A report comes with a front matter file beside it, and nothing else changes."""
    proposal = propose(upload("shared-ladder.pdf", b"%PDF-1.7"), VALUES, corpus)

    assert (proposal.case_id, proposal.is_sound) == ("sampleby/shared-ladder", True)
    assert [(c.path, c.old, c.new) for c in proposal.changes] == [
        ("sampleby/shared-ladder.pdf", None, b"%PDF-1.7"),
        ("sampleby/shared-ladder.pdf.yaml", None, yaml_of(VALUES).encode()),
    ]
    document, sidecar = proposal.changes
    assert (document.diff, document.digest) == (None, digest_of(b"%PDF-1.7"))
    assert (sidecar.diff or "").startswith(
        "--- /dev/null\n+++ sampleby/shared-ladder.pdf.yaml\n"
    )


def test_proposal_for_a_case(corpus):
    """Changing a title changes one line of the case's file."""
    draft = edited("exampleton/biscuit-heat.md", corpus)

    (change,) = propose(draft, replace(draft.values, title="Warm"), corpus).changes

    lines = (change.diff or "").splitlines()
    assert [line for line in lines if line[:1] in "+-"][2:] == [
        "-title: Waste heat from the biscuit factory",
        "+title: Warm",
    ]


HEAT = "exampleton/biscuit-heat.md"
PIPE = "The pipe and the heat pump cost 7 million crowns in 2019."
FELL = "Emissions of the heating network fell by 40% between 2018 and 2021."


def compared(corpus: Settings, *marks: str, status: str = "draft") -> CaseDraft:
    """Return a draft of the biscuit case with marks of compared statements."""
    path = corpus.corpus_dir / HEAT
    listed = ", ".join(marks)
    review = f"{{status: {status}, checked: {{2026-11-30: [{listed}]}}}}"
    text = re.sub(r"review: \{.*\}", f"review: {review}", path.read_text("utf-8"))
    path.write_text(text, encoding="utf-8")
    return edited(HEAT, corpus)


def mark(section: str, text: str) -> str:
    """Return the mark of a statement."""
    return f"{section}.{hashlib.sha256(text.encode()).hexdigest()[:8]}"


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ("In summer", "In a warm summer", ("costs", "results")),
        ("7 million", "8 million", ("results",)),
        ("in 2019. [^S1]", "in 2019. [^S2]", ("results",)),
        ("## Costs", "## Financing", ("results",)),
    ],
    ids=["another statement", "its words", "its sources", "its section"],
)
def test_text_change_keeps_the_marks_that_still_hold(corpus, old, new, kept):
    """A mark goes with the words, the sources or the place of its statement."""
    marks = {"costs": mark("costs", PIPE), "results": mark("results", FELL)}
    draft = compared(corpus, *marks.values())
    assert draft.body

    proposal = propose(draft, draft.values, corpus, text=draft.body.replace(old, new))

    (change,) = proposal.changes
    assert change.new
    header = read_header(change.new.decode().split("---")[1], HEAT)
    found = HeaderValues.of(header.values).checked
    assert found == (("2026-11-30", tuple(marks[name] for name in kept)),)
    listed = ", ".join(marks[name] for name in kept)
    assert len(kept) == 2 or f"2026-11-30: [{listed}]" in change.new.decode()


def test_change_of_an_address_takes_the_marks_of_its_statements(corpus):
    """What was compared with a page says nothing about another one.

    The costs rest on the first source alone, the results on the second.
    """
    summer = "In summer the factory gives more heat than the homes need."
    costs, results = mark("costs", PIPE), mark("results", summer)
    draft = compared(corpus, costs, results)
    first, second = draft.values.sources
    moved = replace(first, url="https://elsewhere.example/pipe")

    (change,) = propose(
        draft, replace(draft.values, sources=(moved, second)), corpus
    ).changes

    assert change.new
    header = read_header(change.new.decode().split("---")[1], HEAT)
    assert HeaderValues.of(header.values).checked == (("2026-11-30", (results,)),)
    retitled = replace(draft.values, title="Heat", sources=(first, second))
    (change,) = propose(draft, retitled, corpus).changes
    assert change.new
    assert f"[{costs}, {results}]" in change.new.decode()


def test_text_change_makes_a_checked_case_a_draft(corpus):
    """What is called checked is so no more when a statement lost its mark."""
    draft = compared(corpus, mark("costs", PIPE), status="checked")
    assert draft.body
    text = draft.body.replace("7 million", "8 million")

    (change,) = propose(draft, draft.values, corpus, text=text).changes

    assert change.new
    header = read_header(change.new.decode().split("---")[1], HEAT)
    values = HeaderValues.of(header.values)
    assert (values.status, values.checked) == ("draft", ())


FIGURE = {"statement": mark("costs", PIPE), "quote": "7 million", "kind": "price"}


@pytest.mark.parametrize(
    ("old", "new", "now"),
    [
        ("In summer", "In a warm summer", PIPE),
        ("in 2019.", "in 2020.", PIPE.replace("2019", "2020")),
        ("7 million", "8 million", PIPE),
        (f"{PIPE} [^S1]", "", PIPE),
        (
            "7 million crowns in 2019. [^S1]",
            "7 million. [^S1]\n- They were paid for in 2019. [^S1]",
            "The pipe and the heat pump cost 7 million.",
        ),
    ],
    ids=["another statement", "its words", "the figure", "gone", "cut in two"],
)
def test_figure_follows_its_statement(corpus, old, new, now):
    """It goes to the statement that its quote stands in now.

    Else it stays, for the check to name: what a person has read is never lost.
    """
    draft = edited(HEAT, corpus)
    assert draft.body
    assert old in draft.body
    step = {"when": "2019", "what": "Pay", "statements": [FIGURE["statement"]]}
    values = replace(draft.values, figures=(FIGURE,), steps=(step,))

    (change,) = propose(
        draft, values, corpus, text=draft.body.replace(old, new)
    ).changes

    assert change.new
    found = HeaderValues.of(
        read_header(change.new.decode().split("---")[1], HEAT).values
    )
    assert found.figures == (FIGURE | {"statement": mark("costs", now)},)
    if "8" not in new:
        assert found.steps == (step | {"statements": [mark("costs", now)]},)


def test_proposal_without_a_change(corpus):
    """Values that are those of the file change nothing."""
    for path in ("exampleton/sunday-bonds.md", "sampleby/walking-diary.pdf"):
        draft = edited(path, corpus)
        proposal = propose(draft, draft.values, corpus)
        assert (proposal.changes, proposal.problems) == ((), ())


def test_problems_name_the_line_that_would_be_written(corpus):
    """What an ingestion would reject is told with file and line before saving."""
    values = replace(VALUES, themes=("gardening",), period="", sources=())

    problems = propose(upload("ladder.pdf", b"%PDF"), values, corpus).problems

    assert [(p.path, p.line, p.rule) for p in problems] == [
        ("sampleby/ladder.pdf.yaml", 5, "front-matter-schema"),
        ("sampleby/ladder.pdf.yaml", 9, "front-matter-schema"),
    ]
    values = replace(VALUES, themes=("gardening",))
    proposal = propose(upload("ladder.pdf", b"%PDF"), values, corpus)
    assert rules(proposal) == {"unknown-theme"}
    assert not proposal.is_sound


def test_source_id_twice_is_a_problem(corpus):
    """Two sources with one id are named before one of them is lost."""
    values = replace(VALUES, sources=(SOURCE, replace(SOURCE, title="Other")))

    (problem,) = propose(upload("ladder.md", b"x"), values, corpus).problems

    assert (problem.rule, "'S1' is given 2 times" in problem.reason) == (
        "duplicate-key",
        True,
    )


def test_no_place_without_a_city(corpus):
    """As long as the city is unknown, nothing would change, and the city is named."""
    proposal = propose(
        upload("ladder.md", b"x"), replace(VALUES, city="../exampleton"), corpus
    )

    assert (proposal.case_id, proposal.changes) == ("", ())
    assert rules(proposal) == {"unknown-city"}


@pytest.mark.parametrize(
    "stem",
    [
        *("../x", "..", "/etc/x", "a/b", "a\\b", "a\0b", "con", "readme", "LPT1"),
        *("Big", "a--b", "-a", "å", "x" * 101, ".hidden", "a.b"),
    ],
)
def test_hostile_name_has_no_place(corpus, stem):
    """A name that leads elsewhere or means something else is refused with its rule."""
    proposal = propose(upload("x.md", b"x"), VALUES, corpus, stem=stem)

    assert (rules(proposal), proposal.changes) == ({"file-name"}, ())
    with pytest.raises(KnowledgeBaseError, match="Choose another name"):
        save_proposal(proposal, corpus)
    assert misnamed("../x.md")


def test_folder_that_leads_out_is_refused(corpus, tmp_path):
    """Nothing is written through a link out of the corpus, even if it comes later."""
    outside = tmp_path / "outside"
    outside.mkdir()
    sound = propose(upload("ladder.md", b"x"), VALUES, corpus)
    (corpus.corpus_dir / "sampleby").rename(tmp_path / "away")
    (corpus.corpus_dir / "sampleby").symlink_to(outside)

    assert rules(propose(upload("ladder.md", b"x"), VALUES, corpus)) == {
        "outside-corpus"
    }
    with pytest.raises(KnowledgeBaseError, match="leads out of the corpus"):
        save_proposal(sound, corpus)
    assert list(outside.iterdir()) == []


def test_link_in_place_of_a_file_is_refused(corpus, tmp_path):
    """A link in the corpus is neither followed nor replaced."""
    target = tmp_path / "target.md"
    target.write_text("mine")
    (corpus.corpus_dir / "sampleby" / "ladder.md").symlink_to(target)

    proposal = propose(upload("ladder.md", b"x"), VALUES, corpus, replace=True)

    assert (rules(proposal), proposal.changes) == ({"outside-corpus"}, ())
    assert target.read_text() == "mine"


def test_taken_case_id_needs_a_word(corpus):
    """An upload takes the place of a case only when that is said."""
    draft = upload("walking-diary.docx", b"PK")

    refused = propose(draft, VALUES, corpus)
    allowed = propose(draft, VALUES, corpus, replace=True)

    assert rules(refused) == {"duplicate-id"}
    assert "already that of sampleby/walking-diary.pdf" in refused.problems[0].reason
    assert allowed.is_sound
    assert [(c.path, c.new is None) for c in allowed.changes] == [
        ("sampleby/walking-diary.docx", False),
        ("sampleby/walking-diary.docx.yaml", False),
        ("sampleby/walking-diary.pdf", True),
        ("sampleby/walking-diary.pdf.yaml", True),
    ]


def test_saving_keeps_what_it_replaces(corpus):
    """The new files are there, the old ones are kept with their bytes."""
    before = snapshot(corpus)
    proposal = propose(
        upload("walking-diary.docx", b"PK"), VALUES, corpus, replace=True
    )

    kept = save_proposal(proposal, corpus)

    old = {"sampleby/walking-diary.pdf", "sampleby/walking-diary.pdf.yaml"}
    assert snapshot(corpus) == {
        **{path: raw for path, raw in before.items() if path not in old},
        "sampleby/walking-diary.docx": b"PK",
        "sampleby/walking-diary.docx.yaml": yaml_of(VALUES).encode(),
    }
    assert {path.read_bytes() for path in kept} == {before[path] for path in old}
    assert all(path.is_relative_to(corpus.corpus_dir / REPLACED) for path in kept)


def test_saving_a_case_again_keeps_each_version(corpus):
    """Two changes of a case leave two earlier versions."""
    for title in ("One", "Two"):
        draft = edited("exampleton/sunday-bonds.md", corpus)
        save_proposal(
            propose(draft, replace(draft.values, title=title), corpus), corpus
        )

    kept = sorted((corpus.corpus_dir / REPLACED).rglob("*.md"))
    assert [b"title: One" in path.read_bytes() for path in kept] == [False, True]


def test_saving_after_somebody_else_is_refused(corpus):
    """Who saves a file that has changed meanwhile must look again; nothing is lost."""
    draft = edited("exampleton/sunday-bonds.md", corpus)
    mine = propose(draft, replace(draft.values, title="Mine"), corpus)
    theirs = edited("exampleton/sunday-bonds.md", corpus)
    save_proposal(
        propose(theirs, replace(draft.values, title="Theirs"), corpus), corpus
    )

    with pytest.raises(DraftOutdatedError, match="changed while.*Look at the differ"):
        save_proposal(mine, corpus)
    again = propose(draft, replace(draft.values, title="Mine"), corpus)

    assert (mine.changed_meanwhile, again.changed_meanwhile) == (False, True)
    assert "-title: Theirs\n+title: Mine" in (again.changes[0].diff or "")
    save_proposal(again, corpus)
    assert b"Mine" in (content(corpus, "exampleton/sunday-bonds.md") or b"")


def test_place_taken_meanwhile_is_refused(corpus):
    """A file that appeared under the same name since is not overwritten."""
    proposal = propose(upload("ladder.md", b"x"), VALUES, corpus)
    path = corpus.corpus_dir / "sampleby" / "ladder.md"
    path.write_text("theirs")

    with pytest.raises(DraftOutdatedError, match="sampleby/ladder.md"):
        save_proposal(proposal, corpus)
    assert path.read_text() == "theirs"


def test_failed_save_leaves_everything(corpus):
    """When one of several files cannot be written, none is."""
    proposal = propose(
        upload("walking-diary.docx", b"PK"), VALUES, corpus, replace=True
    )
    beside = corpus.corpus_dir / "sampleby" / "walking-diary.docx.yaml"
    before = snapshot(corpus)
    beside.mkdir()
    (beside / "x").touch()

    with pytest.raises(KnowledgeBaseError, match="no file that can be read"):
        save_proposal(proposal, corpus)
    (beside / "x").unlink()
    beside.rmdir()

    assert snapshot(corpus) == before
    assert sorted(p.name for p in (corpus.corpus_dir / REPLACED).iterdir()) == ["lock"]


def test_permissions_of_a_file_stay(corpus):
    """A file that is replaced keeps its mode; a new one gets the usual one."""
    path = corpus.corpus_dir / "exampleton" / "sunday-bonds.md"
    path.chmod(0o640)
    draft = edited("exampleton/sunday-bonds.md", corpus)
    save_proposal(propose(draft, replace(draft.values, title="New"), corpus), corpus)
    save_proposal(propose(upload("ladder.md", b"x"), VALUES, corpus), corpus)

    usual = 0o666 & ~_umask()
    new = corpus.corpus_dir / "sampleby" / "ladder.md"
    assert [p.stat().st_mode & 0o777 for p in (path, new)] == [0o640, usual]


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask


def test_staged_files_go_with_their_draft():
    """Nobody has to remove an upload: its folder goes when nothing holds it."""
    draft = upload("ladder.md", b"x")
    folder = draft.folder.path
    assert folder.is_dir()

    del draft

    assert not folder.exists()


def test_staged_files_of_a_killed_program(tmp_path, monkeypatch):
    """An upload that a killed program leaves is removed with the next one."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(temporary, "_JUST_MADE_S", 0)
    killed = (
        "import os, signal\nfrom tests.support.made_up_drafts import upload\n"
        "draft = upload('ladder.md', b'x')\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run(
        [sys.executable, "-c", killed], env=environment(tmp_path), check=False
    )
    (left,) = tmp_path.iterdir()
    assert list(left.rglob("ladder.md"))

    draft = upload("ladder.md", b"x")

    assert not left.exists()
    assert draft.copy.exists()


def test_review_date_reads_back(corpus):
    """A review with name and date is written as the schema wants it."""
    values = replace(
        VALUES,
        status="reviewed",
        reviewed_by="An Invented Expert",
        reviewed_on=dt.date(2024, 5, 1),
    )

    header = read_header(yaml_of(values), "x")

    assert header.front_matter is not None
    assert header.front_matter.review.on == dt.date(2024, 5, 1)
    assert propose(upload("ladder.md", b"x"), values, corpus).is_sound


def test_proposal_when_the_copy_is_gone(corpus):
    """A draft whose temporary copy was cleared away says how to go on."""
    draft = upload("shared-ladder.pdf", b"%PDF-1.7")
    draft.copy.unlink()

    with pytest.raises(KnowledgeBaseError, match=r"copy of the file is gone.*again"):
        propose(draft, VALUES, corpus)


BONDS = "exampleton/sunday-bonds.md"


def outdated(corpus: Settings) -> CaseDraft:
    """Return a draft of the bonds, whose text was changed after its review."""
    draft = edited(BONDS, corpus)
    return replace(draft, review=GivenReview(draft.values.reviewed_on, "0a1b2c3d"))


def test_review_that_is_outdated_already(corpus):
    """It lapses without any change, also when only the name is corrected."""
    draft = outdated(corpus)
    for by in (draft.values.reviewed_by, "Another Spelling"):
        values = replace(draft.values, reviewed_by=by)
        assert propose(draft, values, corpus, text=draft.body).review_lapses


def test_review_that_is_renewed(corpus):
    """A new day, or a word for this very text, is a new reading and names the text."""
    draft = outdated(corpus)
    assert draft.body
    later = replace(draft.values, reviewed_on=dt.date(2024, 6, 1))
    mark = draft.mark(draft.body)
    for proposal in (
        propose(draft, later, corpus, text=draft.body),
        propose(draft, draft.values, corpus, text=draft.body, confirmed=mark),
    ):
        assert not proposal.review_lapses
        assert f'text: "{mark}"' in (proposal.changes[0].diff or "")
    other = f"{draft.body}- More. [^S1]\n"
    assert propose(
        draft, draft.values, corpus, text=other, confirmed=mark
    ).review_lapses


def test_review_in_an_upload_that_takes_the_place_of_a_case(corpus):
    """It may be of the text before; one that names its text is of that."""
    raw = (content(corpus, BONDS) or b"").replace(b"2 million", b"3 million")
    values = edited(BONDS, corpus).values
    draft = upload("sunday-bonds.md", raw)
    draft = replace(
        draft, values=values, review=GivenReview(values.reviewed_on, draft.mark())
    )
    assert propose(draft, values, corpus, replace=True).review_lapses
    values = replace(values, reviewed_text=draft.mark())
    draft = replace(draft, values=values)
    assert not propose(draft, values, corpus, replace=True).review_lapses


def test_case_that_was_moved_meanwhile(corpus):
    """It is not made again under its old name."""
    draft = edited(HEAT, corpus)
    (corpus.corpus_dir / HEAT).rename(corpus.corpus_dir / "exampleton" / "heat.md")

    proposal = propose(draft, replace(draft.values, title="New"), corpus)

    assert (rules(proposal), proposal.changes) == ({"case-gone"}, ())
    with pytest.raises(KnowledgeBaseError, match="moved or removed"):
        save_proposal(proposal, corpus)


def test_text_that_a_review_names_stands_in_quotes():
    """Other programs take digits around an e for a number."""
    values = replace(VALUES, status="reviewed", reviewed_text="2210e094")
    assert '  text: "2210e094"\n' in yaml_of(values)
