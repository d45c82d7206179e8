"""A case as the files of the corpus hold it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from ingest.drafting.comparisons import GivenReview
from ingest.drafting.header import HeaderValues
from ingest.drafting.textfile import TextFile
from ingest.frontmatter import read_header, sidecar_block
from ingest.limits import Limits
from ingest.listing import list_corpus
from ingest.published import published_if_reachable
from ingest.readers import bytes_of, digest_of_text
from ingest.readers.text import decode
from ingest.registry import SIDECAR_SUFFIX, sidecar_of
from ingest.reviews import known_path
from kb.errors import KnowledgeBaseError, shown
from kb.settings import Settings

TEXT_SUFFIXES = (".md", ".txt")
"""Of files that can carry their front matter themselves."""


@dataclass(frozen=True)
class StoredCase:
    """A case of the corpus as its files hold it."""

    path: str
    files: Mapping[str, bytes]
    """The case file and, where there is one, its sidecar, by their paths."""
    text: TextFile | None
    """The parts of the case file where it is Markdown or text."""
    sidecar: str | None
    """The YAML of the sidecar."""

    @classmethod
    def read(cls, path: str, settings: Settings) -> StoredCase:
        """Read a case file and the sidecar beside it.

        Raises:
            KnowledgeBaseError: The front matter is given twice.
            UnreadableDocumentError: A file cannot be read at all.
        """
        files = _files_of(path, settings)
        suffix = PurePosixPath(path).suffix.lower()
        text = TextFile.of(files[path], path) if suffix in TEXT_SUFFIXES else None
        return cls(path, files, text, _sidecar_block(files, path, text))

    @property
    def block(self) -> str | None:
        """The YAML of its front matter, wherever it stands."""
        if self.text and self.sidecar is None:
            return self.text.block
        return self.sidecar

    @cached_property
    def values(self) -> HeaderValues | None:
        """What its front matter says; None where there is nothing to go by."""
        return values_of(self.block)

    def review(self, settings: Settings) -> GivenReview | None:
        """Return its review, with the text that this stands for as far as is known."""
        if not self.values or self.values.status != "reviewed":
            return None
        digest = digest_of_text(self.files[self.path], self.path)
        texts = published_if_reachable(settings).texts
        known = known_path(self.path, digest, corpus_files(settings), texts)
        return GivenReview.of(self.values, digest, texts[known] if known else None)


def corpus_files(settings: Settings) -> list[str]:
    """Return the paths of the case files in the corpus folder, in order.

    Files that an ingestion rejects are among them.

    Raises:
        CorpusError: The folder cannot be listed.
    """
    folder = settings.corpus_dir
    return [p.relative_to(folder).as_posix() for p in list_corpus(folder).files]


def values_of(block: str | None) -> HeaderValues | None:
    """Return what a front matter says, or None where there is nothing to go by."""
    values = read_header(block, "").values if block else {}
    return HeaderValues.of(values) if values else None


def _files_of(path: str, settings: Settings) -> dict[str, bytes]:
    """Return a case file's bytes, and those of its sidecar, by their paths."""
    limits = Limits.of(settings)
    files = {path: bytes_of(settings.corpus_dir / path, path, limits)}
    beside = sidecar_of(settings.corpus_dir / path)
    if beside.is_file():
        name = f"{path}{SIDECAR_SUFFIX}"
        files[name] = bytes_of(beside, name, limits)
    return files


def _sidecar_block(
    files: Mapping[str, bytes], path: str, text: TextFile | None
) -> str | None:
    """Return the YAML beside a case file, or None where there is none.

    Raises:
        KnowledgeBaseError: The file carries its front matter, too.
    """
    name = f"{path}{SIDECAR_SUFFIX}"
    if name not in files:
        return None
    if text and text.block is not None:
        raise KnowledgeBaseError(
            "the front matter is given twice: in the file and in a file beside it.",
            f"Remove {shown(name)} or the block in the file.",
            path=path,
        )
    block, first_line = sidecar_block(decode(files[name], name), name)
    return block.lstrip("\n") if first_line > 1 else block
