"""The findings of a few files, out of a check that has seen the whole corpus."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from ingest.listing import list_corpus
from ingest.registry import SIDECAR_SUFFIX
from kb.errors import CorpusError, shown
from kb.types import Problem

_OF_THE_CORPUS = ("registry", "empty-corpus")
"""Rules that leave nothing to be said of any file."""


def named_files(given: Sequence[Path], corpus_dir: Path) -> list[str]:
    """Return the paths in the corpus of the case files that somebody names, in order.

    Args:
        given: Files as one types them, from here or from the corpus folder; a front
            matter file stands for its document, a folder for all that lies in it.
        corpus_dir: The corpus folder.

    Raises:
        CorpusError: One of them is no case file, or the folder cannot be listed.
    """
    listing = list_corpus(corpus_dir)
    known = {path.relative_to(corpus_dir).as_posix() for path in listing.files}
    known |= {problem.path for problem in listing.problems}
    found: list[str] = []
    for path in given:
        name = _name_in(corpus_dir, path)
        document = name.removesuffix(SIDECAR_SUFFIX)
        files = sorted(
            file
            for file in known
            if file in (name, document) or name == "." or file.startswith(f"{name}/")
        )
        if not files and name != ".":
            raise CorpusError(
                f"{shown(str(path))} is no case file of the corpus "
                f"{shown(str(corpus_dir))}.",
                "Name a file as <city>/<practice>.md; `mentorkb preview FILE` looks at "
                "one that is not in the corpus.",
            )
        found += files
    return list(dict.fromkeys(found))


def of_files(problems: Iterable[Problem], files: Collection[str]) -> list[Problem]:
    """Return the findings about some files, their front matter files included.

    A finding about two files is about either. What makes the whole corpus unusable is
    returned, too: nothing was judged then.
    """
    return [
        problem
        for problem in problems
        if problem.rule in _OF_THE_CORPUS
        or problem.path in files
        or problem.path.removesuffix(SIDECAR_SUFFIX) in files
        or problem.other in files
    ]


def place_in(corpus_dir: Path, path: Path) -> str | None:
    """Return a path below the corpus folder, or None for one that lies elsewhere.

    Args:
        corpus_dir: The corpus folder; ``.`` stands for it, and for a folder above it.
        path: A path from here; there need not be anything.
    """
    folder = corpus_dir.resolve()
    if path.is_dir() and folder.is_relative_to(path.resolve()):
        return "."
    full = path.absolute()
    # The parent alone: a case file that is a link must keep its own name.
    place = full.parent.resolve() / full.name
    return (
        place.relative_to(folder).as_posix() if place.is_relative_to(folder) else None
    )


def _name_in(corpus_dir: Path, path: Path) -> str:
    """Return a path below the corpus folder, as one typed it or from here."""
    return place_in(corpus_dir, path if path.exists() else corpus_dir / path) or "?"
