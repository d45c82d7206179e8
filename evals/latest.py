"""The latest figures: a compact extract of one evaluation, for a page to show.

`mentorkb eval latest DIR` writes it from the results that `mentorkb eval run` left in
DIR; the file is committed, so that everybody sees when and how it was measured.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from evals.questions import Split
from kb.errors import QuestionSetError, shown

LATEST_FILE = Path(__file__).with_name("latest.json")
REMEDY = (
    "Run `mentorkb eval run --system ours --split test --out DIR`, then `mentorkb eval "
    "latest DIR`."
)
MEASURES = (
    "case Success(rel=2)@5",
    "case R(rel=2)@5",
    "case nDCG@10",
    "passage nDCG@10",
    "must-hold recall",
    "must-hold in passages",
    "statement precision",
    "citation recall",
    "citation support",
)
"""What is kept of a run, over all questions and by language; all must be there."""
_DIGITS = 4


class Figure(BaseModel):
    """A mean with its 95% interval."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mean: float
    low: float
    high: float
    n: int
    """Questions it is the mean of."""


class Counts(BaseModel):
    """What was asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    all: int
    answerable: int
    unanswerable: int
    information_needs: int
    """Different things asked for; a question and its translations are one."""
    languages: list[str]


class Refusals(BaseModel):
    """Wrongly refused and wrongly answered questions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    false_refusals: int
    answerable: int
    wrongly_answered: dict[str, int]
    """By kind of question without an answer, in the order of reports."""
    unanswerable: dict[str, int]
    """How many there are of each kind."""


class LatestEvaluation(BaseModel):
    """How good the knowledge base was found to be, and when, and on what."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: datetime
    command: str
    model: str
    """Embedding model and what ran it."""
    corpus_digest: str
    settings_digest: str
    questions: Counts
    measures: dict[str, Figure]
    """By name, all of `MEASURES`."""
    by_language: dict[str, dict[str, Figure]]
    """The same by ISO 639-1 code of the question's language. A language may lack some;
    none is missing in all."""
    refusals: Refusals
    statements_shown: float
    """Mean number of statements in an answer."""

    @model_validator(mode="after")
    def _require_measures(self) -> Self:
        missing = [
            name
            for name in MEASURES
            if name not in self.measures or not self.worst_languages(name)
        ]
        if missing:
            raise ValueError(f"without the measures {', '.join(missing)}")
        return self

    def worst_languages(self, measure: str) -> list[tuple[str, Figure]]:
        """Return a measure by language, worst first; equal means by code."""
        found = [
            (code, figures[measure])
            for code, figures in self.by_language.items()
            if measure in figures
        ]
        return sorted(found, key=lambda item: (item[1].mean, item[0]))


def read_latest(path: Path = LATEST_FILE) -> LatestEvaluation:
    """Read the latest figures.

    Raises:
        QuestionSetError: The file cannot be read or does not hold them.
    """
    try:
        return LatestEvaluation.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as exc:
        raise QuestionSetError(
            f"the latest figures cannot be read ({_why(exc)}).", REMEDY, path=str(path)
        ) from exc


def store_latest(folder: Path, path: Path = LATEST_FILE) -> LatestEvaluation:
    """Write the latest figures from the results that a run left in a folder.

    Args:
        folder: What ``mentorkb eval run --out`` wrote.
        path: The file to write.

    Returns:
        What was written.

    Raises:
        QuestionSetError: The folder holds no results, not all that is kept of them, or
            not those of the shipped test questions asked of the knowledge base itself.
    """
    # These load the libraries of the evaluation, which no page needs.
    from evals.experiment import SUMMARY
    from evals.systems import OURS

    source = folder / SUMMARY
    try:
        summary = json.loads(source.read_text(encoding="utf-8"))
        found, systems = summary["set"], list(summary["systems"])
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise QuestionSetError(
            f"the results cannot be read ({exc!r}).", REMEDY, path=str(source)
        ) from exc
    if found != Split.TEST or OURS not in systems:
        raise QuestionSetError(
            f"the results are of the set {shown(found)} and the systems "
            f"{', '.join(systems)}; the latest figures are of {OURS} on {Split.TEST}.",
            REMEDY,
            path=str(source),
        )
    try:
        latest = LatestEvaluation.model_validate(
            _extract(summary, summary["systems"][OURS])
        )
    except (ValidationError, KeyError, TypeError, AttributeError) as exc:
        raise QuestionSetError(
            f"the results lack what the latest figures need ({_why(exc)}).",
            REMEDY,
            path=str(source),
        ) from exc
    draft = path.with_name(f"{path.name}.part")
    draft.write_text(latest.model_dump_json(indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
    return latest


def _why(exc: Exception) -> str:
    """Return in a line what is wrong with what was read."""
    if not isinstance(exc, ValidationError):
        return repr(exc) if isinstance(exc, LookupError) else str(exc)
    first = exc.errors()[0]
    return ": ".join(filter(None, [".".join(map(str, first["loc"])), first["msg"]]))


def _extract(summary: dict[str, Any], ours: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of a summary and of our system's part of it."""
    about = ("date", "command", "model", "corpus_digest", "settings_digest")
    return {
        **{name: summary[name] for name in (*about, "questions")},
        "measures": _figures(ours["all"]),
        "by_language": {
            language: _figures(means) for language, means in ours["by_language"].items()
        },
        "refusals": ours["answers"]["refusals"],
        "statements_shown": round(ours["answers"]["statements_shown"], 1),
    }


def _figures(means: dict[str, Any]) -> dict[str, Any]:
    """Return the kept measures, rounded; the number of questions stays whole."""
    return {
        name: {part: round(value, _DIGITS) for part, value in means[name].items()}
        for name in MEASURES
        if name in means
    }
