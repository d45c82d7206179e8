"""The HTML of the transfer card and the steps."""

from __future__ import annotations

from kb.types import Statement
from ui.case.markup import ConditionLine, PlaceLine, steps, transfer

EVIL = "<script>alert(1)</script>"
STATEMENT = Statement("a/b#c.1", "a/b#p", "a/b", EVIL, 0, 1, EVIL, (EVIL,))


def test_card_of_texts_that_are_markup():
    """Nothing of a case, and nothing that a reader tells, becomes markup."""
    place = PlaceLine(EVIL, EVIL, EVIL, None, EVIL)
    condition = ConditionLine(EVIL, EVIL, EVIL, (STATEMENT,), EVIL, EVIL)
    drawn = transfer([place], [condition]) + steps([(EVIL, EVIL, [STATEMENT])])
    assert "<script" not in drawn
    assert drawn.count("&lt;script&gt;") >= 12


def test_condition_that_the_profile_does_not_speak_of():
    """Without an answer of the profile no line on the reader's city is drawn."""
    line = ConditionLine("It needed", "Unknown", "Says.", (STATEMENT,), "", "Ask?")
    assert "Your city" not in transfer([], [line])
    assert "[&lt;script" in transfer([], [line])  # the source's mark
