"""Readers: one module a format, each turning a file into a `Document`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ingest.documents import Document
from ingest.readers.markdown import read_markdown
from ingest.readers.pdf import read_pdf
from ingest.registry import case_id_of
from kb.errors import UnsupportedFormatError, shown

Reader = Callable[[Path, str, str], Document]

READERS: dict[str, Reader] = {".md": read_markdown, ".pdf": read_pdf}


def read_file(path: Path, corpus_dir: Path) -> Document:
    """Read one case file with the reader of its format.

    Raises:
        UnsupportedFormatError: No reader knows the file's ending.
        UnreadableDocumentError: The reader cannot read it.
    """
    shown_path = path.relative_to(corpus_dir).as_posix()
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UnsupportedFormatError(
            f"files ending in {shown(path.suffix)} cannot be read.",
            f"Convert it to one of {', '.join(READERS)}, or move it out of the corpus.",
            path=shown_path,
        )
    return reader(path, case_id_of(path, corpus_dir), shown_path)
