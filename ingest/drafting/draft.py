"""A file that an expert prepares for the corpus: read, but not yet in it."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from slugify import slugify

from ingest.background import preview_in_background
from ingest.drafting.guess import guessed_values
from ingest.drafting.header import HeaderValues
from ingest.drafting.textfile import TextFile
from ingest.frontmatter import read_header, sidecar_block
from ingest.limits import Limits
from ingest.listing import list_corpus
from ingest.readers import READERS, bytes_of
from ingest.readers.formats import unsupported
from ingest.readers.text import decode
from ingest.registry import SIDECAR_SUFFIX, current_registry, sidecar_of
from kb.errors import KnowledgeBaseError, UnreadableDocumentError, shown
from kb.settings import Settings
from kb.types import Problem

if TYPE_CHECKING:
    from ingest.preview import Preview

UPLOAD_ENDINGS = tuple(READERS)
"""Of the files that can be sent: in lower case, with their dot."""
LONGEST_STEM = 60
"""Characters of a file name that is made from a title; `ingest.template` cuts there."""
_TEXT_SUFFIXES = (".md", ".txt")
"""Of files that can carry their front matter themselves."""
_LONGEST_NAME = 120
_UNNAMED = "untitled"
_OF_THE_FORM = frozenset(
    {
        *("front-matter-missing", "front-matter-schema", "duplicate-key"),
        *("malformed-url", "date", "unknown-city", "unknown-theme"),
        *("city-folder", "file-name"),
    }
)
"""Rules about what the form changes; `ingest.drafting.propose` judges that anew.

Not ``front-matter-syntax``: a form would show nothing of what does not parse, and write
over it.
"""


class StagingFolder:
    """A folder of the system's temporary ones; it goes when nobody holds it."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Write files into a new folder.

        Args:
            files: Their bytes by their path below the folder.

        Raises:
            KnowledgeBaseError: There is no room.
        """
        try:
            self.path = Path(tempfile.mkdtemp(prefix="mentorkb-draft-"))
            weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)
            for name, raw in files.items():
                path = self.path / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(raw)
        except OSError as exc:
            raise KnowledgeBaseError(
                f"the file cannot be kept while it is read ({exc.strerror}).",
                "Free some space in the folder for temporary files.",
            ) from exc


@dataclass(frozen=True, eq=False)
class CaseDraft:
    """A file that is being prepared, whether new or from the corpus."""

    name: str
    """The file's name as the expert knows it, fit to be shown."""
    folder: StagingFolder
    copy: Path
    """The file's bytes, in that folder."""
    preview: Preview
    values: HeaderValues
    """Its front matter to begin with, or what could be guessed of it."""
    stem: str
    """The name proposed for it, without its ending."""
    text: TextFile | None
    """Its parts where it is Markdown or text."""
    sidecar: str | None
    """The YAML of the front matter file beside it, where there is one."""
    replaces: str | None = None
    """The case file of the corpus that is being edited; None for an upload."""
    opened: Mapping[str, str | None] | None = None
    """Digests of its files in the corpus when it was opened, by path."""

    @property
    def suffix(self) -> str:
        """The file name's ending, in lower case."""
        return self.copy.suffix.lower()

    @property
    def body(self) -> str | None:
        """The text behind its front matter, where that can be edited here."""
        return self.text.text if self.text and self.sidecar is None else None

    def content(self) -> bytes:
        """Return the file's bytes.

        Raises:
            KnowledgeBaseError: They are no longer in the staging folder.
        """
        try:
            return self.copy.read_bytes()
        except OSError as exc:
            raise KnowledgeBaseError(
                f"the copy of the file is gone ({exc.strerror}).",
                "Close it and send the file again, or open the case again.",
                path=self.name,
            ) from exc

    @property
    def problems(self) -> list[Problem]:
        """What was found in reading it, but for what its form is about."""
        return [p for p in self.preview.problems if p.rule not in _OF_THE_FORM]


def corpus_files(settings: Settings) -> list[str]:
    """Return the paths of the case files in the corpus folder, in order.

    Files that an ingestion rejects are among them.

    Raises:
        CorpusError: The folder cannot be listed.
    """
    folder = settings.corpus_dir
    return [p.relative_to(folder).as_posix() for p in list_corpus(folder).files]


def open_upload(name: str, raw: bytes, settings: Settings) -> CaseDraft:
    """Read a file that an expert has sent, and guess its front matter.

    Nothing is written into the corpus. The name is used for its ending and for a
    proposal, never as a path.

    Args:
        name: As the sender's computer gives it: any text.
        raw: The file.
        settings: The corpus and the limits.

    Raises:
        UnsupportedFormatError: No reader knows its ending.
        UnreadableDocumentError: It cannot be read at all, or its front matter does not
            parse.
        KnowledgeBaseError: There is no room for a copy, or the corpus cannot be used.
    """
    known = _shown_name(name)
    suffix = PurePosixPath(known).suffix.lower()
    if suffix not in READERS:
        raise unsupported(suffix, tuple(READERS), known)
    stem = _slug(PurePosixPath(known).stem) or _UNNAMED
    text = TextFile.of(raw, known) if suffix in _TEXT_SUFFIXES else None
    place = f"{_UNNAMED}/{stem}{suffix}"
    folder = StagingFolder({place: raw})
    preview = _preview(folder, place, known, settings)
    registry = current_registry(settings.corpus_dir)
    block = text.block if text else None
    values = _values(block) or guessed_values(known, preview, text, registry)
    return CaseDraft(
        name=known,
        folder=folder,
        copy=folder.path / place,
        preview=preview,
        values=values,
        stem=_slug(values.title) or stem,
        text=text,
        sidecar=None,
    )


def open_case(path: str, settings: Settings) -> CaseDraft:
    """Open a case file of the corpus to change its front matter.

    Args:
        path: One of `corpus_files`.
        settings: The corpus and the limits.

    Raises:
        KnowledgeBaseError: There is no such case file, or its front matter is given
            twice.
        UnreadableDocumentError: It cannot be read at all, or its front matter does not
            parse.
    """
    if path not in corpus_files(settings):
        raise KnowledgeBaseError(
            f"{shown(path)} is no case file of the corpus.",
            "It may have been renamed or removed: choose one from the list.",
        )
    files = _files_of(path, settings)
    suffix = PurePosixPath(path).suffix.lower()
    text = TextFile.of(files[path], path) if suffix in _TEXT_SUFFIXES else None
    sidecar = _sidecar_block(files, path, text)
    folder = StagingFolder(files)
    preview = _preview(folder, path, path, settings)
    block = text.block if text and sidecar is None else sidecar
    registry = current_registry(settings.corpus_dir)
    values = _values(block) or guessed_values(path, preview, text, registry)
    beside = f"{path}{SIDECAR_SUFFIX}"
    return CaseDraft(
        name=path,
        folder=folder,
        copy=folder.path / path,
        preview=preview,
        values=values,
        stem=PurePosixPath(path).stem,
        text=text,
        sidecar=sidecar,
        replaces=path,
        opened={name: digest_of(files.get(name)) for name in (path, beside)},
    )


def digest_of(raw: bytes | None) -> str | None:
    """Return the SHA-256 of a file in hexadecimal digits, or None for no file."""
    return None if raw is None else hashlib.sha256(raw).hexdigest()


def _slug(text: str) -> str:
    return slugify(text, max_length=LONGEST_STEM, word_boundary=True)


def _shown_name(name: str) -> str:
    """Return the last part of a name that anybody may have made up, fit to be shown."""
    last = re.split(r"[/\\]", name)[-1]
    clean = "".join(char for char in last if char.isprintable()).strip()
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[:_LONGEST_NAME]}{dot}{ending[:_LONGEST_NAME]}" or _UNNAMED


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


def _values(block: str | None) -> HeaderValues | None:
    """Return what a front matter says, or None where there is nothing to go by."""
    values = read_header(block, "").values if block else {}
    return HeaderValues.of(values) if values else None


def _preview(
    folder: StagingFolder, place: str, name: str, settings: Settings
) -> Preview:
    """Read the staged file in a process of its own.

    Raises:
        UnreadableDocumentError: It holds nothing that can be read, or a front matter
            that does not parse.
    """
    path = folder.path / place
    preview = preview_in_background(path, folder.path, settings).result()
    problems = tuple(
        replace(p, path=p.path.replace(str(path), name, 1)) for p in preview.problems
    )
    preview = replace(preview, path=name, problems=problems)
    for problem in problems:
        if problem.severity == "error" and problem.rule not in _OF_THE_FORM:
            raise UnreadableDocumentError(
                problem.reason,
                problem.remedy,
                path=problem.path,
                line=problem.line,
                rule=problem.rule,
            )
    return preview
