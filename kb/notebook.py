"""How answers and hits look in a console, and in a notebook: all texts are escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from kb.records import headline, year_told
from kb.review import review_told
from kb.types import Answer, AnswerStatement, Citation, Hit, Source

_LINKED = ("https://", "http://")


def register() -> None:
    """Give answers and hits what consoles and notebooks look for.

    The records themselves know nothing of how they are shown.
    """
    for shown, line, html in (
        (Answer, answer_line, answer_html),
        (Hit, hit_line, hit_html),
    ):
        shown.__repr__ = line  # type: ignore[assignment]
        shown._repr_html_ = html  # type: ignore[union-attr]


def answer_line(answer: Answer) -> str:
    """Return what an answer says of itself."""
    return f"<Answer: {headline(answer)}>"


def hit_line(hit: Hit) -> str:
    """Return rank, passage and score."""
    return f"<Hit {hit.rank}: {hit.passage.passage_id} ({hit.score:.3f})>"


def answer_html(answer: Answer) -> str:
    """Return an answer with its sources as HTML, or why there is none.

    A broad question gets its cases' summaries; which parts and which named cities
    nothing answers for is told; what the sources leave open comes last.
    """
    html = [f"<p><strong>{escape(headline(answer))}</strong></p>"]
    if answer.understood_as:
        html.insert(0, f"<p>Understood as: {escape(answer.understood_as)}</p>")
    if answer.reason and not answer.left_open:
        html.append(f"<p>{escape(answer.reason)}</p>")
    html += _shape(answer)
    if answer.closest:
        html.append("<p>The closest statements, which do not answer:</p>")
    html += _by_case(answer)
    for name, cases in (
        ("More cases", answer.more_cases),
        ("The nearest cases", answer.nearest_cases),
    ):
        html += _listed(name, [_case(c.title, c.case_id) for c in cases])
    if answer.citations:
        html += ["<details><summary>Sources</summary>", _sources(answer.citations)]
        html.append("</details>")
    open_questions = [escape(q.text) for q in answer.open_questions]
    html += _listed("What the sources leave open", open_questions)
    return "".join(html)


def _shape(answer: Answer) -> Iterator[str]:
    """Yield what answers each part, and the cities that nothing answers for."""
    parts = [
        f"{escape(part.text)}:{_numbers(part.citations) or ' no statement found'}"
        for part in answer.parts
    ]
    yield from _listed("What you asked", parts)
    if answer.silent_cities:
        names = escape(", ".join(answer.silent_cities))
        yield f"<p>For {names}, no statement found answers this.</p>"


def _by_case(answer: Answer) -> Iterator[str]:
    summaries = {block.case_id: block.summary for block in answer.blocks}
    shown = answer.statements or answer.closest
    for case_id, of_case in groupby(shown, key=lambda s: s.case_id):
        statements = list(of_case)
        yield f"<p>{_case(statements[0].citation.title, case_id)}</p>"
        yield from _paragraph(summaries.get(case_id, ""))
        yield _bullets(map(_statement, statements))


def _case(title: str, case_id: str) -> str:
    return f"{escape(title)} (<code>{escape(case_id)}</code>)"


def _listed(name: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        yield f"<p>{name}</p>{_bullets(items)}"


def hit_html(hit: Hit) -> str:
    """Return a ranked passage with its place and its sources as HTML."""
    where = f"{hit.rank}. {hit.case.title}, {hit.passage.section}"
    return "".join(
        [
            f"<p><strong>{escape(where)}</strong> "
            f"(<code>{escape(hit.case.case_id)}</code>, {hit.score:.3f})</p>",
            *_paragraph(hit.passage.text),
            _bullets(map(_source, hit.sources)),
        ]
    )


def _paragraph(text: str) -> Iterator[str]:
    if text:
        yield f"<p>{escape(text)}</p>"


def _bullets(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _statement(statement: AnswerStatement) -> str:
    return escape(statement.text) + _numbers(statement.citations)


def _numbers(citations: Iterable[int]) -> str:
    return "".join(f" [{n}]" for n in citations)


def _sources(citations: Sequence[Citation]) -> str:
    return "".join(map(_citation, citations))


def _citation(citation: Citation) -> str:
    where = f"{citation.title}, {citation.section} ({review_told(citation)})"
    sources = _bullets(map(_source, citation.sources))
    return f"<p>[{citation.n}] {escape(where)}</p>{sources}"


def _source(source: Source) -> str:
    title = escape(source.title)
    if source.url.startswith(_LINKED):
        title = f'<a href="{escape(source.url)}" rel="noopener">{title}</a>'
    year = year_told(source)
    return f"{title}. {escape(source.publisher)}, {year} ({escape(source.language)})"
