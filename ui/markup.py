"""HTML that several pages share: every piece of corpus text is escaped here.

Corpus text is untrusted. Only what these functions return, and those of the modules
named ``markup`` below `ui.parts`, goes to ``st.html``, and nothing from the corpus goes
to ``st.markdown`` without `as_markdown`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import urlsplit

from kb.types import Source
from ui.publishers import publisher_kind
from ui.texts import _
from ui.vocabulary import CORPUS_LANGUAGE, publisher_kind_name, source_details

_BREAKS = re.compile(r"[ \t\r\n\f\v\x85\u2028\u2029]+")
_MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&^=@])")
# Escaped or not, browsers make links of what looks like a web or e-mail address (GitHub
# Flavored Markdown, "autolinks"). A word joiner, which nobody sees, parts it.
_BEGINS_ADDRESS = re.compile(r"(?=://)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
_WORD_JOINER = "\u2060"


def as_markdown(text: str) -> str:
    """Return text that Streamlit's Markdown shows as it is, on one line.

    No address in it becomes a link. Spaces at which a line must not break stay, as
    French has them before "?".
    """
    line = _BEGINS_ADDRESS.sub(_WORD_JOINER, _BREAKS.sub(" ", text).strip())
    return _MARKDOWN_SPECIAL.sub(r"\\\1", line)


def lead(text: str) -> str:
    """Return an opening paragraph in the reader's language."""
    return f'<p class="lead">{escape(text)}</p>'


def summary(text: str) -> str:
    """Return a case's summary."""
    return f'<p class="lead" lang="{CORPUS_LANGUAGE}">{escape(text)}</p>'


def statement(
    text: str,
    numbers: Iterable[int],
    subject: str = "",
    language: str = CORPUS_LANGUAGE,
) -> str:
    """Return a statement of an answer with its citation numbers.

    Args:
        text: The statement.
        numbers: Links to the first of them lead here (see `asked_parts`).
        subject: What it is about, told before it and apart from its words.
        language: ISO 639-1 code of its words; ``und`` where nobody knows.
    """
    listed = list(numbers)
    marks = "".join(f'<span class="mark">[{n}]</span>' for n in listed)
    anchor = f' id="{statement_anchor(listed[0])}"' if listed else ""
    about = _labelled(_("About:"), subject, "subject") if subject else ""
    return (
        f'{about}<p class="statement" lang="{escape(language)}"{anchor}>{escape(text)} '
        f"{marks}</p>"
    )


def short_summary(text: str) -> str:
    """Return a case's summary above its statements, named as such."""
    return _labelled(_("The case in short:"), text, "short-summary")


def _labelled(label: str, text: str, kind: str) -> str:
    """Return corpus text behind a label in the reader's language."""
    return (
        f'<p class="{kind}"><b>{escape(label)}</b> '
        f'<span lang="{CORPUS_LANGUAGE}">{escape(text)}</span></p>'
    )


def asked_parts(
    label: str, entries: Iterable[tuple[str, Sequence[int]]], language: str
) -> str:
    """Return what a question asks, part by part, with links to what answers it.

    Args:
        label: What stands above.
        entries: Each part and the numbers of the statements that answer it.
        language: ISO 639-1 code of the question's language.
    """
    unanswered = escape(_("not answered by the statements found"))
    items = ""
    for text, numbers in entries:
        told = " ".join(map(_statement_link, numbers)) or f"<em>{unanswered}</em>"
        part = f'<span lang="{escape(language)}">{escape(text)}</span>'
        items += f"<li>{part}: {told}</li>"
    return f'<p class="asked">{escape(label)}</p><ul class="plain">{items}</ul>'


def _statement_link(n: int) -> str:
    label = escape(_("Statement {n}", n=n))
    return (
        f'<a class="mark" href="#{statement_anchor(n)}" target="_self" '
        f'aria-label="{label}">[{n}]</a>'
    )


def statement_anchor(n: int) -> str:
    """Return what a statement of an answer is named by on its page."""
    return f"statement-{n}"


def passage(text: str, start: int, end: int, language: str = CORPUS_LANGUAGE) -> str:
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
    return f'<blockquote class="passage" lang="{escape(language)}">{body}</blockquote>'


def sources(entries: Iterable[Source], *, with_ids: bool = False) -> str:
    """Return a list of public sources with publisher, year and language.

    Args:
        entries: The sources.
        with_ids: Whether they can be jumped to by their marks, and also tell what kind
            of publisher it is, where that is known.
    """
    items = "".join(f"<li>{_source(entry, with_ids)}</li>" for entry in entries)
    return f'<ul class="sources">{items}</ul>'


def marked_statement(
    text: str,
    source_ids: Iterable[str],
    note: str = "",
    anchor: str = "",
    *,
    pointed: bool = False,
) -> str:
    """Return a statement of a case with links to its sources on the same page.

    Args:
        text: The statement.
        source_ids: Its source marks.
        note: What is told about it in small letters.
        anchor: What links on the same page name it by; empty for nothing.
        pointed: Whether a link led here, which is shown.
    """
    marks = "".join(map(source_mark, source_ids))
    told = f' <small class="note">{escape(note)}</small>' if note else ""
    return (
        f'<p class="statement{" pointed" if pointed else ""}" id="{escape(anchor)}">'
        f'<span lang="{CORPUS_LANGUAGE}">{escape(text)}</span> {marks}{told}</p>'
    )


def marked_statements(
    entries: Iterable[tuple[str, Iterable[str], str, str]], pointed: str = ""
) -> str:
    """Return several statements, each given as `marked_statement` takes it.

    Args:
        entries: Text, source marks, note and anchor of each.
        pointed: The anchor that a link led to; empty for none.
    """
    return "".join(
        marked_statement(*entry, pointed=bool(pointed) and entry[3] == pointed)
        for entry in entries
    )


def contents(label: str, entries: Iterable[tuple[str, str]]) -> str:
    """Return links to parts of the same page.

    Args:
        label: What the links lead through, for screen readers.
        entries: Anchor and name of each part.
    """
    links = "".join(
        f'<li><a href="#{escape(anchor)}" target="_self">{escape(name)}</a></li>'
        for anchor, name in entries
    )
    return f'<nav class="contents" aria-label="{escape(label)}"><ul>{links}</ul></nav>'


def quoted_statement(
    text: str, source_ids: Iterable[str], listed: Iterable[Source]
) -> str:
    """Return a statement of a case with links to the public sources themselves.

    Args:
        text: The statement.
        source_ids: Its source marks.
        listed: The sources of its case.
    """
    by_id = {entry.source_id: entry for entry in listed}
    marks = "".join(_source_link(by_id[sid]) for sid in source_ids if sid in by_id)
    return f'<p class="statement" lang="{CORPUS_LANGUAGE}">{escape(text)} {marks}</p>'


def case_line(parts: Iterable[str]) -> str:
    """Return what a list tells about a case under its title."""
    return f'<p class="case-line">{escape(" · ".join(parts))}</p>'


def status(text: str) -> str:
    """Return how much was found, which screen readers read out when it changes."""
    return f'<p class="found" role="status">{escape(text)}</p>'


def source_mark(source_id: str) -> str:
    """Return the mark of a source, as a link to it on the same page."""
    title = _("Source {id}", id=source_id)
    return (
        f'<a class="mark" href="#{_anchor(source_id)}" target="_self" '
        f'title="{escape(title)}">[{escape(source_id)}]</a>'
    )


def named_list(entries: Iterable[tuple[str, str]]) -> str:
    """Return a bullet list of corpus texts, each behind the name of its case."""
    items = "".join(
        f"<li><b>{escape(name)}:</b> {escape(text)}</li>" for name, text in entries
    )
    return f'<ul class="plain" lang="{CORPUS_LANGUAGE}">{items}</ul>'


def plain_list(items: Iterable[str]) -> str:
    """Return a bullet list of corpus texts."""
    entries = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f'<ul class="plain" lang="{CORPUS_LANGUAGE}">{entries}</ul>'


def table(label: str, headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table whose first column names its rows.

    Where it is too wide for the screen it can be moved sideways, by keyboard too.

    Args:
        label: What it shows, for screen readers.
        headings: One a column.
        rows: As many cells each.
    """
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in headings)
    body = ""
    for first, *others in rows:
        cells = "".join(f"<td>{escape(text)}</td>" for text in others)
        body += f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>'
    return (
        f'<div class="table" role="region" aria-label="{escape(label)}" tabindex="0">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Return a short list of labelled values."""
    entries = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>"
        for label, value in rows
    )
    return f'<dl class="facts">{entries}</dl>'


def _source(entry: Source, with_ids: bool) -> str:
    prefix = ""
    details = source_details(entry)
    if with_ids:
        kind = publisher_kind(entry)
        if kind != "unknown":
            details += f" · {publisher_kind_name(kind)}"
        shown = escape(entry.source_id)
        prefix = f'<span id="{_anchor(entry.source_id)}" class="mark">[{shown}]</span> '
    title = f'<span lang="{CORPUS_LANGUAGE}">{escape(entry.title)}</span>'
    if web_address(entry.url):
        title = (
            f'<a href="{escape(entry.url)}" target="_blank" '
            f'rel="noopener noreferrer">{title}</a>'
        )
    return f"{prefix}{title}<br><small>{escape(details)}</small>"


def web_address(url: str) -> str:
    """Return an address that may be linked to; empty for any other."""
    return url if urlsplit(url).scheme in ("http", "https") else ""


def printed_only(label: str, html: str) -> str:
    """Return HTML that was made here as a part that only a print shows."""
    return f'<div class="printed-only"><h2>{escape(label)}</h2>{html}</div>'


def _source_link(entry: Source) -> str:
    mark = f"[{escape(entry.source_id)}]"
    title = escape(f"{entry.title} ({source_details(entry)})")
    if not web_address(entry.url):
        return f'<span class="mark" title="{title}">{mark}</span>'
    return (
        f'<a class="mark" href="{escape(entry.url)}" target="_blank" '
        f'rel="noopener noreferrer" title="{title}">{mark}</a>'
    )


def _anchor(source_id: str) -> str:
    return f"source-{escape(source_id)}"
