"""A document as the Prepare page shows it."""

from __future__ import annotations

from datetime import date

from ui.prepare import markup as prepare_markup
from ui.prepare.documents.document import (
    Bullets,
    Document,
    Heading,
    NumberedSource,
    Paragraph,
    Quotation,
    SourceList,
    Terms,
    Words,
)

BAD = "<script>alert('x')</script>"


def _paper(*blocks, title="Title"):
    return prepare_markup.paper(Document(title, "en", date(2026, 3, 1), blocks))


def test_paper_shows_every_block():
    """Headings go on from the page's second level; quotations and lists are such."""
    source = NumberedSource(1, "T", "P, 2021", "https://a.example", "https://a.example")
    assert _paper(
        Heading(1, Words("One")),
        Heading(2, Words("Two")),
        Paragraph(Words("Plain.")),
        Paragraph(Words("A remark."), is_remark=True),
        Quotation(Words("Quoted.", "en", (1, 2)), Words("Costs")),
        Bullets((Words("a"), Words("b"))),
        Terms(((Words("term"), Words("meaning.")),)),
        SourceList((source,)),
    ) == (
        '<article class="paper"><h3>Title</h3><h4>One</h4><h5>Two</h5><p>Plain.</p>'
        "<p><small>A remark.</small></p>"
        '<blockquote><p><span lang="en">Quoted.</span> '
        '<span class="mark">[1][2]</span></p><p><small>Costs</small></p></blockquote>'
        "<ul><li>a</li><li>b</li></ul><dl><dt>term</dt><dd>meaning.</dd></dl>"
        '<ol><li>T. P, 2021. <a href="https://a.example" target="_blank" '
        'rel="noopener noreferrer">https://a.example</a></li></ol></article>'
    )


def test_paper_when_text_looks_like_html():
    """No text of notes, cases or sources becomes an element."""
    words = Words(BAD, BAD)
    shown = _paper(
        Heading(1, words),
        Paragraph(words),
        Quotation(words, words),
        Bullets((words,)),
        Terms(((words, words),)),
        SourceList((NumberedSource(1, BAD, BAD, BAD, ""),)),
        title=BAD,
    )
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;") == 18  # each language attribute, too
    assert "<a " not in shown
