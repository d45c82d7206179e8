"""Questions go on while ingestions publish: none fails, none mixes two editions."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from itertools import pairwise

import pytest

from kb import KnowledgeBase
from kb.storage import FolderStorage
from kb.storage.base import KEPT_GENERATIONS
from tests.support.asking import Asking, Seen
from tests.support.editions import (
    asked,
    edition_1,
    generations,
    publish_edition,
    settings,
)
from tests.support.processes import ROOT, environment

__all__ = ["edition_1", "settings"]

NEWEST = 6


@pytest.fixture
def elsewhere(settings):
    """Return another process that asks the same index from several threads."""
    process = subprocess.Popen(
        [
            sys.executable,
            *("-m", "tests.support.asking"),
            *map(str, (settings.corpus_dir, settings.index_dir)),
        ],
        env=environment(),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.skipif(sys.platform != "linux", reason="sees open files in /proc")
def test_questions_while_five_ingestions_publish(
    settings, embedder, elsewhere, record_property
):
    """In two processes every answer is of one edition, and the last is the newest."""
    with closing(KnowledgeBase(settings, embedder)) as kb:
        asking = Asking(kb)
        try:
            for edition in range(2, NEWEST + 1):
                publish_edition(settings, edition)
        finally:
            here = asking.stop(settings.index_dir)
        told, _ = elsewhere.communicate("\n", timeout=60)
        there = Seen(**json.loads(told))
        for seen in (here, there):
            assert seen.failures == []
            assert seen.last == NEWEST
            assert_in_order(seen)
            # What was left is closed, also where its folder is gone.
            newest = FolderStorage(settings.index_dir).current()
            assert seen.files
            assert {file.split("/")[1] for file in seen.files} == {newest}
        record_property("answers", [counts(here), counts(there)])
    publish_edition(settings, NEWEST + 1)
    assert generations(settings) == FolderStorage(settings.index_dir).complete()
    assert len(generations(settings)) == KEPT_GENERATIONS


def assert_in_order(seen: Seen) -> None:
    """Fail when a thread went back to an older edition, or saw only one."""
    for editions in seen.editions:
        assert all(before <= after for before, after in pairwise(editions))
        assert len(set(editions)) > 1


def counts(seen: Seen) -> list[int]:
    """Return how many answers came from each edition."""
    every = [edition for editions in seen.editions for edition in editions]
    return [every.count(edition) for edition in range(1, NEWEST + 1)]


def test_generation_in_use_is_not_removed(settings, embedder):
    """It stays while somebody reads it; the next ingestion afterwards removes it."""
    storage = FolderStorage(settings.index_dir)
    (first,) = generations(settings)
    with closing(storage.open(first)) as reading:
        second = publish_edition(settings, 2)
        third = publish_edition(settings, 3)
        fourth = publish_edition(settings, 4)
        fifth = publish_edition(settings, 5)
        # The second was read by nobody.
        assert generations(settings) == [first, third, fourth, fifth]
        assert second not in generations(settings)
        statements = reading.catalogue.statements_at([0])
        assert [s.text.endswith("says edition 1.") for s in statements] == [True]
    sixth = publish_edition(settings, 6)
    assert generations(settings) == [fourth, fifth, sixth]
    with closing(KnowledgeBase(settings, embedder)) as kb:
        assert asked(kb) == 6
