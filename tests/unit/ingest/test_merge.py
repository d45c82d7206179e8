"""Two experts in one case: what both have done is kept, or shown side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.drafting.header import HeaderValues
from ingest.drafting.merge import Conflict, Merge, merged, merged_lines
from ingest.drafting.proposal import propose
from kb.errors import KnowledgeBaseError
from kb.settings import Settings
from kb.types import Source
from tests.support.made_up_drafts import SOURCE, VALUES, edited, upload
from tests.support.tiny_corpus import change_case

BASE = "one\ntwo\nthree\nfour\n"
_texts = st.lists(st.sampled_from("abcd"), max_size=6).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)


HEAT = "exampleton/biscuit-heat.md"


@pytest.fixture
def corpus(tiny_corpus: Callable[..., Path]) -> Settings:
    folder = tiny_corpus()
    return Settings(corpus_dir=folder, index_dir=folder.parent / "index")


def reviewed(values: HeaderValues) -> HeaderValues:
    """Give a front matter a review that is new."""
    return replace(
        values,
        status="reviewed",
        reviewed_by="An Invented Expert",
        reviewed_on=date(2024, 6, 1),
    )


def of_values(mine: HeaderValues, theirs: HeaderValues) -> Merge:
    """Merge two front matters that were made of `VALUES`."""
    draft = upload("ladder.md", b"---\ntitle: x\n---\n\ntext\n")
    return merged(draft, mine, None, replace(draft, values=theirs))


@pytest.mark.parametrize(
    ("mine", "theirs", "together"),
    [
        ("one\n2\nthree\nfour\n", BASE, "one\n2\nthree\nfour\n"),
        (BASE, "one\n2\nthree\nfour\n", "one\n2\nthree\nfour\n"),
        ("1\ntwo\nthree\nfour\n", "one\ntwo\nthree\n4\n", "1\ntwo\nthree\n4\n"),
        ("one\n2\nthree\nfour\n", "one\ntwo\n3\nfour\n", "one\n2\n3\nfour\n"),
        ("one\ntwo\nfour\n", f"{BASE}five\n", "one\ntwo\nfour\nfive\n"),
        ("one\n2\nthree\nfour\n", "one\n2\nthree\nfour\n", "one\n2\nthree\nfour\n"),
        (BASE.strip(), f"zero\n{BASE}", f"zero\n{BASE}"),
    ],
    ids=[
        "only mine",
        "only theirs",
        "far apart",
        "line by line",
        "removed and added",
        "the same",
        "no line end",
    ],
)
def test_lines_that_agree(mine, theirs, together):
    """Changes of different lines are both made."""
    assert "".join(map(str, merged_lines(BASE, mine, theirs))) == together


@given(_texts, _texts, _texts)
def test_lines_of_any_texts(base, mine, theirs):
    """Whatever is merged, each decision gives that side back where it has changed."""
    parts = merged_lines(base, mine, theirs)
    told = "".join(p if isinstance(p, str) else p.mine + p.theirs for p in parts)
    new = set(mine.split() + theirs.split()) - set(base.split())
    assert new <= set(told.split())
    assert "".join(map(str, merged_lines(base, mine, base))) == mine
    assert "".join(map(str, merged_lines(base, base, theirs))) == theirs
    assert "".join(map(str, merged_lines(base, mine, mine))) == mine


def test_lines_that_both_have_changed():
    """Both versions stand side by side; mine, theirs or both can be kept."""
    draft = upload("ladder.md", f"---\ntitle: x\n---\n{BASE}".encode())
    current = upload("ladder.md", b"---\ntitle: x\n---\none\nB\nthree\n4\n")
    merge = merged(draft, VALUES, "0\none\nA\nthree\nfour\n", current)
    (conflict,) = merge.conflicts
    assert conflict == Conflict(("text", "1"), "A\n", "B\n")
    key = conflict.key
    assert merge.resolved({key: "mine"})[-1] == "0\none\nA\nthree\n4\n"
    assert merge.resolved({key: "theirs"})[-1] == "0\none\nB\nthree\n4\n"
    assert merge.resolved({key: "both"})[-1] == "0\none\nA\nB\nthree\n4\n"


def test_line_that_one_removes_and_the_other_changes():
    """A removal is a change like others: it is never made silently over another."""
    first, clash, last = merged_lines(BASE, "one\nthree\nfour\n", "one\n2\nthree\nfour")
    assert (first, last) == ("one\n", "three\nfour\n")
    assert not isinstance(clash, str)
    assert (clash.mine, clash.theirs) == ("", "2\n")


def test_fields_that_agree():
    """Different fields, also of one source, and new sources are put together."""
    second = Source("S2", "Second", "Sampleby", "https://x.example", "sv", 2020)
    mine = replace(
        VALUES, title="A new title", sources=(replace(SOURCE, publisher="Me"), second)
    )
    theirs = replace(
        VALUES, period="2025", sources=(replace(SOURCE, url="https://new.example"),)
    )
    merge = of_values(mine, theirs)
    assert merge.conflicts == ()
    _current, values, text = merge.resolved({})
    assert text == "\ntext\n"
    assert (values.title, values.period) == ("A new title", "2025")
    assert values.sources == (
        replace(SOURCE, publisher="Me", url="https://new.example"),
        second,
    )


def test_fields_that_both_have_changed():
    """The two values are told, lists line by line, and one is chosen."""
    mine = replace(VALUES, actors=("A", "B"), sources=())
    theirs = replace(
        VALUES, actors=("C",), sources=(replace(SOURCE, url="https://new.example"),)
    )
    merge = of_values(mine, theirs)
    actors, source = merge.conflicts
    assert actors == Conflict(("actors",), "A\nB", "C")
    assert (actors.choices, source.choices) == (
        ("mine", "theirs", "both"),
        ("mine", "theirs"),
    )
    assert (source.key, source.mine) == (("sources", "S1"), "")
    assert "url: https://new.example" in source.theirs
    _current, values, _text = merge.resolved({actors.key: "theirs", source.key: "mine"})
    assert (values.actors, values.sources) == (("C",), ())
    _current, values, _text = merge.resolved({actors.key: "both", source.key: "mine"})
    assert values.actors == ("C", "A", "B")


def test_review_is_one_value():
    """Who reviewed a case and when stay together; marks of comparisons add up."""
    day = VALUES.checked
    mine = replace(VALUES, status="reviewed", reviewed_by="A", checked=day)
    theirs = replace(
        VALUES, status="reviewed", reviewed_by="B", checked=(("2026-01-01", ("x.1",)),)
    )
    merge = of_values(mine, theirs)
    (conflict,) = merge.conflicts
    assert conflict.key == ("review",)
    _current, values, _text = merge.resolved({("review",): "mine"})
    assert (values.reviewed_by, values.checked) == ("A", theirs.checked)


ITEM = {"statement": "costs.1a2b3c4d", "quote": "7", "kind": "price", "value": 7}
STEPS = tuple({"when": "", "what": what, "statements": ["x.1"]} for what in "abc")


def test_items_of_both_are_kept():
    """Figures that two experts add or change are all there; an order is kept, too."""
    other = ITEM | {"quote": "8"}
    base = replace(VALUES, figures=(ITEM,), steps=STEPS)
    draft = replace(upload("ladder.md", b"---\ntitle: x\n---\n\ntext\n"), values=base)
    mine = replace(base, figures=(ITEM | {"value": 6}, other), steps=STEPS[::-1])
    theirs = replace(base, figures=(ITEM | {"year": 2020}, ITEM))
    merge = merged(draft, mine, None, replace(draft, values=theirs))
    assert merge.conflicts == ()
    _current, values, _text = merge.resolved({})
    assert values.figures == (ITEM | {"value": 6, "year": 2020}, ITEM, other)
    assert values.steps == STEPS[::-1]


def test_item_that_both_have_changed():
    """What an item says is decided key by key, as anything else in front matter."""
    base = replace(VALUES, figures=(ITEM,))
    draft = replace(upload("ladder.md", b"---\ntitle: x\n---\n\ntext\n"), values=base)
    mine, theirs = (replace(base, figures=(ITEM | {"value": v},)) for v in (5, 6))
    merge = merged(draft, mine, None, replace(draft, values=theirs))
    (conflict,) = merge.conflicts
    assert conflict.key == ("figures", "costs.1a2b3c4d 7", "value")
    _current, values, _text = merge.resolved({conflict.key: "mine"})
    assert values.figures == (ITEM | {"value": 5},)


@pytest.mark.parametrize("day", [date(2024, 5, 1), None], ids=["reviewed", "draft"])
def test_new_review_of_a_text_that_somebody_else_has_changed(corpus, day):
    """It is of the text that the reviewer saw: until it is confirmed, a draft."""
    if day:
        review = f"status: reviewed, by: Before, 'on': {day}"
        change_case(
            corpus.corpus_dir / HEAT, ("status: draft, by: null, 'on': null", review)
        )
    draft = edited(HEAT, corpus)
    mine = reviewed(draft.values)
    assert not propose(draft, mine, corpus, text=draft.body).review_lapses
    change_case(corpus.corpus_dir / HEAT, ("7 million", "9 million"))

    merge = merged(draft, mine, draft.body, edited(HEAT, corpus))
    assert merge.conflicts == ()
    current, values, text = merge.resolved({})

    assert values.reviewed_by == "An Invented Expert"
    assert propose(current, values, corpus, text=text).review_lapses
    seen = draft.mark(draft.body)
    assert propose(current, values, corpus, text=text, confirmed=seen).review_lapses
    read = current.mark(text)
    assert not propose(current, values, corpus, text=text, confirmed=read).review_lapses


def test_new_review_when_somebody_else_changes_something_else(corpus):
    """A change of the front matter leaves it, and it names its text."""
    draft = edited(HEAT, corpus)
    mine = reviewed(draft.values)
    change_case(corpus.corpus_dir / HEAT, ("period: 2018-2021", "period: 2018-2022"))

    current, values, text = merged(
        draft, mine, draft.body, edited(HEAT, corpus)
    ).resolved({})

    proposal = propose(current, values, corpus, text=text)
    assert not proposal.review_lapses
    assert f'text: "{draft.mark()}"' in (proposal.changes[0].diff or "")


def test_new_sources_with_the_same_id(corpus):
    """Both are kept, and the statements of each still cite their own."""
    draft = edited(HEAT, corpus)
    assert draft.body
    own = replace(SOURCE, source_id="S3", title="Mine")
    mine = replace(draft.values, sources=(*draft.values.sources, own))
    text = draft.body.replace("## Costs\n", "## Costs\n\n- Mine costs. [^S1][^S3]\n")
    listed = "  S3: {title: Theirs, publisher: x, url: https://theirs.example, "
    change_case(
        corpus.corpus_dir / HEAT,
        ("review:", f"{listed}language: en, year: 2021}}\nreview:"),
        ("## Results\n", "## Results\n\n- Theirs results. [^S3]\n"),
    )

    merge = merged(draft, mine, text, edited(HEAT, corpus))
    assert merge.conflicts == ()
    _current, values, together = merge.resolved({})

    titles = {s.source_id: s.title for s in values.sources}
    assert (titles["S3"], titles["S4"]) == ("Theirs", "Mine")
    assert "- Mine costs. [^S1][^S4]\n" in (together or "")
    assert "- Theirs results. [^S3]\n" in (together or "")


def test_same_new_source_of_both(corpus):
    """One page that both have added stays one source, to be decided."""
    draft = edited(HEAT, corpus)
    own, other = (replace(SOURCE, source_id="S3", title=t) for t in ("A", "B"))
    mine, theirs = (
        replace(draft.values, sources=(*draft.values.sources, s)) for s in (own, other)
    )
    (conflict,) = merged(draft, mine, None, replace(draft, values=theirs)).conflicts
    assert conflict.key == ("sources", "S3")


def test_text_when_the_front_matter_moves_beside_it(corpus):
    """A changed text cannot be saved any more, which is told; another draft goes on."""
    draft = edited(HEAT, corpus)
    assert draft.body
    file = corpus.corpus_dir / HEAT
    _none, block, body = file.read_text(encoding="utf-8").split("---\n", 2)
    file.write_text(body, encoding="utf-8")
    file.with_name(f"{file.name}.yaml").write_text(block, encoding="utf-8")
    current = edited(HEAT, corpus)

    changed = draft.body.replace("7 million", "8 million")
    with pytest.raises(KnowledgeBaseError, match=r"biscuit-heat.md.yaml.*Copy your"):
        merged(draft, draft.values, changed, current)
    renamed = replace(draft.values, title="Warm")
    _current, values, text = merged(draft, renamed, draft.body, current).resolved({})
    assert (values.title, text) == ("Warm", None)


def test_conflict_tells_its_section(corpus):
    """A line of a long text is found by the heading above it."""
    draft = edited(HEAT, corpus)
    assert draft.body
    change_case(corpus.corpus_dir / HEAT, ("7 million", "9 million"))
    text = draft.body.replace("7 million", "8 million")
    (conflict,) = merged(draft, draft.values, text, edited(HEAT, corpus)).conflicts
    assert conflict.section == "Costs"
