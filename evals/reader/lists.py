"""What a reader learns from: a question with statements and how well each answers.

A list holds the statements that answer, the best-ranked ones that do not, others of the
same case, and the case's open questions; so the reader learns on what it will be shown.
"""

from __future__ import annotations

import hashlib
import random
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evals.reader.judged import ReadQuestion
from kb.reader.card import digest

MAX_ANSWERING = 4
MAX_HELPING = 3
_FIRST_OTHERS = 5
"""Best-ranked statements that do not answer; the rest is drawn from the next ones."""
_OWN_OTHERS = 2
"""Drawn from the question's own case."""
_RANKED = 24
_DRAWN_FROM = 16
_LIST = 8
_LEAST_OTHERS = 3
# Shares of the questions that are read in another spelling, or without city, title and
# section in front of the statements, as files with thin titles have it.
_LOWER, _PLAIN, _LOWER_AND_PLAIN = 0.08, 0.04, 0.02
_THIN = 0.08
_OPEN_BESIDE_ANSWER = 0.5


@dataclass(frozen=True, slots=True)
class ReadingList:
    """A question with texts, and how well each answers it."""

    qid: str
    question: str
    texts: list[str]
    grades: list[int]
    """2: gives what was asked, or a part; 1: helps; 0: neither."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the parts that questions are divided into, case by case."""

    number: int
    """From 0."""
    of: int
    """How many parts there are."""

    @property
    def name(self) -> str:
        """As files are named by it."""
        return f"{self.number}-of-{self.of}"

    def holds(self, question: ReadQuestion) -> bool:
        """Say whether a question belongs to this part."""
        return fold_of(question, self.of) == self.number

    def is_within(self, other: Part) -> bool:
        """Say whether every question of this part belongs to another one, too."""
        return self.of % other.of == 0 and self.number % other.of == other.number


@dataclass(frozen=True, slots=True)
class Texts:
    """What can be read, by id."""

    in_context: Mapping[str, str]
    """Statements with city, case title and section."""
    bare: Mapping[str, str]
    """Statements alone."""
    of_case: Mapping[str, Sequence[str]]
    """Ids of a case's statements."""
    open_questions: Mapping[str, str]
    """In context."""
    open_of_case: Mapping[str, Sequence[str]]
    """Ids of a case's open questions."""


def reading_lists(
    questions: Sequence[ReadQuestion],
    ranked: Mapping[str, Sequence[str]],
    texts: Texts,
    seed: int,
) -> list[ReadingList]:
    """Return a list for each question, in an order drawn by the seed.

    Args:
        questions: To learn from.
        ranked: Ids of the statements that each question finds, best first, by its id.
        texts: What is read.
        seed: Of all drawing.
    """
    draw = random.Random(seed)
    order = list(questions)
    draw.shuffle(order)
    return [
        _reading_list(question, ranked.get(question.qid, ()), texts, draw)
        for question in order
    ]


def fold_of(question: ReadQuestion, n_folds: int) -> int:
    """Return the fold of a question, 0 to ``n_folds`` - 1: that of its case."""
    key = question.case or question.need
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % n_folds


def without_accents(text: str) -> str:
    """Return a text without accents."""
    return "".join(
        char
        for char in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(char)
    )


def lists_digest(lists: Iterable[ReadingList]) -> str:
    """Return a digest over everything that lists hold."""
    return digest(
        "\n".join([item.question, *item.texts, str(item.grades)]) for item in lists
    )


def _reading_list(
    question: ReadQuestion, ranked: Sequence[str], texts: Texts, draw: random.Random
) -> ReadingList:
    places = {statement_id: place for place, statement_id in enumerate(ranked)}

    def first(grade: int) -> list[str]:
        ids = [s for s, g in question.grades.items() if g == grade and s in texts.bare]
        return sorted(ids, key=lambda s: (places.get(s, len(places)), s))

    answering = first(2)[:MAX_ANSWERING] + first(1)[:MAX_HELPING]
    ids = answering + _others(question, ranked, answering, texts, draw)
    shown = texts.bare if draw.random() < _THIN else texts.in_context
    graded = [(shown[i], question.grade(i) or 0) for i in ids]
    graded += _open(question, texts, draw)
    return ReadingList(
        question.qid,
        _spelled(question.text, draw),
        [text for text, _ in graded],
        [grade for _, grade in graded],
    )


def _others(
    question: ReadQuestion,
    ranked: Sequence[str],
    answering: Sequence[str],
    texts: Texts,
    draw: random.Random,
) -> list[str]:
    """Return statements that are judged to neither answer nor help."""
    near = [s for s in ranked[:_RANKED] if s in texts.bare and question.grade(s) == 0]
    first, rest = near[:_FIRST_OTHERS], near[_FIRST_OTHERS:_DRAWN_FROM]
    draw.shuffle(rest)
    own = [
        s
        for s in texts.of_case.get(question.case, ())
        if s not in first and question.grade(s) == 0
    ]
    draw.shuffle(own)
    others = list(dict.fromkeys([*first, *own[:_OWN_OTHERS], *rest]))
    return others[: max(_LEAST_OTHERS, _LIST - len(answering))]


def _open(
    question: ReadQuestion, texts: Texts, draw: random.Random
) -> list[tuple[str, int]]:
    """Return open questions of the case with 2 for what was asked, 0 for others."""
    own = list(texts.open_of_case.get(question.case, ()))
    draw.shuffle(own)
    asked = question.asks_open
    if asked is not None:
        others = [i for i in own if i not in asked][:1]
        return [
            *((texts.open_questions[i], 2) for i in asked),
            *((texts.open_questions[i], 0) for i in others),
        ]
    if question.grades and own and draw.random() < _OPEN_BESIDE_ANSWER:
        return [(texts.open_questions[own[0]], 0)]
    return []


def _spelled(text: str, draw: random.Random) -> str:
    share = draw.random()
    if share < _LOWER:
        return text.lower()
    if share < _LOWER + _PLAIN:
        return without_accents(text)
    if share < _LOWER + _PLAIN + _LOWER_AND_PLAIN:
        return without_accents(text).lower()
    return text
