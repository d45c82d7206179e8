"""References from one case to another, or to a section, that lead nowhere."""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from slugify import slugify

from ingest.documents import Document
from ingest.frontmatter import split_markdown
from ingest.readers.text import decode
from ingest.registry import Registry, case_id_of
from kb.errors import shown
from kb.sections import SUBSECTION
from kb.types import Problem

if TYPE_CHECKING:
    from markdown_it.token import Token

_CASE_ID = re.compile(r"([\w-]+)/[\w.-]+(?:#\S+)?")
# A guess takes milliseconds, and a file may hold thousands of dead references.
_MOST_GUESSES = 20
# What the ids of passages and statements add to a section's name.
_UNIT = re.compile(r"(\.[0-9a-f]{8})?(-\d+)?$")


@dataclass(frozen=True)
class Targets:
    """What a reference can lead to."""

    files: frozenset[str]
    """Paths below the corpus folder."""
    cases: Mapping[str, str]
    """Path of the case's file by case id, and by that path itself."""
    anchors: Mapping[str, frozenset[str]]
    """Names of the sections by path; absent for a file that could not be read."""
    cities: frozenset[str]


def targets_in(
    corpus_dir: Path,
    case_files: Iterable[Path],
    documents: Iterable[Document],
    registry: Registry,
) -> Targets:
    """Return everything in a corpus that a reference can lead to."""
    cases: dict[str, str] = {}
    for file in case_files:
        path = file.relative_to(corpus_dir).as_posix()
        cases[case_id_of(file, corpus_dir)] = cases[path] = path
    return Targets(
        # Listed once: a name taken from a document never touches the file system.
        files=frozenset(
            path.relative_to(corpus_dir).as_posix() for path in corpus_dir.rglob("*")
        ),
        cases=cases,
        anchors={document.path: _anchors(document) for document in documents},
        cities=frozenset(registry.cities),
    )


def dead_references(
    document: Document, raw: bytes, targets: Targets
) -> Iterator[Problem]:
    """Yield the references of a Markdown case to cases, files and sections not there.

    A reference is a link without a host, ``[text](../city/case.md#section)``, or a case
    id between backticks. Links to other hosts are not followed.

    Args:
        document: The case as it was read.
        raw: The bytes of its file; its blocks hold no links any more.
        targets: What there is.
    """
    file = split_markdown(decode(raw, document.path), document.path)
    n_found = 0
    for line, reference in _references(file.body, file.body_line, targets.cities):
        if reason := _fault(reference, document.path, targets):
            n_found += 1
            guess = _guess(reference, targets) if n_found <= _MOST_GUESSES else ""
            remedy = f"{guess}Correct or remove it."
            yield Problem(
                document.path, line, "dead-reference", "warning", reason, remedy
            )


def references_to(
    target: str, path: str, raw: bytes, cities: frozenset[str]
) -> Iterator[int]:
    """Yield the lines on which a Markdown case refers to another one.

    Args:
        target: Path of the other case's file.
        path: The path of the case itself.
        raw: The bytes of its file.
        cities: Slugs of the cities.
    """
    names = {target, case_id_of(Path(target), Path())}
    file = split_markdown(decode(raw, path), path)
    for line, reference in _references(file.body, file.body_line, cities):
        if not names.isdisjoint(_places(reference, path)):
            yield line


def _places(reference: str, path: str) -> tuple[str, str]:
    """Return what a reference in the case at ``path`` may mean, below the corpus."""
    name = reference.partition("#")[0].partition("?")[0]
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
    return beside, posixpath.normpath(name.lstrip("/"))


def _guess(reference: str, targets: Targets) -> str:
    name = reference.partition("#")[0]
    near = difflib.get_close_matches(name, targets.cases, n=1)
    return f"Did you mean {near[0]}? " if near else ""


def _anchors(document: Document) -> frozenset[str]:
    names = {document.case.title} if document.case else set()
    for block in document.blocks:
        names |= {block.section, *block.section.split(SUBSECTION)}
    return frozenset(slugify(name) for name in names)


def _references(
    body: str, first_line: int, cities: frozenset[str]
) -> Iterator[tuple[int, str]]:
    """Yield the line and target of each internal reference."""
    from markdown_it import MarkdownIt

    # As the reader of Markdown cases: source marks must not turn into definitions.
    parser = MarkdownIt("commonmark").enable("table").disable("reference")
    for token in parser.parse(body):
        if token.type != "inline" or token.map is None:
            continue
        line = token.map[0] + first_line
        for child in token.children or []:
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            elif reference := _reference(child, cities):
                yield line, reference


def _reference(token: Token, cities: frozenset[str]) -> str | None:
    if token.type == "link_open":
        address = str(token.attrs.get("href", ""))
        try:
            parts = urlsplit(address)
        except ValueError:  # an address with a host, and a wrong one
            return None
        return None if parts.scheme or parts.netloc else unquote(address)
    if token.type == "code_inline":
        found = _CASE_ID.fullmatch(token.content.strip())
        return found.group() if found and found.group(1) in cities else None
    return None


def _fault(reference: str, path: str, targets: Targets) -> str | None:
    """Return what is wrong with a reference in the case at ``path``, if anything."""
    name, _, section = reference.partition("#")
    name = name.partition("?")[0]
    beside, below = _places(reference, path)
    target = next((file for file in (beside, below) if file in targets.cases), None)
    if not name:
        found = path
    elif target:
        found = targets.cases[target]
    elif beside in targets.files or below in targets.files:
        return None  # a file that is no case has no sections that we know
    else:
        return f"the reference {shown(reference)} leads to no case or file."
    anchors = targets.anchors.get(found)
    if not section or anchors is None or _names(section) & anchors:
        return None
    return (
        f"the reference {shown(reference)} names a section that {found} does not have."
    )


def _names(section: str) -> set[str]:
    """Return the section names that an anchor may mean, with and without a unit."""
    return {slugify(section), slugify(_UNIT.sub("", section))}
