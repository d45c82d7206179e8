"""The front matter of a case: schema, problems and the line of each key."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from ingest.frontmatter import (
    MAX_CHARS,
    Header,
    has_front_matter,
    read_header,
    split_markdown,
)
from kb.errors import UnreadableDocumentError
from kb.types import KeyFigure, Problem, Review, Source, Step

HEADER = """\
title: A made-up practice
city: exampleton
themes: [financing]
period: 2020-2021
actors: [Nobody, No One]
summary: |
  Nothing happened.
sources:
  S1:
    title: A made-up report
    publisher: Nobody
    url: https://nobody.example/report
    language: en
    year: 2021
  S4:
    title: Another one
    publisher: No One
    url: http://noone.example
    language: sv
    year: null
review:
  status: draft
  by: null
  'on': null
"""


def changed(old: str, new: str) -> Header:
    """Read the valid header with one text replaced."""
    assert old in HEADER
    return read_header(HEADER.replace(old, new), "exampleton/x.md")


def only_problem(header: Header) -> Problem:
    (problem,) = header.problems
    return problem


def test_split_markdown_when_the_file_is_complete():
    """A case file falls into YAML, body, and the line on which the body begins."""
    text = "---\ntitle: T\n---\n\nBody.\n"
    file = split_markdown(text, "exampleton/x.md")
    assert (file.block or "").strip() == "title: T"
    assert file.body.strip() == "Body."
    # The body keeps its blank first line or not; "Body." stands on line 5 of the file.
    before = file.body[: file.body.index("Body.")]
    assert file.body_line + before.count("\n") == 5


def test_split_markdown_when_the_body_holds_a_rule():
    """Only the first two lines of dashes delimit the front matter."""
    file = split_markdown("---\ntitle: T\n---\nOne.\n\n---\n\nTwo.\n", "x.md")
    assert "One." in file.body
    assert "Two." in file.body


@pytest.mark.parametrize(
    ("text", "has_one"),
    [
        ("---\ntitle: T\n---\n", True),
        ("## Costs\n\nBody.\n", False),
        ("", False),
        ("\n---\ntitle: T\n---\n", False),
    ],
    ids=["block", "no block", "empty file", "blank line before"],
)
def test_has_front_matter(text, has_one):
    """Only a file that begins with a line of dashes carries its front matter."""
    assert has_front_matter(text) is has_one


def test_split_markdown_when_the_block_is_not_closed():
    """An opened front matter block without an end is refused with the remedy."""
    with pytest.raises(
        UnreadableDocumentError,
        match=r'^exampleton/x\.md:1: .*not closed\. Put a line "---" after',
    ):
        split_markdown("---\ntitle: T\n\nBody.\n", "exampleton/x.md")


def test_read_header_when_everything_fits():
    """A valid block becomes a case record with its sources in order."""
    header = read_header(HEADER, "exampleton/x.md")
    assert header.problems == []
    assert header.front_matter is not None
    case = header.front_matter.as_case("exampleton/x", "exampleton/x.md")
    assert (case.case_id, case.city, case.path) == (
        "exampleton/x",
        "exampleton",
        "exampleton/x.md",
    )
    assert case.themes == ("financing",)
    assert case.actors == ("Nobody", "No One")
    assert case.summary == "Nothing happened."
    assert case.sources == (
        Source(
            "S1",
            "A made-up report",
            "Nobody",
            "https://nobody.example/report",
            "en",
            2021,
        ),
        Source("S4", "Another one", "No One", "http://noone.example", "sv", None),
    )
    assert case.review == Review("draft", None, None)


def test_read_header_when_an_expert_has_reviewed():
    """A review keeps who read the case and the date as ISO text."""
    header = changed(
        "status: draft\n  by: null\n  'on': null",
        "status: reviewed\n  by: An Expert\n  'on': 2024-05-01",
    )
    assert header.front_matter is not None
    case = header.front_matter.as_case("exampleton/x", "x.md")
    assert case.review == Review("reviewed", "An Expert", "2024-05-01")


def test_read_header_when_the_key_on_is_not_quoted():
    """The contract's key ``on`` needs no quotes, though to YAML 1.1 it means true."""
    header = changed("'on': null", "on: 2024-05-01")
    assert header.problems == []
    assert header.front_matter is not None
    assert header.front_matter.review.on == dt.date(2024, 5, 1)


def test_read_header_when_a_date_does_not_exist():
    """A day that no calendar has is a problem on its line, not a crash."""
    problem = only_problem(changed("'on': null", "'on': 2024-13-45"))
    assert (problem.path, problem.line) == ("exampleton/x.md", 24)
    assert "2024-13-45" in problem.reason or "month" in problem.reason


@pytest.mark.parametrize(
    "block",
    ["just text", "- title\n- city", "12"],
    ids=["text", "list", "number"],
)
def test_read_header_when_the_block_holds_no_keys(block):
    """A front matter without keys is a problem with line and remedy, not a crash."""
    header = read_header(block, "exampleton/x.md", first_line=2)
    assert header.front_matter is None
    assert all(p.severity == "error" and p.line == 2 for p in header.problems)
    assert header.problems


def test_read_header_when_an_alias_contains_itself():
    """A YAML value that contains itself is a problem, not an endless recursion."""
    header = changed("actors: [Nobody, No One]", "actors: &loop [*loop]")
    assert header.front_matter is None
    assert header.problems


def test_read_header_when_the_block_is_empty():
    """An empty block names every key that is missing."""
    header = read_header("", "exampleton/x.md")
    missing = [problem.reason for problem in header.problems]
    assert missing == [
        f"the key {key!r} is missing."
        for key in (
            "title",
            "city",
            "themes",
            "period",
            "actors",
            "summary",
            "sources",
            "review",
        )
    ]


@pytest.mark.parametrize(
    ("old", "new", "rule", "line", "reason", "remedy"),
    [
        (
            "title: A made-up practice\n",
            "",
            "front-matter-schema",
            1,
            "the key 'title' is missing",
            "Add it",
        ),
        (
            "    publisher: No One\n",
            "",
            "front-matter-schema",
            15,
            "the key 'sources.S4.publisher' is missing",
            "Add it",
        ),
        (
            "period: 2020-2021",
            "period: 2020-2021\nmayor: Nobody",
            "front-matter-schema",
            5,
            "the key 'mayor' is not one of ours",
            "correct its spelling",
        ),
        (
            "title: A made-up practice",
            "title: '  '",
            "front-matter-schema",
            1,
            "'title' = '  ' does not fit",
            "Correct the value",
        ),
        (
            "themes: [financing]",
            "themes: []",
            "front-matter-schema",
            3,
            "'themes' is empty",
            "Fill it in",
        ),
        (
            "http://noone.example",
            "noone.example",
            "malformed-url",
            18,
            "'sources.S4.url' = 'noone.example' does not fit",
            "beginning with https://",
        ),
        (
            "http://noone.example",
            "javascript:alert(1)",
            "malformed-url",
            18,
            "'javascript:alert(1)'",
            "beginning with https://",
        ),
        (
            "language: sv",
            "language: no",
            "front-matter-schema",
            19,
            "'sources.S4.language' = False",
            "two-letter code in quotes",
        ),
        (
            "language: sv",
            "language: Swedish",
            "front-matter-schema",
            19,
            "'Swedish'",
            "two-letter code in quotes",
        ),
        (
            "year: 2021",
            "year: 1850",
            "date",
            14,
            "'sources.S1.year' = 1850",
            "null if it states none",
        ),
        (
            "year: 2021",
            "year: last year",
            "date",
            14,
            "'last year'",
            "null if it states none",
        ),
        (
            "year: 2021",
            "year: 2021\n    not_before: 2020",
            "date",
            15,
            "'sources.S1.not_before' = 2020 does not fit: the source's year is given",
            "only where `year` is null",
        ),
        (
            "year: 2021",
            "year: null\n    not_before: soon",
            "date",
            15,
            "'soon'",
            "as a number",
        ),
        (
            "year: 2021",
            f"year: null\n    not_before: {dt.date.today().year + 1}",
            "date",
            15,
            "'sources.S1.not_before'",
            "not one in the future",
        ),
        (
            "'on': null",
            "'on': null\n  checked:\n    0: [costs.1a2b3c4d]",
            "front-matter-schema",
            26,
            "'review.checked.0' = 0 does not fit: it is no day",
            "Write a day as YYYY-MM-DD",
        ),
        (
            "'on': null",
            "'on': null\n  checked:\n    '86400': [costs.1a2b3c4d]",
            "front-matter-schema",
            26,
            "it is no day",
            "Write a day as YYYY-MM-DD",
        ),
        (
            "status: draft\n  by: null\n  'on': null",
            "status: reviewed\n  by: An Expert\n  'on': 3026-05-01",
            "date",
            24,
            "'review.on' = '3026-05-01' does not fit: the day is still to come",
            "YYYY-MM-DD",
        ),
        (
            "status: draft\n  by: null",
            "status: checked\n  by: An Expert",
            "front-matter-schema",
            21,
            "by and on tell of an expert",
            "",
        ),
        (
            "'on': null",
            "'on': null\n  checked:\n    3026-01-01: [costs.1a2b3c4d]",
            "front-matter-schema",
            26,
            "the day is still to come",
            "Write a day as YYYY-MM-DD, not one to come",
        ),
        (
            "'on': null",
            "'on': null\n  checked:\n    2026-11-30: [exampleton/x#costs.1a2b3c4d]",
            "front-matter-schema",
            26,
            "'exampleton/x#costs.1a2b3c4d'",
            "as `mentorkb preview` names them",
        ),
        (
            "'on': null",
            "'on': in May",
            "date",
            24,
            "'review.on' = 'in May'",
            "YYYY-MM-DD",
        ),
        (
            "status: draft",
            "status: done",
            "front-matter-schema",
            22,
            "'review.status' = 'done'",
            "Correct the value",
        ),
        (
            "status: draft",
            "status: reviewed",
            "front-matter-schema",
            21,
            "names who reviewed it (by) and when (on)",
            "Correct the value",
        ),
        (
            "  S4:",
            "  4S:",
            "front-matter-schema",
            15,
            "'sources.4S'",
            "Correct the value",
        ),
        (
            "  S4:",
            "  S1:",
            "duplicate-key",
            15,
            "'sources.S1' is given twice (first on line 9)",
            "Keep one of the two",
        ),
        (
            "actors: [Nobody, No One]",
            "actors: [Nobody, No One",
            "front-matter-syntax",
            6,
            "does not parse",
            "Check indentation and quotes",
        ),
        (
            "title: A made-up practice",
            "title: A practice: made up",
            "front-matter-syntax",
            1,
            "mapping values are not allowed here",
            "colon in double quotes",
        ),
    ],
    ids=[
        "key missing",
        "key of a source missing",
        "unknown key",
        "blank title",
        "no theme",
        "address without scheme",
        "address that is a script",
        "Norwegian without quotes",
        "language as a word",
        "year too early",
        "year as text",
        "earliest year beside a year",
        "earliest year as text",
        "earliest year in the future",
        "compared on a number",
        "compared on a number in quotes",
        "reviewed on a day to come",
        "checked by an expert",
        "compared on a day to come",
        "mark with the case's id",
        "date as text",
        "unknown status",
        "reviewed by nobody",
        "source id begins with a digit",
        "source id twice",
        "bracket not closed",
        "colon in text",
    ],
)
def test_read_header_when_something_is_wrong(old, new, rule, line, reason, remedy):
    """Each fault is named with file, line, rule, value and remedy."""
    header = changed(old, new)
    # A repeated id hides the first entry's keys, so further problems may follow.
    problem = header.problems[0]
    assert header.front_matter is None
    assert (problem.path, problem.line, problem.rule, problem.severity) == (
        "exampleton/x.md",
        line,
        rule,
        "error",
    )
    assert reason in problem.reason
    assert remedy in problem.remedy


def test_read_header_when_several_things_are_wrong():
    """All faults are found in one pass, not only the first."""
    block = HEADER.replace("year: 2021", "year: 1850").replace("city: ", "town: ")
    rules = sorted(p.rule for p in read_header(block, "x.md").problems)
    # The year, the missing key "city" and the unknown key "town".
    assert rules == ["date", "front-matter-schema", "front-matter-schema"]


def test_read_header_when_the_year_is_next_year():
    """A source may be dated one year ahead, but not two."""
    next_year = dt.date.today().year + 1
    assert changed("year: 2021", f"year: {next_year}").problems == []
    assert changed("year: 2021", f"year: {next_year + 1}").problems != []


def test_read_header_when_only_the_earliest_year_is_known():
    """A source that states no year can say from which year on it can be."""
    header = changed("year: 2021", "year: null\n    not_before: 2020")
    assert header.front_matter
    source = header.front_matter.as_case("exampleton/x", "x.md").sources[0]
    assert (source.year, source.not_before, source.earliest_year) == (None, 2020, 2020)


def test_read_header_when_statements_were_compared():
    """Each mark has its day; of a statement compared twice the last day counts."""
    checked = (
        "'on': null\n  checked:\n    2026-11-30: [p3.1a2b3c4d]\n"
        "    2026-03-01: [costs.1a2b3c4d-2, p3.1a2b3c4d]"
    )
    header = changed("'on': null", checked)
    assert header.problems == []
    assert header.front_matter
    assert header.front_matter.review.checked_on() == {
        "costs.1a2b3c4d-2": "2026-03-01",
        "p3.1a2b3c4d": "2026-11-30",
    }
    assert header.lines[("review", "checked", "2026-03-01")] == 27


FIGURE = """\
figures:
- statement: costs.1a2b3c4d
  quote: SEK 7 million
  kind: investment
  what: the pipe
  value: 7000000
  unit: SEK
conditions:
- {key: climate, says: Cold, role: helped, ask: "Cold?", statements: [a.1a2b3c4d]}
steps:
- {when: 2019, what: Lay it, statements: [a.1a2b3c4d, b.1a2b3c4d]}
"""


def test_read_header_with_what_is_read_from_its_statements():
    """Items name their statements by marks; what may be unknown may be left out."""
    header = read_header(HEADER + FIGURE, "exampleton/x.md")
    assert header.problems == []
    assert header.front_matter
    facts = header.front_matter.facts("exampleton/x")
    assert facts.figures == (
        KeyFigure(
            "exampleton/x#costs.1a2b3c4d",
            "SEK 7 million",
            "investment",
            "the pipe",
            7_000_000,
            "SEK",
        ),
    )
    assert facts.conditions[0].statement_ids == ("exampleton/x#a.1a2b3c4d",)
    ids = ("exampleton/x#a.1a2b3c4d", "exampleton/x#b.1a2b3c4d")
    assert facts.steps == (Step("2019", "Lay it", ids),)


@pytest.mark.parametrize(
    ("old", "new", "line", "reason", "remedy"),
    [
        (
            "kind: investment",
            "kind: gift",
            28,
            "'gift' does not fit",
            "an item of each list",
        ),
        ("7000000", "7 000 000", 30, "valid number", "without blanks or commas"),
        ("7000000", "7000000\n  value_to: 6", 26, "more than value", "Correct it"),
        ("SEK\n", "SEK\n  year: 20190\n", 32, "2100", "the figure is of"),
        (
            ": costs.1a2b3c4d",
            ": x/y#costs.1a2b3c4d",
            26,
            "pattern",
            "`mentorkb preview`",
        ),
        ("role: helped", "role: nice", 33, "'nice' does not fit", "Correct it"),
        ("Lay it", "L" * 301, 35, "at most 300", "Correct it"),
        ("a.1a2b3c4d, b.1a2b3c4d", "", 35, "is empty", "Fill it in"),
    ],
    ids=[
        "kind",
        "value",
        "range",
        "year",
        "statement",
        "role",
        "length",
        "no statement",
    ],
)
def test_read_header_when_an_item_is_wrong(old, new, line, reason, remedy):
    """Each fault of an item is named with its line, value and remedy."""
    assert old in FIGURE
    text = HEADER + FIGURE.replace(old, new)
    problem = only_problem(read_header(text, "exampleton/x.md"))
    assert (problem.line, problem.rule) == (line, "front-matter-schema")
    assert reason in problem.reason
    assert remedy in problem.remedy


def test_read_header_when_there_are_very_many_items():
    """What one file can list is bounded."""
    item = FIGURE.partition("figures:\n")[2].partition("conditions:")[0]
    problem = only_problem(read_header(f"{HEADER}figures:\n{item * 201}", "x.md"))
    assert "at most 200" in problem.reason


def test_read_header_when_a_value_is_very_long():
    """A long value is cut in the message."""
    problem = only_problem(changed("http://noone.example", "x" * 5_000))
    assert len(problem.reason) < 300


def test_read_header_when_the_block_begins_further_down():
    """Lines are counted from where the block begins in its file."""
    header = read_header("title: T\ncity: c\n", "x.md", first_line=2)
    assert header.lines[("title",)] == 2
    assert header.lines[("city",)] == 3


def test_read_header_when_keys_are_nested():
    """Every key and list item has its line."""
    lines = read_header(HEADER, "x.md").lines
    assert lines[("themes", "0")] == 3
    assert lines[("sources", "S4")] == 15
    assert lines[("sources", "S4", "url")] == 18


def test_block_that_would_take_long_to_parse():
    """A block that is far too long is refused before it is parsed, with its length."""
    block = "a: [" + "x," * MAX_CHARS + "]"
    begun = time.process_time()
    (problem,) = read_header(block, "lund/a.md").problems
    assert time.process_time() - begun < 0.1
    assert problem.rule == "front-matter-syntax"
    assert f"{len(block)} characters" in problem.reason
