"""The knowledge base: open an index, search it, answer from it."""

from kb.knowledge_base import FullCase, KnowledgeBase
from kb.settings import Settings, load_settings

__all__ = ["FullCase", "KnowledgeBase", "Settings", "load_settings"]
