"""The parts of a question: which statement answers which, and none is crowded out."""

from __future__ import annotations

from collections.abc import Sequence

from kb.answer.composing import read_first
from kb.answer.reading import Reading, ReadStatement, best_first
from kb.question.parts import question_parts
from kb.types import AnswerPart

Part = tuple[str, list[ReadStatement]]
"""A part of a question and the statements that answer it, best first."""

_READ = 8
"""As many statements are read for each part: the best for the whole question."""


def read_parts(reading: Reading) -> list[Part]:
    """Return each part of a question with the statements that answer it, best first.

    Args:
        reading: Of the whole question; what answers it best is read for each part.

    Returns:
        The parts in the order of the question; empty for a question of one part.
    """
    items = [read.item for read in read_first(reading)[:_READ]]
    least = reading.calibration.least_answers
    return [
        (part, [r for r in reading.for_part(part, items) if r.answers >= least])
        for part in question_parts(reading.ranking.query.text)
    ]


def best_of_parts(parts: Sequence[Part]) -> list[ReadStatement]:
    """Return the statement that answers each part best, where one does."""
    return [answering[0] for _, answering in parts if answering]


def with_shown(
    parts: Sequence[Part], reading: Reading, shown: Sequence[ReadStatement]
) -> list[Part]:
    """Return parts with those of the statements shown, too, that answer them.

    Args:
        parts: As `read_parts` returns them.
        reading: Of the whole question.
        shown: What is shown for it; what was not read for the parts is read now.
    """
    read = {r.item.statement.statement_id for r in read_first(reading)[:_READ]}
    new = [r.item for r in shown if r.item.statement.statement_id not in read]
    least = reading.calibration.least_answers
    return [
        (
            part,
            best_first(
                [
                    *answering,
                    *(r for r in reading.for_part(part, new) if r.answers >= least),
                ]
            ),
        )
        for part, answering in parts
    ]


def best_of_parts_first(
    parts: Sequence[Part],
    shown: Sequence[ReadStatement],
) -> list[ReadStatement]:
    """Return what is shown, with the best statement for each part in front.

    Args:
        parts: As `read_parts` returns them.
        shown: In reading order.
    """
    first = [*best_of_parts(parts), *shown]
    return list({r.item.statement.statement_id: r for r in first}.values())


def numbered_parts(
    parts: Sequence[Part],
    shown: Sequence[ReadStatement],
) -> tuple[AnswerPart, ...]:
    """Return the parts with the numbers of the shown statements that answer them."""
    numbers = {r.item.statement.statement_id: n for n, r in enumerate(shown, start=1)}
    return tuple(
        AnswerPart(
            text,
            tuple(
                numbers[name]
                for r in answering
                if (name := r.item.statement.statement_id) in numbers
            ),
        )
        for text, answering in parts
    )
