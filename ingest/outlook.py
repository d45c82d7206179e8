"""How long computing will take, measured before it; and what to publish first."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from statistics import median

from ingest.cache import VectorCache
from ingest.documents import Units
from ingest.progress import Outlook
from ingest.write import Contents, texts_by_case
from kb.index.embed import Embedder

STAGE_SECONDS = 120
"""Work that takes longer is published in two stages."""
_FIRST_SECONDS = 60
_SAMPLE = 33
_BATCH = 8


@dataclass(frozen=True)
class Work:
    """The outlook, and which case it is about how much of."""

    outlook: Outlook
    seconds_of: Mapping[str, float]
    """Estimated for each case that has a text to be computed, by its id."""


def measured(contents: Contents, cache: VectorCache, embedder: Embedder) -> Work:
    """Compute the vectors of a few texts, and tell how long the others will take.

    The vectors are kept in the cache. Where all are in it already, nothing is done.
    """
    of_case = texts_by_case(contents)
    texts = dict.fromkeys(text for some in of_case.values() for text in some)
    missing = cache.missing(list(texts), embedder)
    sample = missing[:: max(1, len(missing) // _SAMPLE)][:_SAMPLE]
    each = _seconds_each(sample, cache, embedder)
    new = {*missing}
    waiting = new - {*sample}
    seconds = {
        case_id: each * sum(text in waiting for text in some)
        for case_id, some in of_case.items()
        if not new.isdisjoint(some)
    }
    ids = {case.case_id for case in contents.units.cases} & seconds.keys()
    return Work(
        Outlook(
            files=len(ids),
            statements=sum(s.case_id in ids for s in contents.units.statements),
            texts=len(missing),
            seconds=each * len(waiting),
        ),
        seconds,
    )


def _seconds_each(
    sample: Sequence[str], cache: VectorCache, embedder: Embedder
) -> float:
    """Compute texts; return the median of what one has taken in small batches.

    A model's first call does what later ones need not, so that it counts only where
    there is no other.
    """

    def spent(texts: Sequence[str]) -> float:
        started = time.monotonic()
        cache.embed(texts, embedder, lambda _n: None)
        return (time.monotonic() - started) / len(texts)

    if not sample:
        return 0.0
    first, others = spent(sample[:1]), sample[1:]
    batches = range(0, len(others), _BATCH)
    return median([spent(others[n : n + _BATCH]) for n in batches] or [first])


def first_stage(
    contents: Contents,
    work: Work,
    published: Collection[str],
    renamed: Collection[str] = (),
) -> Contents | None:
    """Return what can be published while the rest is computed, or None for all at once.

    It holds every file that readers have now, so that none goes away meanwhile; every
    one that is computed already; and the cheapest of the others.

    Args:
        contents: Everything.
        work: What is to be computed of it.
        published: Paths of the files that are published.
        renamed: New paths of files that are published under others.
    """
    if work.outlook.seconds <= STAGE_SECONDS:
        return None
    cases, seconds = contents.units.cases, work.seconds_of
    known = {case.case_id for case in cases if case.path in {*published, *renamed}}
    known |= {case.case_id for case in cases if not seconds.get(case.case_id)}
    others = sorted(
        (case.case_id for case in cases if case.case_id not in known),
        key=lambda case_id: seconds[case_id],
    )
    has_news = any(
        case.case_id in known
        and (case.path not in published or case.case_id in seconds)
        for case in cases
    )
    chosen = _affordable(others, seconds)
    if not has_news and not chosen:
        chosen = others[:1]
    ids = {*known, *chosen}
    later = sum(s for case_id, s in seconds.items() if case_id not in ids)
    part = _part(contents, ids)
    return part if later > _FIRST_SECONDS and part.units.statements else None


def _affordable(ids: Sequence[str], seconds_of: Mapping[str, float]) -> list[str]:
    """Return the first ids, as many as are computed in a minute."""
    sums = accumulate(seconds_of[case_id] for case_id in ids)
    return [i for i, spent in zip(ids, sums, strict=True) if spent <= _FIRST_SECONDS]


def _part(contents: Contents, ids: Collection[str]) -> Contents:
    units = contents.units
    part = Units(
        cases=[case for case in units.cases if case.case_id in ids],
        passages=[p for p in units.passages if p.case_id in ids],
        statements=[s for s in units.statements if s.case_id in ids],
        open_questions=[q for q in units.open_questions if q.case_id in ids],
        figures=[figure for figure in units.figures if figure.case_id in ids],
        conditions=[c for c in units.conditions if c.case_id in ids],
        steps=[step for step in units.steps if step.case_id in ids],
    )
    paths = {case.path for case in part.cases}
    return replace(
        contents,
        units=part,
        files={path: d for path, d in contents.files.items() if path in paths},
        texts={path: t for path, t in contents.texts.items() if path in paths},
    )
