"""When page after page fails, watchers are told."""

from __future__ import annotations

from contextlib import suppress

import pytest

from kb.errors import KnowledgeBaseError, QueryError
from ui import drawing


def draw(drawn: drawing.Drawing, error: BaseException | None = None) -> None:
    """Draw a page that raises an error, or none."""
    with suppress(BaseException), drawn.page():
        assert drawn.running == 1
        if error:
            raise error


def test_pages_that_fail():
    """One or two may have a fault of their own; three in a row are the program's."""
    drawn = drawing.Drawing()
    for error in (KnowledgeBaseError("away."), ValueError("bug")):
        draw(drawn, error)
    drawn.require_working()
    draw(drawn)
    for _ in range(3):
        drawn.require_working()
        draw(drawn, ValueError("bug"))
    with pytest.raises(KnowledgeBaseError, match="the last 3 pages have failed"):
        drawn.require_working()
    assert (drawn.failures, drawn.running) == (5, 0)
    draw(drawn)
    drawn.require_working()


def test_pages_that_only_seem_to_fail():
    """Unusable questions and pages that are drawn anew are no failures."""
    drawn = drawing.Drawing()
    for _ in range(3):
        draw(drawn, QueryError("no words."))
        draw(drawn, KeyboardInterrupt())
    drawn.require_working()
    assert (drawn.failures, drawn.running) == (0, 0)


def test_pages_that_failed_long_ago(monkeypatch):
    """Who is not asked any more is tried again after a while."""
    now = [1000.0]
    monkeypatch.setattr("ui.drawing.time.monotonic", lambda: now[0])
    drawn = drawing.Drawing()
    for _ in range(3):
        draw(drawn, ValueError("bug"))
    with pytest.raises(KnowledgeBaseError):
        drawn.require_working()
    now[0] += 61
    drawn.require_working()
