"""Markdown that shows every text as it is."""

from __future__ import annotations

from datetime import date

import pytest
from markdown_it import MarkdownIt

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
from ui.prepare.documents.markdown import to_markdown

HOSTILE = [
    "*a* _b_ **c** `d` ~~e~~ [f](https://made-up.example) ![g](x) <b>h</b>",
    "# heading",
    "> quotation",
    "- item",
    "+ item",
    "1. item",
    "12) item",
    "===",
    "---",
    "***",
    "| a | b |",
    "$x^2$ &amp; &#65; & R&D; \\*",
    "[1]: https://made-up.example",
    "<script>alert(1)</script>",
    "https://made-up.example/_a_",
    "``` code",
    ":::note",
    "ends with a backslash\\",
]
_PLAIN = {
    *("heading_open", "heading_close", "paragraph_open", "paragraph_close"),
    *("inline", "text", "text_special"),
}


def _document(*blocks, title="Title"):
    return Document(title, "en", date(2026, 3, 1), blocks)


def _parsed(text):
    """Return the rendered text of every inline part, and the kinds of all parts."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    inline = [token for token in tokens if token.type == "inline"]
    return [
        "".join(child.content for child in token.children or []) for token in inline
    ], {child.type for token in inline for child in token.children or []} | {
        token.type for token in tokens
    }


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_shown_as_it_is(text):
    """Whatever a text looks like, Markdown makes plain text of it."""
    texts, kinds = _parsed(to_markdown(_document(Paragraph(Words(text)), title=text)))
    assert texts == [text, text]
    assert kinds <= _PLAIN


def test_figures_at_the_start_stay_readable():
    """A decimal figure needs no backslash."""
    assert "\n1.5 million\n" in to_markdown(_document(Paragraph(Words("1.5 million"))))


def test_every_block():
    """Headings, remarks, quotations, lists, terms and sources have their own form."""
    document = _document(
        Heading(1, Words("One")),
        Heading(2, Words("Two")),
        Paragraph(Words("A remark."), is_remark=True),
        Quotation(Words("Quoted.", "en", (1, 2)), Words("Costs")),
        Bullets((Words("a"), Words("b", numbers=(2,)))),
        Terms(((Words("term"), Words("meaning.")),)),
        SourceList(
            (
                NumberedSource(
                    1, "T", "P, 2021", "https://a.example", "https://a.example"
                ),
                NumberedSource(2, "U", "Q, 2022", "javascript:x", ""),
            )
        ),
    )
    assert to_markdown(document) == (
        "# Title\n\n## One\n\n### Two\n\n*A remark.*\n\n"
        "> Quoted. [1][2]\n>\n> *Costs*\n\n"
        "- a\n- b [2]\n\n- **term**: meaning.\n\n"
        "1. T. P, 2021. <https://a.example>\n2. U. Q, 2022. javascript:x\n"
    )
