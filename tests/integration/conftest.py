"""What tests of several parts ask: the knowledge base over the tiny corpus."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kb import KnowledgeBase, Settings
from kb.index.embed import Embedder


@pytest.fixture(scope="session")
def kb(tiny_index: Settings, embedder: Embedder) -> Iterator[KnowledgeBase]:
    """Return the knowledge base over the tiny corpus, with the real model.

    It is opened once a session: ask it, never close it.
    """
    with KnowledgeBase(tiny_index, embedder) as opened:
        yield opened
