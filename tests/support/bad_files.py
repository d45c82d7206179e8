"""Makers of damaged, hostile and merely odd files; each writes one file at a path."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import docx
import msoffcrypto.format.ooxml  # type: ignore[import-untyped]
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from tests.support.tiny_corpus import write_pdf

Maker = Callable[[Path], object]

SENTENCE = "The pipe of Sampleby carries warm water to nine schools."
_DOCUMENT = "word/document.xml"
LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">'
    for n in range(10)
)
ALIASES = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)


def raw(content: bytes) -> Maker:
    """Return a maker of a file with these bytes."""
    return lambda path: path.write_bytes(content)


def text(content: str, encoding: str = "utf-8") -> Maker:
    """Return a maker of a text file."""
    return lambda path: path.write_text(content, encoding=encoding, newline="")


def html(body: str, head: str = "") -> Maker:
    """Return a maker of a web page."""
    return text(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>")


def html_bytes(head: bytes, body: bytes) -> Maker:
    """Return a maker of a web page whose bytes are in any encoding."""
    return raw(b"<html><head>" + head + b"</head><body>" + body + b"</body></html>")


# PDF


def pdf(*pages: str) -> Maker:
    """Return a maker of a whole PDF with a page for each text."""
    return lambda path: write_pdf(path, pages or [SENTENCE])


def locked_pdf(algorithm: str) -> Maker:
    """Return a maker of a PDF that needs a password."""

    def make(path: Path) -> None:
        writer = PdfWriter(write_pdf(path, [SENTENCE]))
        writer.encrypt("secret", "owner", algorithm=algorithm)
        writer.write(path)

    return make


def cut_pdf(path: Path) -> None:
    """Write the first 300 bytes of a PDF."""
    whole = write_pdf(path, [SENTENCE]).read_bytes()
    path.write_bytes(whole[:300])


def image_pdf(path: Path) -> None:
    """Write a PDF whose only page is an image."""
    Image.new("RGB", (200, 300), "white").save(path, "PDF")


def partly_scanned_pdf(path: Path) -> None:
    """Write a PDF with a page of text and a page that is an image."""
    writer = PdfWriter(write_pdf(path, [SENTENCE]))
    scanned = io.BytesIO()
    Image.new("RGB", (200, 300), "white").save(scanned, "PDF")
    writer.append(PdfReader(scanned))
    writer.write(path)


def bomb_pdf(path: Path) -> None:
    """Write a PDF whose page unpacks from half a megabyte to 500 MB."""
    writer = PdfWriter(write_pdf(path, [SENTENCE]))
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 1_000_000) for _ in range(500))
    stream = DecodedStreamObject()
    stream._data = packed + packer.flush()  # set_data would pack it again
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)
    writer.write(path)


def deep_pdf(path: Path) -> None:
    """Write a PDF whose page tree is 5,000 levels deep."""
    levels = 5_000
    objects = {1: "<</Type/Catalog/Pages 2 0 R>>"}
    for number in range(2, levels):
        objects[number] = f"<</Type/Pages/Count 1/Kids[{number + 1} 0 R]>>"
    objects[levels] = f"<</Type/Page/Parent {levels - 1} 0 R/MediaBox[0 0 9 9]>>"
    path.write_bytes(_pdf_of(objects))


def looping_pdf(path: Path) -> None:
    """Write a PDF whose page tree contains itself."""
    path.write_bytes(
        _pdf_of(
            {
                1: "<</Type/Catalog/Pages 2 0 R>>",
                2: "<</Type/Pages/Count 2/Kids[3 0 R]>>",
                3: "<</Type/Pages/Count 1/Parent 2 0 R/Kids[2 0 R]>>",
            }
        )
    )


def looping_outline_pdf(path: Path) -> None:
    """Write a PDF with a bookmark that follows itself."""
    writer = PdfWriter(write_pdf(path, [SENTENCE]))
    writer.add_outline_item(title="Chapter", page_number=0)
    root: Any = writer._root_object
    item = root["/Outlines"]["/First"].get_object()
    item[NameObject("/Next")] = item.indirect_reference
    writer.write(path)


def scripted_pdf(path: Path) -> None:
    """Write a PDF with JavaScript and a file inside."""
    writer = PdfWriter(write_pdf(path, [SENTENCE]))
    action = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert('hidden-script');"),
        }
    )
    writer._root_object[NameObject("/OpenAction")] = writer._add_object(action)
    writer.add_attachment("inner.txt", b"hidden-attachment")
    writer.write(path)


def surrogate_pdf(path: Path) -> None:
    """Write a PDF in which a letter stands for half a character (a lone surrogate)."""
    writer = PdfWriter(write_pdf(path, [SENTENCE]))
    page: Any = writer.pages[0]
    font = page["/Resources"]["/Font"]["/F1"]
    half = DecodedStreamObject()
    half.set_data(font["/ToUnicode"].get_data().replace(b"<0070>", b"<d800>"))
    font[NameObject("/ToUnicode")] = writer._add_object(half)
    writer.write(path)


def crowded_form_pdf(path: Path) -> None:
    """Write a PDF with a form field that is its own parent."""
    writer = PdfWriter(write_pdf(path, [SENTENCE]))
    field = DictionaryObject(
        {
            NameObject("/FT"): NameObject("/Tx"),
            NameObject("/T"): TextStringObject("name"),
            NameObject("/V"): TextStringObject("value"),
            NameObject("/Ff"): NumberObject(0),
        }
    )
    reference = writer._add_object(field)
    field[NameObject("/Parent")] = reference
    field[NameObject("/Kids")] = ArrayObject([reference])
    form = DictionaryObject({NameObject("/Fields"): ArrayObject([reference])})
    writer._root_object[NameObject("/AcroForm")] = writer._add_object(form)
    writer.write(path)


def _pdf_of(objects: Mapping[int, str]) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = {}
    for number, body in objects.items():
        places[number] = out.tell()
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode())
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    for number in objects:
        out.write(f"{places[number]:010} 00000 n \n".encode())
    size = len(objects) + 1
    out.write(f"trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n".encode())
    out.write(b"%%EOF")
    return out.getvalue()


# Word


def word(path: Path) -> Path:
    """Write a whole Word file."""
    document = docx.Document()
    document.add_heading("Costs", level=1)
    document.add_paragraph(SENTENCE)
    document.save(str(path))
    return path


def changed_word(
    changes: Mapping[str, str | bytes | None], compression: int = zipfile.ZIP_DEFLATED
) -> Maker:
    """Return a maker of a Word file with parts replaced, added, or (None) left out."""

    def make(path: Path) -> None:
        with zipfile.ZipFile(word(path)) as package:
            parts: dict[str, str | bytes] = {
                name: package.read(name) for name in package.namelist()
            }
        with zipfile.ZipFile(path, "w", compression) as package:
            for name, content in (parts | dict(changes)).items():
                if content is not None:
                    package.writestr(name, content)

    return make


def word_text(body: str, doctype: str = "") -> Maker:
    """Return a maker of a Word file whose body is this XML."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}'
        f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
    )
    return changed_word({_DOCUMENT: xml})


def word_paragraph(content: str) -> str:
    """Return a paragraph of Word's XML."""
    return f"<w:p><w:r><w:t>{content}</w:t></w:r></w:p>"


def lying_word(path: Path) -> None:
    """Write a Word file whose directory gives its text as 10 bytes instead of 60 MB."""
    word_text(word_paragraph("a" * 60_000_000))(path)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as package:
        info = package.getinfo(_DOCUMENT)
    directory = content.rindex(b"PK\x01\x02", 0, content.rindex(_DOCUMENT.encode()))
    struct.pack_into("<L", content, directory + 24, 10)
    struct.pack_into("<L", content, info.header_offset + 22, 10)
    path.write_bytes(content)


def locked_word(path: Path) -> None:
    """Write a Word file that needs a password."""
    plain = io.BytesIO(word(path).read_bytes())
    with path.open("wb") as out:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("secret", out)


def cut_word(path: Path) -> None:
    """Write the first half of a Word file."""
    whole = word(path).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def excel(path: Path) -> None:
    """Write a package with the main part of an Excel file."""
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", "<workbook/>")


def archive(path: Path) -> None:
    """Write a zip archive with a text in it."""
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("notes.txt", SENTENCE)


def png(path: Path) -> None:
    """Write a PNG image."""
    Image.new("RGB", (20, 20), "red").save(path, "PNG")


def link(target: str) -> Maker:
    """Return a maker of a symbolic link."""
    return lambda path: path.symlink_to(target)


def pipe(path: Path) -> None:
    """Make a named pipe."""
    os.mkfifo(path)


def folder(path: Path) -> None:
    """Make a folder."""
    path.mkdir()
