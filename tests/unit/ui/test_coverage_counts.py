"""What the heat map of the gaps counts."""

from __future__ import annotations

from kb.library import LibraryCase
from kb.sections import STATED
from tests.support.made_up import case, city
from ui.curate.gaps import counted

LIBRARY = [
    LibraryCase(
        case("exampleton/ovens", themes=("financing", "citizen-engagement")),
        {"Costs": 2, "Results": 1, "": 5},
    ),
    LibraryCase(case("exampleton/pipes", themes=("financing",)), {"Costs": 3}),
]
CITIES = [city("Exampleton"), city("Sampleby")]


def test_counted_when_a_case_has_two_themes():
    """Statements and cases count once, however many of the chosen themes they have."""
    both = counted(LIBRARY, CITIES, ["financing", "citizen-engagement"])
    assert both["exampleton", "Costs"] == (5, 2)
    one = counted(LIBRARY, CITIES, ["citizen-engagement"])
    assert one["exampleton", "Costs"] == (2, 1)


def test_counted_when_there_is_nothing():
    """Every city has every section, in order, also those without a case."""
    counts = counted(LIBRARY, CITIES, [])
    assert list(counts)[: len(STATED)] == [("exampleton", s) for s in STATED]
    assert counts["sampleby", "Costs"] == (0, 0)
    assert len(counts) == 2 * len(STATED)
