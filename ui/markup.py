"""The only place that makes HTML: every piece of corpus text is escaped here.

Corpus text is untrusted. Only what these functions return goes to ``st.html``, and
nothing from the corpus goes to ``st.markdown`` without `as_markdown`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from urllib.parse import urlsplit

from kb.types import Source

# Statements and titles are in English whatever language their sources are in.
CORPUS_LANGUAGE = "en"
_MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&^=@])")
LANGUAGES = {
    "da": "Danish",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "hu": "Hungarian",
    "is": "Icelandic",
    "it": "Italian",
    "nb": "Norwegian",
    "no": "Norwegian",
    "sv": "Swedish",
}


def as_markdown(text: str) -> str:
    """Return text that Streamlit's Markdown shows as it is."""
    return _MARKDOWN_SPECIAL.sub(r"\\\1", " ".join(text.split()))


def lead(text: str) -> str:
    """Return an opening paragraph."""
    return f'<p class="lead" lang="{CORPUS_LANGUAGE}">{escape(text)}</p>'


def statement(text: str, numbers: Iterable[int]) -> str:
    """Return a statement of an answer with its citation numbers."""
    marks = "".join(f'<span class="mark">[{n}]</span>' for n in numbers)
    return f'<p class="statement" lang="{CORPUS_LANGUAGE}">{escape(text)} {marks}</p>'


def passage(text: str, start: int, end: int) -> str:
    """Return a passage, one paragraph a line, with ``text[start:end]`` highlighted."""
    paragraphs = []
    offset = 0
    for line in text.split("\n"):
        begin = min(max(start - offset, 0), len(line))
        finish = min(max(end - offset, 0), len(line))
        inside = escape(line[begin:finish])
        paragraphs.append(
            f"<p>{escape(line[:begin])}"
            f"{f'<mark>{inside}</mark>' if inside else ''}"
            f"{escape(line[finish:])}</p>"
        )
        offset += len(line) + 1
    body = "".join(paragraphs)
    return f'<blockquote class="passage" lang="{CORPUS_LANGUAGE}">{body}</blockquote>'


def sources(entries: Iterable[Source], *, with_ids: bool = False) -> str:
    """Return a list of public sources with publisher, year and language."""
    items = "".join(f"<li>{_source(entry, with_ids)}</li>" for entry in entries)
    return f'<ul class="sources">{items}</ul>'


def marked_statement(text: str, source_ids: Iterable[str]) -> str:
    """Return a statement of a case with links to its sources on the same page."""
    marks = "".join(
        f'<a class="mark" href="#{_anchor(sid)}" target="_self" '
        f'title="Source {escape(sid)}">[{escape(sid)}]</a>'
        for sid in source_ids
    )
    return f'<p class="statement" lang="{CORPUS_LANGUAGE}">{escape(text)} {marks}</p>'


def plain_list(items: Iterable[str]) -> str:
    """Return a bullet list of corpus texts."""
    entries = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f'<ul class="plain" lang="{CORPUS_LANGUAGE}">{entries}</ul>'


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Return a short list of labelled values."""
    entries = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>"
        for label, value in rows
    )
    return f'<dl class="facts">{entries}</dl>'


def language_name(code: str) -> str:
    """Return the English name of a source's language, or its code."""
    return LANGUAGES.get(code, code)


def _source(entry: Source, with_ids: bool) -> str:
    prefix = ""
    if with_ids:
        shown = escape(entry.source_id)
        prefix = f'<span id="{_anchor(entry.source_id)}" class="mark">[{shown}]</span> '
    year = entry.year if entry.year is not None else "year unknown"
    details = f"{entry.publisher}, {year}, in {language_name(entry.language)}"
    title = escape(entry.title)
    if urlsplit(entry.url).scheme in ("http", "https"):
        title = (
            f'<a href="{escape(entry.url)}" target="_blank" '
            f'rel="noopener noreferrer">{title}</a>'
        )
    return f"{prefix}{title}<br><small>{escape(details)}</small>"


def _anchor(source_id: str) -> str:
    return f"source-{escape(source_id)}"


def place(section: str, page: int | None) -> str:
    """Return where a passage stands in its document, as plain text."""
    parts = [section] if section else []
    if page is not None:
        parts.append(f"page {page}")
    return ", ".join(parts) or "text"
