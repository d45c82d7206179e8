"""Word files: what stands in their XML, part by part."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.unit.ingest.readers.files import read

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STYLES = f"""<w:styles {W}>
<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="C1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="character" w:styleId="X"><w:name w:val="Secret"/>
<w:rPr><w:vanish/></w:rPr></w:style></w:styles>"""


def run(text: str, properties: str = "") -> str:
    """Return a run of text."""
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def paragraph(*runs: str, style: str = "") -> str:
    """Return a paragraph."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{''.join(runs)}</w:p>"


def word(*paragraphs: str) -> bytes:
    """Return a Word file of paragraphs."""
    raw = io.BytesIO()
    body = f"<w:document {W}><w:body>{''.join(paragraphs)}</w:body></w:document>"
    with zipfile.ZipFile(raw, "w") as package:
        package.writestr("word/styles.xml", STYLES)
        package.writestr("word/document.xml", body)
    return raw.getvalue()


def blocks(tmp_path, *paragraphs: str) -> list[tuple[str, str]]:
    """Return sections and texts of a Word file."""
    found = read(tmp_path, "a.docx", word(*paragraphs)).blocks
    return [(block.section, block.text) for block in found]


def test_read_word_when_it_has_a_title(tmp_path):
    """A paragraph in the style Title stands above all headings and is no section."""
    assert blocks(
        tmp_path,
        paragraph(run("Straw heat"), style="T"),
        paragraph(run("Costs"), style="H1"),
        paragraph(run("It cost 7 crowns.")),
        paragraph(run("Results"), style="H1"),
        paragraph(run("It is warm.")),
    ) == [("Costs", "It cost 7 crowns."), ("Results", "It is warm.")]


@pytest.mark.parametrize(
    "hidden", ["<w:vanish/>", '<w:vanish w:val="1"/>', '<w:rStyle w:val="X"/>']
)
def test_read_word_when_text_is_hidden(tmp_path, hidden):
    """Hidden runs are dropped, whether hidden themselves or by their style."""
    found = blocks(tmp_path, paragraph(run("Seen."), run(" Unseen.", hidden)))
    assert found == [("", "Seen.")]


def test_read_word_when_hiding_is_switched_off(tmp_path):
    """A run that its properties show again is kept."""
    shown = '<w:vanish w:val="0"/>'
    assert blocks(tmp_path, paragraph(run("Seen.", shown))) == [("", "Seen.")]


def test_read_word_when_it_has_a_table_of_contents(tmp_path):
    """The entries of a table of contents are no statements."""
    found = blocks(
        tmp_path, paragraph(run("Costs 3"), style="C1"), paragraph(run("Text."))
    )
    assert found == [("", "Text.")]
