"""How many statements the cases of the library have, by kind of section."""

from __future__ import annotations

from kb.library import library_cases
from kb.sections import SUBSECTION
from tests.support.made_up import case

HEAT, BRICKS = case("exampleton/heat"), case("sampleby/bricks")


def test_library_counts_statements_by_kind_of_section():
    """Sub-headings count for their heading; a report's own headings stand last."""
    found = library_cases(
        [HEAT, BRICKS],
        [
            ("sampleby/bricks", "Foreword", 1, 0),
            ("exampleton/heat", f"Costs{SUBSECTION}Pipes", 2, 1),
            ("exampleton/heat", "Obstacles", 4, 2),
            ("exampleton/heat", "Costs", 1, 1),
            ("sampleby/bricks", "", 2, 0),
            ("sampleby/bricks", "Lessons", 1, 0),
        ],
    )
    assert [list(one.statements.items()) for one in found] == [
        [("Costs", 3), ("Obstacles", 4)],
        [("Lessons", 1), ("", 3)],
    ]
    assert [one.n_statements for one in found] == [7, 4]
    assert [one.n_checked for one in found] == [4, 0]


def test_library_when_a_case_has_no_statement():
    """A case without statements is in the library all the same."""
    (found,) = library_cases([HEAT], [])
    assert (found.case, found.n_statements, found.n_checked) == (HEAT, 0, 0)
    assert library_cases([], []) == []
