"""A file that an expert prepares for the corpus: read, but not yet in it."""

from __future__ import annotations

import hashlib
import re
import weakref
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from slugify import slugify

from ingest.background import preview_in_background
from ingest.drafting.comparisons import GivenReview
from ingest.drafting.guess import guessed_values
from ingest.drafting.header import HeaderValues
from ingest.drafting.stored import (
    TEXT_SUFFIXES,
    StoredCase,
    corpus_files,
    values_of,
)
from ingest.drafting.textfile import TextFile
from ingest.readers import READERS, digest_of_text
from ingest.readers.formats import unsupported
from ingest.registry import SIDECAR_SUFFIX, current_registry
from ingest.texts import MARK_DIGITS, text_digest
from kb.errors import (
    IndexNotWritableError,
    KnowledgeBaseError,
    UnreadableDocumentError,
    shown,
)
from kb.settings import Settings
from kb.temporary import temporary_folder
from kb.types import Problem

if TYPE_CHECKING:
    from ingest.preview import Preview

UPLOAD_ENDINGS = tuple(READERS)
"""Of the files that can be sent: in lower case, with their dot."""
LONGEST_STEM = 60
"""Characters of a file name that is made from a title; `ingest.template` cuts there."""
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
    """A folder of the system's temporary ones; it goes when nobody holds it.

    What a killed program leaves is removed as the folders of open indexes are.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Write files into a new folder.

        Args:
            files: Their bytes by their path below the folder.

        Raises:
            KnowledgeBaseError: There is no room.
        """
        held = ExitStack()
        weakref.finalize(self, held.close)
        try:
            self.path = held.enter_context(temporary_folder()) / "files"
            for name, raw in files.items():
                path = self.path / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(raw)
        except (OSError, IndexNotWritableError) as exc:
            why = exc.__cause__ if isinstance(exc, IndexNotWritableError) else exc
            raise KnowledgeBaseError(
                f"the file cannot be kept while it is read ({why}).",
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
    review: GivenReview | None = None
    """The review that it bears, with the text that this stands for."""

    @property
    def suffix(self) -> str:
        """The file name's ending, in lower case."""
        return self.copy.suffix.lower()

    @property
    def body(self) -> str | None:
        """The text behind its front matter, where that can be edited here."""
        return self.text.text if self.text and self.sidecar is None else None

    def mark(self, text: str | None = None) -> str:
        """Return what a review names the draft's text by.

        Args:
            text: Another body than its own; None for that.

        Raises:
            KnowledgeBaseError: Its bytes are no longer in the staging folder.
        """
        return (text_digest(text) if text is not None else self._digest)[:MARK_DIGITS]

    @cached_property
    def _digest(self) -> str:
        return digest_of_text(self.content(), self.copy.name)

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
    text = TextFile.of(raw, known) if suffix in TEXT_SUFFIXES else None
    place = f"{_UNNAMED}/{stem}{suffix}"
    folder = StagingFolder({place: raw})
    preview = _preview(folder, place, known, settings)
    registry = current_registry(settings.corpus_dir)
    block = text.block if text else None
    values = values_of(block) or guessed_values(known, preview, text, registry)
    return CaseDraft(
        name=known,
        folder=folder,
        copy=folder.path / place,
        preview=preview,
        values=values,
        stem=_slug(values.title) or stem,
        text=text,
        sidecar=None,
        review=GivenReview.of(values, digest_of_text(raw, known)),
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
    stored = StoredCase.read(path, settings)
    files, text = stored.files, stored.text
    folder = StagingFolder(files)
    preview = _preview(folder, path, path, settings)
    registry = current_registry(settings.corpus_dir)
    values = stored.values or guessed_values(path, preview, text, registry)
    beside = f"{path}{SIDECAR_SUFFIX}"
    return CaseDraft(
        name=path,
        folder=folder,
        copy=folder.path / path,
        preview=preview,
        values=values,
        stem=PurePosixPath(path).stem,
        text=text,
        sidecar=stored.sidecar,
        replaces=path,
        opened={name: digest_of(files.get(name)) for name in (path, beside)},
        review=stored.review(settings),
    )


def is_outdated(draft: CaseDraft, settings: Settings) -> bool:
    """Say whether a file of a case is not what it was when the case was opened."""
    return any(
        digest_of(content_of(settings.corpus_dir / name)) != before
        for name, before in (draft.opened or {}).items()
    )


def is_there(draft: CaseDraft, settings: Settings) -> bool:
    """Say whether the case that is being edited is still in the corpus."""
    return draft.replaces in corpus_files(settings)


def content_of(path: Path) -> bytes | None:
    """Return the bytes of a file, or None where there is none that can be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None


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
