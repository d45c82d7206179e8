"""How long an ingestion will take, and what of it is published first."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.cache import VectorCache
from ingest.documents import Units
from ingest.outlook import Work, first_stage, measured
from ingest.progress import Outlook, _Lines, outlook_text, progress_bar
from ingest.registry import Registry
from ingest.write import Contents
from kb.types import Step
from tests.support.fakes import FakeEmbedder
from tests.support.made_up import case, city, statement

N_CASES = 10
IDS = [f"sampleby/case-{n}" for n in range(N_CASES)]
CONTENTS = Contents(
    registry=Registry({"sampleby": city("Sampleby")}, {}),
    units=Units(
        steps=[Step("", "Begin", (f"{case_id}#costs.0",)) for case_id in IDS],
        cases=[case(case_id) for case_id in IDS],
        statements=[
            statement(f"{case_id}#costs.{n}", f"{case_id} costs {n} crowns.")
            for case_id in IDS
            for n in range(3)
        ],
    ),
    files={f"{case_id}.md": "digest" for case_id in IDS},
    texts={},
)
PATHS = list(CONTENTS.files)


class SlowEmbedder(FakeEmbedder):
    """Takes a second for each text, a minute to begin, and once a minute for nothing.

    Its seconds are those of its own clock.
    """

    now = 0.0

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `kb.index.embed.Embedder.embed_passages`."""
        self.now += len(texts)
        self.now += 60 if len(self.batches) in (0, 2) else 0
        return super().embed_passages(texts)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[VectorCache]:
    with closing(VectorCache(tmp_path / "cache.sqlite")) as opened:
        yield opened


def work(seconds: float) -> Work:
    """Return work of so many seconds, the same for every case."""
    each = dict.fromkeys(IDS, seconds / N_CASES)
    return Work(Outlook(N_CASES, 30, 70, seconds), each)


def test_measured_when_nothing_is_known(cache, monkeypatch):
    """A sample is timed and kept, what is not usual left out; the rest is estimated."""
    embedder = SlowEmbedder()
    clock = SimpleNamespace(monotonic=lambda: embedder.now)
    monkeypatch.setattr("ingest.outlook.time", clock)
    found = measured(CONTENTS, cache, embedder)
    outlook = found.outlook
    assert (outlook.files, outlook.statements) == (N_CASES, 30)
    n_sampled = len(embedder.embedded)
    assert 0 < n_sampled < outlook.texts
    assert outlook.seconds == outlook.texts - n_sampled
    assert set(IDS) <= found.seconds_of.keys()


def test_measured_when_all_is_known(cache):
    """What is in the cache costs nothing, and nothing is computed."""
    embedder = FakeEmbedder()
    while measured(CONTENTS, cache, embedder).outlook.texts:
        pass
    embedder.embedded.clear()
    assert measured(CONTENTS, cache, embedder).outlook == Outlook(0, 0, 0, 0.0)
    assert embedder.embedded == []


def test_first_stage_when_it_is_quick():
    """Two minutes or less are published at once."""
    assert first_stage(CONTENTS, work(120), []) is None


def test_first_stage_holds_the_first_minute():
    """Files are taken in their order until a minute is full, with all their parts."""
    first = first_stage(CONTENTS, work(300), [])
    assert first is not None
    assert list(first.files) == PATHS[:2]
    assert [one.case_id for one in first.units.cases] == IDS[:2]
    assert {s.case_id for s in first.units.statements} == set(IDS[:2])
    assert [step.case_id for step in first.units.steps] == IDS[:2]


def test_first_stage_holds_what_readers_have():
    """Every file that is published stays; new ones come on top."""
    first = first_stage(CONTENTS, work(300), PATHS[5:])
    assert first is not None
    assert list(first.files) == [*PATHS[:2], *PATHS[5:]]


@pytest.mark.parametrize(
    ("seconds", "published", "renamed", "expected"),
    [
        ([3_000, 20, 50, 40, *[90] * 6], [], [], [1, 3]),
        ([90, 0, *[90] * 7, 0], [], [], [1, 9]),
        ([90] * 10, [0], [8], [0, 8]),
        ([3_000, 2_000, *[0] * 8], range(2, 10), [], range(1, 10)),
    ],
    ids=["cheapest", "nothing to compute", "renamed", "all are dear"],
)
def test_first_stage_holds_what_costs_least(seconds, published, renamed, expected):
    """What is there already comes at once, under whatever name; then the cheapest."""
    costs = {i: float(s) for i, s in zip(IDS, seconds, strict=True) if s}
    first = first_stage(
        CONTENTS,
        Work(Outlook(N_CASES, 30, 70, sum(costs.values())), costs),
        [PATHS[n] for n in published],
        [PATHS[n] for n in renamed],
    )
    assert first is not None
    assert list(first.files) == [PATHS[n] for n in expected]


def test_first_stage_when_little_would_be_left():
    """Where all but a minute's work is needed for it, it is not worth its while."""
    assert first_stage(CONTENTS, work(300), PATHS[:8]) is None


@pytest.mark.parametrize(
    ("outlook", "parts"),
    [
        (Outlook(0, 0, 0, 0.0), ["Nothing is to be computed"]),
        (Outlook(2, 30, 70, 9.0), ["2 files with 30 statements", "under a minute"]),
        (Outlook(90, 900, 2_100, 290.0), ["2,100 vectors", "about 5 min (an estimate"]),
        (Outlook(9, 9, 9, 200.0, 4), ["The first 4 files are published before"]),
    ],
)
def test_outlook_for_people(outlook, parts):
    """Files, statements and minutes are told, as the estimate that they are."""
    for part in parts:
        assert part in outlook_text(outlook)


def test_progress_where_no_bar_can_be_drawn(capsys, monkeypatch):
    """A line comes at the start and every few seconds, though nothing advances."""
    monkeypatch.setattr("ingest.progress._LINE_SECONDS", 0.05)
    with progress_bar() as progress:
        assert isinstance(progress, _Lines)
        progress.expect(replace(work(300).outlook, first_files=2))
        progress.start("Computing vectors", 1_240)
        progress.advance(320)
        time.sleep(0.3)
    first, second, *others = capsys.readouterr().err.splitlines()
    assert first.startswith("To be computed: 10 files with 30 statements")
    assert second == "Computing vectors: 0 of 1,240"
    assert len(others) >= 2
    assert all(line.startswith("Computing vectors: 320 of 1,240") for line in others)
