"""Readers: one module a format, each turning a file's bytes into its text.

A reader is loaded when the first file of its format is read, because the libraries
behind the readers take a while to load.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ingest.documents import CaseText, Document, Facts
from ingest.frontmatter import Header, read_header, sidecar_block, split_markdown
from ingest.limits import MB, Limits
from ingest.marks import read_marks
from ingest.readers.content import Content
from ingest.readers.formats import require_format, unsupported
from ingest.readers.text import decode, printable
from ingest.registry import case_id_of, sidecar_of
from ingest.texts import document_digest, text_digest
from kb.errors import UnreadableDocumentError, shown

_Reader = Callable[[bytes, str, Limits], Content]


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


READERS: dict[str, _Reader] = {
    ".md": _read_markdown,
    ".pdf": _read_pdf,
    ".docx": _read_word,
    ".html": _read_webpage,
    ".htm": _read_webpage,
    ".txt": _read_plain_text,
}
_CARRY_FRONT_MATTER = (".md", ".txt")


class CaseFile:
    """A case file with its bytes; its head and its text are read one after the other.

    The head costs next to nothing, the text of a long report a minute.
    """

    def __init__(self, path: Path, corpus_dir: Path, limits: Limits) -> None:
        """Take a file's bytes.

        Args:
            path: The file.
            corpus_dir: The corpus folder that it lies in.
            limits: What reading may cost; time and memory are for the caller to bound.

        Raises:
            UnsupportedFormatError: No reader knows the file's ending.
            UnreadableDocumentError: It is empty, too large or in another format.
        """
        self.shown_path = path.relative_to(corpus_dir).as_posix()
        self.case_id = case_id_of(path, corpus_dir)
        self._path, self._limits = path, limits
        self._suffix = path.suffix.lower()
        if self._suffix not in READERS:
            raise unsupported(self._suffix, tuple(READERS), self.shown_path)
        self._raw = bytes_of(path, self.shown_path, limits)
        require_format(self._raw, self._suffix, self.shown_path)

    def head(self) -> Document:
        """Return the document without its text: what its front matter says.

        Raises:
            UnreadableDocumentError: The front matter is missing, not closed or given
                twice, or the encoding around it unknown.
        """
        header, header_path = self._header()
        front_matter = header.front_matter
        return Document(
            path=self.shown_path,
            case=front_matter.as_case(self.case_id, self.shown_path)
            if front_matter
            else None,
            problems=header.problems,
            lines=header.lines,
            checked_on=front_matter.review.checked_on() if front_matter else {},
            facts=front_matter.facts(self.case_id) if front_matter else Facts(),
            front_matter_path=header_path,
            text=CaseText(
                path=self.shown_path,
                digest=digest_of_text(self._raw, self.shown_path),
                named=front_matter.review.text if front_matter else None,
                front_matter_path=header_path,
                review_line=header.lines.get(("review", "status")),
                title_line=header.lines.get(("title",)),
            ),
        )

    def text(self) -> Content:
        """Return the text, as the reader of the file's format finds it.

        Raises:
            UnreadableDocumentError: The reader cannot read it, or there is none.
        """
        content = READERS[self._suffix](self._raw, self.shown_path, self._limits)
        if not content.blocks and not content.is_case:
            raise UnreadableDocumentError(
                "the file holds no text.",
                "Save it again in its program, or remove it.",
                path=self.shown_path,
                rule="empty",
            )
        blocks = [replace(b, text=printable(b.text)) for b in content.blocks]
        return replace(
            content,
            blocks=[block for block in blocks if block.text],
            title=printable(content.title),
        )

    def _header(self) -> tuple[Header, str]:
        """Return the front matter and the path of the file that holds it."""
        sidecar, block = sidecar_of(self._path), None
        if self._suffix in _CARRY_FRONT_MATTER:
            file = split_markdown(decode(self._raw, self.shown_path), self.shown_path)
            block, first_line = file.block, file.block_line
        if block is not None:
            if sidecar.is_file():
                raise UnreadableDocumentError(
                    "the front matter is given twice: in the file and in "
                    f"{shown(sidecar.name)} beside it.",
                    "Keep one of the two.",
                    path=self.shown_path,
                    line=1,
                    rule="front-matter-twice",
                )
            return read_header(block, self.shown_path, first_line), self.shown_path
        if not sidecar.is_file():
            raise _no_front_matter(self._path, self.shown_path, sidecar)
        shown_sidecar = f"{self.shown_path}.yaml"
        raw = bytes_of(sidecar, shown_sidecar, self._limits)
        block, first_line = sidecar_block(decode(raw, shown_sidecar), shown_sidecar)
        return read_header(block, shown_sidecar, first_line), shown_sidecar


def digest_of_text(raw: bytes, shown_path: str) -> str:
    """Return what names the text of a case file, see `ingest.texts`.

    Args:
        raw: The file.
        shown_path: Its path below the corpus folder.

    Raises:
        UnreadableDocumentError: Its encoding is unknown, or its front matter is not
            closed.
    """
    if not shown_path.lower().endswith(_CARRY_FRONT_MATTER):
        return document_digest(raw)
    return text_digest(split_markdown(decode(raw, shown_path), shown_path).body)


def with_text(head: Document, content: Content) -> Document:
    """Return a document with its text.

    Args:
        head: The document without it.
        content: The text, also of the same file under another name.
    """
    found = [replace(problem, path=head.path) for problem in content.problems]
    return replace(
        head,
        blocks=content.blocks,
        problems=[*head.problems, *found],
        cites_itself=not content.is_case and not _has_marks(content),
        title=content.title,
        uncertain_pages=content.uncertain_pages,
    )


def bytes_of(path: Path, shown_path: str, limits: Limits) -> bytes:
    """Return what a file holds.

    Raises:
        UnreadableDocumentError: It cannot be opened, or is larger than the limit.
    """
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
