"""What commands show and write: hits and answers as plain text, files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from itertools import groupby
from pathlib import Path
from typing import TextIO

from rich import box
from rich.table import Table

from kb.coverage import CoverageRow, EvidenceRow
from kb.errors import KnowledgeBaseError, shown
from kb.records import headline
from kb.review import review_told
from kb.types import Answer, AnswerStatement, Citation, Hit, NearestCase
from ui.review import comparisons_counted
from ui.vocabulary import place, year_of, years_spoken_of


def hit_text(hit: Hit) -> str:
    """Return a hit with its place, its score and its passage."""
    passage = hit.passage
    where = place(passage.section, passage.page, uncertain=passage.uncertain)
    return (
        f"{hit.rank}. {hit.case.title} ({hit.case.city}), {where}  "
        f"[{hit.score:.3f}]\n   {passage.text}\n"
    )


def answer_text(answer: Answer, city_names: Mapping[str, str]) -> str:
    """Return an answer with its sources, or why there is none.

    Its shape comes first, in one sentence; a broad question gets an overview case by
    case, any other its statements by city.

    Args:
        answer: The answer.
        city_names: Name by slug.
    """
    lines = [headline(answer)]
    if answer.understood_as:
        lines = [f"Understood as: {answer.understood_as}", "", *lines]
    if answer.left_open:
        lines.append(f"({answer.left_open.case_id})")
    elif answer.abstained:
        lines.append(answer.reason)
    lines += _compared_line(answer.citations)
    lines += _shape_lines(answer, city_names)
    if answer.closest:
        lines += ["", "The closest statements"]
        lines += _lines_by_city(answer.closest, city_names)
    if answer.nearest_cases:
        lines += [
            "",
            "The nearest cases",
            *_case_lines(answer.nearest_cases, city_names),
        ]
    if answer.blocks:
        lines += _overview_lines(answer, city_names)
    else:
        lines += _lines_by_city(answer.statements, city_names)
    if answer.citations:
        lines += ["", "Sources"]
    for citation in answer.citations:
        lines += _citation_lines(citation)
    others = [q for q in answer.open_questions if q != answer.left_open]
    if others:
        lines += ["", "What the sources leave open"]
        lines += [f"- {question.text}" for question in others]
    return "\n".join(lines).strip()


def _compared_line(citations: Collection[Citation]) -> Iterator[str]:
    """Yield how many of the statements were compared with their sources, if any was."""
    n = sum(citation.review_status == "checked" for citation in citations)
    if n:
        yield comparisons_counted(n, len(citations))


def _shape_lines(answer: Answer, city_names: Mapping[str, str]) -> Iterator[str]:
    """Yield what answers each part, and the cities that nothing answers for."""
    if answer.parts:
        yield from ("", "What you asked")
    for part in answer.parts:
        told = _marks(part.citations) or "not answered by the statements found"
        yield f"- {part.text}: {told}"
    if answer.silent_cities:
        names = ", ".join(city_names[slug] for slug in answer.silent_cities)
        yield from ("", f"For {names}, no statement found answers this.")


def _overview_lines(answer: Answer, city_names: Mapping[str, str]) -> Iterator[str]:
    by_number = {s.citation.n: s for s in answer.statements}
    for block in answer.blocks:
        yield from ("", f"{city_names[block.city]}: {block.title} ({block.case_id})")
        yield f"  The case in short: {block.summary}"
        for n in block.citations:
            yield from _statement_lines(by_number[n])
    if answer.more_cases:
        yield from ("", "More cases", *_case_lines(answer.more_cases, city_names))


def _lines_by_city(
    statements: Iterable[AnswerStatement], city_names: Mapping[str, str]
) -> Iterator[str]:
    for city, of_city in groupby(statements, key=lambda s: s.city):
        yield from ("", city_names[city])
        for statement in of_city:
            yield from _statement_lines(statement)


def _statement_lines(statement: AnswerStatement) -> Iterator[str]:
    """Yield a statement; what it is about stands on a line of its own, before it."""
    told = f"{statement.text} {_marks(statement.citations)}"
    if statement.subject:
        yield f"- About: {statement.subject}"
        yield f"  {told}"
    else:
        yield f"- {told}"


def _case_lines(
    cases: Iterable[NearestCase], city_names: Mapping[str, str]
) -> Iterator[str]:
    for case in cases:
        yield f"- {city_names[case.city]}: {case.title} ({case.case_id})"


def _marks(numbers: Iterable[int]) -> str:
    return "".join(f"[{n}]" for n in numbers)


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


def evidence_table(rows: Iterable[EvidenceRow]) -> Table:
    """Return how far each city's statements are dated and compared, one row a city."""
    table = Table(
        title="Compared statements, and what is known of the years of their sources",
        box=box.SIMPLE_HEAD,
    )
    table.add_column("City", no_wrap=True)
    for name in ("Statements", "compared", "Sources", "dated", "or later", "undated"):
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(*map(str, astuple(row)))
    return table


def _citation_lines(citation: Citation) -> list[str]:
    where = place(citation.section, citation.page, uncertain=citation.uncertain)
    years = years_spoken_of(citation.statement, citation.sources)
    case_id, status = citation.case_id, citation.review_status
    told = case_id if status == "reviewed" else f"{case_id}, {review_told(citation)}"
    return [
        f"[{citation.n}] {citation.title}, {where} ({told})",
        *(
            f"    {source.publisher}, {year_of(source)} "
            f"({source.language}): {source.title} {source.url}"
            for source in citation.sources
        ),
        *([f"    The statement itself speaks of {years}."] if years else []),
    ]


@contextmanager
def writing(path: Path, encoding: str) -> Iterator[TextIO]:
    """Open a CSV file; say plainly when it cannot be written."""
    try:
        with path.open("w", encoding=encoding, newline="") as file:
            yield file
    except OSError as exc:
        raise KnowledgeBaseError(
            f"{shown(str(path))} cannot be written ({exc.strerror}).",
            "Check the folder, its permissions and the free space.",
        ) from exc
