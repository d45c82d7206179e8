"""How well a reader reads, before anything is calibrated: by kind, language, case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from rich import box
from rich.table import Table

from evals.qrels import RELEVANT
from evals.reader.readings import QuestionReading


@dataclass(frozen=True, slots=True)
class ReadingFigures:
    """How well questions of one group were read."""

    group: str
    answerable: int
    unanswerable: int
    auc: float | None
    """Chance that a question with an answer gets a higher best score than one without;
    None where the group lacks one of them. For a kind of question without an answer the
    questions with one are those of all kinds."""
    first: float | None
    """Of the questions with an answer among the statements read, the share whose best
    statement answers."""


def reading_figures(readings: Sequence[QuestionReading]) -> list[ReadingFigures]:
    """Return the figures over all questions, and by kind, language and case."""
    answerable = [r for r in readings if r.is_answerable]
    found = [_figures("all", readings, readings)]
    for kind in sorted({r.kind for r in readings}):
        own = [r for r in readings if r.kind == kind]
        rest = answerable if not any(r.is_answerable for r in own) else []
        found.append(_figures(f"kind {kind}", own, [*own, *rest]))
    for name in ("language", "case"):
        for value in sorted({getattr(r, name) for r in readings} - {""}):
            own = [r for r in readings if getattr(r, name) == value]
            found.append(_figures(f"{name} {value}", own, own))
    return found


def figures_table(figures: Iterable[ReadingFigures]) -> Table:
    """Return the figures as a table for the terminal."""
    table = Table(box=box.SIMPLE_HEAD)
    for name in ("questions", "with answer", "without", "AUC", "first answers"):
        table.add_column(name, justify="left" if name == "questions" else "right")
    for row in figures:
        table.add_row(
            row.group,
            str(row.answerable),
            str(row.unanswerable),
            "–" if row.auc is None else f"{row.auc:.3f}",
            "–" if row.first is None else f"{row.first:.3f}",
        )
    return table


def _figures(
    group: str, own: Sequence[QuestionReading], compared: Sequence[QuestionReading]
) -> ReadingFigures:
    n_answerable = sum(r.is_answerable for r in own)
    return ReadingFigures(
        group, n_answerable, len(own) - n_answerable, _auc(compared), _first(own)
    )


def _auc(readings: Sequence[QuestionReading]) -> float | None:
    from sklearn.metrics import roc_auc_score

    truth = [r.is_answerable for r in readings if r.statements]
    if len(set(truth)) < len((True, False)):
        return None
    best = [max(t.answers for t in r.statements) for r in readings if r.statements]
    return float(roc_auc_score(truth, best))


def _first(readings: Sequence[QuestionReading]) -> float | None:
    right = [
        max(r.statements, key=lambda t: t.answers).grade == RELEVANT
        for r in readings
        if any(t.grade == RELEVANT for t in r.statements)
    ]
    return float(np.mean(right)) if right else None
