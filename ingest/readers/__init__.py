"""Readers: one module a format, each turning a file's bytes into its text.

A reader is loaded when the first file of its format is read, because the libraries
behind the readers take a while to load.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ingest.documents import Document
from ingest.frontmatter import Header, has_front_matter, read_header, split_markdown
from ingest.limits import MB, Limits
from ingest.marks import read_marks
from ingest.readers.content import Content
from ingest.readers.formats import require_format, unsupported
from ingest.readers.text import decode, printable
from ingest.registry import case_id_of, sidecar_of
from kb.errors import UnreadableDocumentError, shown

Reader = Callable[[bytes, str, Limits], Content]


def _read_markdown(raw: bytes, shown_path: str, limits: Limits) -> Content:
    from ingest.readers.markdown import read_markdown

    return read_markdown(raw, shown_path, limits)


def _read_plain_text(raw: bytes, shown_path: str, limits: Limits) -> Content:
    from ingest.readers.markdown import read_plain_text

    return read_plain_text(raw, shown_path, limits)


def _read_pdf(raw: bytes, shown_path: str, limits: Limits) -> Content:
    from ingest.readers.pdf import read_pdf

    return read_pdf(raw, shown_path, limits)


def _read_webpage(raw: bytes, shown_path: str, limits: Limits) -> Content:
    from ingest.readers.webpage import read_webpage

    return read_webpage(raw, shown_path, limits)


def _read_word(raw: bytes, shown_path: str, limits: Limits) -> Content:
    from ingest.readers.word import read_word

    return read_word(raw, shown_path, limits)


READERS: dict[str, Reader] = {
    ".md": _read_markdown,
    ".pdf": _read_pdf,
    ".docx": _read_word,
    ".html": _read_webpage,
    ".htm": _read_webpage,
    ".txt": _read_plain_text,
}
_CARRY_FRONT_MATTER = (".md", ".txt")


def read_file(path: Path, corpus_dir: Path, limits: Limits) -> Document:
    """Read one case file with the reader of its format.

    Args:
        path: The file.
        corpus_dir: The corpus folder that it lies in.
        limits: What reading may cost; time and memory are for the caller to bound.

    Raises:
        UnsupportedFormatError: No reader knows the file's ending.
        UnreadableDocumentError: The reader cannot read it, it is too large, or its
            front matter is missing or given twice.
    """
    shown_path = path.relative_to(corpus_dir).as_posix()
    suffix = path.suffix.lower()
    reader = READERS.get(suffix)
    if reader is None:
        raise unsupported(suffix, tuple(READERS), shown_path)
    raw = _bytes_of(path, shown_path, limits)
    require_format(raw, suffix, shown_path)
    content = reader(raw, shown_path, limits)
    if not content.blocks and not content.is_case:
        raise UnreadableDocumentError(
            "the file holds no text.",
            "Save it again in its program, or remove it.",
            path=shown_path,
            rule="empty",
        )
    header, header_path = _header_of(path, shown_path, content, limits)
    front_matter = header.front_matter
    blocks = [replace(block, text=printable(block.text)) for block in content.blocks]
    return Document(
        path=shown_path,
        case=front_matter.as_case(case_id_of(path, corpus_dir), shown_path)
        if front_matter
        else None,
        blocks=[block for block in blocks if block.text],
        problems=[*header.problems, *content.problems],
        lines=header.lines,
        cites_itself=not content.is_case and not _has_marks(content),
        front_matter_path=header_path,
        title=printable(content.title),
    )


def _bytes_of(path: Path, shown_path: str, limits: Limits) -> bytes:
    try:
        with path.open("rb") as file:
            # Room for the whole limit would be taken at once, however small the file.
            size = min(os.fstat(file.fileno()).st_size, limits.file_bytes)
            raw = file.read(size + 1)
    except OSError as exc:
        raise UnreadableDocumentError(
            f"the file cannot be opened ({exc.strerror}).",
            "Check its permissions.",
            path=shown_path,
        ) from exc
    if len(raw) > limits.file_bytes:
        raise UnreadableDocumentError(
            f"the file is larger than {limits.file_bytes / MB:g} MB.",
            "Split it or shrink its pictures, or raise KB_FILE_MB.",
            path=shown_path,
            rule="too-large",
        )
    return raw


def _header_of(
    path: Path, shown_path: str, content: Content, limits: Limits
) -> tuple[Header, str]:
    """Return the front matter and the path of the file that holds it."""
    sidecar = sidecar_of(path)
    if content.front_matter is not None:
        if sidecar.is_file():
            raise UnreadableDocumentError(
                "the front matter is given twice: in the file and in "
                f"{shown(sidecar.name)} beside it.",
                "Keep one of the two.",
                path=shown_path,
                line=1,
                rule="front-matter-twice",
            )
        block, first_line = content.front_matter, content.front_matter_line
        return read_header(block, shown_path, first_line), shown_path
    if not sidecar.is_file():
        raise _no_front_matter(path, shown_path, sidecar)
    shown_sidecar = f"{shown_path}.yaml"
    text = decode(_bytes_of(sidecar, shown_sidecar, limits), shown_sidecar)
    first_line = 1
    if has_front_matter(text):  # copied together with its lines of dashes
        file = split_markdown(f"{text}\n---\n", shown_sidecar)
        text, first_line = file.block, file.block_line
    return read_header(text, shown_sidecar, first_line), shown_sidecar


def _no_front_matter(
    path: Path, shown_path: str, sidecar: Path
) -> UnreadableDocumentError:
    remedy = f"Create {shown(sidecar.name)} beside it with the keys of corpus/README.md"
    if path.suffix.lower() in _CARRY_FRONT_MATTER:
        remedy += ', or begin the file with a line "---", these keys, and another "---"'
    return UnreadableDocumentError(
        "the file has no front matter.",
        f"{remedy}.",
        path=shown_path,
        line=1 if path.suffix.lower() in _CARRY_FRONT_MATTER else None,
        rule="front-matter-missing",
    )


def _has_marks(content: Content) -> bool:
    return any(
        statement.source_ids
        for block in content.blocks
        for statement in read_marks(block.text)
    )
