"""How near a question is to what the cases cover, and where off topic begins."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from kb.answer.topic import nearness, topic_limit
from tests.support.made_up import ranking, scored

LIMIT = (
    '{"least": 0.25, "fitted_on": "invented questions", "embedding_model": "fake", '
    '"date": "2026-03-01", "command": "mentorkb eval fit --write", '
    '"false_refusal_rate": 0.005}'
)


def _near(*bare_similarities, everyday=0.0):
    items = [
        scored("exampleton/heat", 1 - n / 10, "It heats.", bare_similarity=similarity)
        for n, similarity in enumerate(bare_similarities)
    ]
    return nearness(ranking(items, everyday_similarity=everyday))


def test_nearness_is_that_of_the_nearest_statement():
    """The most similar statement counts, which need not be the best-ranked one."""
    assert _near(0.5, 0.75, 0.25) == 0.75


def test_nearness_falls_with_everyday_topics():
    """The nearer an everyday topic, the less near is the same statement."""
    values = [_near(0.8, everyday=everyday) for everyday in (0.0, 0.4, 0.8)]
    assert values == sorted(set(values), reverse=True)
    assert values[-1] == pytest.approx(0.8 - 0.65 * 0.8)


def test_nearness_when_nothing_was_found():
    """Without a statement a question is farther away than any other can be."""
    assert _near() == -1.0
    assert _near() < _near(0.0, everyday=1.0)


def test_topic_limit_reads_a_file(tmp_path):
    """The limit and what it was fitted on come from the file."""
    path = tmp_path / "topic.json"
    path.write_text(LIMIT, encoding="utf-8")
    limit = topic_limit(path)
    assert (limit.least, limit.fitted_on) == (0.25, "invented questions")


def test_topic_limit_when_a_figure_is_missing(tmp_path):
    """A limit that does not say what it was fitted on is refused."""
    path = tmp_path / "topic.json"
    path.write_text(LIMIT.replace('"fitted_on"', '"fit"'), encoding="utf-8")
    with pytest.raises(ValidationError, match="fitted_on"):
        topic_limit(path)


def test_shipped_limit_tells_questions_apart():
    """The shipped limit lies between what is far away and what is near."""
    assert _near(0.75, everyday=0.8) < topic_limit().least < _near(0.9, everyday=0.75)
