"""The compared systems, by name."""

from __future__ import annotations

from collections.abc import Iterable

from evals.systems.base import Response, System, Workbench
from evals.systems.baselines import (
    Dense,
    Retriever,
    bm25_retriever,
    fusion_retriever,
)
from evals.systems.ours import ABLATIONS, build_ours
from kb.errors import SettingsError, shown
from kb.index.embed import AUTO, MINILM

__all__ = [
    "BASELINE",
    "OURS",
    "STANDARD",
    "Response",
    "System",
    "Workbench",
    "build",
    "check_names",
]

OURS = "ours"
BASELINE = "starter"
"""What the others are compared with: what a newcomer would build."""
STANDARD = (
    "bm25",
    "minilm",
    "e5",
    "rrf",
    BASELINE,
    *ABLATIONS,
)
_DENSE, _RERANK = "dense:", "rerank:"


def build(name: str, bench: Workbench) -> System:
    """Return a system by its name.

    Args:
        name: One of `STANDARD`; ``dense:MODEL`` for any sentence-transformers model; or
            ``rerank:MODEL`` for any cross-encoder behind the knowledge base.
        bench: What it is built from.

    Raises:
        SettingsError: There is no such system.
        EmbedderUnavailableError: Its model cannot be loaded.
    """
    if name in ABLATIONS:
        return build_ours(name, bench)
    if name in ("minilm", "e5"):
        embedder = bench.embedder(MINILM if name == "minilm" else AUTO)
        return Dense(name, embedder, bench)
    if name.startswith(_DENSE):
        return Dense(name, bench.embedder(name.removeprefix(_DENSE)), bench)
    if name.startswith(_RERANK):
        from evals.systems.rerank import Reranked

        return Reranked(name, name.removeprefix(_RERANK), bench)
    if name == "bm25":
        return Retriever(name, bm25_retriever, bench)
    if name == "rrf":
        embedder = bench.embedder(AUTO)
        return Retriever(
            name, lambda nodes: fusion_retriever(nodes, embedder, bench), bench
        )
    if name == BASELINE:
        from evals.systems.starter import Starter

        return Starter(bench)
    raise _unknown(name)


def check_names(names: Iterable[str]) -> None:
    """Refuse a name that no system has, before any system has run.

    Raises:
        SettingsError: There is no such system.
    """
    for name in names:
        if name not in STANDARD and not name.startswith((_DENSE, _RERANK)):
            raise _unknown(name)


def _unknown(name: str) -> SettingsError:
    return SettingsError(
        f"there is no system {shown(name)}.",
        f"Use {', '.join(STANDARD)}, dense:MODEL or rerank:MODEL.",
    )
