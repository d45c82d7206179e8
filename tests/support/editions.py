"""A corpus in editions: every sentence says which, so that a mixture shows."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from ingest import ingest
from kb import KnowledgeBase
from kb.records import answer_record
from kb.settings import Settings
from kb.types import Query
from tests.support.fakes import RecordingProgress
from tests.support.tiny_corpus import write_registry

QUESTION = "How much did the oven pipe cost?"
_EDITION = re.compile(r"[Ee]dition (\d+)")

_CASE = """\
---
title: "{title}, edition {n}"
city: exampleton
themes: [district-heating]
period: 2018-2021
actors: ["Crumbly Biscuits, edition {n}"]
summary: {title} warms homes, says edition {n}.
sources:
  S1:
    title: {title} explained
    publisher: Exampleton Heat
    url: https://heat.exampleton.example/{slug}
    language: en
    year: 2021
review: {{status: draft, by: null, 'on': null}}
---

## What was done

{extra}- {title} heats 1,200 homes of the town, says edition {n}. [^S1]

## Costs

- The {title} cost {n} million crowns, says edition {n}. [^S1]

## Open questions

- Who mends the {title} is not published, says edition {n}.
"""
_CASES = {"oven-pipe": "oven pipe", "steam-pipe": "steam pipe"}


def write_edition(corpus_dir: Path, n: int) -> None:
    """Write edition ``n`` of the corpus over the one before.

    It also moves: each edition has another number of sentences before the others, so
    that the positions and ids of one edition name something else in the next.
    """
    if not corpus_dir.exists():
        write_registry(corpus_dir)
    folder = corpus_dir / "exampleton"
    folder.mkdir(exist_ok=True)
    extra = "".join(
        f"- Baker number {i} bakes at night, says edition {n}. [^S1]\n"
        for i in range(n % 5)
    )
    for slug, title in _CASES.items():
        text = _CASE.format(title=title, slug=slug, n=n, extra=extra)
        (folder / f"{slug}.md").write_text(text, encoding="utf-8")


def edition_of(record: dict[str, Any]) -> int:
    """Return the one edition that an answer, as ``--json`` prints it, comes from.

    An abstention, an answer without the price, or one of several editions fails.
    """
    assert not record["abstained"], record
    editions = {int(n) for n in _EDITION.findall(json.dumps(record))}
    assert len(editions) == 1, f"a mixture of editions: {editions}"
    (edition,) = editions
    texts = [statement["text"] for statement in record["statements"]]
    price = f"The oven pipe cost {edition} million crowns, says edition {edition}."
    assert price in texts, texts
    return edition


def asked(kb: KnowledgeBase) -> int:
    """Ask for the price of the oven pipe; return which edition answered."""
    return edition_of(answer_record(kb.ask(Query(QUESTION))))


def publish_edition(settings: Settings, n: int) -> str:
    """Ingest edition ``n`` in this process; return the generation's name."""
    write_edition(settings.corpus_dir, n)
    report = ingest(settings, RecordingProgress())
    assert report.exit_code == 0, report.rejected
    assert report.generation is not None
    return report.generation


@pytest.fixture(scope="session")
def edition_1(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the settings of an index of edition 1; copy it, never ingest into it."""
    folder = tmp_path_factory.mktemp("editions")
    settings = Settings(corpus_dir=folder / "corpus", index_dir=folder / "index")
    publish_edition(settings, 1)
    return settings


@pytest.fixture
def settings(edition_1: Settings, tmp_path: Path) -> Settings:
    """Return the settings of an index of edition 1 that the test may change."""
    return copy_of(edition_1, tmp_path)


def copy_of(settings: Settings, folder: Path) -> Settings:
    """Return a corpus and its index, copied so that a test may change them."""
    copy = Settings(corpus_dir=folder / "corpus", index_dir=folder / "index")
    shutil.copytree(settings.corpus_dir, copy.corpus_dir)
    shutil.copytree(settings.index_dir, copy.index_dir)
    return copy


def generations(settings: Settings) -> list[str]:
    """Return the names of all folders of generations, whole or not, oldest first."""
    return sorted(path.name for path in (settings.index_dir / "generations").iterdir())
