"""Near twins: questions that something was learnt from, and that a test asks again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evals.judged import part_held_out, read_judged
from evals.questions import BaseQuestion, Split, read_questions, split_file

_ALIKE = 0.45
"""Cosine from which two questions are near twins. Most pairs of `test` above it, read
one by one, ask the same of the same or of another city; few below it do."""


def learnt_from() -> list[BaseQuestion]:
    """Return all questions that something is chosen on or learnt from.

    Raises:
        QuestionSetError: A file cannot be read.
    """
    chosen_on = [
        question
        for split in (Split.DEV, Split.BROAD_DEV)
        for question in read_questions(split_file(split))
    ]
    return [*part_held_out(read_judged())[0], *chosen_on]


def near_twins(
    questions: Sequence[BaseQuestion], known: Sequence[BaseQuestion]
) -> dict[str, str]:
    """Return the questions that have a near twin in the same language, with its id.

    Two questions are as alike as the letters of their words: cosine of tf-idf over runs
    of four letters within words, which see through inflection in every language. They
    take no model, so that the measured one does not decide what it is measured on.

    Args:
        questions: Of a test.
        known: Those that were learnt from.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    if not questions or not known:
        return {}
    letters = TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(4, 4),
        sublinear_tf=True,
        strip_accents="unicode",
    )
    of_known = letters.fit_transform(question.text for question in known)
    alike = (letters.transform(q.text for q in questions) @ of_known.T).toarray()
    languages = np.array([question.lang for question in known])
    alike[np.array([[q.lang] for q in questions]) != languages] = 0
    return {
        question.qid: known[nearest].qid
        for question, row, nearest in zip(
            questions, alike, alike.argmax(axis=1), strict=True
        )
        if row[nearest] >= _ALIKE
    }
