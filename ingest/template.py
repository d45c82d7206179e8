"""A new case to fill in: every key and every section, with a line of guidance each."""

from __future__ import annotations

import json
from pathlib import Path
from string import Template

from slugify import slugify

from ingest.listing import list_corpus
from ingest.registry import Registry, case_id_of, sidecar_of
from kb.errors import KnowledgeBaseError, shown

_TEMPLATE_FILE = Path(__file__).with_name("case_template.txt")
_LONGEST_SLUG = 60
"""Characters; the longest of the shipped corpus has 52."""


def write_template(corpus_dir: Path, registry: Registry, city: str, title: str) -> Path:
    """Write a case file with nothing filled in but its title and its city.

    Args:
        corpus_dir: Folder with the case files.
        registry: The cities and themes that cases may name.
        city: Slug of a city of the registry.
        title: What was done, in a few words, in any script; its words become the file's
            name, cut to 60 characters.

    Returns:
        The path of the new file, ``<city>/<slug of the title>.md``.

    Raises:
        KnowledgeBaseError: The city is unknown, the title holds no letter or digit, the
            case id is taken, or the file cannot be written.
    """
    if city not in registry.cities:
        raise KnowledgeBaseError(
            f"the city {shown(city)} is not in cities.yaml.",
            f"Use one of {', '.join(registry.cities)}.",
        )
    title = " ".join(title.split())
    slug = slugify(title, max_length=_LONGEST_SLUG, word_boundary=True)
    if not slug:
        raise KnowledgeBaseError(
            f"the title {shown(title)} holds no letter or digit to name the file by.",
            "Say in a few words what was done.",
        )
    path = corpus_dir / city / f"{slug}.md"
    _require_free(path, corpus_dir)
    text = Template(_TEMPLATE_FILE.read_text(encoding="utf-8")).substitute(
        # JSON's quotes and escapes are those of YAML, too.
        title=json.dumps(title, ensure_ascii=False),
        city=city,
        themes=", ".join(registry.themes),
    )
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as exc:
        raise KnowledgeBaseError(
            f"the file {case_id_of(path, corpus_dir)}.md cannot be written "
            f"({exc.strerror}).",
            "Check the permissions of the corpus folder and the free space.",
        ) from exc
    return path


def _require_free(path: Path, corpus_dir: Path) -> None:
    """Refuse a path whose case id or whose sidecar exists.

    Raises:
        KnowledgeBaseError: The case id is taken.
    """
    case_id = case_id_of(path, corpus_dir)
    owners = [
        file
        for file in list_corpus(corpus_dir).files
        if case_id_of(file, corpus_dir) == case_id
    ]
    owners += [file for file in (path, sidecar_of(path)) if file.exists()]
    if owners:
        raise KnowledgeBaseError(
            f"the case id {shown(case_id)} is already that of "
            f"{owners[0].relative_to(corpus_dir).as_posix()}.",
            "Give the new case another title, or extend that one.",
        )
