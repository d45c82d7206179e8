"""Reading any file: its front matter, its true format, and its limits."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from dataclasses import replace

import pytest
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from kb.errors import DocumentError, UnreadableDocumentError, UnsupportedFormatError
from tests.support.tiny_corpus import BISCUIT_HEAT, WALKING_DIARY_SIDECAR
from tests.unit.ingest.readers.files import (
    LIMITS,
    REPORTS,
    package,
    put,
    read,
    read_file,
    read_report,
    texts,
)

PDF = (REPORTS / "hungarian-memo.pdf").read_bytes()
DOCX = (REPORTS / "hungarian-memo.docx").read_bytes()
PAGE = b"<!DOCTYPE html><html><body><p>One.</p></body></html>"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0"
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def refusal(tmp_path, name, raw, sidecar=None, **limits) -> DocumentError:
    """Return the error that reading a file raises."""
    path = put(tmp_path, name, raw, sidecar)
    with pytest.raises(DocumentError) as error:
        read_file(path, tmp_path, replace(LIMITS, **limits))
    return error.value


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.pdf", PDF),
        ("a.docx", DOCX),
        ("a.html", PAGE),
        ("a.HTM", PAGE),
        ("a.txt", b"One.\n"),
        ("a.md", b"## Costs\n\n- One. [^S1]\n"),
    ],
)
def test_read_file_when_the_front_matter_is_beside_it(tmp_path, name, raw):
    """Every format takes its front matter from the sidecar; lines count in there."""
    document = read(tmp_path, name, raw)
    assert document.case is not None
    assert document.case.case_id == "sampleby/a"
    assert document.front_matter_path == f"sampleby/{name}.yaml"
    assert document.lines[("title",)] == 1
    assert document.blocks != []


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_read_file_when_a_text_file_begins_with_front_matter(tmp_path, name):
    """Text files carry their front matter themselves."""
    path = put(tmp_path, name, BISCUIT_HEAT.encode(), sidecar="")
    document = read_file(path, tmp_path, LIMITS)
    assert document.case is not None
    assert document.front_matter_path == f"sampleby/{name}"
    assert document.lines[("title",)] == 2


def test_read_file_when_the_front_matter_is_given_twice(tmp_path):
    """In the file and beside it: neither is taken."""
    error = refusal(tmp_path, "a.md", BISCUIT_HEAT.encode())
    assert (error.rule, error.line) == ("front-matter-twice", 1)
    assert "'a.md.yaml'" in error.reason


@pytest.mark.parametrize(
    ("name", "raw"), [("a.pdf", PDF), ("a.docx", DOCX), ("a.txt", b"One.")]
)
def test_read_file_when_the_front_matter_is_missing(tmp_path, name, raw):
    """The message names the file to create."""
    error = refusal(tmp_path, name, raw, sidecar="")
    assert error.rule == "front-matter-missing"
    assert error.remedy.startswith(f"Create '{name}.yaml' beside it")


def test_read_file_when_the_sidecar_has_lines_of_dashes(tmp_path):
    """A sidecar copied with its dashes is read all the same, with true lines."""
    sidecar = f"---\n{WALKING_DIARY_SIDECAR.replace('year: 2023', 'year: 1850')}---\n"
    path = put(tmp_path, "a.txt", b"One.", sidecar)
    (problem,) = read_file(path, tmp_path, LIMITS).problems
    assert (problem.path, problem.line) == ("sampleby/a.txt.yaml", 14)


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("a.docx", PDF, "is a PDF although its name ends in .docx. Rename it so that"),
        ("a.md", PDF, "is a PDF although its name ends in .md"),
        ("a.pdf", DOCX, "is a Word file although its name ends in .pdf"),
        ("a.md", PAGE, "is a web page although its name ends in .md"),
        ("a.txt", PAGE.decode().encode("utf-16"), "is a web page although"),
        ("a.html", b"Just words.", "is plain text although its name ends in .html"),
        ("a.pdf", PNG, "is in the format .png although its name ends in .pdf"),
        ("a.docx", OLD_WORD, "is an old Office file although"),
        ("a.docx", package(xl_workbook_xml=b"<a/>"), "is an Excel file although"),
        ("a.docx", b"{\\rtf1 words}", "is an RTF file although"),
    ],
)
def test_read_file_when_the_name_is_wrong(tmp_path, name, raw, message):
    """A file in another format than its name says is named for what it is."""
    error = refusal(tmp_path, name, raw)
    assert error.rule == "wrong-format"
    assert message in f"{error.reason} {error.remedy}"


@pytest.mark.parametrize("suffix", [".md", ".pdf", ".docx", ".html", ".txt"])
@pytest.mark.parametrize("raw", [b"", b" \r\n\n", b"\xef\xbb\xbf"])
def test_read_file_when_the_file_is_empty(tmp_path, suffix, raw):
    """An empty file of any format is called empty."""
    assert refusal(tmp_path, f"a{suffix}", raw).rule == "empty"


@pytest.mark.parametrize(
    ("name", "raw"),
    [("a.html", b"<html><body><script>x()</script></body></html>"), ("a.txt", b"# T")],
)
def test_read_file_when_a_file_holds_no_text(tmp_path, name, raw):
    """Without any text there is nothing to cite."""
    assert refusal(tmp_path, name, raw).rule == "empty"


@pytest.mark.parametrize(
    ("suffix", "remedy"),
    [
        (".doc", "save it as .docx or PDF"),
        (".odt", "save it as .docx or PDF"),
        (".rtf", "save it as .docx or PDF"),
        (".pptx", "export it as PDF"),
        (".xlsx", "Export the sheet as PDF"),
        (".xyz", "Convert it to one of .md, .pdf, .docx, .html, .htm, .txt"),
        ("", "Convert it to one of"),
    ],
)
def test_read_file_when_the_format_is_unknown(tmp_path, suffix, remedy):
    """An unknown format is named with the way to convert it."""
    error = refusal(tmp_path, f"a{suffix}", b"words")
    assert isinstance(error, UnsupportedFormatError)
    assert error.rule == "unsupported-format"
    assert remedy in error.remedy


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.txt", "one\nMalmö".encode("latin-1")),
        ("a.html", b'<meta charset="utf-8">\n<p>Malm\xf6</p>'),
        ("a.html", b'<html>\n<meta charset="nonsense"><p>one</p>'),
    ],
)
def test_read_file_when_the_encoding_is_wrong(tmp_path, name, raw):
    """Bytes that fit no announced encoding are refused with their line."""
    error = refusal(tmp_path, name, raw)
    assert (error.rule, error.line) == ("encoding", 2)
    assert "UTF-8" in error.remedy


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.md", "a.html", "a.txt"])
def test_read_file_when_the_file_is_too_large(tmp_path, name):
    """A file above the limit is not read."""
    error = refusal(tmp_path, name, b"x" * 1001, file_bytes=1000)
    assert error.rule == "too-large"
    assert "0.001 MB" in error.reason


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.pdf", PDF[:2000]),
        ("a.docx", DOCX[:3000]),
        ("a.docx", b"PK\x03\x04 nothing else"),
        ("a.docx", package(word_document_xml=b"<w:document")),
        ("a.html", b"<div>" * 3000 + b"deep"),
        (
            "a.docx",
            package(word_document_xml=b"<a>" * 200_000 + b"</a>" * 200_000),
        ),
    ],
    ids=["PDF", "Word", "no package", "no XML", "deep page", "deep Word"],
)
def test_read_file_when_the_file_is_damaged(tmp_path, name, raw):
    """Damage in any format is one plain error, not a crash."""
    assert refusal(tmp_path, name, raw).rule == "damaged"


def test_read_file_when_a_word_file_needs_a_password(tmp_path):
    """A locked Word file is no old Word file."""
    raw = OLD_WORD + "EncryptedPackage".encode("utf-16-le")
    assert refusal(tmp_path, "a.docx", raw).rule == "password"


def test_read_file_when_a_word_file_unpacks_to_too_much(tmp_path):
    """The declared sizes are summed before anything is unpacked."""
    raw = package(word_document_xml=b"<a/>", word_media_x=b"\0" * 100_000)
    error = refusal(tmp_path, "a.docx", raw, expanded_bytes=50_000)
    assert error.rule == "too-large"


def test_read_file_when_a_word_file_lies_about_its_size(tmp_path):
    """A part that unpacks to more than it declares stops the reader."""
    raw = package(word_document_xml=b"<a>" + b" " * 100_000 + b"</a>")
    size, lie = (100_007).to_bytes(4, "little"), (7).to_bytes(4, "little")
    assert raw.count(size) == 2
    error = refusal(tmp_path, "a.docx", raw.replace(size, lie), expanded_bytes=50_000)
    assert error.rule in ("too-large", "damaged")


def test_read_file_when_a_word_file_declares_entities(tmp_path):
    """Entities are never expanded, neither large ones nor files."""
    raw = package(
        word_document_xml=b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/'
        b'2006/main"><w:body><w:p><w:r><w:t>Kept &e;</w:t></w:r></w:p></w:body>'
        b"</w:document>",
        _rels_=b"",
    )
    error = refusal(tmp_path, "a.docx", raw)
    assert error.rule == "damaged"


def test_read_file_when_a_pdf_has_too_many_pages(tmp_path):
    """A PDF longer than the limit is not read."""
    error = refusal(
        tmp_path, "a.pdf", (REPORTS / "heat-report.pdf").read_bytes(), pages=5
    )
    assert error.rule == "too-many-pages"
    assert "6 pages" in error.reason


def test_read_file_when_a_pdf_is_a_bomb(tmp_path):
    """A page whose drawing unpacks to more than the limit stops the reader."""
    writer = PdfWriter()
    page = writer.add_blank_page(width=100, height=100)
    content = StreamObject()
    content._data = zlib.compress(b" " * 3_000_000)
    content[NameObject("/Filter")] = NameObject("/FlateDecode")
    page[NameObject("/Contents")] = writer._add_object(content)
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject()}
    )
    path = put(tmp_path, "a.pdf", b"")
    writer.write(path)
    with pytest.raises(UnreadableDocumentError) as error:
        read_file(path, tmp_path, replace(LIMITS, expanded_bytes=1_000_000))
    assert error.value.rule == "too-large"


def test_read_file_when_it_cannot_be_opened(tmp_path):
    """A folder under the name of a file is refused, not a crash."""
    path = tmp_path / "sampleby" / "a.txt"
    path.mkdir(parents=True)
    with pytest.raises(UnreadableDocumentError, match=r"cannot be opened"):
        read_file(path, tmp_path, LIMITS)


def test_read_file_touches_no_other_report(tmp_path):
    """A report's marks decide alone whether it cites itself."""
    assert read_report(tmp_path, "saved-page.html").cites_itself
    assert not read(tmp_path, "b.txt", b"## Costs\n\nOne. [^S1]\n").cites_itself
    assert texts(read(tmp_path, "c.txt", b"One.\n\nTwo.\n")) == ["One.", "Two."]


def test_readers_are_loaded_when_they_are_used():
    """Knowing the formats loads none of their libraries."""
    code = (
        "import json, sys; import ingest.readers; "
        "print(json.dumps(sorted(set(sys.modules) & "
        "{'pypdf', 'pypdfium2', 'mammoth', 'lxml', 'markdown_it'})))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    assert json.loads(ran.stdout) == []
