"""Reads what is collected from the index, word for word.

The index can change while something is read. So its generation is asked for first: at
worst what was read is newer than the generation it bears, and is read again.
"""

from __future__ import annotations

from kb import FullCase, KnowledgeBase
from kb.types import case_id_of
from ui.briefing.model import CollectedCase, CollectedStatement


def collect_case(kb: KnowledgeBase, case_id: str) -> CollectedCase | None:
    """Return a case as a briefing holds it, or None if it is not in the index."""
    generation = kb.manifest.generation
    full = kb.full_case(case_id)
    return None if full is None else case_of(kb, full, generation)


def collect_statement(
    kb: KnowledgeBase, statement_id: str, question: str = ""
) -> CollectedStatement | None:
    """Return a statement as a briefing holds it, or None if it is not in the index.

    Args:
        kb: Where it is read.
        statement_id: Which one.
        question: What it was found with.
    """
    of = collect_case(kb, case_id_of(statement_id))
    if of is None:
        return None
    for statement in of.full.statements:
        if statement.statement_id == statement_id:
            return of.quoted(statement, question)
    return None


def case_of(kb: KnowledgeBase, full: FullCase, generation: str) -> CollectedCase:
    """Return a case that was read from a generation already as a briefing holds it."""
    cities = {city.slug: city for city in kb.cities}
    themes = tuple(theme for theme in kb.themes if theme.slug in full.case.themes)
    return CollectedCase(full, cities[full.case.city], themes, generation)
