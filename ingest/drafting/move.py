"""A case file moved within the corpus: its front matter file goes with it.

The front matter file goes first. Who is killed between the two then leaves a document
without front matter, which an ingestion rejects, and the same command goes on.
"""

from __future__ import annotations

import os
import shlex
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ingest.check.narrowing import named_files, place_in
from ingest.check.references import references_to
from ingest.drafting.naming import name_its_text
from ingest.drafting.place import misnamed, misplaced, present_files, taken
from ingest.drafting.save import explained, only_one, overwrite, sync
from ingest.frontmatter import has_front_matter, with_value
from ingest.limits import Limits
from ingest.listing import list_corpus
from ingest.readers import bytes_of
from ingest.registry import SIDECAR_SUFFIX, case_id_of, read_registry
from kb.errors import CorpusError, KnowledgeBaseError, shown
from kb.settings import Settings
from kb.types import city_of


@dataclass(frozen=True)
class MovedCase:
    """Where a case was and is, as paths below the corpus folder."""

    old: str
    new: str
    with_sidecar: bool
    links: tuple[str, ...]
    """Where other cases refer to the old case id, as ``file:line``."""
    is_in_its_city: bool
    """Whether its front matter names the city that it lies in now."""

    @property
    def old_id(self) -> str:
        """The case id that nothing bears any more."""
        return case_id_of(Path(self.old), Path())

    @property
    def new_id(self) -> str:
        """The case id from now on."""
        return case_id_of(Path(self.new), Path())


def move_case(old: Path, new: Path, settings: Settings) -> MovedCase:
    """Move a case file and the front matter file beside it.

    In the folder of another city its front matter names that city, and a review that
    does not name its text does so from now on. Nothing else is changed.

    Args:
        old: The file as one types it, from here or from the corpus folder.
        new: Where to, the same; its ending may be left out.
        settings: The corpus.

    Raises:
        CorpusError: There is no such case, or the corpus cannot be used.
        KnowledgeBaseError: The new name does not fit or is taken, or the folder cannot
            be written; then all is as it was.
    """
    folder = settings.corpus_dir
    before = _one_file(old, folder)
    after = _destination(new, before, folder)
    links = _links_to(before, settings)
    city, stays = city_of(after), city_of(after) == city_of(before)
    with explained(), only_one(folder), ExitStack() as undo:
        steps = _steps(before, after, settings)
        name_its_text(before, settings, undo)
        names_city = stays or _write_city(
            _front_matter_file(before, after, folder), city, settings, undo
        )
        (folder / after).parent.mkdir(exist_ok=True)
        for source, target in steps:
            (folder / source).rename(folder / target)
            undo.callback((folder / target).rename, folder / source)
            sync((folder / target).parent)
        undo.pop_all()
    with_sidecar = os.path.lexists(folder / f"{after}{SIDECAR_SUFFIX}")
    return MovedCase(before, after, with_sidecar, tuple(links), names_city)


def move_text(moved: MovedCase) -> str:
    """Return what was moved, what names the old id and breaks, and the way back."""
    beside = " with its front matter file" if moved.with_sidecar else ""
    links = ", ".join(moved.links) or "none"
    lines = [
        f"Moved {moved.old} to {moved.new}{beside}.",
        f"The case id was {moved.old_id} and is {moved.new_id}. What names the old one "
        "finds the case no more:",
        f"- links in other cases: {links}",
        f"- judgements: change {moved.old_id} in the files of evals/questions",
        "- readers' feedback, briefings and addresses that were kept or sent",
    ]
    city = city_of(moved.new_id)
    if not moved.is_in_its_city:
        lines.append(f"Write `city: {city}` in its front matter.")
    elif city != city_of(moved.old_id):
        lines.append(f"Its front matter says `city: {city}` now.")
    way_back = (
        ""
        if misnamed(moved.old)
        else f" The way back: `mentorkb move {shlex.join([moved.new, moved.old])}`."
    )
    return "\n".join(
        [*lines, f"Run `mentorkb check`, then `mentorkb ingest`.{way_back}"]
    )


def _one_file(path: Path, folder: Path) -> str:
    files = named_files([path], folder)
    if len(files) != 1:
        raise CorpusError(
            f"{shown(str(path))} holds {len(files)} case files.",
            "Move one file at a time.",
        )
    (file,) = files
    if file.endswith(SIDECAR_SUFFIX):
        raise CorpusError(
            f"{file} is front matter, and there is no document beside it.",
            "Name the document, which takes its front matter along.",
            path=file,
        )
    return file


def _destination(path: Path, before: str, folder: Path) -> str:
    """Return where a file is to lie, below the corpus folder.

    Raises:
        KnowledgeBaseError: It cannot lie there.
    """
    after = PurePosixPath(place_in(folder, path) or path.as_posix())
    ending = PurePosixPath(before).suffix
    if after.name and not after.suffix:
        after = after.with_name(f"{after.name}{ending.lower()}")
    if after.suffix.lower() != ending.lower():
        raise KnowledgeBaseError(
            f"{after} has another ending than {before}, which stays what it is.",
            f"Name the new place with the ending {ending.lower()}.",
        )
    for problem in misnamed(str(after)) or misplaced(str(after), folder):
        raise KnowledgeBaseError(problem.reason, problem.remedy, path=str(after))
    cities = read_registry(folder).cities
    if city_of(str(after)) not in cities:
        raise KnowledgeBaseError(
            f"the city {shown(city_of(str(after)))} is not in cities.yaml.",
            f"Use the folder of one of {', '.join(cities)}.",
            path=str(after),
        )
    return str(after)


def _steps(before: str, after: str, settings: Settings) -> list[tuple[str, str]]:
    """Return which file takes which name, in their order.

    A front matter file that waits at the new place for a document without any is the
    other half of a move that was killed.

    Raises:
        KnowledgeBaseError: The new name is taken.
    """
    folder = settings.corpus_dir
    sidecar, waiting = (f"{name}{SIDECAR_SUFFIX}" for name in (before, after))
    has_sidecar = os.path.lexists(folder / sidecar)
    own = {before, sidecar} if before != after else set()
    owners = [name for name in present_files(after, folder) if name not in own]
    is_half = not has_sidecar and not _text_with_front_matter(before, settings)
    for owner in owners:
        if not (is_half and owner == waiting and len(owners) == 1):
            problem = taken(after, owner)
            raise KnowledgeBaseError(
                problem.reason, "Choose another name; nothing was moved.", path=after
            )
    document = (before, after)
    return [(sidecar, waiting), document] if has_sidecar else [document]


def _front_matter_file(before: str, after: str, folder: Path) -> str:
    """Return the file with the front matter of a case that is about to be moved."""
    sidecars = (f"{name}{SIDECAR_SUFFIX}" for name in (before, after))
    return next((s for s in sidecars if os.path.lexists(folder / s)), before)


def _write_city(file: str, city: str, settings: Settings, undo: ExitStack) -> bool:
    """Let a front matter name another city; return whether it does."""
    path = settings.corpus_dir / file
    text = _text_with_front_matter(file, settings)
    new = None if text is None or path.is_symlink() else with_value(text, "city", city)
    if text is None or new is None:
        return False
    overwrite(path, new.encode(), undo)
    return True


def _text_with_front_matter(file: str, settings: Settings) -> str | None:
    """Return the text of a file, byte by byte, if it holds front matter."""
    name = PurePosixPath(file)
    if name.suffix.lower() not in (".md", ".txt", SIDECAR_SUFFIX):
        return None
    try:
        raw = bytes_of(settings.corpus_dir / file, file, Limits.of(settings))
        text = raw.decode("utf-8")
    except (CorpusError, UnicodeDecodeError):
        return None
    is_block = name.suffix == SIDECAR_SUFFIX
    return text if is_block or has_front_matter(text.lstrip("\ufeff")) else None


def _links_to(path: str, settings: Settings) -> list[str]:
    """Return where other Markdown cases refer to a case, as ``file:line``."""
    folder, limits = settings.corpus_dir, Limits.of(settings)
    cities = frozenset(read_registry(folder).cities)
    found = []
    for file in list_corpus(folder).files:
        name = file.relative_to(folder).as_posix()
        if file.suffix.lower() == ".md" and name != path:
            with suppress(CorpusError):  # what cannot be read, `check` tells
                raw = bytes_of(file, name, limits)
                lines = references_to(path, name, raw, cities)
                found += [f"{name}:{line}" for line in lines]
    return found
