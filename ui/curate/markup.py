"""HTML of the Curate page: files, problems, what readers wrote. All is escaped here."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from kb.types import Problem
from ui.vocabulary import CORPUS_LANGUAGE


def problems(found: Iterable[tuple[str, Problem]]) -> str:
    """Return a list of problems with file, line, rule, and what to do.

    Args:
        found: How grave each is, in the reader's language, and the problem.
    """
    items = ""
    for severity, problem in found:
        line = f":{problem.line}" if problem.line else ""
        items += (
            f'<li class="{problem.severity}"><strong>{escape(severity)}</strong> '
            f"<code>{escape(problem.path)}{line}</code> "
            f"<small>{escape(problem.rule)}</small>"
            f'<p lang="{CORPUS_LANGUAGE}">{escape(problem.reason)} '
            f"<em>{escape(problem.remedy)}</em></p></li>"
        )
    return f'<ul class="problems">{items}</ul>'


def lines(items: Iterable[str]) -> str:
    """Return a bullet list in the reader's language."""
    entries = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f'<ul class="plain">{entries}</ul>'


def read_passage(
    where: str,
    statements: Iterable[tuple[str, Iterable[str]]],
    otherwise: str,
    language: str,
) -> str:
    """Return a passage as a reader of files sees it.

    Args:
        where: Its place in the file.
        statements: Text and source marks of each statement.
        otherwise: Its text, shown where it holds no statement.
        language: ISO 639-1 code of the text.
    """
    items = "".join(
        f"<li>{escape(text)} {''.join(f'[{escape(mark)}]' for mark in marks)}</li>"
        for text, marks in statements
    )
    body = f'<ul class="plain">{items}</ul>' if items else f"<p>{escape(otherwise)}</p>"
    return (
        f'<p class="case-line">{escape(where)}</p>'
        f'<div lang="{escape(language)}">{body}</div>'
    )


def quotes(texts: Iterable[str]) -> str:
    """Return what readers have written, each text as a quotation of its own."""
    said = (f'<blockquote class="said">{escape(text)}</blockquote>' for text in texts)
    return "".join(said)
