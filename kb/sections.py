"""The fixed section headings of a case, in reading order."""

from __future__ import annotations

OPEN_QUESTIONS = "Open questions"
SUBSECTION = " › "
"""Stands between a section's heading and its sub-headings."""

SECTIONS = (
    "What was done",
    "Governance",
    "Timeline",
    "Costs",
    "Financing",
    "Results",
    "Obstacles",
    "Lessons",
    "What another city needs",
    OPEN_QUESTIONS,
)

STATED = tuple(name for name in SECTIONS if name != OPEN_QUESTIONS)
"""Those that hold statements."""


def kind_of_section(section: str) -> str:
    """Return the heading that a section's path begins with, without sub-headings."""
    return section.partition(SUBSECTION)[0]
