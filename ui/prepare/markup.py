"""HTML of the Prepare page: a document as its files will read. All is escaped here."""

from __future__ import annotations

from html import escape

from ui.prepare.documents.document import (
    Block,
    Bullets,
    Contents,
    Document,
    EmptyLines,
    Heading,
    NumberedSource,
    Paragraph,
    Quotation,
    SourceList,
    Table,
    Terms,
    Words,
    number_marks,
)


def paper(document: Document) -> str:
    """Return a document as it will read in its files, below a heading of the page."""
    blocks = "".join(map(_block, document.blocks))
    title = escape(document.title)
    return f'<article class="paper"><h3>{title}</h3>{blocks}</article>'


def grip() -> str:
    """Return what something is dragged by; who has no mouse needs none."""
    return '<span class="grip" draggable="true" aria-hidden="true">⠿</span>'


def _block(block: Block) -> str:
    match block:
        case Heading(level, words):
            return f"<h{level + 3}>{_words(words)}</h{level + 3}>"
        case Paragraph(words, is_remark):
            text = _words(words)
            return f"<p><small>{text}</small></p>" if is_remark else f"<p>{text}</p>"
        case Quotation(words, place):
            where = f"<p><small>{_words(place)}</small></p>" if place else ""
            return f"<blockquote><p>{_words(words)}</p>{where}</blockquote>"
        case Bullets(items):
            return f"<ul>{''.join(f'<li>{_words(item)}</li>' for item in items)}</ul>"
        case Terms(entries):
            pairs = (f"<dt>{_words(t)}</dt><dd>{_words(m)}</dd>" for t, m in entries)
            return f"<dl>{''.join(pairs)}</dl>"
        case Table():
            return _table(block)
        case EmptyLines(number):
            return "<hr>" * number
        case Contents():
            return ""  # nobody needs pages of a preview
        case SourceList(listed):
            return f"<ol>{''.join(map(_numbered_source, listed))}</ol>"


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{_words(cell)}</th>' for cell in table.head)
    rows = "".join(
        f'<tr><th scope="row">{_words(first)}</th>'
        + "".join(f"<td>{_words(cell)}</td>" for cell in others)
        + "</tr>"
        for first, *others in table.rows
    )
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{_label(table)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _label(table: Table) -> str:
    return escape(", ".join(cell.text for cell in table.head if cell.text))


def _words(words: Words) -> str:
    text = escape(words.text)
    if words.language:
        text = f'<span lang="{escape(words.language)}">{text}</span>'
    if words.numbers:
        text += f' <span class="mark">{number_marks(words.numbers)}</span>'
    return text


def _numbered_source(entry: NumberedSource) -> str:
    address = escape(entry.address)
    if entry.link:
        address = (
            f'<a href="{escape(entry.link)}" target="_blank" '
            f'rel="noopener noreferrer">{address}</a>'
        )
    return f"<li>{escape(entry.title)}. {escape(entry.details)}. {address}</li>"
