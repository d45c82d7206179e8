"""The knowledge base itself, whole and without each of its parts."""

from __future__ import annotations

from dataclasses import dataclass

from evals.systems.base import Response, Workbench
from kb import KnowledgeBase
from kb.types import Query

ABLATIONS: dict[str, dict[str, float]] = {
    "ours": {},
    "ours-no-coverage": {"coverage_weight": 0.0, "case_coverage_weight": 0.0},
    "ours-no-context": {"context_weight": 0.0, "bare_weight": 1.4},
    "ours-no-bare": {"bare_weight": 0.0, "context_weight": 1.4},
    "ours-no-case": {"case_weight": 0.0, "case_coverage_weight": 0.0},
    "ours-no-diversity": {"city_penalty": 0.0},
}
"""Settings that differ from the running ones, by system."""


@dataclass(frozen=True)
class KnowledgeBaseSystem:
    """A knowledge base that retrieves and answers."""

    name: str
    kb: KnowledgeBase

    def retrieve(self, query: Query, depth: int) -> Response:
        """See `System.retrieve`."""
        answer, hits = self.kb.ask_and_search(query, depth)
        return Response(
            passages=[hit.passage.passage_id for hit in hits],
            cases=list(dict.fromkeys(hit.case.case_id for hit in hits)),
            answer=answer,
            timings_ms=dict(answer.timings_ms),
        )


def build_ours(name: str, bench: Workbench) -> KnowledgeBaseSystem:
    """Return the knowledge base with the settings of an ablation."""
    changed = ABLATIONS[name]
    if not changed:
        return KnowledgeBaseSystem(name, bench.kb)
    settings = bench.settings.model_copy(update=changed)
    return KnowledgeBaseSystem(name, KnowledgeBase(settings, bench.kb.embedder))
