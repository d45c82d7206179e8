"""Ingestion: corpus files to documents to passages to a published index."""

from ingest.background import (
    BackgroundTask,
    TaskProgress,
    check_in_background,
    ingest_in_background,
)
from ingest.cache import VectorCache
from ingest.commands import app, ingest_with_progress
from ingest.contacts import without_contacts
from ingest.drafting import (
    UPLOAD_ENDINGS,
    CaseDraft,
    CaseProposal,
    DraftOutdatedError,
    FileChange,
    HeaderValues,
    SourceValues,
    check_proposal,
    corpus_files,
    open_case,
    open_upload,
    propose,
    save_proposal,
)
from ingest.pipeline import corpus_digest, ingest
from ingest.preview import Preview
from ingest.progress import Progress, progress_bar
from ingest.registry import Registry, current_registry
from ingest.report import IngestReport
from ingest.terminal import report_text

__all__ = [
    "BackgroundTask",
    "CaseDraft",
    "CaseProposal",
    "DraftOutdatedError",
    "FileChange",
    "HeaderValues",
    "IngestReport",
    "Preview",
    "Progress",
    "Registry",
    "SourceValues",
    "TaskProgress",
    "UPLOAD_ENDINGS",
    "VectorCache",
    "app",
    "check_in_background",
    "check_proposal",
    "corpus_digest",
    "corpus_files",
    "current_registry",
    "ingest",
    "ingest_in_background",
    "ingest_with_progress",
    "open_case",
    "open_upload",
    "progress_bar",
    "propose",
    "report_text",
    "save_proposal",
    "without_contacts",
]
