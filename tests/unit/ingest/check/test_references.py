"""Dead references: links and case ids that lead nowhere."""

from __future__ import annotations

import pytest

from ingest.check.references import dead_references, targets_in
from ingest.listing import list_corpus
from ingest.registry import read_registry
from kb.types import Problem
from tests.support.tiny_corpus import write_tiny_corpus
from tests.unit.ingest.check.written import BODY_LINE, CASE, HEADER, read_case


def references(corpus, body: str, *, header: str = HEADER) -> list[Problem]:
    """Return the dead references of a case in the tiny corpus."""
    write_tiny_corpus(corpus)
    document = read_case(corpus, body, header=header)
    other = read_case(corpus, "## Costs\n\n- One. [^S1]\n", name="exampleton/bricks.md")
    targets = targets_in(
        corpus, list_corpus(corpus).files, [document, other], read_registry(corpus)
    )
    raw = (corpus / CASE).read_bytes()
    return list(dead_references(document, raw, targets))


@pytest.mark.parametrize(
    "text",
    [
        "[x](bricks.md)",
        "[x](../sampleby/borrowed-bricks.md)",
        "[x](/sampleby/borrowed-bricks.md)",
        "[x](sampleby/borrowed-bricks)",
        "[x](bricks.md#costs)",
        "[x](#what-was-done)",
        "[x](../cities.yaml)",
        "[x](../sampleby/borrowed-bricks.md#what-was-done)",
        "[x](brick%73.md)",
        "[x](https://nowhere.example/y.md)",
        "[x](//nowhere.example/y.md)",
        "[x](mailto:x@crumbly.example)",
        "[x](<//[:1\\-\u2100-];\u24d0>)",
        "[x](bricks.md?raw=1)",
        "`exampleton/bricks`",
        "`exampleton/bricks#costs`",
        "`exampleton/bricks#costs.0a1b2c3d`",
        "`exampleton/bricks#costs-2`",
        "`exampleton/bricks.md`",
        "`and/or`",
        "`kWh/m2`",
        "exampleton/no-such-case",
        "![x](no-picture.png)",
    ],
)
def test_dead_references_when_they_lead_somewhere(tmp_path, text):
    """References to what is there, to other hosts, and plain words are no problem."""
    assert references(tmp_path, f"## What was done\n\n- {text} [^S1]\n") == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[x](brick.md)", "'brick.md' leads to no case or file"),
        ("[x](../lund/bricks.md)", "'../lund/bricks.md' leads to no"),
        ("[x](../../../../etc/passwd)", "leads to no case or file"),
        (f"[x]({'y' * 5_000}.md)", "leads to no case or file"),
        (
            "[x](bricks.md#cost)",
            "a section that exampleton/bricks.md does not have",
        ),
        ("[x](#costs)", f"'#costs' names a section that {CASE} does not have"),
        ("[**x** `y`](brick.md?z=1)", "leads to no case or file"),
        ("`exampleton/brick`", "'exampleton/brick' leads to no case or file"),
        ("`exampleton/bricks#results`", "names a section that exampleton/bricks.md"),
        ("`exampleton/brick.md`", "leads to no case or file"),
    ],
    ids=lambda value: value[:24],
)
def test_dead_references_when_they_lead_nowhere(tmp_path, text, reason):
    """A reference to what is not there is a warning with what is wrong."""
    (problem,) = references(tmp_path, f"## What was done\n\n- {text} [^S1]\n")
    assert (problem.path, problem.rule) == (CASE, "dead-reference")
    assert problem.severity == "warning"
    assert reason in problem.reason


def test_dead_references_when_one_stands_on_a_later_line(tmp_path):
    """The line is that of the reference, not of its paragraph, and a guess is made."""
    body = "## What was done\n\n- One,\n  two and\n  [x](bricksy.md). [^S1]\n"
    (problem,) = references(tmp_path, body)
    assert problem.line == BODY_LINE + 4
    assert problem.remedy.startswith("Did you mean exampleton/bricks")


def test_dead_references_when_nothing_is_near(tmp_path):
    """Without a similar name there is no guess."""
    (problem,) = references(tmp_path, "## Costs\n\n- [x](qqqqqqqq). [^S1]\n")
    assert problem.remedy == "Correct or remove it."


def test_dead_references_when_there_are_many(tmp_path):
    """All are reported; only the first twenty cost the time of a guess."""
    body = "## Costs\n\n" + "".join(
        f"- `exampleton/brick{n}` [^S1]\n" for n in range(25)
    )
    remedies = [problem.remedy for problem in references(tmp_path, body)]
    assert len(remedies) == 25
    assert sum(remedy.startswith("Did you mean") for remedy in remedies) == 20


def test_dead_references_when_a_file_has_the_marks_as_definitions(tmp_path):
    """A line that looks like a footnote's definition hides no reference."""
    body = "## Costs\n\n- [x](brick.md) [^S1]\n\n[^S1]: brick.md\n"
    assert len(references(tmp_path, body)) == 1
