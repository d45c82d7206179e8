"""The error family: one root, each class named for what the caller does next.

KnowledgeBaseError
├── SettingsError               a setting is unknown, out of bounds or contradictory
├── CorpusError                 the corpus as a whole cannot be used
│   └── DocumentError           one file cannot be used; the others can
│       ├── UnsupportedFormatError
│       └── UnreadableDocumentError
├── IndexNotFoundError          nothing is published yet: ingest first
├── IndexMismatchError          the index was built with other settings: ingest again
├── IndexDamagedError           the published files do not fit together: ingest again
├── IndexLockedError            another ingestion is running: wait
├── IndexNotWritableError       no room or no permission: nothing changed for readers
├── StorageUnavailableError     the Chroma server does not answer: start it, ask again
├── BusyError                   too many questions wait: ask again
├── EmbedderUnavailableError    the embedding model cannot be loaded
├── ReaderUnavailableError      the reader cannot be loaded
│   └── NoWordEmbeddingsError   there are none on this computer: go on without a reader
└── QueryError                  the question or a filter cannot be used

`evals`, `ingest.drafting`, `ui.briefing` and `ui.feedback` add their own beside what
raises them. Every error says what, where, the value and the remedy in one or two
sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

MAX_SHOWN = 80


def shown(value: object) -> str:
    """Return ``repr(value)`` cut to 80 characters, for use in messages."""
    text = repr(value)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


class KnowledgeBaseError(Exception):
    """Root of all errors that users may see.

    Args:
        reason: What is wrong, with the value.
        remedy: What to do about it.
        path: The file concerned, where known.
        line: The line concerned, 1-based, where known.
    """

    def __init__(
        self,
        reason: str,
        remedy: str = "",
        *,
        path: str | None = None,
        line: int | None = None,
    ) -> None:
        """Keep the parts and compose the message from them."""
        self.reason = reason
        self.remedy = remedy
        self.path = path
        self.line = line
        place = f"{path}:{line}: " if path and line else f"{path}: " if path else ""
        super().__init__(f"{place}{reason} {remedy}".strip())


class SettingsError(KnowledgeBaseError):
    """A setting is unknown, out of bounds or contradictory."""


class CorpusError(KnowledgeBaseError):
    """The corpus as a whole cannot be used."""


class DocumentError(CorpusError):
    """One corpus file cannot be used; the others can.

    Args:
        reason: What is wrong, with the value.
        remedy: What to do about it.
        path: The file's path below the corpus folder.
        line: The line concerned, 1-based, where known.
        rule: Name of the finding, as corpus/README.md lists it.
    """

    def __init__(
        self,
        reason: str,
        remedy: str,
        *,
        path: str,
        line: int | None = None,
        rule: str = "unreadable",
    ) -> None:
        """Keep the rule beside the parts of every error."""
        super().__init__(reason, remedy, path=path, line=line)
        self.rule = rule


class UnsupportedFormatError(DocumentError):
    """No reader knows the file's format."""


class UnreadableDocumentError(DocumentError):
    """The file is in a known format but cannot be read."""


class IndexNotFoundError(KnowledgeBaseError):
    """Nothing has been published in the index folder."""


class IndexMismatchError(KnowledgeBaseError):
    """The index was built with settings that differ from the running ones."""


class IndexDamagedError(KnowledgeBaseError):
    """The published files are missing, unreadable or do not fit together."""


class IndexLockedError(KnowledgeBaseError):
    """Another ingestion holds the index folder."""


class IndexNotWritableError(KnowledgeBaseError):
    """The index cannot be written; what was published last stays published."""


class StorageUnavailableError(KnowledgeBaseError):
    """The Chroma server that holds the index cannot be reached or used."""


class BusyError(KnowledgeBaseError):
    """Too many questions wait for an answer."""


class EmbedderUnavailableError(KnowledgeBaseError):
    """The embedding model cannot be loaded."""


class ReaderUnavailableError(KnowledgeBaseError):
    """The reader, or its calibration, cannot be loaded."""


class NoWordEmbeddingsError(ReaderUnavailableError):
    """The packaged reader is whole, but neither package nor hub has its words."""


QueryFault = Literal[
    "unusable",
    "empty",
    "too-long",
    "no-words",
    "broken-character",
    "unknown-city",
    "unknown-theme",
    "only-cities",
    "number-of-cities",
]
Value = int | str | tuple[str, ...]
"""What a sentence names: a number, a text, or several texts."""


class QueryError(KnowledgeBaseError):
    """The question or one of its filters cannot be used.

    Args:
        reason: What is wrong, with the value.
        remedy: What to do about it.
        path: The file of queries, where there is one.
        line: The line concerned, 1-based, where known.
        fault: The kind of fault, so that a page can say it in another language
            (`kb.reasons`).
        values: What the sentences of this kind name.
    """

    def __init__(
        self,
        reason: str,
        remedy: str = "",
        *,
        path: str | None = None,
        line: int | None = None,
        fault: QueryFault = "unusable",
        values: Mapping[str, Value] | None = None,
    ) -> None:
        """Keep the kind of fault beside the parts of every error."""
        super().__init__(reason, remedy, path=path, line=line)
        self.fault = fault
        self.values = values or {}
