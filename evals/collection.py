"""What is searched: the cases of an index with their passages and statements."""

from __future__ import annotations

from dataclasses import dataclass

from kb import KnowledgeBase
from kb.types import Case, Passage, Statement


@dataclass(frozen=True)
class Collection:
    """Every unit of an index by id, in the order of the corpus."""

    cases: dict[str, Case]
    passages: dict[str, Passage]
    statements: dict[str, Statement]

    def text_of(self, passage: Passage) -> str:
        """Return a passage with its case's title and its section, for other systems."""
        title = self.cases[passage.case_id].title
        return f"{title}. {passage.section}. {passage.text}"

    def cases_of(self, passage_ids: list[str]) -> list[str]:
        """Return the cases of ranked passages, each at its first passage's place."""
        return list(dict.fromkeys(self.passages[p].case_id for p in passage_ids))


def read_collection(kb: KnowledgeBase) -> Collection:
    """Read all units of a knowledge base."""
    found = (kb.full_case(case.case_id) for case in kb.cases())
    full = [item for item in found if item]
    return Collection(
        cases={item.case.case_id: item.case for item in full},
        passages={p.passage_id: p for item in full for p in item.passages},
        statements={s.statement_id: s for item in full for s in item.statements},
    )
