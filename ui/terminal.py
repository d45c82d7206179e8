"""What the terminal shows: hits and answers as plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from rich import box
from rich.table import Table

from kb.coverage import CoverageRow
from kb.types import Answer, Citation, Hit
from ui.vocabulary import place


def hit_text(hit: Hit) -> str:
    """Return a hit with its place, its score and its passage."""
    where = place(hit.passage.section, hit.passage.page)
    return (
        f"{hit.rank}. {hit.case.title} ({hit.case.city}), {where}  "
        f"[{hit.score:.3f}]\n   {hit.passage.text}\n"
    )


def answer_text(answer: Answer, city_names: Mapping[str, str]) -> str:
    """Return an answer grouped by city with its sources, or why there is none.

    Args:
        answer: The answer.
        city_names: Name by slug.
    """
    lines: list[str] = []
    if answer.understood_as:
        lines += [f"Understood as: {answer.understood_as}", ""]
    if answer.abstained:
        lines += ["The sources do not answer this.", answer.reason]
    if answer.closest:
        lines += ["", "The closest statements"]
    if answer.nearest_cases:
        lines += ["", "The nearest cases"]
        lines += [
            f"- {city_names[case.city]}: {case.title} ({case.case_id})"
            for case in answer.nearest_cases
        ]
    shown = answer.statements or answer.closest
    for city, statements in groupby(shown, key=lambda s: s.city):
        lines += ["", city_names[city]]
        for statement in statements:
            marks = "".join(f"[{n}]" for n in statement.citations)
            lines.append(f"- {statement.text} {marks}")
    if answer.citations:
        lines += ["", "Sources"]
    for citation in answer.citations:
        lines += _citation_lines(citation)
    if answer.open_questions:
        lines += ["", "What the sources leave open"]
        lines += [f"- {question.text}" for question in answer.open_questions]
    return "\n".join(lines).strip()


def coverage_table(rows: Sequence[CoverageRow]) -> Table:
    """Return statements (and cases) by city and theme, one column a kind of section."""
    sections = list(dict.fromkeys(row.section for row in rows))
    table = Table(
        title="Statements (cases) by city, theme and section; – marks a gap",
        box=box.SIMPLE_HEAD,
    )
    for name in ("City", "Theme"):
        table.add_column(name, no_wrap=True)
    for section in sections:
        longest_word = max(map(len, section.split()))
        table.add_column(section, justify="right", min_width=longest_word)
    for (city, theme), cells in groupby(rows, key=lambda row: (row.city, row.theme)):
        shown = [f"{c.statements} ({c.cases})" if c.statements else "–" for c in cells]
        table.add_row(city, theme, *shown)
    return table


def _citation_lines(citation: Citation) -> list[str]:
    where = place(citation.section, citation.page)
    draft = "" if citation.review_status == "reviewed" else ", draft"
    return [
        f"[{citation.n}] {citation.title}, {where} ({citation.case_id}{draft})",
        *(
            f"    {source.publisher}, {source.year or 'year unknown'} "
            f"({source.language}): {source.title} {source.url}"
            for source in citation.sources
        ),
    ]
