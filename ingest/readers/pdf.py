"""PDF documents: paragraphs with their page numbers; the front matter in a sidecar."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from pypdf import PdfReader

from ingest.documents import Block, Document
from ingest.frontmatter import read_header
from ingest.readers.markdown import decode
from ingest.registry import sidecar_of
from kb.errors import UnreadableDocumentError

_LINE_END_HYPHEN = re.compile(r"(?<=\w)[-\u00ad\u2010]\n(?=([^\W\d_]))")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_PARAGRAPH_BREAK = re.compile(r"\n\s*\n")


def read_pdf(path: Path, case_id: str, shown_path: str) -> Document:
    """Read a PDF document with the front matter in ``<file>.yaml`` beside it.

    Args:
        path: The file.
        case_id: ``<city-slug>/<practice-slug>``.
        shown_path: The file's path below the corpus folder, for messages.

    Raises:
        UnreadableDocumentError: The sidecar is missing, or the PDF is damaged, needs a
            password or has no text layer.
    """
    sidecar = sidecar_of(path)
    shown_sidecar = f"{shown_path}.yaml"
    if not sidecar.is_file():
        raise UnreadableDocumentError(
            f"the front matter file {sidecar.name!r} is missing.",
            "Create it beside the PDF with the keys of corpus/README.md.",
            path=shown_path,
        )
    block = decode(sidecar.read_bytes(), shown_sidecar)
    header = read_header(block, shown_sidecar)
    case = (
        header.front_matter.as_case(case_id, shown_path)
        if header.front_matter
        else None
    )
    blocks = [
        Block(section="", text=paragraph, page=number)
        for number, text in enumerate(_read_pages(path, shown_path), start=1)
        for paragraph in _paragraphs(text)
    ]
    if not blocks:
        raise UnreadableDocumentError(
            "no page has a text layer (the pages are images).",
            "Add one with a text recognition program such as ocrmypdf.",
            path=shown_path,
        )
    return Document(
        path=shown_path,
        case=case,
        blocks=blocks,
        problems=header.problems,
        lines=header.lines,
        cites_itself=True,
    )


def _read_pages(path: Path, shown_path: str) -> list[str]:
    try:
        with PdfReader(path) as reader:
            # Files locked only against editing open with an empty password.
            is_locked = reader.is_encrypted and not reader.decrypt("")
            pages = [] if is_locked else [p.extract_text() for p in reader.pages]
    except Exception as exc:  # damaged files raise nearly everything in pypdf
        raise UnreadableDocumentError(
            f"the PDF cannot be read ({type(exc).__name__}: {exc}).",
            "Open it in a PDF program and save it again.",
            path=shown_path,
        ) from exc
    if is_locked:
        raise UnreadableDocumentError(
            "the PDF needs a password.",
            "Save a copy without a password.",
            path=shown_path,
        )
    return pages


def _paragraphs(page_text: str) -> Iterator[str]:
    """Yield a page's paragraphs with ligatures, line ends and hyphenation repaired."""
    # Ligatures only: normalising everything would turn 10⁶ into 106.
    text = _LIGATURE.sub(lambda m: unicodedata.normalize("NFKC", m.group()), page_text)
    text = _LINE_END_HYPHEN.sub(lambda m: "" if m[1].islower() else m.group(), text)
    for paragraph in _PARAGRAPH_BREAK.split(text):
        joined = " ".join(paragraph.split())
        if joined:
            yield joined
