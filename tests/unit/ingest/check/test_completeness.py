"""Completeness: missing sections, thin sections, thin cases."""

from __future__ import annotations

from ingest.check.completeness import missing_sections, thin_parts
from ingest.check.statements import marked_statements
from tests.unit.ingest.check.written import BODY_LINE, CASE, places, read_case

LONG = "The ovens of a biscuit factory heat 1,200 homes through a pipe of 3 km length."


def found(corpus, body: str) -> list[tuple[str, int | None, str]]:
    """Return the findings about a case with a body."""
    document = read_case(corpus, body)
    statements = marked_statements(document)
    missing = list(missing_sections(document, statements))
    return places([*missing, *thin_parts(document, statements)])


def section(heading: str, *texts: str) -> str:
    """Return a section with statements."""
    return f"## {heading}\n\n" + "".join(f"- {text} [^S1]\n" for text in texts) + "\n"


def test_missing_sections_when_a_case_tells_no_trouble(tmp_path):
    """A case without obstacles or lessons gets a hint for each."""
    body = section("Costs", LONG, LONG, LONG)
    assert found(tmp_path, body) == [
        (CASE, None, "no-obstacles"),
        (CASE, None, "no-lessons"),
    ]


def test_missing_sections_when_both_are_there(tmp_path):
    """Sub-headings belong to their section."""
    body = section("Obstacles", "### First\n\nOne thing.", LONG)
    body += section("Lessons", LONG, LONG)
    assert found(tmp_path, body) == []


def test_missing_sections_when_a_section_is_empty(tmp_path):
    """A heading without statements names no obstacle."""
    body = section("Obstacles") + section("Lessons", LONG, LONG, LONG)
    assert found(tmp_path, body) == [(CASE, None, "no-obstacles")]


def test_thin_parts_at_the_limit(tmp_path):
    """One statement of 79 characters is thin, one of 80 is not, nor are two."""
    full = section("Lessons", LONG, LONG) + section("Obstacles", LONG, LONG)
    thin = section("Costs", "x" * 79)
    assert found(tmp_path, thin + full) == [(CASE, BODY_LINE + 2, "thin-section")]
    assert found(tmp_path, section("Costs", "x" * 80) + full) == []
    assert found(tmp_path, section("Costs", "x", "y") + full) == []


def test_thin_parts_when_a_case_says_little(tmp_path):
    """Two statements are too few for a case, three are enough."""
    long = "x" * 80
    two = section("Obstacles", long) + section("Lessons", long)
    assert found(tmp_path, two) == [(CASE, None, "thin-case")]
    assert found(tmp_path, two + section("Costs", long)) == []


def test_thin_parts_when_a_case_says_nothing(tmp_path):
    """A case without statements is an error of another rule and no hint of these."""
    assert found(tmp_path, "## Open questions\n\n- Who paid?\n") == []
