"""The list of the corpus's case files, and what in its folders cannot be one.

Nothing is ignored silently: what looks like a case file and cannot be read, from a
broken link to a file in the wrong folder, is a problem with a remedy. Nothing is opened
here, because opening a pipe waits for ever and a link may lead anywhere.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.readers import READERS
from ingest.registry import CITIES_FILE, THEMES_FILE, case_id_of, is_sidecar, sidecar_of
from kb.errors import CorpusError, shown
from kb.types import Problem

_NOT_CASES = {CITIES_FILE, THEMES_FILE}
_NOT_CASE_STEMS = {"readme", "license"}
_NOT_CASE_ENDINGS = {"", ".md", ".txt"}
_PAGES = (".html", ".htm")
_OF_THE_SYSTEM = {"thumbs.db", "desktop.ini"}
# Of editors and office programs that have the file open.
_SCRATCH = (".", "~$")


UNREADABLE_FOLDER = "unreadable-folder"
"""Rule of a folder whose files nobody can see."""


@dataclass
class Listing:
    """What the corpus folder holds."""

    files: list[Path] = field(default_factory=list)
    """Case files to be read, by path; each has a case id of its own."""
    problems: list[Problem] = field(default_factory=list)
    """Why others are not; all of them errors."""


def list_corpus(corpus_dir: Path) -> Listing:
    """List a corpus folder.

    Sidecars of other files, hidden files and README files are left out; a file of an
    unknown format is listed, so that its reader says what to do with it.

    Raises:
        CorpusError: The folder cannot be listed.
    """
    listing = Listing()
    candidates = []
    for path in _walk(corpus_dir, listing.problems):
        problem = _unusable(path, corpus_dir)
        if problem:
            listing.problems.append(problem)
        else:
            candidates.append(path)
    present = set(candidates)
    candidates = [path for path in candidates if not is_sidecar(path, present)]
    taken: dict[str, Path] = {}
    # A file deeper in the city's folder must not take the id of one on top.
    for path in sorted(candidates, key=lambda path: (len(path.parts), path)):
        first = taken.setdefault(case_id_of(path, corpus_dir), path)
        if first is path:
            listing.files.append(path)
        else:
            listing.problems.append(_duplicate(path, first, corpus_dir))
    listing.files.sort()
    return listing


def _walk(corpus_dir: Path, problems: list[Problem]) -> Iterator[Path]:
    """Yield every name that is not meant to be passed over; note unreadable folders."""

    def note(error: OSError) -> None:
        path = Path(error.filename)
        if path == corpus_dir:
            raise CorpusError(
                f"the corpus folder cannot be listed ({error.strerror}).",
                "Check its permissions.",
                path=str(corpus_dir),
            ) from error
        problems.append(
            _problem(
                path,
                corpus_dir,
                UNREADABLE_FOLDER,
                f"the folder cannot be listed ({error.strerror}).",
                "Check its permissions.",
            )
        )

    for folder, folders, names in os.walk(corpus_dir, onerror=note):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(_SCRATCH)
            and not _belongs_to_page(Path(folder, name), names)
        )
        at_top = Path(folder) == corpus_dir
        for name in folders:
            path = Path(folder, name)
            if path.is_symlink() or path.suffix.lower() in READERS:
                yield path
        for name in names:
            if name.startswith(_SCRATCH) or name.lower() in _OF_THE_SYSTEM:
                continue
            lower = Path(name.lower())
            if lower.stem in _NOT_CASE_STEMS and lower.suffix in _NOT_CASE_ENDINGS:
                continue
            if not (at_top and name in _NOT_CASES):
                yield Path(folder, name)


def _belongs_to_page(folder: Path, beside: list[str]) -> bool:
    """Say whether a folder holds only the pictures of a saved web page beside it."""
    page, separator, _ = folder.name.rpartition("_")
    if not separator or not {f"{page}{ending}" for ending in _PAGES} & {*beside}:
        return False
    documents = READERS.keys() - {*_PAGES}
    return not any(path.suffix.lower() in documents for path in folder.rglob("*"))


def _unusable(path: Path, corpus_dir: Path) -> Problem | None:
    """Return why a name in the corpus cannot be a case file, or None."""
    for rule, reason, remedy in _objections(path, corpus_dir):
        return _problem(path, corpus_dir, rule, reason, remedy)
    return None


def _objections(path: Path, corpus_dir: Path) -> Iterator[tuple[str, str, str]]:
    """Yield rule, reason and remedy of what speaks against a case file, worst first."""
    relative = path.relative_to(corpus_dir).as_posix()
    if not relative.isprintable():
        yield (
            "file-name",
            f"the name {ascii(relative)} holds characters that cannot be shown.",
            "Rename the file: lower-case letters a-z, digits and hyphens.",
        )
        return
    try:
        mode = path.stat().st_mode
        inside = _is_inside(path, corpus_dir)
    except (OSError, RuntimeError):
        yield _BROKEN_LINK if os.path.islink(path) else _UNSEEN  # noqa: PTH114
        return
    if not inside:
        yield (
            "outside-corpus",
            "it, or its front matter file, is a link that leads out of the corpus "
            "folder; it was not read.",
            "Put a copy of the file in place of the link.",
        )
    if not stat.S_ISREG(mode):
        yield (
            "not-a-file",
            "it is a folder (or a link to one), a pipe or a device, not a file.",
            "Rename or remove it.",
        )
    if path.parent == corpus_dir:
        yield (
            "city-folder",
            "the file lies in no city's folder.",
            "Move it into the folder of its city.",
        )
    sidecar = sidecar_of(path)
    if sidecar.exists() and not sidecar.is_file():
        yield (
            "not-a-file",
            f"{shown(sidecar.name)} beside it is a folder, a pipe or a device.",
            "Remove it, and write the front matter into a file of that name.",
        )
    partner = path.with_suffix("")
    if path.suffix == ".yaml" and partner.suffix and not partner.exists():
        yield (
            "sidecar-without-file",
            f"there is no {shown(partner.name)} beside this front matter file.",
            "Put the document beside it, or remove it.",
        )


_BROKEN_LINK = (
    "broken-link",
    "it is a link that leads nowhere.",
    "Put a copy of the file in place of the link.",
)
_UNSEEN = ("unreadable", "the file cannot be looked at.", "Check its permissions.")


def _is_inside(path: Path, corpus_dir: Path) -> bool:
    """Say whether a file and its sidecar lie in the corpus, links followed."""
    root, sidecar = corpus_dir.resolve(), sidecar_of(path)
    return path.resolve().is_relative_to(root) and (
        not sidecar.is_symlink() or sidecar.resolve().is_relative_to(root)
    )


def _duplicate(path: Path, first: Path, corpus_dir: Path) -> Problem:
    other = first.relative_to(corpus_dir).as_posix()
    problem = _problem(
        path,
        corpus_dir,
        "duplicate-id",
        f"the case id {shown(case_id_of(path, corpus_dir))} is already that of "
        f"{other}.",
        "Rename one of the two files.",
    )
    return replace(problem, other=other)


def _problem(
    path: Path, corpus_dir: Path, rule: str, reason: str, remedy: str
) -> Problem:
    relative = path.relative_to(corpus_dir).as_posix()
    printable = relative if relative.isprintable() else ascii(relative)[1:-1]
    return Problem(printable, None, rule, "error", reason, remedy)
