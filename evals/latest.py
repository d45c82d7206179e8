"""The latest figures: a compact extract of evaluations, for a page to show.

`mentorkb eval latest DIR ...` writes it from the results that `mentorkb eval run` left
in each DIR; the file is committed, so that everybody sees when and how it was measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from evals.errors import QuestionSetError
from evals.lines import write_whole
from evals.questions import REPORTED, Split
from evals.summary import Estimate, Means, QuestionCounts, Refusals, parse_summary
from kb.errors import shown

LATEST_FILE = Path(__file__).with_name("latest.json")
REMEDY = (
    "Run `mentorkb eval run --system ours --split test --out DIR`, the same for the "
    f"splits {' and '.join(REPORTED[1:])}, then `mentorkb eval latest DIR ...`."
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
FURTHER = (
    "statement recall",
    "first statement answers",
    "named cities answered",
    "parts answered",
    "decided rightly",
)
"""What is kept, too, where it was measured."""
_DIGITS = 4


class Evaluation(BaseModel):
    """How good the knowledge base was found to be on one set of questions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: datetime
    command: str
    model: str
    """Embedding model and what ran it."""
    corpus_digest: str
    settings_digest: str
    questions: QuestionCounts
    measures: Means
    """By name, of `MEASURES` and `FURTHER`."""
    by_language: dict[str, Means]
    """The same by ISO 639-1 code of the question's language. A language may lack
    some."""
    by_kind: dict[str, Means] = {}
    """The same by kind of question with an answer."""
    refusals: Refusals
    refusals_by_language: dict[str, Refusals] = {}
    calibration_error: float | None = None
    """Expected calibration error of the confidence; None where it was not measured."""
    statements_shown: float
    """Mean number of statements in an answer."""

    def worst_languages(self, measure: str) -> list[tuple[str, Estimate]]:
        """Return a measure by language, worst first; equal means by code."""
        measured = [
            (code, means[measure])
            for code, means in self.by_language.items()
            if measure in means
        ]
        return sorted(measured, key=lambda item: (item[1].mean, item[0]))


class LatestEvaluation(Evaluation):
    """The figures of the test questions, and of other sets beside them."""

    beside: dict[Split, Evaluation] = {}
    """The other sets that nothing was chosen on, in the order of reports."""

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

    @model_validator(mode="after")
    def _require_one_state(self) -> Self:
        state = (self.model, self.corpus_digest, self.settings_digest)
        for name, other in self.beside.items():
            if (other.model, other.corpus_digest, other.settings_digest) != state:
                raise ValueError(f"{name} and test were run on different states")
        return self


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


def store_latest(folders: Sequence[Path], path: Path = LATEST_FILE) -> LatestEvaluation:
    """Write the latest figures from the results that runs left in folders.

    Args:
        folders: What ``mentorkb eval run --out`` wrote: of the test questions, and of
            any other sets of `REPORTED`.
        path: The file to write.

    Returns:
        What was written.

    Raises:
        QuestionSetError: A folder holds no results, not all that is kept of them, or
            not those of a shipped set asked of the knowledge base itself; two hold the
            same set; or they were run on different states.
    """
    kept: dict[str, Evaluation] = {}
    for folder in folders:
        name, evaluation = _read_evaluation(folder)
        if name in kept:
            raise QuestionSetError(
                f"the results are of the set {shown(name)}, and so are others.",
                "Name one folder for each set.",
                path=str(folder),
            )
        kept[name] = evaluation
    if Split.TEST not in kept:
        raise QuestionSetError(
            f"the results are of {', '.join(kept)} only.", REMEDY, path=str(folders[0])
        )
    beside = {name: kept[name] for name in REPORTED[1:] if name in kept}
    try:
        latest = LatestEvaluation(**dict(kept[Split.TEST]), beside=beside)
    except ValidationError as exc:
        raise _lacking(_why(exc), folders[0]) from exc
    write_whole(path, latest.model_dump_json(indent=1) + "\n")
    return latest


def _read_evaluation(folder: Path) -> tuple[str, Evaluation]:
    """Return the name of a set and what is kept of our results on it."""
    # These load the libraries of the evaluation, which no page needs.
    from evals.experiment import SUMMARY
    from evals.systems import OURS

    source = folder / SUMMARY
    try:
        summary = parse_summary(source.read_text(encoding="utf-8"))
    except ValidationError as exc:
        raise _lacking(_why(exc), source) from exc
    except (OSError, ValueError) as exc:
        raise QuestionSetError(
            f"the results cannot be read ({exc!r}).", REMEDY, path=str(source)
        ) from exc
    if summary.set not in REPORTED or OURS not in summary.systems:
        raise QuestionSetError(
            f"the results are of the set {shown(summary.set)} and the systems "
            f"{', '.join(summary.systems)}; the latest figures are of {OURS} on "
            f"{', '.join(REPORTED)}.",
            REMEDY,
            path=str(source),
        )
    ours = summary.systems[OURS]
    if not ours.answers or not ours.answers.calibration:
        raise _lacking(f"{OURS} has no answers", source)
    return summary.set, Evaluation(
        date=summary.date,
        command=summary.command,
        model=summary.model,
        corpus_digest=summary.corpus_digest,
        settings_digest=summary.settings_digest,
        questions=summary.questions,
        measures=_kept(ours.all),
        by_language={group: _kept(m) for group, m in ours.by_language.items()},
        by_kind={group: _kept(m) for group, m in ours.by_kind.items()},
        refusals=ours.answers.refusals,
        refusals_by_language=ours.answers.refusals_by_language,
        calibration_error=round(ours.answers.calibration.error, _DIGITS),
        statements_shown=round(ours.answers.statements_shown, 1),
    )


def _kept(means: Means) -> Means:
    """Return the kept measures, rounded; the number of questions stays whole."""
    return {
        name: Estimate(
            round(found.mean, _DIGITS),
            round(found.low, _DIGITS),
            round(found.high, _DIGITS),
            found.n,
        )
        for name in (*MEASURES, *FURTHER)
        if (found := means.get(name))
    }


def _lacking(what: str, source: Path) -> QuestionSetError:
    return QuestionSetError(
        f"the results lack what the latest figures need ({what}).",
        REMEDY,
        path=str(source),
    )


def _why(exc: OSError | ValidationError) -> str:
    """Return in a line what is wrong with what was read."""
    if isinstance(exc, OSError):
        return str(exc)
    first = exc.errors()[0]
    return ": ".join(filter(None, [".".join(map(str, first["loc"])), first["msg"]]))
