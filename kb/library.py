"""The library: every case with the numbers of its statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kb.sections import STATED, kind_of_section
from kb.types import Case


@dataclass(frozen=True, slots=True)
class LibraryCase:
    """A case and how many statements it has in each kind of section."""

    case: Case
    statements: Mapping[str, int]
    """Number of statements by heading, in reading order, headings without one left out;
    those of a report's own headings stand under the empty heading, last."""
    n_checked: int = 0
    """How many of them were compared with stored copies of their sources."""

    @property
    def n_statements(self) -> int:
        """All statements of the case."""
        return sum(self.statements.values())


def library_cases(
    cases: Iterable[Case], counts: Iterable[tuple[str, str, int, int]]
) -> list[LibraryCase]:
    """Return the cases with their numbers of statements, in the order given.

    Args:
        cases: The cases.
        counts: A case id, the path of a section, the number of its statements, and of
            those that were compared with their sources.
    """
    found: dict[str, dict[str, int]] = {}
    checked: Counter[str] = Counter()
    for case_id, section, n, n_checked in counts:
        checked[case_id] += n_checked
        kind = kind_of_section(section)
        of_case = found.setdefault(case_id, {})
        kind = kind if kind in STATED else ""
        of_case[kind] = of_case.get(kind, 0) + n
    return [
        LibraryCase(
            case,
            {kind: of_case[kind] for kind in (*STATED, "") if kind in of_case},
            checked[case.case_id],
        )
        for case in cases
        for of_case in [found.get(case.case_id, {})]
    ]
