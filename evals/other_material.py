"""Whether finding is sound on other material than the corpus that it was chosen on.

The paragraphs in `elsewhere` are about general knowledge, each a case with a thin title
and summary, and each is asked for in five languages. Glossary and weights are not made
for them: what counts beside likeness must not make finding worse than likeness alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evals.experiment import read_set
from evals.qrels import RELEVANT
from evals.ranking import PerQuestion
from evals.systems import Workbench
from kb.search import ScoredStatement
from kb.settings import Settings
from kb.types import Query

CORPUS = Path(__file__).with_name("elsewhere")
QUESTIONS = Path(__file__).with_name("questions") / "elsewhere.jsonl"
NAME = "elsewhere"
LANGUAGES = ("en", "de", "es", "el", "ro")
MEASURES = tuple(f"first elsewhere, {language}" for language in LANGUAGES)


@dataclass(frozen=True)
class FoundElsewhere:
    """Whether a right case came first, 1 or 0, by measure and question id."""

    ours: PerQuestion
    by_likeness: PerQuestion
    """The same without lexical coverage: by similarities alone."""


def find_elsewhere(bench: Workbench) -> FoundElsewhere:
    """Rank the paragraphs for each question, as a whole and by likeness alone.

    Args:
        bench: With an index of `CORPUS`.

    Raises:
        QuestionSetError: The questions or their judgements cannot be read.
    """
    qrels = [QUESTIONS.with_suffix(".cases.qrels")]
    question_set = read_set(NAME, QUESTIONS, qrels, bench)
    found = FoundElsewhere({}, {})
    bench.progress.start("Asking of other material", len(question_set.questions))
    for question in question_set.questions:
        ranked = bench.kb.ranking(Query(question.text)).statements
        near = max(ranked, key=lambda item: _likeness(item, bench.settings))
        grades = question_set.judgements.cases[question.qid]
        for values, first in ((found.ours, ranked[0]), (found.by_likeness, near)):
            is_right = grades.get(first.statement.case_id, 0) >= RELEVANT
            measure = values.setdefault(f"first elsewhere, {question.lang}", {})
            measure[question.qid] = float(is_right)
        bench.progress.advance(1)
    return found


def _likeness(item: ScoredStatement, settings: Settings) -> float:
    return (
        settings.context_weight * item.similarity
        + settings.bare_weight * item.bare_similarity
        + settings.case_weight * item.case_similarity
    )
