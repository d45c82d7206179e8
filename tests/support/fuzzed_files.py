"""Files changed at random, and invented ones, in the five formats of the readers."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from tests.support import bad_files
from tests.support.tiny_corpus import CASE_FILES, write_pdf

SIDECAR = CASE_FILES["sampleby/walking-diary.pdf.yaml"]
_HEAD = f"---\n{SIDECAR}---\n"
_FIXTURES = Path(__file__).parents[1] / "fixtures" / "reports"
_LARGEST_SEED = 150_000

FuzzedFile = tuple[str, bytes]
"""A file's ending and its bytes."""


@cache
def _seeds() -> list[FuzzedFile]:
    """Return the files to change: the real fixtures and small whole ones."""
    files = [
        (path.suffix, path.read_bytes())
        for path in sorted(_FIXTURES.iterdir())
        if path.suffix in (".pdf", ".docx", ".html", ".htm")
        and path.stat().st_size <= _LARGEST_SEED
    ]
    files += [(".md", text.encode()) for n, text in CASE_FILES.items() if n[-1] == "d"]
    files.append((".txt", f"{_HEAD}\nCosts\n\nThe pipe cost 7 crowns. [^S1]".encode()))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made"
        files.append((".pdf", write_pdf(path, ["One page.", "Two."]).read_bytes()))
        files.append((".docx", bad_files.word(path).read_bytes()))
    # Packed streams hide what there is to change.
    return files + [
        (".pdf", _unpacked(raw)) for suffix, raw in files if suffix == ".pdf"
    ]


def _unpacked(raw: bytes) -> bytes:
    reader = PdfReader(io.BytesIO(raw))
    if reader.is_encrypted:
        return raw
    writer = PdfWriter(reader)
    for page in writer.pages:
        if contents := page.get_contents():
            contents.set_data(contents.get_data())
            page[next(k for k in page if k == "/Contents")] = writer._add_object(
                contents
            )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


_TOKENS = [
    *(
        b"\0",
        b"\xff",
        b"\xfe\xff",
        "\ud800".encode("utf-8", "surrogatepass"),
        b"\n---\n",
    ),
    *(
        b"[^S1]",
        b"|",
        b"\t",
        b"- ",
        b"> ",
        b"```",
        b"<!--",
        b"](",
        b"&#xD800;",
        b"&amp;",
    ),
    *(
        b"<table><tr><td colspan=99999 rowspan=-1>",
        b"<ul>",
        b"<h1>",
        b"</div>",
        b"<svg>",
    ),
    *(b"<script>", b"<template>", b"<noscript>", b"<plaintext>", b"<select><option>"),
    *(b"<w:p>", b"</w:p>", b"<w:tbl>", b'<w:gridSpan w:val="-1"/>', b"<w:vMerge/>"),
    *(
        b"<w:footnoteReference w:id='9'/>",
        b"<w:del>",
        b"<w:txbxContent>",
        b"<!DOCTYPE x>",
    ),
    *(
        b" 0 R",
        b"/Kids",
        b"/Parent",
        b"/Length",
        b"/Filter/FlateDecode",
        b"/Prev",
        b"<<",
    ),
    *(
        b"endstream",
        b"endobj",
        b"/ToUnicode",
        b"/Encoding",
        b"null",
        b"BT",
        b"ET",
        b"Tj",
    ),
    *(b"1 0 0 1 1e38 -1e38 Tm", b"0 0 0 0 0 0 cm", b"nan", b"1" * 400, b"-1", b"1e999"),
]

_Operation = tuple[int, int, int, int]
_operations = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.integers(0, 2**30),
        st.integers(0, 400),
        st.integers(0, 2**16),
    ),
    min_size=1,
    max_size=12,
)


def _changed(content: bytes, operations: list[_Operation]) -> bytes:
    """Return content after operations: kind, place, length, and what is put there."""
    data = bytearray(content)
    for kind, place, length, choice in operations:
        at = place % (len(data) + 1)
        if kind == 0:
            data[at : at + 1] = bytes([choice % 256])
        elif kind == 1:
            del data[at : at + length]
        elif kind == 2:
            data[at:at] = data[at : at + length] * (choice % 20 + 1)
        elif kind == 3:
            data[at:at] = _TOKENS[choice % len(_TOKENS)]
        elif kind == 4 and choice % 8 == 0:
            del data[at:]
        elif kind == 5:
            source = choice % (len(data) + 1)
            data[at:at] = data[source : source + length]
        elif kind == 6:
            number = re.compile(rb"\d+").search(data, at)
            if number:
                new = (0, 1, choice, -1, 2**31, 2**63)[choice % 6]
                data[number.start() : number.end()] = str(new).encode()
    return bytes(data)


def _changed_part(package: bytes, operations: list[_Operation], part: int) -> bytes:
    """Return a Word file with one of its text parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        parts = [name for name in names if name.endswith((".xml", ".rels"))]
        # Every other time the text itself.
        chosen = "word/document.xml" if part % 2 else parts[part // 2 % len(parts)]
        for name in names:
            content = old.read(name)
            new.writestr(
                name, _changed(content, operations) if name == chosen else content
            )
    return out.getvalue()


@st.composite
def _changed_files(draw: st.DrawFn) -> FuzzedFile:
    suffix, content = draw(st.sampled_from(_seeds()))
    operations = draw(_operations)
    if suffix == ".docx" and (part := draw(st.integers(0, 40))) > 4:
        return suffix, _changed_part(content, operations, part)
    return suffix, _changed(content, operations)


_text = st.text(max_size=40)
_html_names = st.sampled_from(
    [
        "p",
        "div",
        "ul",
        "ol",
        "li",
        "table",
        "tr",
        "td",
        "th",
        "caption",
        "h1",
        "h2",
        "h6",
    ]
    + [
        "a",
        "b",
        "br",
        "hr",
        "pre",
        "code",
        "main",
        "nav",
        "footer",
        "article",
        "dl",
        "dt",
    ]
    + [
        "dd",
        "blockquote",
        "script",
        "style",
        "template",
        "svg",
        "math",
        "select",
        "form",
    ]
    + [
        "option",
        "button",
        "input",
        "textarea",
        "iframe",
        "img",
        "sup",
        "ruby",
        "rt",
        "del",
    ]
    + ["ins", "x-y"]
)
_html_tree = st.recursive(
    _text,
    lambda inner: st.builds(
        lambda name, attribute, parts, end: (
            f"<{name} {attribute}>{''.join(parts)}{f'</{name}>' if end else ''}"
        ),
        _html_names,
        st.sampled_from(["", "hidden", "colspan=3", "rowspan=2 colspan=0", "id='S1'"]),
        st.lists(inner, max_size=4),
        st.booleans(),
    ),
    max_leaves=30,
)
_word_names = st.sampled_from(
    ["p", "r", "t", "tbl", "tr", "tc", "tcPr", "pPr", "rPr", "del", "ins", "hyperlink"]
    + ["sdt", "sdtContent", "br", "tab", "drawing", "footnoteReference", "fldSimple"]
    + ["instrText", "numPr", "pict", "txbxContent", "smartTag"]
)
_word_tree = st.recursive(
    st.text(
        st.characters(codec="utf-8", min_codepoint=32, exclude_characters="<&"),
        max_size=20,
    ).map(lambda text: f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"),
    lambda inner: st.builds(
        lambda name, parts: f"<w:{name}>{''.join(parts)}</w:{name}>",
        _word_names,
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)
_markdown = st.lists(
    st.sampled_from(
        [
            "# ",
            "## ",
            "### ",
            "- ",
            "  - ",
            "1. ",
            "> ",
            "| a | b |\n|---|---|\n| ",
            "\n",
        ]
        + ["```\n", "<div>", "[^S1]", "[^S1]: ", "**", "[a](b)", "![", "\n\n", "---\n"]
    )
    | _text,
    max_size=40,
).map("".join)


@cache
def _word_maker() -> Callable[[str], bytes]:
    folder = Path(tempfile.mkdtemp())

    def made(body: str) -> bytes:
        bad_files.word_text(body)(folder / "made.docx")
        return (folder / "made.docx").read_bytes()

    return made


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


_invented_files: st.SearchStrategy[FuzzedFile] = st.one_of(
    _html_tree.map(lambda body: (".html", _encoded(f"<html><body>{body}"))),
    _markdown.map(lambda body: (".md", _encoded(_HEAD + body))),
    st.text(max_size=300).map(lambda body: (".txt", _encoded(_HEAD + body))),
    st.text(max_size=100).map(
        lambda head: (".md", _encoded(f"---\n{head}\n---\nText"))
    ),
    _word_tree.map(lambda body: (".docx", _word_maker()(body))),
    st.binary(max_size=200).map(lambda noise: (".pdf", b"%PDF-1.7\n" + noise)),
)
fuzzed_files = st.one_of(_changed_files(), _changed_files(), _invented_files)
