"""Whether a file can be filed: where it lies, what it is called, what it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from slugify import slugify

from ingest.documents import Document
from ingest.registry import Registry
from kb.errors import DocumentError, shown
from kb.types import Problem, city_of

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""What a file may be called, without its ending."""


def problem_from(error: DocumentError) -> Problem:
    """Return the finding for a file that its reader gave up on."""
    return Problem(
        error.path or "", error.line, error.rule, "error", error.reason, error.remedy
    )


def unusable_case(document: Document, registry: Registry) -> Iterator[Problem]:
    """Yield the errors that keep a well-formed case out of the index."""
    case = document.case
    if case is None:
        return
    folder = city_of(case.case_id)
    stem = Path(document.path).stem
    if not SLUG.fullmatch(stem):
        proposed = slugify(stem) or "a-name"
        suffix = Path(document.path).suffix.lower()
        yield Problem(
            document.path,
            None,
            "file-name",
            "error",
            f"the file name {shown(stem)} contains characters other than lower-case "
            "letters a-z, digits and single hyphens.",
            f"Rename it, for example to {shown(proposed + suffix)}; the name becomes "
            "the case id.",
        )
    if case.city not in registry.cities:
        yield _at(
            document,
            ("city",),
            "unknown-city",
            f"the city {shown(case.city)} is not in cities.yaml.",
            f"Use one of {', '.join(registry.cities)}.",
        )
    elif case.city != folder:
        yield _at(
            document,
            ("city",),
            "city-folder",
            f"the city {shown(case.city)} differs from the folder {shown(folder)}.",
            "Move the file or correct the city.",
        )
    for index, theme in enumerate(case.themes):
        if theme not in registry.themes:
            yield _at(
                document,
                ("themes", str(index)),
                "unknown-theme",
                f"the theme {shown(theme)} is not in themes.yaml.",
                f"Use one or more of {', '.join(registry.themes)}.",
            )


def _at(
    document: Document, key: tuple[str, ...], rule: str, reason: str, remedy: str
) -> Problem:
    line = document.lines.get(key) or document.lines.get(key[:1])
    path = document.front_matter_path or document.path
    return Problem(path, line, rule, "error", reason, remedy)
